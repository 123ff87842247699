// swift-tools-version: 6.2
import PackageDescription

/// The rules every Swift target is compiled under.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A Swift target; its dependencies are named in the order of the layers in the design: C, Model, pure parts, I/O, daemon.
func part(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of the Swift target `name`, which they may look into.
func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.init(stringLiteral: name)] + dependencies, swiftSettings: strict)
}

let package = Package(
    name: "lanyard",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    ],
    targets: [
        // C: one module map and one commented shim each.
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CGLib", pkgConfig: "glib-2.0"),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium"),
        .systemLibrary(name: "CPsl", pkgConfig: "libpsl"),
        .systemLibrary(name: "CSecret", pkgConfig: "libsecret-1"),

        // Values and rules, without I/O.
        part("Model", ["CLinux"]),
        part("Cookies", ["Model", "CPsl"]),
        part(
            "JOSE",
            [
                "Model", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ]),
        part("Recipes", ["Model", "Cookies", "JOSE"]),
        part("Prose", ["Model", "CLinux"]),
        part("Varlink", ["Model", "Prose", "CLinux"]),

        // Input and output, on one event loop.
        part("EventLoop", ["Model", "CLinux", "CGLib"]),
        part("Transfer", ["Model", "EventLoop", "CCurl"]),
        part("Keyring", ["Model", "EventLoop", "CSecret"]),
        part("Store", ["Model", "Cookies", "EventLoop", "Keyring", "CSodium", "CLinux"]),

        // The two sides of the socket.
        part(
            "Daemon",
            ["Model", "Prose", "Cookies", "JOSE", "Recipes", "Varlink", "EventLoop", "Transfer", "Store", "CLinux"]),
        part("Client", ["Model", "Prose", "Varlink", "CLinux"]),
        part("Doctor", ["Model", "Prose", "Varlink", "Client", "CLinux"]),

        // Programs: stubs that bind.
        .executableTarget(name: "lanyardd", dependencies: ["Daemon"], swiftSettings: strict),
        // Linked without any shared library: the dynamic linker alone would double its time to start.
        .executableTarget(
            name: "lanyard", dependencies: ["Client"], swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-static-executable", "-use-ld=lld"])]),
        .executableTarget(
            name: "lanyard-cli",
            dependencies: [
                "Client", "Doctor", "Prose", "Varlink", "JOSE", "Model",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // Tests; LoopTesting runs a test's body on the event loop.
        .target(name: "LoopTesting", dependencies: ["EventLoop"], path: "Tests/LoopTesting", swiftSettings: strict),
        tests(of: "Recipes", ["Model", "Cookies", "JOSE", "Transfer"]),
        tests(of: "Client", ["Model", "Varlink", "CLinux", "Prose"]),
        tests(of: "Doctor"),
        tests(of: "EventLoop", ["Model", "LoopTesting", "CLinux"]),
        tests(of: "Transfer", ["Model", "LoopTesting"]),
        tests(of: "Keyring", ["Model", "EventLoop", "LoopTesting", "CLinux"]),
        tests(of: "Store", ["Model", "Cookies", "EventLoop", "Keyring", "LoopTesting", "CLinux"]),
        // The pure parts, against published vectors and hostile input.
        tests(of: "Model"),
        tests(of: "Cookies", ["Model"]),
        tests(of: "JOSE", ["Model"]),
        tests(of: "Varlink", ["Model"]),
        tests(of: "Daemon", ["Model", "Cookies", "Transfer", "EventLoop", "LoopTesting", "Store"]),
    ]
)

// Fuzzers, for `make fuzz` alone: they are built with libFuzzer, which brings their main.
if Context.environment["LANYARD_FUZZ"] != nil {
    package.targets += ["JWSFuzzer", "JWKSetFuzzer"].map { name in
        .executableTarget(
            name: name, dependencies: ["Model", "JOSE"], path: "Tests/Fuzz/" + name,
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])])
    }
}
