import Alerting
import ConfigurationFiles
import Glibc
import SecretModel

extension Settings {
    /// The defaults, and what `keyturn.yaml` in the data directory says, if it is there. Flags of the command line are set over the result.
    ///
    /// - Throws: `DaemonError.configuration`, with file, line and column of the mistake.
    package init(readFrom data: DataDirectory) throws(DaemonError) {
        self.init(data: data)
        let path = data.configuration
        guard access(path, F_OK) == 0 else { return }
        guard let text = String(validating: try PrivateFile.read(path), as: UTF8.self) else {
            throw .configuration("\(path) is not UTF-8 text")
        }
        do throws(ConfigurationProblem) {
            try self.apply(try DaemonFile(parsing: text, file: path))
        } catch {
            throw .configuration(error.description)
        }
    }

    private mutating func apply(_ file: DaemonFile) throws(ConfigurationProblem) {
        let path = self.data.configuration
        if let listen = file.listen {
            do throws(DaemonError) {
                self.listen = try ListenAddress(listen)
            } catch {
                throw ConfigurationProblem(file: path, error.summary)
            }
        }
        self.isPlainHTTP = file.isPlainHTTP ?? self.isPlainHTTP
        self.regions = file.regions ?? self.regions
        self.rotatorDirectories = file.rotatorDirectories ?? self.rotatorDirectories
        self.concurrentRuns = file.maxConcurrentRotations ?? self.concurrentRuns
        self.certificateFiles = file.certificateFiles ?? self.certificateFiles
        self.runsPerTarget = file.maxPerTarget ?? self.runsPerTarget
        self.auditRetention = file.auditRetention ?? self.auditRetention
        for sink in file.sinks {
            do {
                self.sinks.append(try Self.sink(sink))
            } catch let error as AlertSink.Invalid {
                throw ConfigurationProblem(file: path, error.description)
            } catch let error as DaemonError {
                throw ConfigurationProblem(file: path, "sink \(sink.name): \(error.summary)")
            } catch {
                throw ConfigurationProblem(file: path, "sink \(sink.name): \(error)")
            }
        }
    }

    private static func sink(_ setting: SinkSetting) throws -> AlertSink {
        switch setting.kind {
        case .exec(let command):
            return try AlertSink(name: setting.name, command: command)
        case .webhook(let url, let files):
            let secrets = try files.map { file in
                let text = String(decoding: try PrivateFile.readSecret(file), as: UTF8.self)
                return SecretValue(string: text.trimmingBlanks)
            }
            return try AlertSink(name: setting.name, webhook: url, signingSecrets: secrets)
        }
    }
}

extension String {
    /// Without the newline that editors put at the end of a file.
    fileprivate var trimmingBlanks: String {
        String(self.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
