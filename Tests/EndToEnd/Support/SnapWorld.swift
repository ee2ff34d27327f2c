import Foundation
import Testing

/// One device with `ota-agent`, a stand-in for its snapd, and a stand-in for the server.
final class SnapWorld: @unchecked Sendable {  // Each test owns its world and uses it from one task at a time.
    let folder: String
    private var snapd: StandIn?
    private let server: StandIn

    let socket: String

    /// - Parameter socket: of a snapd that is there; otherwise the stand-in is started.
    init(required: [String] = [], socket other: String? = nil) async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("sw-\(UUID().uuidString.prefix(8))").path
        socket = other ?? "\(folder)/snapd.socket"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await Self.makeCertificates(in: folder)
        server = try await StandIn("snap_server_stand_in.py", ready: "\(folder)/port", folder, Binaries.sampleSnaps)
        try require(required)
        if other == nil { try await startSnapd() }
    }

    private static func makeCertificates(in folder: String) async throws {
        let script = """
            set -e; cd "$1"; new="openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
            $new -x509 -keyout ca.key -out root.crt -subj "/CN=test root" -days 2
            for n in server device; do
              $new -keyout $n.key -out $n.csr -subj "/CN=$n-1/OU=test"
              openssl x509 -req -in $n.csr -CA root.crt -CAkey ca.key -CAcreateserial -days 2 -out $n.pem \
                -extfile <(echo "subjectAltName=DNS:localhost")
            done
            """
        try await Tool.check(["bash", "-c", script, "bash", folder])
    }

    func stop() {
        snapd?.stop()
        server.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    // MARK: snapd

    func startSnapd() async throws {
        snapd = try await StandIn(
            "snapd_stand_in.py", ready: "\(folder)/snapd-is-ready", socket, "\(folder)/snapd.json", "\(folder)/faults.json")
    }

    func killSnapd() async {
        await snapd?.kill()
        snapd = nil
    }

    func setFaults(_ faults: String) throws { try write("faults.json", faults) }

    private var machine: [String: Any] { document("snapd.json") }

    /// How often each snap was installed.
    var installs: [String: Int] { machine["installs"] as? [String: Int] ?? [:] }
    var present: Set<String> { Set((machine["snaps"] as? [String: Any] ?? [:]).keys) }
    var snapdRequests: [String] { machine["requests"] as? [String] ?? [] }

    // MARK: Server

    func require(_ names: [String], source: String = "update") throws {
        let list = names.map { #"{"name":"\#($0)","source":"\#(source)"}"# }.joined(separator: ",")
        try write("required.json", "[\(list)]")
    }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(folder)/\(name)") }

    /// What the server keeps.
    var told: [String: Any] { document("server.json") }
    var answers: [[String: Any]] { told["answers"] as? [[String: Any]] ?? [] }
    var lastHeartbeat: [String: Any] { (told["heartbeats"] as? [[String: Any]])?.last ?? [:] }
    /// The names of the list that the server has.
    var listed: Set<String> {
        Set((told["snaps"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String })
    }

    /// The states of the required install, in the order in which the server was told.
    var states: [String] { answers.compactMap { $0["state"] as? String } }

    /// What is said in the last answer that failed.
    var lastFailure: String? { answers.last { $0["success"] as? Bool == false }?["message"] as? String }

    func answer(to id: String) -> [String: Any]? { answers.last { $0["id"] as? String == id } }

    private func document(_ name: String) -> [String: Any] {
        let data = FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()
        return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
    }

    // MARK: Agent

    var command: [String] {
        [
            Binaries.otaAgent, "snaps", "--server", "https://localhost:\(server.greeting)", "--ca", "\(folder)/root.crt", "--certificate",
            "\(folder)/device.pem", "--key", "\(folder)/device.key", "--state", "\(folder)/state", "--snapd-socket", socket,
        ]
    }

    /// One round. Bounded: a hanging agent is an error, with status 124.
    @discardableResult
    func runAgent(environment: [String: String] = [:]) async throws -> Tool.Outcome {
        try await Tool.run(["timeout", "60"] + command + ["--once"], environment: environment)
    }
}
