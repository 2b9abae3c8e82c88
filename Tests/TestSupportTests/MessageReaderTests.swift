import TestSupport
import Testing

/// The proxy can only be believed if it cuts bytes into messages as the databases do.
@Suite struct MessageReaderTests {
    private static let startup: [UInt8] = [0, 0, 0, 9, 0, 3, 0, 0, 0]
    private static func message(_ type: Character, _ body: [UInt8] = []) -> [UInt8] {
        [type.asciiValue ?? 0, 0, 0, 0, UInt8(4 + body.count)] + body
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func postgresMessagesAreFoundHoweverTheBytesArrive(chunk: Int) {
        let messages = [Self.startup, Self.message("p", [1, 2]), Self.message("P", [9]), Self.message("E"), Self.message("S")]
        var reader = MessageReader(.postgres, isClient: true)
        let bytes = messages.flatMap { $0 }
        let found = stride(from: 0, to: bytes.count, by: chunk).flatMap { reader.take(bytes[$0..<min($0 + chunk, bytes.count)]) }
        #expect(found.map(\.bytes) == messages)
        #expect(found.map(\.endsCall) == [true, true, false, false, true], "only Sync asks for an answer")
    }

    @Test func aPostgresServersFirstMessageHasAType() {
        var reader = MessageReader(.postgres, isClient: false)
        #expect(reader.take(Self.message("R", [0, 0, 0, 10])).map(\.bytes) == [Self.message("R", [0, 0, 0, 10])])
    }

    @Test func mariadbMessagesCarryTheirLengthWithTheLeastByteFirst() {
        var reader = MessageReader(.mariadb, isClient: true)
        let long: [UInt8] = [0x04, 0x01, 0, 1] + [UInt8](repeating: 7, count: 0x104)
        #expect(reader.take([1, 0, 0, 0, 14] + long + [5, 0]).map(\.bytes) == [[1, 0, 0, 0, 14], long])
        #expect(reader.take([0, 2]).isEmpty)
    }
}
