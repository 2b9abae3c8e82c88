import SecretModel

/// The name of a rotator: `[a-z0-9][a-z0-9-]{0,62}`. AWS's template names are aliases of the built-in ones.
package struct RotatorName: ValidatedText {
    package let description: String

    /// - Returns: `nil` unless the text has the form of a rotator's name or is the name of an AWS template.
    package init?(_ text: String) {
        if let canonical = RotatorName.awsTemplates[text] {
            self.description = canonical
            return
        }
        let bytes = Array(text.utf8)
        func isPlain(_ byte: UInt8) -> Bool { (byte >= 97 && byte <= 122) || (byte >= 48 && byte <= 57) }
        guard (1...63).contains(bytes.count), let first = bytes.first, isPlain(first),
            bytes.allSatisfy({ isPlain($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.description = text
    }

    /// The rotator that a `RotationLambdaARN` names: `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:alias]`.
    package init?(lambdaARN text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (7...8).contains(parts.count), parts[0] == "arn", parts[2] == "lambda", parts[5] == "function" else { return nil }
        self.init(String(parts[6]))
    }

    /// AWS's published rotation functions that have a built-in counterpart.
    private static let awsTemplates: [String: String] = {
        var names: [String: String] = [:]
        for engine in ["RDSPostgreSQL", "AuroraPostgreSQL"] {
            names["SecretsManager\(engine)RotationSingleUser"] = "postgres-single-user"
            names["SecretsManager\(engine)RotationMultiUser"] = "postgres-alternating-users"
        }
        for engine in ["RDSMariaDB", "RDSMySQL", "AuroraMySQL"] {
            names["SecretsManager\(engine)RotationSingleUser"] = "mariadb-single-user"
            names["SecretsManager\(engine)RotationMultiUser"] = "mariadb-alternating-users"
        }
        return names
    }()
}
