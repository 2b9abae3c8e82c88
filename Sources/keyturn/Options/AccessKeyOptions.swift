import ArgumentParser
import SecretModel

/// An access key, and whose it is.
struct AccessKeyOptions: ParsableArguments {
    @Argument(help: "Name of the user.")
    var user: String

    @Argument(help: "Id of the access key: AKIA…")
    var key: String

    var members: [(String, JSONValue?)] { [("UserName", .string(self.user)), ("AccessKeyId", .string(self.key))] }
}
