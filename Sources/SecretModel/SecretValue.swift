/// The value of a version. It has no description: interpolation, `dump`, reflection and test failures print `<redacted>` (I8).
package struct SecretValue: Sendable {
    /// What AWS calls SecretString and SecretBinary.
    package enum Content: Sendable {
        case string(String)
        case binary([UInt8])
    }

    /// The plain value. Keep it as short-lived as the work allows; never log it, never put it in an error.
    package let content: Content

    package init(_ content: Content) {
        self.content = content
    }

    package init(string: String) {
        self.content = .string(string)
    }

    package init(binary: [UInt8]) {
        self.content = .binary(binary)
    }

    /// The text of a string value, `nil` for bytes.
    package var string: String? {
        guard case .string(let text) = self.content else { return nil }
        return text
    }

    package var bytes: [UInt8] {
        switch self.content {
        case .string(let text): Array(text.utf8)
        case .binary(let bytes): bytes
        }
    }

    /// Byte-wise equality of kind and content; the time it takes depends on the lengths only.
    package func isSame(as other: SecretValue) -> Bool {
        switch (self.content, other.content) {
        case (.string, .binary), (.binary, .string): return false
        default: break
        }
        let (mine, theirs) = (self.bytes, other.bytes)
        guard mine.count == theirs.count else { return false }
        return zip(mine, theirs).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension SecretValue.Content: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension SecretValue: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
