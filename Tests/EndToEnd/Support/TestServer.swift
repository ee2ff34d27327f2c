import Foundation

/// A real `otaserve serve` over a temporary data directory, with devices that have real certificates.
///
/// ```swift
/// let server = try await TestServer.start()
/// defer { server.stop() }
/// let device = try await server.device("one")
/// let answer = try await device.get("/device")
/// ```
final class TestServer: @unchecked Sendable {  // Each test owns its server and uses it from one task at a time.
    let datadir: String
    private(set) var process: Process?
    private(set) var gateway = ""
    private(set) var admin = ""
    private(set) var token = ""
    /// Where devices enrol; empty unless the configuration says so.
    private(set) var enrolment = ""
    private let configuration: String?
    private let serve: String

    private init(datadir: String, configuration: String?, serve: String) {
        self.datadir = datadir
        self.configuration = configuration
        self.serve = serve
    }

    /// Makes keys, imports the sample updates and starts the server.
    ///
    /// - Parameters:
    ///   - trust: `own` makes keys for both channels, so that metadata can be signed; the samples are of other keys.
    ///   - serve: `any` for tests that change updates where they lie; what comes in by hand is served at once.
    static func start(
        configuration: String? = nil, trust: Trust = .samples, samples: Bool = true, serve: String = "any"
    ) async throws -> TestServer {
        let datadir = FileManager.default.temporaryDirectory.appendingPathComponent("otaserve-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: datadir, withIntermediateDirectories: true)
        let server = TestServer(datadir: datadir, configuration: configuration, serve: serve)
        if let configuration {
            try configuration.write(toFile: "\(datadir)/config.yaml", atomically: true, encoding: .utf8)
        }
        try await server.otaserve("pki", "init", "--dnsname", "localhost", "--factory", "test")
        switch trust {
        case .samples: try await server.trustSamples()
        case .own: try await server.otaserve("tuf", "init")
        }
        if samples, trust == .samples {
            for (channel, tag, name) in [("ci", "main", "42"), ("ci", "main", "43"), ("prod", "prod", "40")] {
                try await server.otaserve(
                    "updates", "import", "\(Binaries.samples)/\(channel)/\(tag)/\(name)", "--channel", channel, "--tag", tag,
                    "--name", name)
            }
        }
        server.token = try await server.otaserve("token", "create", "--scope", "admin", "--expires", "1d")
            .trimmingCharacters(in: .whitespacesAndNewlines)
        try await server.launch()
        return server
    }

    /// Whose metadata the server takes.
    enum Trust {
        case samples
        case own
    }

    /// Trusts the roots of the sample updates, as an operator does who takes over an existing fleet.
    private func trustSamples() async throws {
        for channel in ["ci", "prod"] {
            try await otaserve("tuf", "import-fleet", "--channel", channel, "\(Binaries.samples)/../trust/\(channel)")
        }
    }

    /// Starts the process again, after ``kill()`` or ``terminate()``.
    func launch(environment: [String: String] = [:]) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Binaries.otaserve)
        process.arguments = [
            "--datadir", datadir, "serve", "--gateway-address", "127.0.0.1:0", "--admin-address", "127.0.0.1:0",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(["OTASERVE_SERVE": serve].merging(environment) { $1 }) { $1 }
        let output = Pipe()
        process.standardOutput = output
        try Data().write(to: URL(fileURLWithPath: logPath))
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: logPath))
        process.standardError = log
        try process.run()
        self.process = process
        let handle = output.fileHandleForReading
        let awaited = ["gateway: ", "admin: "] + (configuration?.contains("enrolment-address") == true ? ["enrolment: "] : [])
        let lines: [String] = await withCheckedContinuation { continuation in
            // A thread of its own: the pipe is read until both addresses are there, or the process ended.
            Thread.detachNewThread {
                var text = ""
                while !(awaited.allSatisfy { text.contains($0) } && text.hasSuffix("\n")) {
                    let piece = handle.availableData
                    if piece.isEmpty { break }
                    text += String(decoding: piece, as: UTF8.self)
                }
                continuation.resume(returning: text.split(separator: "\n").map(String.init))
            }
        }
        func address(_ name: String) -> String? {
            lines.first { $0.hasPrefix("\(name): ") }.map { String($0.dropFirst(name.count + 2)) }
        }
        guard let gateway = address("gateway"), let admin = address("admin") else {
            throw NotStarted(log: logText)
        }
        // The certificate is for the name.
        self.gateway = gateway.replacingOccurrences(of: "127.0.0.1", with: "localhost")
        self.admin = admin
        enrolment = address("enrolment")?.replacingOccurrences(of: "127.0.0.1", with: "localhost") ?? ""
    }

    struct NotStarted: Error { let log: String }

    var logPath: String { "\(datadir)/server.log" }
    var logText: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// Where the sample update lies in the server's tree.
    func update(_ name: String = "42", channel: String = "ci", tag: String = "main") -> String {
        "\(datadir)/updates/\(channel)/\(tag)/\(name)"
    }

    /// A device that has checked in with its tag and been assigned an update.
    func assignedDevice(_ uuid: String, update: String = "42", tag: String = "main") async throws -> TestDevice {
        let device = try await device(uuid)
        let answer = try await device.get("/device", tag: tag)
        guard answer.status == 200 else { throw Unexpected(answer: answer) }
        _ = try await rollout(update, to: [uuid])
        return device
    }

    /// Lines of the log at the level warning or above, but for what the samples lead to.
    var complaints: [String] {
        logText.split(separator: "\n").map(String.init).filter { line in
            (line.contains(" warning ") || line.contains(" error ") || line.contains(" critical "))
                // Tests assign 42 although there is 43, and the samples are signed elsewhere.
                && !line.contains("serving_unverified") && !line.contains("older_update_signed_elsewhere")
        }
    }

    var port: Int { Int(gateway.split(separator: ":").last ?? "") ?? 0 }

    /// SIGKILL, as when the power fails for the process.
    func kill() async {
        guard let process, process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        _ = await Tool.end(of: process)
    }

    /// SIGTERM and the exit status of the graceful stop.
    func terminate() async -> Int32 {
        guard let process else { return -1 }
        process.terminate()
        return await Tool.end(of: process)
    }

    /// For `defer`: ends the process and removes the data directory.
    func stop() {
        if let process, process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(atPath: datadir)
    }

    // MARK: Commands

    /// `otaserve --datadir D …`; throws unless it ends with 0. Returns standard output.
    @discardableResult
    func otaserve(_ arguments: String...) async throws -> String {
        try await Tool.check([Binaries.otaserve, "--datadir", datadir] + arguments).text
    }

    /// The same, whatever it ends with.
    func tryOtaserve(_ arguments: String...) async throws -> Tool.Outcome {
        try await Tool.run([Binaries.otaserve, "--datadir", datadir] + arguments)
    }

    /// `otactl …` with the admin token.
    @discardableResult
    func otactl(_ arguments: String...) async throws -> String {
        try await Tool.check(
            [Binaries.otactl] + arguments, environment: ["OTACTL_SERVER": admin, "OTACTL_TOKEN": token]
        ).text
    }

    /// A device with a fresh certificate. Nothing is sent yet.
    func device(_ uuid: String, production: Bool = false) async throws -> TestDevice {
        let folder = "\(datadir)/devices-of-test/\(uuid)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: "\(datadir)/devices-of-test", withIntermediateDirectories: true)
        try await Tool.check(
            [Binaries.otaserve, "--datadir", datadir, "pki", "issue-device", "--uuid", uuid, "--out", folder]
                + (production ? ["--production"] : []))
        return TestDevice(server: self, uuid: uuid, folder: folder)
    }

    /// A request of the admin API.
    func api(_ method: String, _ path: String, body: String? = nil, token: String? = nil) async throws -> Answer {
        var options = ["-X", method, "-H", "Authorization: Bearer \(token ?? self.token)"]
        if let body { options += ["-H", "Content-Type: application/json", "-d", body] }
        return try await Answer.of(curl: options + ["\(admin)\(path)"])
    }

    /// Creates a rollout, adds the devices, starts it; takes devices over from rollouts that run. Returns its id.
    func rollout(_ update: String, tag: String = "main", isProd: Bool = false, to devices: [String]) async throws -> String {
        let created = try await api(
            "POST", "/v1/rollouts", body: #"{"isProd":\#(isProd),"tag":"\#(tag)","updateName":"\#(update)"}"#)
        guard created.status == 201, let id = created.json["id"] as? String else { throw Unexpected(answer: created) }
        let list = devices.map { "\"\($0)\"" }.joined(separator: ",")
        for (path, body) in [("devices", #"{"devices":[\#(list)]}"#), ("start?takeOver=true", nil)] as [(String, String?)] {
            let answer = try await api("PUT", "/v1/rollouts/\(id)/\(path)", body: body)
            guard answer.status == 200 else { throw Unexpected(answer: answer) }
        }
        return id
    }

    struct Unexpected: Error { let answer: Answer }
}
