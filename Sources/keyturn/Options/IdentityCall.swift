import ArgumentParser
import SecretModel

/// What all commands on users, roles and policies share: where to call, in which account, and how to show the answer.
struct IdentityCall: ParsableArguments {
    @OptionGroup var account: AccountOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    /// One call, whose answer is shown.
    ///
    /// - Parameters:
    ///   - operation: Of Keyturn's own, without the prefix.
    ///   - members: Without the account.
    @discardableResult
    func show(
        _ operation: String,
        _ members: [(String, JSONValue?)] = [],
        table: (JSONValue) -> String
    ) async throws -> JSONValue {
        let answer = try await self.connection.call("keyturn.\(operation)", try self.account.input(members))
        self.output.show(answer, table: table)
        return answer
    }
}
