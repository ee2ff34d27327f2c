import Foundation

/// A device of a real server with `ota-agent` and a stand-in for its snapd.
final class SnapDevice: @unchecked Sendable {  // Each test owns its device and uses it from one task at a time.
    let device: TestDevice
    private let folder: String
    private let snapd: StandIn

    init(_ device: TestDevice) async throws {
        self.device = device
        // Short: the path of a socket has few bytes.
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sd-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        snapd = try await StandIn(
            "snapd_stand_in.py", ready: "\(folder)/snapd-is-ready", "\(folder)/snapd.socket", "\(folder)/snapd.json",
            "\(folder)/faults.json")
    }

    func stop() {
        snapd.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func setFaults(_ faults: String) throws {
        try faults.write(toFile: "\(folder)/faults.json", atomically: true, encoding: .utf8)
    }

    private var machine: [String: Any] {
        let data = FileManager.default.contents(atPath: "\(folder)/snapd.json") ?? Data()
        return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
    }

    /// How often each snap was installed.
    var installs: [String: Int] { machine["installs"] as? [String: Int] ?? [:] }
    var present: Set<String> { Set((machine["snaps"] as? [String: Any] ?? [:]).keys) }

    private func ask(_ path: String, _ options: String...) async throws -> Answer {
        try await Answer.of(curl: ["--unix-socket", "\(folder)/snapd.socket"] + options + ["http://localhost\(path)"])
    }

    /// Somebody removes a snap by hand.
    func remove(_ snap: String) async throws {
        let answer = try await ask("/v2/snaps/\(snap)", "-H", "Content-Type: application/json", "-d", #"{"action":"remove"}"#)
        guard answer.status == 202, let change = answer.json["change"] as? String else { throw TestServer.Unexpected(answer: answer) }
        // A change goes on when somebody looks at it.
        guard
            try await eventually({
                let result = try await ask("/v2/changes/\(change)").json["result"] as? [String: Any]
                return result?["ready"] as? Bool == true
            })
        else { throw TestServer.Unexpected(answer: answer) }
    }

    /// One round of the agent. Bounded: a hanging agent is an error, with status 124.
    @discardableResult
    func run() async throws -> Tool.Outcome {
        try await Tool.run([
            "timeout", "60", Binaries.otaAgent, "snaps", "--server", device.server.gateway, "--ca", "\(device.folder)/root.crt",
            "--certificate", "\(device.folder)/client.pem", "--key", "\(device.folder)/pkey.pem", "--tag", "main", "--state",
            "\(folder)/state", "--snapd-socket", "\(folder)/snapd.socket", "--once",
        ])
    }
}
