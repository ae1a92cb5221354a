// swift-tools-version: 6.2

import PackageDescription

// Floors, lowest first; arrows only point down. scripts/check-floors holds the same table.

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(
    name: "HummingbirdCore", package: "hummingbird")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioEmbedded: Target.Dependency = .product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioExtras: Target.Dependency = .product(name: "NIOExtras", package: "swift-nio-extras")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTPTypes: Target.Dependency = .product(
    name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let nioHTTPParts: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let serviceLifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(
    name: "UnixSignals", package: "swift-service-lifecycle")
let lifecycleTestKit: Target.Dependency = .product(
    name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

func target(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [])
    -> Target
{
    .target(
        name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "genesys-bridge",
    products: [
        .executable(name: "genesys-bridge", targets: ["genesys-bridge"]),
        .executable(name: "genesys-sandbox", targets: ["genesys-sandbox"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        target("QueueExecutor", []),
        target("ExactJSON", []),
        target("WidgetPage", [], resources: [.embedInCode("Files")]),
        // Floor 1
        target("CurlTransport", ["CCurl", "QueueExecutor"]),
        target("Outbox", ["ExactJSON", "QueueExecutor", logging, serviceLifecycle]),
        // Floor 2
        target("SQLiteOutbox", ["Outbox", grdb, grdbSQLite, logging, serviceLifecycle]),
        target(
            "GenesysCloud",
            [
                "Outbox", "CurlTransport", "ExactJSON", logging, nioCore, nioExtras, nioHTTP1,
                nioPosix, nioSSL, nioWebSocket,
            ]),
        target("ShopCallback", ["Outbox", "CurlTransport", "ExactJSON", crypto, logging]),
        target(
            "Listener",
            [
                "Outbox", "ExactJSON", "WidgetPage", hummingbird, hummingbirdCore, crypto,
                httpTypes, logging, nioCore, nioHTTP1, nioHTTPParts, nioHTTPTypes,
                serviceLifecycle,
            ]),
        target(
            "Sandbox",
            [
                hummingbirdCore, crypto, httpTypes, logging, nioCore, nioHTTP1, nioPosix,
                nioWebSocket, argumentParser, serviceLifecycle, unixSignals,
            ]),
        // Floor 3
        target(
            "Bridge",
            [
                "Outbox", "SQLiteOutbox", "CurlTransport", "GenesysCloud", "ShopCallback",
                "Listener", "ExactJSON", "QueueExecutor", argumentParser, logging, nioCore,
                nioPosix, serviceLifecycle,
                unixSignals, yams,
            ]),
        // Floor 4
        .executableTarget(
            name: "genesys-bridge", dependencies: ["Bridge", argumentParser], swiftSettings: strict),
        .executableTarget(
            name: "genesys-sandbox", dependencies: ["Sandbox", argumentParser],
            swiftSettings: strict),
        // Tests
        .target(
            name: "TestSupport", dependencies: ["Outbox", logging], path: "Tests/TestSupport",
            swiftSettings: strict),
        .executableTarget(
            name: "genesys-bench",
            dependencies: [
                "CurlTransport", "ExactJSON", "Listener", "Outbox", "SQLiteOutbox", argumentParser,
                crypto, grdbSQLite, histogram, logging, nioCore, nioPosix, serviceLifecycle,
                unixSignals,
            ], path: "Tests/BenchTool", swiftSettings: strict),
        .target(name: "LoopbackServer", path: "Tests/LoopbackServer", swiftSettings: strict),
        tests("QueueExecutorTests", ["QueueExecutor"]),
        tests("WidgetPageTests", ["WidgetPage"]),
        tests("ExactJSONTests", ["ExactJSON"]),
        tests("CurlTransportTests", ["CurlTransport", "QueueExecutor", "LoopbackServer"]),
        tests("OutboxTests", ["Outbox", "ExactJSON", "TestSupport", lifecycleTestKit, logging]),
        tests(
            "GenesysCloudTests",
            [
                "GenesysCloud", "Outbox", "CurlTransport", "ExactJSON", "LoopbackServer", "Sandbox",
                "TestSupport", logging, nioCore, nioHTTP1, nioPosix, nioSSL, nioWebSocket,
            ]),
        tests(
            "ShopCallbackTests",
            [
                "ShopCallback", "Outbox", "CurlTransport", "ExactJSON", "LoopbackServer",
                "TestSupport", crypto, lifecycleTestKit, logging,
            ]),
        tests(
            "ListenerTests",
            [
                "Listener", "Outbox", "ExactJSON", "TestSupport", "WidgetPage", crypto, httpTypes,
                logging, nioCore, nioEmbedded, nioHTTP1, nioHTTPParts, serviceLifecycle,
            ]),
        tests(
            "SQLiteOutboxTests",
            ["SQLiteOutbox", "Outbox", "TestSupport", grdb, grdbSQLite, logging]),
        tests("SandboxTests", ["Sandbox", crypto, httpTypes, nioCore, nioEmbedded, nioWebSocket]),
        tests(
            "BridgeTests",
            [
                "Bridge", "CurlTransport", "ExactJSON", "GenesysCloud", "Listener",
                "LoopbackServer", "Outbox", "ShopCallback", "TestSupport", argumentParser, logging,
                serviceLifecycle,
            ]),
        tests("EndToEndTests", ["CurlTransport", "ExactJSON", "Sandbox", "TestSupport"]),
    ]
)
