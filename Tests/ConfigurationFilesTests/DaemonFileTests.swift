import ConfigurationFiles
import SecretModel
import Testing

@Suite struct DaemonFileTests {
    @Test func readsAWholeFile() throws {
        let file = try DaemonFile(
            parsing: """
                listen: 0.0.0.0:8443
                plain_http: false
                regions: [eu-west-1, us-east-1]
                rotators: [/etc/keyturn/rotators]
                tls: {certificate: /etc/keyturn/server.pem, key: /etc/keyturn/server-key.pem}
                rotation: {max_concurrent: 8, max_per_target: 2}
                audit: {keep: 400d}
                alerting:
                  sinks:
                    - {name: oncall, type: webhook, url: https://x.example, signing_secret_file: /run/secret}
                    - {name: pager, type: exec, command: /bin/page}
                """,
            file: "keyturn.yaml"
        )
        #expect(file.regions?.map(\.description) == ["eu-west-1", "us-east-1"])
        #expect(file.maxConcurrentRotations == 8)
        #expect(file.auditRetention == .days(400))
        #expect(file.certificateFiles == CertificateFiles(certificate: "/etc/keyturn/server.pem", key: "/etc/keyturn/server-key.pem"))
        #expect(file.sinks.map(\.name) == ["oncall", "pager"])
        #expect(file.sinks.last?.kind == .exec(command: "/bin/page"))
    }

    @Test(arguments: [
        ("lisen: x", "keyturn.yaml:1:1: unknown key \"lisen\" in the configuration; did you mean \"listen\"?"),
        ("rotation: {max_concurrent: 0}", "keyturn.yaml:1:28: rotation.max_concurrent must be a whole number from 1 to 256"),
        ("audit: {keep: 1h}", "keyturn.yaml:1:15: audit.keep must be at least 1d"),
        ("tls: {certificate: /a}", "keyturn.yaml:1:6: tls needs \"key\""),
        ("tls: {certificate: a, key: /b}", "keyturn.yaml:1:20: tls.certificate must be an absolute path"),
        ("regions: [Frankfurt]", "keyturn.yaml:1:11: a region looks like eu-west-1"),
        ("alerting: {sinks: [{name: a, type: webhook, url: ftp://x}]}", "keyturn.yaml:1:50: url must begin with https:// or http://"),
        ("alerting: {sinks: [{name: a, type: webhook, url: https://x}]}", "keyturn.yaml:1:20: a webhook sink needs"),
        ("alerting: {sinks: [{name: a, type: exec, command: page}]}", "keyturn.yaml:1:51: command must be the absolute path"),
        ("alerting: {sinks: [{name: a, type: fax}]}", "keyturn.yaml:1:36: unknown type \"fax\""),
    ])
    func saysWhatIsWrongAndWhere(text: String, expected: String) {
        let error = #expect(throws: ConfigurationProblem.self) { try DaemonFile(parsing: text, file: "keyturn.yaml") }
        #expect(error?.description.hasPrefix(expected) == true, "\(String(describing: error))")
    }
}
