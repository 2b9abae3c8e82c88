import RotationModel
import SecretModel

/// Reads the members of a database secret one by one, with an error that names the member and what is accepted.
struct DatabaseSecretMembers {
    let json: JSONValue
    private let source: DatabaseSecret.Source

    init(_ value: SecretValue, source: DatabaseSecret.Source) throws(RotationFailure) {
        self.source = source
        guard let text = value.string else {
            throw RotationFailure(.configInvalid, "\(source.phrase) is binary: a database secret is a JSON object in SecretString")
        }
        do {
            self.json = try JSONValue(parsing: text)
        } catch {
            // The parser's reason quotes nothing of the text.
            throw RotationFailure(.configInvalid, "\(source.phrase) is not JSON: \(error.reason) (byte \(error.offset))")
        }
        guard self.json.members != nil else {
            throw RotationFailure(.configInvalid, "\(source.phrase) is JSON, but no object")
        }
    }

    private func failure(_ member: String, _ problem: String, accepted: String) -> RotationFailure {
        RotationFailure(.configInvalid, "`\(member)` of \(self.source.phrase) \(problem)", hint: "`\(member)`: \(accepted).")
    }

    /// The member, unless it is absent, null or an empty string.
    private func present(_ member: String) -> JSONValue? {
        switch self.json[member] {
        case nil, .null, .string(""): nil
        case let value?: value
        }
    }

    func engine(accepting engines: Set<DatabaseEngine>, default inherited: DatabaseEngine?) throws(RotationFailure) -> DatabaseEngine {
        func failure(_ problem: String) -> RotationFailure {
            let accepted = DatabaseEngine.allCases.filter(engines.contains).flatMap(\.spellings).joined(separator: ", ")
            return self.failure("engine", problem, accepted: accepted)
        }
        guard let value = self.present("engine") else {
            if let inherited { return inherited }
            throw failure("is missing")
        }
        guard let text = value.stringValue, let engine = DatabaseEngine(spelling: text), engines.contains(engine) else {
            throw failure("is not one that this rotator serves")
        }
        return engine
    }

    func name(_ member: String, default inherited: String?) throws(RotationFailure) -> String {
        if let name = try self.optionalName(member) ?? inherited { return name }
        throw self.failure(member, "is missing", accepted: "a string that is not empty")
    }

    /// A text without control characters: NUL would end it early in a C library, a line feed has no place in a name.
    func optionalName(_ member: String) throws(RotationFailure) -> String? {
        guard let value = self.present(member) else { return nil }
        guard let text = value.stringValue else { throw self.failure(member, "is not a string", accepted: "a string") }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw self.failure(member, "contains a control character", accepted: "a string without control characters")
        }
        return text
    }

    func port(default inherited: Int) throws(RotationFailure) -> Int {
        guard let value = self.present("port") else { return inherited }
        let port: Int? =
            switch value {
            case .number: value.integerValue.map(Int.init)
            case .string(let text): text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
            default: nil
            }
        guard let port, (1...65_535).contains(port) else {
            throw self.failure("port", "is no port", accepted: "a number, or a string of digits, from 1 to 65535")
        }
        return port
    }

    func password() throws(RotationFailure) -> SecretValue {
        guard let value = self.present("password") else {
            throw self.failure("password", "is missing", accepted: "a string that is not empty")
        }
        guard let text = value.stringValue else { throw self.failure("password", "is not a string", accepted: "a string") }
        guard !text.utf8.contains(0) else {
            throw self.failure("password", "contains a NUL", accepted: "a string without NUL, at which C libraries would cut it")
        }
        return SecretValue(string: text)
    }

    func tls(default inherited: DatabaseSecret.TLS) throws(RotationFailure) -> DatabaseSecret.TLS {
        guard let value = self.present("ssl") else { return inherited }
        switch (value.boolValue, value.stringValue?.lowercased()) {
        case (true, _), (_, "true"): return .required
        case (false, _), (_, "false"): return .off
        default: throw self.failure("ssl", "is neither true nor false", accepted: "true, false, or absent")
        }
    }
}
