// swift-tools-version:6.1
import Foundation
import PackageDescription

// Warnings are errors where CI builds; a developer's half-written code may still warn.
let strict: [SwiftSetting] =
    ProcessInfo.processInfo.environment["OTASERVE_STRICT"] == "1"
    ? [.unsafeFlags(["-warnings-as-errors"])] : []

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let bigInt = Target.Dependency.product(name: "BigInt", package: "BigInt")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK = Target.Dependency.product(name: "NIOHPACK", package: "swift-nio-http2")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")

let package = Package(
    name: "otaserve",
    products: [
        .executable(name: "ota-agent", targets: ["OTAAgent"]),
        .executable(name: "tuf-client", targets: ["TUFClient"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Core: decisions. Knows no socket, no HTTP, no database.
        .target(name: "CFileTree"),
        .target(name: "CMemory"),
        .target(name: "FileTree", dependencies: ["CFileTree"], swiftSettings: strict),
        .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
        .target(name: "CZstd", linkerSettings: [.linkedLibrary("zstd")]),
        .target(name: "CLzma", linkerSettings: [.linkedLibrary("lzma")]),
        .target(name: "Squashfs", dependencies: ["FileTree", "CZlib", "CZstd", "CLzma"], swiftSettings: strict),
        .target(name: "Archive", dependencies: ["FileTree", "CZlib", "CZstd"], swiftSettings: strict),
        .target(name: "StrictJSON", swiftSettings: strict),
        .target(name: "TUF", dependencies: ["StrictJSON", "FileTree", bigInt, crypto, cryptoExtras, asn1], swiftSettings: strict),
        .target(name: "OSTree", dependencies: ["FileTree", "CZlib", crypto], swiftSettings: strict),
        .target(name: "OCI", dependencies: ["FileTree", "Archive", "StrictJSON", crypto], swiftSettings: strict),
        .target(name: "Snaps", dependencies: ["StrictJSON", crypto, cryptoExtras], swiftSettings: strict),
        .target(name: "SoftwareAgent", dependencies: ["Snaps", "FileTree", crypto], swiftSettings: strict),
        .target(name: "DeviceAuth", dependencies: [x509, crypto, asn1], swiftSettings: strict),
        .target(name: "OperatorAuth", dependencies: [crypto], swiftSettings: strict),
        .target(
            name: "UpdateTree",
            dependencies: ["FileTree", "StrictJSON", "TUF", "Archive", "OSTree", "OCI", "Snaps", "Squashfs", crypto, yams],
            swiftSettings: strict),
        .target(name: "Fleet", dependencies: ["DeviceAuth", "Snaps", "UpdateTree"], swiftSettings: strict),

        // Edges: input and output. Decide nothing.
        .target(
            name: "Persistence",
            dependencies: ["Fleet", "FileTree", "UpdateTree", "DeviceAuth", "OperatorAuth", "Snaps", grdb, crypto],
            swiftSettings: strict),
        .target(
            name: "Gateway",
            dependencies: [
                "Fleet", "UpdateTree", "Snaps", "DeviceAuth", "FileTree",
                nioCore, nioPosix, nioHTTP1, nioTLS, nioHTTP2, nioHPACK, nioSSL, crypto, logging,
            ], swiftSettings: strict),
        .target(
            name: "Admin",
            dependencies: [
                "Fleet", "UpdateTree", "TUF", "DeviceAuth", "OperatorAuth", "Snaps", hummingbird, httpTypes, nioCore, lifecycle, logging,
            ],
            resources: [.embedInCode("openapi.yaml")], swiftSettings: strict),

        .target(
            name: "Enrolment",
            dependencies: [
                "Fleet", "Snaps", "DeviceAuth", hummingbird, hummingbirdCore, hummingbirdTLS, nioCore, nioSSL, lifecycle, logging,
            ],
            swiftSettings: strict),
        .target(
            name: "SiteSync",
            dependencies: [
                "UpdateTree", "TUF", "Archive", "OSTree", "DeviceAuth", "FileTree", "Fleet", "StrictJSON", asyncHTTPClient, nioSSL,
                nioCore, nioHTTP1, crypto, logging,
            ], swiftSettings: strict),

        .systemLibrary(name: "CMosquitto", providers: [.apt(["libmosquitto-dev"])]),
        .target(name: "MQTT", dependencies: ["CMosquitto"], swiftSettings: strict),
        .target(name: "Messaging", dependencies: ["MQTT", "Fleet", "Snaps", "DeviceAuth", logging], swiftSettings: strict),

        // Executables: assemble and run.
        .executableTarget(
            name: "OTAServe",
            dependencies: [
                "Admin", "Gateway", "Enrolment", "SiteSync", "Persistence", "Fleet", "UpdateTree", "Snaps", "TUF", "DeviceAuth",
                "OperatorAuth", "FileTree", "MQTT", "Messaging",
                "CMemory", argumentParser, asyncHTTPClient, nioCore, nioHTTP1, lifecycle, logging, yams,
            ], swiftSettings: strict),
        .executableTarget(
            name: "OTACtl", dependencies: [argumentParser, asyncHTTPClient, nioCore], swiftSettings: strict),
        .executableTarget(
            name: "OTASim", dependencies: ["DeviceAuth", argumentParser, asyncHTTPClient, nioCore, nioHTTP1, nioSSL],
            swiftSettings: strict),
        .executableTarget(
            name: "OTAAgent",
            dependencies: [
                "SoftwareAgent", "Snaps", "FileTree", argumentParser, asyncHTTPClient, nioCore, nioHTTP1, nioSSL, x509, asn1, logging,
            ], swiftSettings: strict),
        .executableTarget(
            name: "TUFClient", dependencies: ["TUF", "FileTree", argumentParser, asyncHTTPClient, nioCore, nioHTTP1], swiftSettings: strict),
        .executableTarget(
            name: "MetadataBenchmark", dependencies: ["TUF", argumentParser], path: "Benchmarks/MetadataBenchmark", swiftSettings: strict),
        .executableTarget(
            name: "LoadGenerator",
            dependencies: [
                nioCore, nioPosix, nioHTTP2, nioHPACK, nioSSL, nioTLS, argumentParser, x509, crypto,
            ],
            path: "Benchmarks/LoadGenerator", swiftSettings: strict),

        .testTarget(name: "ArchitectureTests", swiftSettings: strict),
        .testTarget(name: "FileTreeTests", dependencies: ["FileTree"], swiftSettings: strict),
        .testTarget(
            name: "ArchiveTests", dependencies: ["Archive", "FileTree"], exclude: ["Hostile", "make_hostile.py"], swiftSettings: strict),
        .testTarget(name: "SquashfsTests", dependencies: ["Squashfs", "FileTree"], swiftSettings: strict),
        .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON"], swiftSettings: strict),
        .testTarget(
            name: "TUFTests", dependencies: ["TUF", "StrictJSON", "FileTree", crypto],
            exclude: ["Hostile", "Repository/follow.py", "Interop/make_repositories.py"], swiftSettings: strict),
        .testTarget(name: "OSTreeTests", dependencies: ["OSTree", "FileTree", crypto], swiftSettings: strict),
        .testTarget(name: "OCITests", dependencies: ["OCI", "FileTree", crypto], swiftSettings: strict),
        .testTarget(name: "SnapsTests", dependencies: ["Snaps", crypto, cryptoExtras], swiftSettings: strict),
        .testTarget(name: "SoftwareAgentTests", dependencies: ["SoftwareAgent", "Snaps", "FileTree"], swiftSettings: strict),
        .testTarget(name: "DeviceAuthTests", dependencies: ["DeviceAuth", x509, crypto, asn1], swiftSettings: strict),
        .testTarget(name: "OperatorAuthTests", dependencies: ["OperatorAuth"], swiftSettings: strict),
        .testTarget(name: "UpdateTreeTests", dependencies: ["UpdateTree", "Snaps", "TUF", "OSTree", "FileTree"], swiftSettings: strict),
        // What several suites need: repositories in memory, and the contracts of real ones.
        .target(name: "FleetTesting", dependencies: ["Fleet", "Snaps", "DeviceAuth"], path: "Tests/FleetTesting", swiftSettings: strict),
        .testTarget(name: "FleetTests", dependencies: ["Fleet", "FleetTesting", "Snaps"], swiftSettings: strict),
        .testTarget(
            name: "PersistenceTests", dependencies: ["Persistence", "Fleet", "FleetTesting", "Snaps", "DeviceAuth", "FileTree"],
            swiftSettings: strict),
        .testTarget(
            name: "GatewayTests", dependencies: ["Gateway", "Fleet", "FleetTesting", "Snaps", "DeviceAuth", crypto, nioHTTP1, nioHPACK],
            swiftSettings: strict),
        .testTarget(
            name: "AdminTests",
            dependencies: ["Admin", "FleetTesting", "Snaps", .product(name: "HummingbirdTesting", package: "hummingbird")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SiteSyncTests",
            dependencies: [
                "SiteSync", "Persistence", "UpdateTree", "TUF", "DeviceAuth", "FileTree", "Fleet", nioCore, nioPosix, nioHTTP1, nioSSL,
                logging,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EnrolmentTests", dependencies: ["Enrolment", "Fleet", "DeviceAuth", nioCore, nioEmbedded], swiftSettings: strict),
        .target(name: "BrokerSupport", dependencies: ["DeviceAuth"], path: "Tests/BrokerSupport", swiftSettings: strict),
        .testTarget(name: "MQTTTests", dependencies: ["MQTT", "BrokerSupport"], swiftSettings: strict),
        .testTarget(
            name: "MessagingTests", dependencies: ["Messaging", "MQTT", "BrokerSupport", "Fleet", "Snaps", "DeviceAuth", logging],
            swiftSettings: strict),
        .testTarget(name: "OTASimTests", dependencies: ["OTASim"], swiftSettings: strict),
        .testTarget(
            name: "EndToEnd", dependencies: ["OTAServe", "OTACtl", "OTASim", "TUFClient", "OTAAgent", "MQTT", "BrokerSupport"],
            exclude: ["Support/snapd_stand_in.py", "Support/snap_server_stand_in.py"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
