import Daemon
import Foundation
import SecretModel

/// Where a value comes from: standard input, a file or a prompt. Never an argument (I8).
enum ValueSource {
    /// Whether a person sits at standard input.
    static var isAsked: Bool { isatty(STDIN_FILENO) == 1 }

    /// - Returns: The value as the member of a request: `SecretString`, or `SecretBinary` for what is not UTF-8.
    static func read(_ source: String, prompt: String) throws -> JSONValue.Member {
        let bytes: [UInt8]
        if source == "-" {
            bytes = try self.given(prompt)
        } else if source.hasPrefix("@") {
            let path = String(source.dropFirst())
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandError(.configuration, "cannot read \(path)")
            }
            bytes = self.withoutFinalNewline(Array(data))
        } else {
            throw CommandError(
                .usage,
                "values are not taken from arguments",
                why: "arguments are visible to every process of the machine",
                next: "give - for standard input or @FILE for a file"
            )
        }
        guard !bytes.isEmpty else { throw CommandError(.usage, "the value is empty") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return .init("SecretBinary", .string(Data(bytes).base64EncodedString()))
        }
        return .init("SecretString", .string(text))
    }

    /// Text from a prompt, or from standard input where nobody is to be asked.
    static func readText(prompt: String) throws -> SecretValue {
        SecretValue(string: String(decoding: try self.given(prompt), as: UTF8.self))
    }

    private static func given(_ prompt: String) throws -> [UInt8] {
        self.isAsked ? try self.ask(prompt) : self.withoutFinalNewline(try self.standardInput())
    }

    private static func standardInput() throws -> [UInt8] {
        Array(try FileHandle.standardInput.readToEnd() ?? Data())
    }

    /// Editors and `echo` end files with a newline that no password has.
    private static func withoutFinalNewline(_ bytes: [UInt8]) -> [UInt8] {
        bytes.last == 0x0a ? Array(bytes.dropLast()) : bytes
    }

    /// Asks on the terminal with echo off.
    private static func ask(_ prompt: String) throws -> [UInt8] {
        var settings = termios()
        tcgetattr(STDIN_FILENO, &settings)
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &silent)
        defer { tcsetattr(STDIN_FILENO, TCSANOW, &settings) }
        StandardStream.error.line(prompt)
        return Array((readLine() ?? "").utf8)
    }
}
