import DeviceAuth
import FileTree
import Fleet

/// What is known of the files below `devices/<uuid>/`, with their bounds: the oldest leaves first.
///
/// It tells which changes a report leads to; the journal makes them.
struct DeviceFolder {
    static let mostEventFiles = 20
    static let mostEventsInFile = 200
    static let largestEventFile = 256 << 10
    static let mostAppsStates = 10
    static let mostTests = 10
    static let mostFilesInTest = 32
    static let largestTest = 32 << 20
    /// Milliseconds since 1970 that a file's name is believed: one more must still be a number.
    private static let times: ClosedRange<Int64> = 0...1 << 53

    private struct EventFile {
        var lines: [(id: String, bytes: [UInt8])] = []
        /// Whether the lines are what the file holds, byte for byte; somebody may have edited it.
        var isExact = true
        var size: Int64 { lines.reduce(0) { $0 + Int64($1.bytes.count) } }
    }

    let path: String
    /// Oldest first.
    private var eventFiles: [(correlation: CorrelationID, file: EventFile)] = []
    private var appsStates: [Int64] = []
    private var tests: [(name: String, files: [String: Int])] = []

    /// Reads what lies there.
    init(_ id: DeviceID, root: Directory) throws(FileTreeError) {
        path = "devices/\(id.text)"
        guard let directory = try? root.directory(path) else { return }
        var found: [(time: Int64, correlation: CorrelationID)] = []
        for name in try directory.names() {
            if name.hasPrefix("events-"), let correlation = CorrelationID(String(name.dropFirst(7))) {
                found.append((directory.status(name)?.modified ?? 0, correlation))
            } else if name.hasPrefix("apps-states-"), let time = Int64(name.dropFirst(12)),
                Self.times.contains(time), name == "apps-states-\(time)"
            {
                appsStates.append(time)
            }
        }
        for (_, correlation) in found.sorted(by: { $0.time < $1.time }) {
            let bytes = try directory.contents(of: "events-\(correlation.text)", limit: 4 << 20)
            var file = EventFile(lines: EventLine.split(bytes))
            file.isExact = file.size == Int64(bytes.count)
            eventFiles.append((correlation, file))
        }
        appsStates.sort()
        guard let runs = try? directory.directory("tests") else { return }
        var testTimes: [(time: Int64, name: String, files: [String: Int])] = []
        for name in try runs.names() {
            guard let run = try? runs.directory(name) else { continue }
            let files = Dictionary(try run.names().map { ($0, Int(run.status($0)?.size ?? 0)) }) { first, _ in first }
            testTimes.append((runs.status(name)?.modified ?? 0, name, files))
        }
        tests = testTimes.sorted { $0.time < $1.time }.map { ($0.name, $0.files) }
    }

    /// Bytes that this value holds in memory, about.
    var weight: Int { 512 + eventFiles.reduce(0) { $0 + Int($1.file.size) * 2 + 256 } }

    /// Appends an event unless its id is there already; nil then. Returns its line too.
    mutating func append(_ event: DeviceEvent) throws -> (changes: [JournalRecord.Change], line: [UInt8])? {
        var changes: [JournalRecord.Change] = []
        let correlation = event.correlation
        let index: Int
        if let present = eventFiles.firstIndex(where: { $0.correlation == correlation }) {
            guard !eventFiles[present].file.lines.contains(where: { $0.id == event.id }) else { return nil }
            // The file that was written last leaves last.
            eventFiles.append(eventFiles.remove(at: present))
            index = eventFiles.count - 1
        } else {
            if eventFiles.count == Self.mostEventFiles {
                changes.append(.remove(path: eventPath(eventFiles.removeFirst().correlation)))
            }
            eventFiles.append((correlation, EventFile()))
            index = eventFiles.count - 1
        }
        let line = try EventLine.encode(event)
        let size = eventFiles[index].file.size
        eventFiles[index].file.lines.append((event.id, line))
        if eventFiles[index].file.lines.count > Self.mostEventsInFile || size + Int64(line.count) > Self.largestEventFile {
            // Half of it leaves at once, so that the file is not written anew for every event.
            eventFiles[index].file.lines.removeFirst(eventFiles[index].file.lines.count / 2)
            eventFiles[index].file.isExact = false
        }
        if !eventFiles[index].file.isExact {
            eventFiles[index].file.isExact = true
            changes.append(
                .replace(path: eventPath(correlation), bytes: eventFiles[index].file.lines.flatMap { $0.bytes }))
        } else {
            changes.append(.write(path: eventPath(correlation), offset: size, bytes: line))
        }
        return (changes, line)
    }

    mutating func addAppsState(_ bytes: [UInt8], at time: Int64) -> [JournalRecord.Change] {
        var changes: [JournalRecord.Change] = []
        // Two in one millisecond are two.
        let time = max(time, (appsStates.last ?? 0) + 1)
        appsStates.append(time)
        changes.append(.replace(path: "\(path)/apps-states-\(time)", bytes: bytes))
        while appsStates.count > Self.mostAppsStates {
            changes.append(.remove(path: "\(path)/apps-states-\(appsStates.removeFirst())"))
        }
        return changes
    }

    mutating func putTest(_ bytes: [UInt8], test: TestID, name: TestFileName) throws -> [JournalRecord.Change] {
        var changes: [JournalRecord.Change] = []
        let index: Int
        if let present = tests.firstIndex(where: { $0.name == test.text }) {
            index = present
        } else {
            if tests.count == Self.mostTests {
                changes.append(.remove(path: "\(path)/tests/\(tests.removeFirst().name)"))
            }
            tests.append((test.text, [:]))
            index = tests.count - 1
        }
        var files = tests[index].files
        files[name.text] = bytes.count
        guard files.count <= Self.mostFilesInTest, files.values.reduce(0, +) <= Self.largestTest else {
            throw FleetError(
                .reportInvalid,
                "a test run keeps at most \(Self.mostFilesInTest) files and \(Self.largestTest) bytes; send fewer")
        }
        tests[index].files = files
        changes.append(.replace(path: "\(path)/tests/\(test.text)/\(name.text)", bytes: bytes))
        return changes
    }

    private func eventPath(_ correlation: CorrelationID) -> String { "\(path)/events-\(correlation.text)" }
}
