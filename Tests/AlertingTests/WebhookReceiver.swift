import Foundation
import SecretModel
import TestSupport

/// An HTTP server of the tests that keeps what it gets and answers as it is told. It checks signatures with Python's hmac: an
/// implementation that shares nothing with ours.
final class WebhookReceiver: Sendable {
    /// One request as the receiver saw it.
    struct Request: Sendable {
        let headers: JSONValue
        let body: JSONValue
        /// How many of the signatures are right for the receiver's key.
        let validSignatures: Int
    }

    let url: String
    private let scratch: ScratchDirectory
    private let process: ServerProcess

    /// - Parameter key: The base64 of the key that the receiver knows.
    init(key: String) async throws {
        let scratch = try ScratchDirectory("receiver")
        let port = try FreePort.next()
        try scratch.write(WebhookReceiver.program, to: "receiver.py")
        self.scratch = scratch
        self.url = "http://127.0.0.1:\(port)/hook?token=not-for-logs"
        self.process = try ServerProcess(
            "receiver",
            command: ["/usr/bin/python3", scratch.path(of: "receiver.py"), "\(port)", scratch.path, key],
            as: nil,
            scratch: scratch,
            stopSignal: "TERM"
        )
        try self.answer(200)
        try await self.process.waitUntilReady { FileManager.default.fileExists(atPath: scratch.path(of: "ready")) }
    }

    /// How it answers from now on.
    func answer(_ status: Int, header: String = "") throws { try self.scratch.write("\(status) \(header)", to: "answer") }

    func requests() throws -> [Request] {
        let path = self.scratch.path(of: "requests")
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try readFile(path).split(separator: "\n").map { line in
            let json = try JSONValue(parsing: String(line))
            return Request(
                headers: json["headers"] ?? .null,
                body: try JSONValue(parsing: json["body"]?.stringValue ?? ""),
                validSignatures: Int(json["valid"]?.integerValue ?? -1)
            )
        }
    }

    private static let program = """
        import base64, hashlib, hmac, http.server, json, sys
        port, folder, key = int(sys.argv[1]), sys.argv[2], base64.b64decode(sys.argv[3])

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                head = {name.lower(): value for name, value in self.headers.items()}
                signed = (head["webhook-id"] + "." + head["webhook-timestamp"] + ".").encode() + body
                right = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
                valid = head["webhook-signature"].split(" ").count(right)
                with open(folder + "/requests", "a") as file:
                    file.write(json.dumps({"headers": head, "body": body.decode(), "valid": valid}) + "\\n")
                status, _, header = open(folder + "/answer").read().partition(" ")
                self.send_response(int(status))
                if header:
                    self.send_header(*header.split(": "))
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", port), Handler)
        open(folder + "/ready", "w").close()
        server.serve_forever()
        """
}
