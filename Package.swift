// swift-tools-version: 6.2
import PackageDescription

/// Every target of ours compiles with these: Swift 6 mode, explicit imports, and warnings are errors.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let locks: Target.Dependency = .product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name), "TestSupport"] + dependencies,
        exclude: exclude,
        swiftSettings: strict
    )
}

let package = Package(
    name: "keyturn",
    products: [
        .executable(name: "keyturn", targets: ["keyturn"]),
        // For tests only: they preload it into the daemon's process.
        .library(name: "SyncFaults", type: .dynamic, targets: ["CSyncFaults"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // System libraries.
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        .systemLibrary(name: "CPlatform"),

        // What it stands on.
        room("SecretModel"),
        room("RotationModel", ["SecretModel"]),
        room("Encryption", ["SecretModel", crypto, locks]),
        room("Access", ["SecretModel", crypto, locks]),
        room("Processes", [subprocess, system, locks]),
        room("BlockingCalls", ["CPlatform", locks]),
        room("PostgresClient", ["CPostgres", "SecretModel", "BlockingCalls", locks, crypto, cryptoExtras]),
        room("MariaDBClient", ["CMariaDB", "SecretModel", "BlockingCalls", crypto]),
        room(
            "Storage",
            ["SecretModel", "RotationModel", "Encryption", locks, nioPosix, grdb, .product(name: "GRDBSQLite", package: "GRDB.swift")]
        ),

        // What it does.
        room("Auditing", ["SecretModel", "Encryption", "Storage", crypto]),
        room("KeyManagement", ["SecretModel", "Access", "Storage", "Encryption", "Auditing", "Identities", locks]),
        room(
            "Alerting",
            [
                "SecretModel", "RotationModel", "Storage", "Processes", crypto, logging, lifecycle,
                .product(name: "AsyncHTTPClient", package: "async-http-client"), nioCore,
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        room(
            "Rotators",
            ["SecretModel", "RotationModel", "PostgresClient", "MariaDBClient", "Processes", logging]
        ),
        room(
            "RotationEngine",
            [
                "SecretModel", "RotationModel", "Encryption", "Storage", "Auditing", "KeyManagement", "Secrets", "Rotators", "Alerting",
                logging, lifecycle, locks,
            ]
        ),
        room(
            "Secrets",
            ["SecretModel", "RotationModel", "Access", "Storage", "Encryption", "Auditing", "Identities", "KeyManagement", logging]
        ),
        room("Identities", ["SecretModel", "Access", "Storage", "Encryption", "Auditing", locks]),

        // Faces.
        room(
            "AWSAPI",
            [
                "SecretModel", "RotationModel", "Auditing", "KeyManagement", "Secrets", "Identities", "RotationEngine", "Access",
                "Encryption", "Storage", locks, logging,
            ]
        ),
        room(
            "Operations",
            [
                "SecretModel", "RotationModel", "Storage", "Auditing", "Secrets", "RotationEngine", "Rotators", "Alerting", "AWSAPI",
                "ConfigurationFiles", "Identities", "Access",
            ]
        ),
        room(
            "HTTPServing",
            [
                "SecretModel", "Access", "Auditing", "AWSAPI", logging, lifecycle, nioCore, locks,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),
        room("ConfigurationFiles", ["SecretModel", "RotationModel", .product(name: "Yams", package: "Yams")]),
        room(
            "CertificateAuthority",
            [
                "SecretModel", crypto,
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ]
        ),
        room(
            "AdminClient",
            [
                "SecretModel", "Access", nioCore,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        room(
            "Daemon",
            [
                "SecretModel", "RotationModel", "Encryption", "Access", "Storage", "Auditing", "KeyManagement", "Secrets", "Identities",
                "BlockingCalls", "PostgresClient", "MariaDBClient", "Rotators", "RotationEngine",
                "Alerting", "AWSAPI", "Operations", "HTTPServing", "ConfigurationFiles", "CertificateAuthority", "CPlatform", logging,
                lifecycle, signals, crypto, locks,
            ]
        ),
        .executableTarget(
            name: "keyturn",
            dependencies: [
                "Daemon", "Access", "AdminClient", "SecretModel", "RotationModel", logging,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "keyturn-bench",
            dependencies: [
                "SecretModel", "RotationModel", "Encryption", "Access", "Storage", "Secrets", "Rotators", "RotationEngine", "Alerting",
                "PostgresClient", "MariaDBClient", "CPostgres", "CMariaDB", "TestSupport", logging, lifecycle, nioCore,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),

        // For tests only.
        .target(name: "CSyncFaults"),
        room("TestSupport", ["SecretModel", "RotationModel", locks, subprocess, system]),
        tests("SecretModel"),
        tests("RotationModel"),
        tests("Encryption", [crypto]),
        tests("Access"),
        tests("BlockingCalls", [locks]),
        tests("PostgresClient"),
        tests("MariaDBClient"),
        tests("Storage", ["Encryption", grdb, locks]),
        tests("Auditing", ["Storage", "Encryption", grdb]),
        tests("Alerting", ["RotationModel", "Storage", logging, lifecycle, locks]),
        tests("Rotators", ["PostgresClient", "MariaDBClient", logging], exclude: ["README.md"]),
        tests(
            "RotationEngine",
            ["Storage", "Auditing", "KeyManagement", "Secrets", "Encryption", "Rotators", "Alerting", logging, lifecycle, locks]
        ),
        tests("KeyManagement", ["Storage", "Auditing", "Encryption"]),
        tests("Secrets", ["Storage", "Auditing", "Encryption", "KeyManagement"]),
        tests("Identities", ["Access", "Auditing", "Storage", "Encryption"]),
        tests("AWSAPI", ["Auditing", "KeyManagement", grdb]),
        tests("Operations", ["Storage", "Auditing", "Encryption", "Rotators", "RotationEngine", "Alerting", "AWSAPI", logging, locks]),
        tests(
            "AdminClient",
            ["HTTPServing", "AWSAPI", "Auditing", "Storage", "Encryption", "Access", "CertificateAuthority", logging, lifecycle, locks]
        ),
        tests("ConfigurationFiles"),
        tests("CertificateAuthority"),
        .testTarget(name: "TestSupportTests", dependencies: ["TestSupport"], swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "TestSupport", "SecretModel", "AdminClient", "PostgresClient", "MariaDBClient", "keyturn", subprocess, system,
            ],
            exclude: ["Scripts"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
