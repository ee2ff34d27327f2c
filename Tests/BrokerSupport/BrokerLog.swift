import Foundation
import Synchronization

/// What a broker says, read as it comes.
final class BrokerLog: Sendable {
    private let lines = Mutex("")

    var text: String { lines.withLock { $0 } }

    /// Returns when the words were said for the first time on this handle; false when it ended before.
    func follow(_ handle: FileHandle, until words: String) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var said = ""
                var waiting: CheckedContinuation<Bool, Never>? = continuation
                while true {
                    let piece = handle.availableData
                    if piece.isEmpty { break }
                    let text = String(decoding: piece, as: UTF8.self)
                    self.lines.withLock { $0 += text }
                    guard let reader = waiting else { continue }
                    said += text
                    if said.contains(words) {
                        waiting = nil
                        reader.resume(returning: true)
                    }
                }
                waiting?.resume(returning: false)
                try? handle.close()
            }
        }
    }
}
