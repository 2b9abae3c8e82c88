import CertificateAuthority
import ConfigurationFiles
import SecretModel

/// Where the certificate that clients are shown comes from.
enum CertificateSource: Sendable {
    /// The installation's own authority, which issues a new one before the old one ends.
    case authority(DataDirectory, host: String)
    case files(CertificateFiles)

    init(_ settings: Settings) {
        self = settings.certificateFiles.map { .files($0) } ?? .authority(settings.data, host: settings.listen.host)
    }

    /// - Throws: `DaemonError.file`, `.fileOpenToOthers` for a key that others can read, `.certificate`.
    func load(now: Timestamp) throws(DaemonError) -> CertificateAndKey {
        switch self {
        case .authority(let directory, let host):
            return try ServerIdentity.current(in: directory, host: host, now: now)
        case .files(let files):
            return CertificateAndKey(
                certificate: String(decoding: try PrivateFile.read(files.certificate), as: UTF8.self),
                key: SecretValue(string: String(decoding: try PrivateFile.readSecret(files.key), as: UTF8.self))
            )
        }
    }

    /// What changes when someone puts another certificate there.
    var stamps: [FileStamp] {
        switch self {
        case .authority(let directory, _): [FileStamp(directory.serverIdentity)]
        case .files(let files): [FileStamp(files.certificate), FileStamp(files.key)]
        }
    }
}
