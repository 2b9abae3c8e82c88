import RotationModel
import Rotators
import SecretModel
import Testing

@Suite("A database secret's JSON")
struct DatabaseSecretTests {
    private func read(_ text: String, accepting engines: Set<DatabaseEngine> = [.postgres]) throws -> DatabaseSecret {
        try DatabaseSecret(SecretValue(string: text), as: .current, accepting: engines)
    }

    @Test("Defaults: the engine's port, TLS if offered, no database")
    func defaults() throws {
        let secret = try self.read(#"{"engine":"PostgreSQL","host":"db","username":"app","password":"p"}"#)
        #expect(secret.port == 5432)
        #expect(secret.tls == .ifOffered)
        #expect(secret.database == nil)
        #expect(try self.read(#"{"engine":"mariadb","host":"db","username":"app","password":"p"}"#, accepting: [.mariadb]).port == 3306)
    }

    @Test("Ports and ssl may be strings", arguments: [("\"6000\"", "\"TRUE\"", DatabaseSecret.TLS.required), ("6000", "false", .off)])
    func strings(port: String, ssl: String, tls: DatabaseSecret.TLS) throws {
        let text = #"{"engine":"postgres","host":"db","username":"app","password":"p","port":\#(port),"ssl":\#(ssl)}"#
        let secret = try self.read(text)
        #expect(secret.port == 6000)
        #expect(secret.tls == tls)
    }

    @Test(
        "What is missing or malformed is named, with what is accepted, and never quoted (I8)",
        arguments: [
            (#"{"host":"db","username":"app","password":"canary"}"#, "engine"),
            (#"{"engine":"canary","host":"db","username":"app","password":"canary"}"#, "engine"),
            (#"{"engine":"postgres","username":"app","password":"canary"}"#, "host"),
            (#"{"engine":"postgres","host":"","username":"app","password":"canary"}"#, "host"),
            (#"{"engine":"postgres","host":"canary\nx","username":"app","password":"canary"}"#, "host"),
            (#"{"engine":"postgres","host":"db","password":"canary"}"#, "username"),
            (#"{"engine":"postgres","host":"db","username":["canary"],"password":"canary"}"#, "username"),
            (#"{"engine":"postgres","host":"db","username":"app"}"#, "password"),
            (#"{"engine":"postgres","host":"db","username":"app","password":"can\u0000ary"}"#, "password"),
            (#"{"engine":"postgres","host":"db","username":"app","password":"canary","port":"canary"}"#, "port"),
            (#"{"engine":"postgres","host":"db","username":"app","password":"canary","port":65536}"#, "port"),
            (#"{"engine":"postgres","host":"db","username":"app","password":"canary","ssl":"canary"}"#, "ssl"),
            (#"{"engine":"postgres","host":"db","username":"app","password":"canary""#, "JSON"),
            (#"["canary"]"#, "object"),
        ]
    )
    func malformed(text: String, member: String) throws {
        let failure = try #require(throws: RotationFailure.self) { try self.read(text) }
        #expect(failure.code == .configInvalid)
        #expect(failure.message.contains(member))
        #expect(!"\(failure)".contains("canary"))
    }

    @Test("A new password leaves every other member as its owner wrote it")
    func replacing() throws {
        let text = #"{"z":1.50,"password":"old","engine":"postgres","host":"db","username":"app","ü":{"b":[],"a":null}}"#
        let replaced = try self.read(text).replacing(password: SecretValue(string: "n\"ew"))
        #expect(replaced.string == text.replacing("\"old\"", with: #""n\"ew""#))
    }

    @Test("An admin secret with a user name and a password only is of the secret's server")
    func inheriting() throws {
        let secret = try self.read(#"{"engine":"postgres","host":"db","port":6000,"username":"app","password":"p","ssl":true}"#)
        let admin = try DatabaseSecret(
            SecretValue(string: #"{"username":"root","password":"p"}"#),
            as: .admin,
            accepting: [.postgres],
            inheritingFrom: secret
        )
        #expect(admin.host == "db" && admin.port == 6000 && admin.tls == .required)
    }
}
