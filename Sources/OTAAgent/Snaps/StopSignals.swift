import Dispatch
import Foundation

/// Ends the agent on SIGTERM and SIGINT: at its next wait, and after 4 s wherever it is, since all that counts is on the disk.
struct StopSignals {
    private let sources: [any DispatchSourceSignal]
    private static let patience = DispatchTimeInterval.seconds(4)

    /// - Parameter status: with which it exits where it did not end by itself.
    init(status: Int32, _ stop: @escaping @Sendable () -> Void) {
        sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                stop()
                DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { exit(status) }
            }
            source.resume()
            return source
        }
    }

    func end() { for source in sources { source.cancel() } }
}
