/// Which room may import what (`design.md` §3): an arrow that is not here does not exist.
enum ImportRules {
    /// For each room, the rooms that it may import.
    static let rooms: [String: Set<String>] = [
        "SecretModel": [],
        "RotationModel": ["SecretModel"],
        "Encryption": ["SecretModel"],
        "Access": ["SecretModel"],
        "Processes": [],
        "BlockingCalls": ["CPlatform"],
        "PostgresClient": ["CPostgres", "SecretModel", "BlockingCalls"],
        "MariaDBClient": ["CMariaDB", "SecretModel", "BlockingCalls"],
        "ConfigurationFiles": ["SecretModel", "RotationModel"],
        "CertificateAuthority": ["SecretModel"],
        "Storage": ["SecretModel", "RotationModel", "Encryption"],
        "Auditing": ["SecretModel", "Encryption", "Storage"],
        "KeyManagement": ["SecretModel", "Access", "Storage", "Encryption", "Auditing", "Identities"],
        "Identities": ["SecretModel", "Access", "Storage", "Encryption", "Auditing"],
        "Secrets": ["SecretModel", "RotationModel", "Access", "Storage", "Encryption", "Auditing", "Identities", "KeyManagement"],
        "Alerting": ["SecretModel", "RotationModel", "Storage", "Encryption", "Processes"],
        "Rotators": ["SecretModel", "RotationModel", "PostgresClient", "MariaDBClient", "Processes"],
        "RotationEngine": [
            "SecretModel", "RotationModel", "Storage", "Encryption", "Auditing", "KeyManagement", "Secrets", "Rotators", "Alerting",
        ],
        "AWSAPI": [
            "SecretModel", "RotationModel", "Auditing", "KeyManagement", "Secrets", "Identities", "RotationEngine", "Access", "Storage",
            "Encryption",
        ],
        "Operations": [
            "SecretModel", "RotationModel", "Auditing", "Secrets", "RotationEngine", "Rotators", "Alerting", "AWSAPI", "Access", "Storage",
            "ConfigurationFiles", "Identities",
        ],
        "HTTPServing": ["SecretModel", "Access", "Auditing", "AWSAPI"],
        "AdminClient": ["SecretModel", "RotationModel", "Access"],
        "Daemon": [
            "SecretModel", "RotationModel", "Encryption", "Access", "Storage", "Auditing", "KeyManagement", "Secrets", "Identities",
            "Rotators",
            "RotationEngine", "Alerting", "AWSAPI", "Operations", "HTTPServing", "ConfigurationFiles", "CertificateAuthority", "CPlatform",
            "PostgresClient",
            "MariaDBClient", "BlockingCalls",
        ],
        "keyturn": ["Daemon", "AdminClient", "Access", "SecretModel", "RotationModel"],
        "keyturn-bench": [
            "SecretModel", "RotationModel", "Encryption", "Access", "Storage", "Secrets", "Rotators", "RotationEngine", "Alerting",
            "PostgresClient", "MariaDBClient", "CPostgres", "CMariaDB", "TestSupport",
        ],
        "TestSupport": ["SecretModel", "RotationModel"],
    ]

    /// Third-party and C libraries, each with the rooms that own it. Logging, ServiceLifecycle, Crypto, locks and the thread pool of
    /// NIO are free.
    static let owners: [String: Set<String>] = [
        "GRDB": ["Storage", "keyturn-bench"],
        "CPostgres": ["PostgresClient", "keyturn-bench"],
        "CMariaDB": ["MariaDBClient", "keyturn-bench"],
        "CPlatform": ["Daemon", "BlockingCalls"],
        "Hummingbird": ["HTTPServing", "keyturn-bench"],
        "HummingbirdTLS": ["HTTPServing", "keyturn-bench"],
        "HummingbirdCore": ["HTTPServing", "keyturn-bench"],
        "HTTPTypes": ["HTTPServing"],
        "AsyncHTTPClient": ["Alerting", "AdminClient", "keyturn-bench"],
        "Subprocess": ["Processes", "TestSupport"],
        "Yams": ["ConfigurationFiles"],
        "ArgumentParser": ["keyturn", "keyturn-bench"],
        "X509": ["CertificateAuthority"],
        "SwiftASN1": ["CertificateAuthority"],
    ]
}
