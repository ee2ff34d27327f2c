import Foundation
import Synchronization

/// A real mosquitto on a free port of the loopback, with a folder of its own; stopped by its process id.
public final class TestBroker: @unchecked Sendable {  // Each test owns its broker and uses it from one task at a time.
    public let folder: String
    public private(set) var port = 0
    private var process: Process?
    private var configuration: (_ port: Int, _ folder: String) -> String
    private let log = BrokerLog()

    public struct NotStarted: Error { public let log: String }

    private init(folder: String, configuration: @escaping (_ port: Int, _ folder: String) -> String) {
        self.folder = folder
        self.configuration = configuration
    }

    /// - Parameter configuration: the lines of the configuration for a port and a folder.
    public static func start(_ configuration: @escaping (_ port: Int, _ folder: String) -> String = plain) async throws -> TestBroker {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("broker-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let broker = TestBroker(folder: folder, configuration: configuration)
        // Another process may take the free port before the broker does.
        for attempt in 1...5 {
            broker.port = try Self.freePort()
            do { try await broker.launch() } catch { if attempt == 5 { throw error } else { continue } }
            break
        }
        return broker
    }

    /// Everybody may do everything, without TLS.
    public static func plain(port: Int, folder: String) -> String {
        "listener \(port) 127.0.0.1\nallow_anonymous true\n"
    }

    /// Every client needs a certificate of the devices' authority; its name is the user.
    public static func tls(_ authority: TestAuthority) -> (Int, String) -> String {
        { port, _ in
            """
            listener \(port) 127.0.0.1
            allow_anonymous false
            require_certificate true
            use_identity_as_username true
            cafile \(authority.folder)/cas.pem
            certfile \(authority.folder)/tls.crt
            keyfile \(authority.folder)/tls.key

            """
        }
    }

    /// Starts it again on the same port with what it had on its disk.
    public func launch() async throws {
        let path = "\(folder)/broker.conf"
        let common = """
            log_dest stderr
            log_type all
            \(geteuid() == 0 ? "user root\n" : "")
            """
        let text = configuration(port, folder)
        let persistence = text.contains("persistence") ? "" : "persistence true\npersistence_location \(folder)/\n"
        try (text + persistence + common).write(toFile: path, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = ["-c", path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardError = pipe
        try await Self.run(process)
        self.process = process
        guard await log.follow(pipe.fileHandleForReading, until: " running") else { throw NotStarted(log: log.text) }
    }

    /// From a thread that lets signals through: a process inherits what its parent blocks, and would never see SIGTERM.
    private static func run(_ process: Process) async throws {
        let outcome: Result<Void, any Error> = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var signals = sigset_t()
                sigemptyset(&signals)
                pthread_sigmask(SIG_SETMASK, &signals, nil)
                continuation.resume(returning: Result { try process.run() })
            }
        }
        try outcome.get()
    }

    /// SIGTERM: sessions and what waits for them are written to the disk.
    public func terminate() async { await end(SIGTERM) }

    public func kill() async { await end(SIGKILL) }

    private func end(_ signal: Int32) async {
        guard let process, process.isRunning else { return }
        Foundation.kill(process.processIdentifier, signal)
        while process.isRunning { try? await Task.sleep(for: .milliseconds(2)) }
    }

    /// For `defer`.
    public func remove() {
        if let process, process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What it has said since its first start.
    public var logText: String { log.text }

    private static let program =
        ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"].first { FileManager.default.isExecutableFile(atPath: $0) }
        ?? "/usr/sbin/mosquitto"

    public static func freePort() throws -> Int {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, size) == 0 && getsockname(number, $0, &size) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        return Int(UInt16(bigEndian: place.sin_port))
    }
}
