import Foundation

/// Debian's snapd with a root of its own, out of reach of any store.
final class RealSnapd: Sendable {
    static let program = "/usr/lib/snapd/snapd"

    /// Why it can not be used here; nil when it can.
    static let obstacle: String? = {
        let reason: String? =
            if !FileManager.default.isExecutableFile(atPath: program) {
                "snapd is not installed"
            } else if getuid() != 0 {
                "snapd takes orders only for root"
            } else {
                nil
            }
        if let reason {
            print("skipped: the tests against the real snapd, because \(reason)")
        } else {
            print(
                "against the real snapd: heartbeat, list, form and refusals; no install that succeeds, refresh, service or snapshot, "
                    + "which need signed assertions of a store and systemd to mount snaps: those run against the stand-in alone")
        }
        return reason
    }()

    let root: String
    private let process: Process

    var socket: String { "\(root)/run/snapd.socket" }

    init() async throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("rs-\(UUID().uuidString.prefix(8))").path
        let folders = ["run/snapd", "var/lib/snapd/snaps", "var/cache/snapd", "etc", "snap", "usr/lib", "tmp", "lib/modules"]
        for folder in folders { try FileManager.default.createDirectory(atPath: "\(root)/\(folder)", withIntermediateDirectories: true) }
        try FileManager.default.createSymbolicLink(atPath: "\(root)/usr/lib/snapd", withDestinationPath: "/usr/lib/snapd")
        try FileManager.default.copyItem(atPath: "/etc/os-release", toPath: "\(root)/etc/os-release")
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.environment = ProcessInfo.processInfo.environment.merging([
            "SNAPPY_GLOBAL_ROOT": root, "SNAPPY_TESTING": "1", "SNAPPY_FORCE_API_URL": "http://127.0.0.1:9/",
            // Without snaps it would end after a few seconds.
            "SNAPD_STANDBY_WAIT": "10m",
        ]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    /// Whether it answers, and has set itself up.
    func isSeeded() async throws -> Bool {
        try await Tool.run(["curl", "-sf", "--max-time", "5", "--unix-socket", socket, "http://localhost/v2/changes?select=all"])
            .text.contains("Mark system seeded\",\"status\":\"Done")
    }

    func stop() {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(atPath: root)
    }
}
