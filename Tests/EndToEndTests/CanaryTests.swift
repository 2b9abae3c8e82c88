import Foundation
import SecretModel
import TestSupport
import Testing

/// I8: a value is seen only by who asked for it. Canary values are rotated in and out, and then looked for everywhere else.
@Suite(.timeLimit(.minutes(5))) struct CanaryTests {
    @Test func I8_canariesAppearInNoOutputNoFileAndNoServerLog() async throws {
        let postgres = try await PostgresServer.start()
        let mariadb = try await MariaDBServer.start()
        let scratch = try ScratchDirectory("canary")
        let data = scratch.path(of: "data")
        let daemon = try await DaemonProcess(data: data, arguments: ["--log-level", "trace"])
        let user = PostgresServer.uniqueName("canary")
        let first = "canary-at-first-0123456789"
        try await mariadb.sql("CREATE USER \(user)@'%' IDENTIFIED VIA mysql_native_password USING PASSWORD('\(first)')")
        try await postgres.sql("CREATE ROLE \(user) LOGIN PASSWORD '\(first)'")
        // The fixtures' own statements are in the servers' logs: what matters is what comes after.
        let (postgresMark, mariadbMark) = (try postgres.log().count, try mariadb.generalLog().count)
        var canaries = [first]
        for (name, engine, port, rotator) in [
            ("pg", "postgres", postgres.port, "postgres-single-user"), ("maria", "mariadb", mariadb.port, "mariadb-single-user"),
        ] {
            let value: JSONValue = [
                "engine": .string(engine), "host": "127.0.0.1", "port": .integer(port), "username": .string(user),
                "password": .string(first),
            ]
            let seen = try await daemon.script("rotate.py", name, value.text, rotator, #"{"AutomaticallyAfterDays":30}"#, "2")
            canaries += (seen.arrayValue ?? []).compactMap { $0["value"]?["password"]?.stringValue }
        }
        #expect(canaries.count == 5)
        // A failing run has the most to say.
        try await postgres.sql("ALTER ROLE \(user) PASSWORD 'somebody was here'")
        try await daemon.answer("rotate-secret", "--secret-id", "pg")
        try await eventually("the failure", within: .seconds(60)) {
            try await daemon.keyturn("rotation", "show", "pg")["Runs"]?.arrayValue?.first?["Failure"] != nil
        }
        var outputs = [
            "the daemon's log": try daemon.process.log(),
            "the log of PostgreSQL": String(try postgres.log().dropFirst(postgresMark)),
            "the general log of MariaDB": String(try mariadb.generalLog().dropFirst(mariadbMark)),
        ]
        for command in [
            ["rotation", "show", "pg"], ["rotation", "list"], ["secret", "history", "pg"], ["alerts", "list", "--all"], ["doctor"],
        ] {
            let result = try await Command.run([Command.keyturn] + command + ["--output", "json"], environment: daemon.environment)
            outputs["keyturn \(command.joined(separator: " "))"] = result.output + result.errors
        }
        try await daemon.stop()
        for (place, text) in outputs {
            for canary in canaries { #expect(!text.contains(canary), "\(place) shows a value") }
        }
        for file in try FileManager.default.subpathsOfDirectory(atPath: data) {
            let bytes = FileManager.default.contents(atPath: "\(data)/\(file)") ?? Data()
            for canary in canaries { #expect(bytes.range(of: Data(canary.utf8)) == nil, "\(file) holds a value in the clear") }
        }
        try await postgres.stop()
        try await mariadb.stop()
    }
}
