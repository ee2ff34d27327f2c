import Foundation
import Synchronization

/// One server for tests that leave each other alone: they use devices and rollouts of their own and never stop it.
enum SharedServer {
    private static let server = Task {
        let server = try await TestServer.start()
        server.endWithThisProcess()
        return server
    }

    static func get() async throws -> TestServer { try await server.value }
}

extension TestServer {
    private static let leftOver = Mutex<[(process: pid_t, datadir: String)]>([])

    /// Has the server killed, and its data directory removed, when the tests are over.
    fileprivate func endWithThisProcess() {
        guard let process else { return }
        let isFirst = Self.leftOver.withLock { left in
            left.append((process.processIdentifier, datadir))
            return left.count == 1
        }
        guard isFirst else { return }
        atexit {
            for left in TestServer.leftOver.withLock({ $0 }) {
                Foundation.kill(left.process, SIGKILL)
                try? FileManager.default.removeItem(atPath: left.datadir)
            }
        }
    }
}
