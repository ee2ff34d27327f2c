import DeviceAuth
import Fleet
import Synchronization

/// The fleet's log in memory.
final class MemoryFleetLog: FleetLog {
    private struct Contents {
        /// Bytes that have left.
        var dropped: Int64 = 0
        var lines: [(device: DeviceID, text: String, next: Int64)] = []
        var end: Int64 = 0
        var looks = 0
    }

    let feed = TailFeed<FleetTopic>()
    private let contents = Mutex(Contents())
    private let told = Atomic<Int64>(0)

    var announced: Int64 { told.load(ordering: .acquiring) }
    /// How many lines were looked at for listeners.
    var looks: Int { contents.withLock { $0.looks } }
    var ids: [Int64] { contents.withLock { $0.lines.map(\.next) } }

    func note(_ notes: [FleetNote]) async throws { for note in notes { add("\"type\":\"\(note.word)\"", of: note.device) } }

    func add(_ members: String, of device: DeviceID) {
        let span = contents.withLock { contents in
            let start = contents.end
            let text = "{\"device\":\"\(device.text)\",\(members)}"
            contents.end += Int64(text.utf8.count) + 1
            contents.lines.append((device, text, contents.end))
            return start..<contents.end
        }
        feed.wake(.device(device), at: span)
        feed.wake(.fleet)
        told.store(span.upperBound, ordering: .releasing)
    }

    func dropOldest(_ count: Int) {
        contents.withLock { contents in
            contents.dropped = contents.lines[count - 1].next
            contents.lines.removeFirst(count)
        }
    }

    func oldest() throws -> Int64 { contents.withLock { $0.dropped } }

    func endsLine(at position: Int64) throws -> Bool {
        contents.withLock { contents in position == contents.dropped || contents.lines.contains { $0.next == position } }
    }

    func lines(of device: DeviceID?, from position: Int64, limit: Int) throws -> TailRun {
        contents.withLock { contents in
            let new = contents.lines.filter { $0.next > position && $0.next <= position + Int64(limit) }
            contents.looks += new.count
            let lines = new.filter { device == nil || $0.device == device }.map { (text: $0.text, next: $0.next) }
            return TailRun(lines: lines, end: new.last?.next ?? position)
        }
    }
}
