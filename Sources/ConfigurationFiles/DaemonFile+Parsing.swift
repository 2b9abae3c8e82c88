import SecretModel

extension DaemonFile {
    /// Parses `keyturn.yaml`.
    ///
    /// - Throws: what is wrong, with file, line, column and a suggestion.
    package init(parsing text: String, file: String) throws(ConfigurationProblem) {
        let root = try YAMLReader(file: file).root(of: text).mapping(
            "the configuration",
            known: ["listen", "plain_http", "regions", "rotators", "rotation", "alerting", "audit", "tls"]
        )
        self.init()
        self.listen = try root["listen"]?.text("listen")
        self.isPlainHTTP = try root["plain_http"]?.bool("plain_http")
        self.regions = try root["regions"].map(DaemonFile.regions)
        self.rotatorDirectories = try root["rotators"].map { node throws(ConfigurationProblem) in
            try DaemonFile.texts(node, "rotators")
        }
        if let rotation = root["rotation"] {
            let members = try rotation.mapping("rotation", known: ["max_concurrent", "max_per_target"])
            self.maxConcurrentRotations = try members["max_concurrent"]?.integer("rotation.max_concurrent", in: 1...256)
            self.maxPerTarget = try members["max_per_target"]?.integer("rotation.max_per_target", in: 1...64)
        }
        if let audit = root["audit"] {
            let members = try audit.mapping("audit", known: ["keep"])
            self.auditRetention = try members["keep"].map(DaemonFile.auditRetention)
        }
        if let tls = root["tls"] {
            let members = try tls.mapping("tls", known: ["certificate", "key"])
            self.certificateFiles = CertificateFiles(
                certificate: try DaemonFile.path(try members.required("certificate", in: "tls"), "tls.certificate"),
                key: try DaemonFile.path(try members.required("key", in: "tls"), "tls.key")
            )
        }
        if let alerting = root["alerting"] {
            let members = try alerting.mapping("alerting", known: ["sinks"])
            for node in try members.required("sinks", in: "alerting").sequence("alerting.sinks") {
                let sink = try SinkSetting(node)
                guard !self.sinks.contains(where: { $0.name == sink.name }) else {
                    throw node.problem("two sinks are named \"\(sink.name)\"")
                }
                self.sinks.append(sink)
            }
        }
    }

    private static func regions(_ node: YAMLNode) throws(ConfigurationProblem) -> [RegionName] {
        var regions: [RegionName] = []
        for entry in try node.sequence("regions") {
            guard let region = RegionName(try entry.text("a region")) else { throw entry.problem("a region looks like eu-west-1") }
            regions.append(region)
        }
        return regions
    }

    private static func auditRetention(_ node: YAMLNode) throws(ConfigurationProblem) -> Duration {
        let span = try node.duration("audit.keep")
        guard span >= .days(1) else { throw node.problem("audit.keep must be at least 1d") }
        return span
    }

    private static func path(_ node: YAMLNode, _ what: String) throws(ConfigurationProblem) -> String {
        let path = try node.text(what)
        guard path.hasPrefix("/") else { throw node.problem("\(what) must be an absolute path") }
        return path
    }

    static func texts(_ node: YAMLNode, _ what: String) throws(ConfigurationProblem) -> [String] {
        var texts: [String] = []
        for entry in try node.sequence(what) { texts.append(try entry.text(what)) }
        return texts
    }
}

extension SinkSetting {
    init(_ node: YAMLNode) throws(ConfigurationProblem) {
        let members = try node.mapping(
            "a sink",
            known: ["name", "type", "url", "signing_secret_file", "signing_secret_files", "command"]
        )
        self.name = try members.required("name", in: "a sink").text("name")
        let type = try members.required("type", in: "a sink")
        switch try type.text("type") {
        case "webhook":
            let url = try members.required("url", in: "a webhook sink")
            let address = try url.text("url")
            guard address.hasPrefix("https://") || address.hasPrefix("http://") else {
                throw url.problem("url must begin with https:// or http://")
            }
            var files: [String] = []
            if let one = members["signing_secret_file"] { files.append(try one.text("signing_secret_file")) }
            if let more = members["signing_secret_files"] { files += try DaemonFile.texts(more, "signing_secret_files") }
            guard !files.isEmpty else {
                throw node.problem("a webhook sink needs \"signing_secret_file\": receivers must be able to check")
            }
            self.kind = .webhook(url: address, signingSecretFiles: files)
        case "exec":
            let command = try members.required("command", in: "an exec sink")
            let path = try command.text("command")
            guard path.hasPrefix("/") else { throw command.problem("command must be the absolute path of an executable") }
            self.kind = .exec(command: path)
        case let other:
            throw type.problem("unknown type \"\(other)\"; known are: webhook, exec")
        }
    }
}
