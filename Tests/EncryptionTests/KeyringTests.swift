import Encryption
import SecretModel
import TestSupport
import Testing

@Suite struct KeyringTests {
    private let keyring: Keyring
    private let first = KeyID("11111111-1111-4111-8111-111111111111")
    private let second = KeyID("22222222-2222-4222-8222-222222222222")

    init() throws {
        let rootKey = RootKey.random()
        let one = try Keyring.create(defaultKey: self.first, rootKey: rootKey).key
        let two = try Keyring.create(defaultKey: self.second, rootKey: rootKey).key
        let other = WrappedKey(id: two.id, bytes: two.bytes, isDefault: false)
        self.keyring = try Keyring(unwrapping: [one, other], rootKey: rootKey)
    }

    @Test func valuesComeBackAsTheyWereWithTheirKind() throws {
        let binding = try bindings(1)[0]
        for value in [
            SecretValue(string: ""), SecretValue(string: "pä\u{0}ss\n"), SecretValue(binary: []), SecretValue(binary: [0, 255, 1]),
        ] {
            let opened = try self.keyring.open(self.keyring.seal(value, for: binding), for: binding)
            #expect(opened.isSame(as: value))
        }
    }

    @Test func namedKeyIsUsedAndTheDefaultOtherwise() throws {
        let binding = try bindings(1)[0]
        #expect(try self.keyring.seal(SecretValue(string: "x"), for: binding).keyID == self.first)
        #expect(try self.keyring.seal(SecretValue(string: "x"), for: binding, with: self.second).keyID == self.second)
        #expect(throws: EncryptionError.unknownKey(KeyID("none"))) {
            try self.keyring.seal(SecretValue(string: "x"), for: binding, with: KeyID("none"))
        }
    }

    @Test func sameValueTwiceGivesNothingInCommon() throws {
        let binding = try bindings(1)[0]
        let (one, two) = (
            try self.keyring.seal(SecretValue(string: "same"), for: binding),
            try self.keyring.seal(SecretValue(string: "same"), for: binding)
        )
        #expect(one.ciphertext != two.ciphertext)
        #expect(one.wrappedDataKey != two.wrappedDataKey)
    }

    /// Each part of a row taken from any other row: nothing opens but the row as it was written.
    @Test func swappingAnyPartsOfTwoRowsNeverDecrypts() throws {
        let all = try bindings(5)
        let rows = try all.enumerated().map { index, binding in
            let key = index.isMultiple(of: 2) ? self.first : self.second
            return (binding, try self.keyring.seal(SecretValue(string: "value \(index)"), for: binding, with: key))
        }
        var tried = 0
        for binding in rows.indices {
            for ciphertext in rows.indices {
                for dataKey in rows.indices {
                    for keyID in [self.first, self.second] {
                        let mixed = SealedValue(
                            format: 1,
                            keyID: keyID,
                            wrappedDataKey: rows[dataKey].1.wrappedDataKey,
                            ciphertext: rows[ciphertext].1.ciphertext
                        )
                        let isOriginal = binding == ciphertext && binding == dataKey && keyID == rows[binding].1.keyID
                        if isOriginal {
                            #expect(try self.keyring.open(mixed, for: rows[binding].0).string == "value \(binding)")
                        } else {
                            #expect(throws: EncryptionError.doesNotOpen(keyID)) {
                                try self.keyring.open(mixed, for: rows[binding].0)
                            }
                        }
                        tried += 1
                    }
                }
            }
        }
        #expect(tried == rows.count * rows.count * rows.count * 2)
    }

    @Test func noFlippedBitAndNoShortenedTextDecrypts() throws {
        let binding = try bindings(1)[0]
        let sealed = try self.keyring.seal(SecretValue(string: "value"), for: binding)
        func expectClosed(_ wrappedDataKey: [UInt8], _ ciphertext: [UInt8]) {
            let altered = SealedValue(format: 1, keyID: sealed.keyID, wrappedDataKey: wrappedDataKey, ciphertext: ciphertext)
            #expect(throws: EncryptionError.doesNotOpen(sealed.keyID)) { try self.keyring.open(altered, for: binding) }
        }
        for bit in 0..<(sealed.ciphertext.count * 8) { expectClosed(sealed.wrappedDataKey, flipped(sealed.ciphertext, bit)) }
        for bit in 0..<(sealed.wrappedDataKey.count * 8) { expectClosed(flipped(sealed.wrappedDataKey, bit), sealed.ciphertext) }
        for count in 0..<sealed.ciphertext.count { expectClosed(sealed.wrappedDataKey, Array(sealed.ciphertext.prefix(count))) }
        expectClosed([], [])
        expectClosed(sealed.wrappedDataKey, sealed.ciphertext + [0])
    }

    @Test func unknownFormatIsNamed() throws {
        let binding = try bindings(1)[0]
        let sealed = try self.keyring.seal(SecretValue(string: "value"), for: binding)
        let newer = SealedValue(format: 2, keyID: sealed.keyID, wrappedDataKey: sealed.wrappedDataKey, ciphertext: sealed.ciphertext)
        #expect(throws: EncryptionError.unsupportedFormat(2)) { try self.keyring.open(newer, for: binding) }
    }

    /// Fields that run into each other must not be taken for other fields.
    @Test func bindingsThatReadAlikeAreDifferent() throws {
        let sealed = try self.keyring.seal(SecretValue(string: "value"), for: .accessKey("ab"))
        for other in [Binding.accessKey("a"), .accessKey("abc"), .accessKey("ab\u{0}"), .accessKey("")] {
            #expect(throws: EncryptionError.self) { try self.keyring.open(sealed, for: other) }
        }
    }

    @Test func storedKeysOpenWithTheirRootKeyAndIDOnly() throws {
        let rootKey = RootKey.random()
        let (keyring, key) = try Keyring.create(defaultKey: self.first, rootKey: rootKey)
        let sealed = try keyring.seal(SecretValue(string: "kept"), for: .accessKey("k"))
        #expect(try Keyring(unwrapping: [key], rootKey: rootKey).open(sealed, for: .accessKey("k")).string == "kept")
        #expect(throws: EncryptionError.keyDoesNotUnwrap(self.first)) { try Keyring(unwrapping: [key], rootKey: RootKey.random()) }
        let renamed = WrappedKey(id: self.second, bytes: key.bytes, isDefault: true)
        #expect(throws: EncryptionError.keyDoesNotUnwrap(self.second)) { try Keyring(unwrapping: [renamed], rootKey: rootKey) }
        for bit in 0..<(key.bytes.count * 8) {
            let altered = WrappedKey(id: key.id, bytes: flipped(key.bytes, bit), isDefault: true)
            #expect(throws: EncryptionError.keyDoesNotUnwrap(self.first)) { try Keyring(unwrapping: [altered], rootKey: rootKey) }
        }
    }

    @Test func exactlyOneKeyIsTheDefault() throws {
        let rootKey = RootKey.random()
        let key = try Keyring.create(defaultKey: self.first, rootKey: rootKey).key
        let plain = WrappedKey(id: key.id, bytes: key.bytes, isDefault: false)
        #expect(throws: EncryptionError.notOneDefaultKey([])) { try Keyring(unwrapping: [], rootKey: rootKey) }
        #expect(throws: EncryptionError.notOneDefaultKey([])) { try Keyring(unwrapping: [plain], rootKey: rootKey) }
        #expect(throws: EncryptionError.notOneDefaultKey([key.id, key.id])) { try Keyring(unwrapping: [key, key], rootKey: rootKey) }
    }
}

/// `count` secrets, each with two versions, and the state of a run and an access key with the same texts.
private func bindings(_ count: Int) throws -> [Binding] {
    var generator = SeededGenerator(seed: 7)
    let region = try #require(RegionName("eu-west-1"))
    let name = try #require(SecretName("prod/db"))
    let secret = SecretARN(name: name, scope: SecretScope(account: .initial, region: region), using: &generator)
    let again = SecretARN(name: name, scope: secret.scope, using: &generator)
    let (version, other) = (VersionID(using: &generator), VersionID(using: &generator))
    return Array(
        [.version(secret, version), .version(again, version), .version(secret, other), .runState(secret, version), .accessKey("AKIA")]
            .prefix(count)
    )
}

private func flipped(_ bytes: [UInt8], _ bit: Int) -> [UInt8] {
    var bytes = bytes
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    return bytes
}
