import SecretModel

/// The associated data of an encryption: its parts, each with its length before it, so that no two lists of parts give the same bytes.
struct AssociatedData {
    private(set) var bytes: [UInt8] = []

    /// - Parameter purpose: What is encrypted; keeps a ciphertext of one kind from being taken for another.
    init(purpose: String, _ parts: [String] = []) {
        self.append(purpose)
        for part in parts { self.append(part) }
    }

    private mutating func append(_ part: String) {
        let count = UInt64(part.utf8.count)
        for shift in stride(from: UInt64(56), through: 0, by: -8) { self.bytes.append(UInt8(truncatingIfNeeded: count >> shift)) }
        self.bytes.append(contentsOf: part.utf8)
    }
}

extension Binding {
    /// Kind and fields in a fixed order: part of the format, never to be changed for format 1.
    var parts: [String] {
        switch self {
        case .version(let secret, let version): ["version", secret.description, version.description]
        case .runState(let secret, let token): ["run state", secret.description, token.description]
        case .accessKey(let id): ["access key", id]
        }
    }
}
