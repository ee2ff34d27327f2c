import DeviceAuth
import FileTree
import Fleet
import Synchronization

/// Keeps devices' reports as plain files below `devices/<uuid>/`, made durable in groups by the ``Journal``.
public final class FileReportStore: ReportStore {
    /// In a class of its own because the journal's reset refers to it before the store exists.
    private final class KnowledgeBox: Sendable {
        let mutex = Mutex(FileKnowledge())
    }

    let root: Directory
    private let journal: Journal
    private let knowledge: KnowledgeBox
    private let board: RolloutBoard
    let fleetFolder: FleetLogFolder
    let fleetLimits: FleetLogLimits
    let reader: FleetLogReader
    let announcements: FleetAnnouncements
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    /// - Parameter board: told of every stored line of a rollout, in the order of the file.
    public convenience init(root: Directory, board: RolloutBoard, now: @escaping @Sendable () -> Int64) throws {
        try self.init(root: root, board: board, fleetLimits: FleetLogLimits(), now: now)
    }

    init(root: Directory, board: RolloutBoard, fleetLimits: FleetLogLimits, now: @escaping @Sendable () -> Int64) throws {
        self.root = root
        self.board = board
        self.fleetLimits = fleetLimits
        self.now = now
        let knowledge = KnowledgeBox()
        self.knowledge = knowledge
        _ = try root.makeDirectory("devices")
        let folder = try FleetLogFolder(root: root)
        fleetFolder = folder
        reader = FleetLogReader(folder)
        let announcements = FleetAnnouncements()
        self.announcements = announcements
        journal = try Journal(
            root: root,
            reset: {
                knowledge.mutex.withLock { $0 = FileKnowledge() }
                // What is in the log gets into the files later, and nobody is told of it then.
                board.markStale()
            },
            groupEnded: {
                let added = knowledge.mutex.withLock { knowledge in
                    defer { knowledge.shrink() }
                    return knowledge.takeUnannounced()
                }
                announcements.tell(added)
            })
        // Known only now: the journal has done again what a crash left undone.
        announcements.begin(at: try FleetLogEnd(folder).position)
    }

    public func replace(_ report: Report, of device: DeviceID, with bytes: [UInt8]) async throws {
        try await journal.write {
            JournalRecord(changes: [.replace(path: "devices/\(device.text)/\(report.fileName)", bytes: bytes)])
        }
    }

    public func append(_ entries: [EventEntry], of device: DeviceID) async throws -> [EventEntry] {
        let stored = Mutex<[EventEntry]>([])
        let keep: @Sendable ([EventEntry]) -> Void = { new in stored.withLock { $0 = new } }
        let written = WrittenLines()
        let time = AuditRecord.time(now())
        try await write { [now, fleetFolder, fleetLimits] knowledge, root in
            var new: [EventEntry] = []
            var lines: [(device: DeviceID, bytes: [UInt8])] = []
            // The lines of the device, the rollout and the fleet are one record: never one without the others.
            var changes = try knowledge.withFolder(of: device, root: root) { folder in
                try entries.flatMap { entry in
                    guard let made = try folder.append(entry.event) else { return [JournalRecord.Change]() }
                    new.append(entry)
                    lines.append((device, FleetLine.event(made.line, rollout: entry.line?.rollout, of: device, at: time)))
                    return made.changes
                }
            }
            for case let line? in new.map(\.line) {
                let added = try knowledge.append([line.line], to: line.rollout, at: now(), root: root)
                changes.append(added.change)
                written.add(added.lines, in: line.rollout)
            }
            changes += try knowledge.appendToFleetLog(lines, in: fleetFolder, limits: fleetLimits)
            keep(new)
            return changes
        } applied: { [board] in
            written.tell(board)
        }
        return stored.withLock { $0 }
    }

    public func append(_ entries: [RolloutEntry]) async throws {
        let written = WrittenLines()
        try await write { [now] knowledge, root in
            var changes: [JournalRecord.Change] = []
            for entry in entries {
                let added = try knowledge.append(entry.lines, to: entry.rollout, at: now(), root: root)
                changes.append(added.change)
                written.add(added.lines, in: entry.rollout)
                if let devices = entry.devices {
                    changes.append(
                        .replace(path: "rollouts/\(entry.rollout.text)/devices.json", bytes: try RolloutFiles.encode(devices: devices)))
                }
                guard !entry.notes.isEmpty else { continue }
                let notes = try entry.notes.flatMap(NoteLine.encode)
                changes.append(
                    try knowledge.append(notes, to: "rollouts/\(entry.rollout.text)/\(NoteLine.fileName)", root: root))
            }
            return changes
        } applied: { [board] in
            written.tell(board)
        }
    }

    public func addAppsState(_ bytes: [UInt8], of device: DeviceID, at time: Int64) async throws {
        try await write { knowledge, root in
            try knowledge.withFolder(of: device, root: root) { $0.addAppsState(bytes, at: time) }
        }
    }

    public func putTest(_ bytes: [UInt8], of device: DeviceID, test: TestID, name: TestFileName) async throws {
        try await write { knowledge, root in
            try knowledge.withFolder(of: device, root: root) { try $0.putTest(bytes, test: test, name: name) }
        }
    }

    public func removeAll(of device: DeviceID) async throws {
        try await write { knowledge, _ in
            knowledge.forget(device)
            return [.remove(path: "devices/\(device.text)")]
        }
    }

    /// For a graceful stop: everything is in the files, and the next start does nothing to them. What an operator does
    /// to the files of a stopped server stays done.
    public func settle() async throws { try await journal.settle() }

    public func files(of device: DeviceID) async throws -> [(name: String, size: Int64)] {
        guard let directory = try? root.directory("devices/\(device.text)") else { return [] }
        return try directory.names().compactMap { name in
            guard let status = directory.status(name), status.kind == .file, !name.hasPrefix(".") else { return nil }
            return (name, status.size)
        }
    }

    public func contents(of device: DeviceID, file name: String) async throws -> [UInt8]? {
        // One component only: a slash would lead into another device's folder.
        guard !name.isEmpty, !name.hasPrefix("."), !name.utf8.contains(UInt8(ascii: "/")) else { return nil }
        guard let directory = try? root.directory("devices/\(device.text)"), directory.status(name)?.kind == .file else {
            return nil
        }
        return try directory.contents(of: name, limit: 8 << 20)
    }

    /// Writes a record that `prepare` makes on the journal's thread.
    func write(
        _ prepare: @escaping @Sendable (inout FileKnowledge, Directory) throws -> [JournalRecord.Change],
        applied: @escaping @Sendable () -> Void = {}
    ) async throws {
        try await journal.write(
            { [root, knowledge] in
                JournalRecord(changes: try knowledge.mutex.withLock { try $0.prepare { try prepare(&$0, root) } })
            }, applied: applied)
    }
}
