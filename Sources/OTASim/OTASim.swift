import ArgumentParser
import DeviceAuth
import Foundation

/// `otasim`: virtual devices that behave like real ones, for trying a server and its rollouts.
@main
struct OTASim: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "otasim",
        abstract: "Let virtual devices check in, take updates and fail, each with its own certificate.",
        discussion: """
            Every device speaks mutual TLS, sends check-in headers, reads the metadata, takes a newer target of its tag and \
            hardware and reports the events of the update. What a device does follows from the seed and its uuid. \
            For a server that is there for trials: it issues certificates with the device authority of the data directory.
            """)

    @Option(help: "The server's data directory, for its device authority.") var datadir: String
    @Option(help: "Where devices reach the server, such as https://localhost:8443.") var gateway: String
    @OptionGroup var devices: DeviceOptions
    @OptionGroup var behaviour: BehaviourOptions
    @Option(help: "Requests under way at once, at most.") var connections = 200
    @Option(help: "Seconds between two lines of the board.") var board = 5.0
    @Option(help: "Seconds after which it ends; otherwise it runs until it is stopped.") var duration: Double?
    @Option(help: "Write the credentials of the first devices into this directory, one folder each.") var credentialsOut: String?
    @Option(help: "How many devices' credentials are written.") var credentialsOf = 3

    func validate() throws {
        guard (1...1_000).contains(connections) else { throw ValidationError("--connections must be from 1 to 1000") }
        guard board > 0, duration ?? 1 > 0 else { throw ValidationError("--board and --duration must be more than 0") }
        guard credentialsOf >= 0 else { throw ValidationError("--credentials-of must not be negative") }
    }

    func run() async throws {
        let board = Board(devices: devices.devices)
        let fleet = SimulatedFleet(
            certificates: CertificateDirectory("\(datadir)/certs"), prefix: devices.prefix, count: devices.devices,
            isProduction: devices.production, address: gateway, running: devices.running,
            model: VirtualDevice.Model(
                tag: devices.tag, hardware: devices.hardware, behaviour: behaviour.behaviour, board: board, places: Places(connections)))
        do {
            try await live(fleet, board)
        } catch let error as DeviceAuthError {
            FileHandle.standardError.write(Data("otasim: \(error.code.rawValue): \(error.message)\n".utf8))
            throw ExitCode.failure
        }
    }

    private func live(_ fleet: SimulatedFleet, _ board: Board) async throws {
        say("seed \(behaviour.seed); \(devices.devices) devices get certificates")
        let credentials = try await fleet.issue(now: Date())
        if let credentialsOut { try write(credentials.prefix(credentialsOf), to: credentialsOut) }
        say("\(credentials.count) devices begin")
        let http = GatewayClient.makeClient()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await fleet.live(credentials, over: http)
                // Silent ones alone: there is nothing left to do but to be there.
                try await Task.sleep(for: .seconds(1 << 30))
            }
            group.addTask { try await show(board) }
            if let duration { group.addTask { try await Task.sleep(for: .seconds(duration)) } }
            // The first that ends is the duration, or a failure.
            try await group.next()
            group.cancelAll()
        }
        try await http.shutdown()
    }

    private func show(_ board: Board) async throws {
        var before = board.counts
        var hasSeenAll = false
        while true {
            try await Task.sleep(for: .seconds(self.board))
            let counts = board.counts
            say(counts.line(since: before, seconds: self.board))
            before = counts
            guard !hasSeenAll, board.hasSeenAll else { continue }
            hasSeenAll = true
            say("every device has been in contact")
        }
    }

    private func write(_ credentials: ArraySlice<DeviceCredentials>, to folder: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for device in credentials { try device.write(to: "\(folder)/\(device.id.text)") }
    }

    private func say(_ text: String) { FileHandle.standardOutput.write(Data("otasim: \(text)\n".utf8)) }
}
