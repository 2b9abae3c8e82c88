import CMariaDB

extension MariaDBConnection {
    /// Runs one statement and returns its rows as text; `nil` is SQL NULL.
    ///
    /// - Throws: ``MariaDBError``; after `.timeout` or `.unreachable` nobody knows whether the server executed the statement.
    @discardableResult
    package func query(_ statement: String) throws(MariaDBError) -> [[String?]] {
        try self.send(statement)
        return try self.rows() ?? []
    }

    /// Runs several statements in one round trip, as a block without a name, which MariaDB has and MySQL has not. The first that fails ends
    /// the block.
    ///
    /// - Returns: The rows of each statement that has any, as ``query(_:)`` returns them.
    package func queries(_ statements: String...) throws(MariaDBError) -> [[[String?]]] {
        try self.send("BEGIN NOT ATOMIC " + statements.map { $0 + "; " }.joined() + "END")
        var answers: [[[String?]]] = []
        repeat {
            if let rows = try self.rows() { answers.append(rows) }
        } while try self.goToNextResult()
        return answers
    }

    private func send(_ statement: String) throws(MariaDBError) {
        guard !statement.utf8.contains(0) else { throw MariaDBError(.invalid, "a NUL cannot be part of a statement") }
        let statement = try self.limited(statement)
        var failed: Int32 = 0
        let length = UInt(statement.utf8.count)
        // The text must outlive every call that sends it, so the whole exchange happens inside.
        let isInTime = statement.withCString { text in
            let status = mysql_real_query_start(&failed, self.handle, text, length)
            return self.wait(status) { ready in mysql_real_query_cont(&failed, self.handle, ready) }
        }
        guard isInTime else { throw self.timeout }
        guard failed == 0 else { throw self.statementError }
    }

    private func goToNextResult() throws(MariaDBError) -> Bool {
        var answer: Int32 = 0
        let status = mysql_next_result_start(&answer, self.handle)
        guard self.wait(status, next: { ready in mysql_next_result_cont(&answer, self.handle, ready) }) else { throw self.timeout }
        // 0 is another result, -1 the end.
        guard answer <= 0 else { throw self.statementError }
        return answer == 0
    }

    /// - Returns: `nil` for a statement that has no rows by its nature.
    private func rows() throws(MariaDBError) -> [[String?]]? {
        var stored: UnsafeMutablePointer<MYSQL_RES>?
        let status = mysql_store_result_start(&stored, self.handle)
        let isInTime = self.wait(status) { ready in mysql_store_result_cont(&stored, self.handle, ready) }
        guard isInTime else { throw self.timeout }
        guard let result = stored else {
            guard mysql_errno(self.handle) == 0 else { throw self.statementError }
            return nil
        }
        defer { mysql_free_result(result) }
        let columns = Int(mysql_num_fields(result))
        var rows: [[String?]] = []
        while let row = mysql_fetch_row(result), let lengths = mysql_fetch_lengths(result) {
            rows.append(
                (0..<columns).map { column in
                    guard let start = row[column] else { return nil }
                    let bytes = UnsafeRawBufferPointer(start: start, count: Int(lengths[column]))
                    return String(decoding: bytes, as: UTF8.self)
                }
            )
        }
        return rows
    }

    /// A value as a string literal, quoted for this connection's character set and SQL mode.
    ///
    /// - Throws: ``MariaDBError`` of kind `.invalid` for a value with a NUL.
    package func literal(_ value: String) throws(MariaDBError) -> String {
        let bytes = Array(value.utf8)
        guard !bytes.contains(0) else { throw MariaDBError(.invalid, "a NUL cannot be part of a value") }
        var escaped = [CChar](repeating: 0, count: bytes.count * 2 + 1)
        let length = bytes.withUnsafeBufferPointer { source in
            source.withMemoryRebound(to: CChar.self) { source in
                mysql_real_escape_string(self.handle, &escaped, source.baseAddress, UInt(source.count))
            }
        }
        let text = escaped.prefix(Int(length)).map { UInt8(bitPattern: $0) }
        return "'" + String(decoding: text, as: UTF8.self) + "'"
    }

    /// Whether the conversation is encrypted.
    package var isEncrypted: Bool { mysql_get_ssl_cipher(self.handle) != nil }

    /// What the server calls its version, for example `10.11.19-MariaDB-0+deb12u1`.
    package var serverVersion: String { String(cString: mysql_get_server_info(self.handle)) }

    private var timeout: MariaDBError { MariaDBError(.timeout, "the server did not answer a statement before the deadline") }

    private var statementError: MariaDBError {
        let code = mysql_errno(self.handle)
        let message = self.scrubber.scrub(String(cString: mysql_error(self.handle)))
        return MariaDBError(.init(statementError: code), code: code, message)
    }
}
