import DeviceAuth
import FileTree
import Fleet
import Foundation

/// Keeps rollouts as the files that operators can read: `rollouts/<id>/{rollout.json,devices.json,events}` and
/// `rollouts/active/<id>`.
public struct RolloutFiles: RolloutRepository {
    private let root: Directory

    private static let largestFile = 128 << 20
    private static let making = ".making-"

    /// Opens `rollouts/` below the data directory and removes what a killed process left half made.
    public init(dataDirectory: Directory) throws {
        root = try dataDirectory.makeDirectory("rollouts")
        _ = try root.makeDirectory("active")
        for name in try root.names() where name.hasPrefix(Self.making) { try root.remove(name) }
        for id in try ids() {
            let rollout = try root.directory(id.text)
            // A file that was being replaced: the one in its place is whole.
            for name in ["rollout.json", "devices.json"] { try rollout.remove(".\(name).new") }
        }
        let active = try root.directory("active")
        for name in try active.names() where name.hasPrefix(".") { try active.remove(name) }
    }

    /// For looking only, also beside a running server: nothing is made and nothing is tidied up.
    public init(reading dataDirectory: Directory) throws { root = try dataDirectory.directory("rollouts") }

    public func ids() throws -> [RolloutID] {
        try root.names().compactMap { name in
            guard let id = try? RolloutID(name), root.status("\(name)/rollout.json")?.kind == .file else { return nil }
            return id
        }
    }

    public func load(_ id: RolloutID) throws -> Rollout {
        let bytes = try contents(of: id, file: "rollout.json")
        do {
            return try JSONDecoder().decode(RolloutDocument.self, from: Data(bytes)).rollout(id: id)
        } catch {
            throw PersistenceError(
                .corrupt, "rollouts/\(id)/rollout.json cannot be read: \(error); put the file right or remove the directory")
        }
    }

    public func devices(of id: RolloutID) throws -> [DeviceID] {
        let bytes = try contents(of: id, file: "devices.json")
        do {
            return try JSONDecoder().decode([DeviceID].self, from: Data(bytes))
        } catch {
            throw PersistenceError(
                .corrupt, "rollouts/\(id)/devices.json is no list of device uuids: \(error); put the file right")
        }
    }

    private func contents(of id: RolloutID, file name: String) throws -> [UInt8] {
        guard let directory = try? root.directory(id.text) else {
            throw FleetError(.rolloutUnknown, "there is no rollout \(id); see the list of rollouts")
        }
        return try directory.contents(of: name, limit: Self.largestFile)
    }

    public func create(_ rollout: Rollout) throws {
        let temporary = Self.making + rollout.id.text
        do {
            let directory = try root.makeDirectory(temporary)
            try directory.replace("rollout.json", with: try Self.encode(RolloutDocument(rollout)))
            try directory.replace("devices.json", with: try Self.encode([DeviceID]()))
            try directory.replace("events", with: [])
            try root.move(temporary, to: root, as: rollout.id.text)
        } catch {
            try? root.remove(temporary)
            throw error
        }
        try root.syncNames()
    }

    public func save(_ rollout: Rollout) throws {
        try root.directory(rollout.id.text).replace("rollout.json", with: try Self.encode(RolloutDocument(rollout)))
    }

    public func save(devices: [DeviceID], of id: RolloutID) throws {
        try root.directory(id.text).replace("devices.json", with: try Self.encode(devices))
    }

    static func encode(devices: [DeviceID]) throws -> [UInt8] { try Array(encode(devices)) }

    private static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + Data("\n".utf8)
    }

    public func setActive(_ active: Bool, _ id: RolloutID) throws {
        let folder = try root.directory("active")
        if active { try folder.link(id.text, to: "../\(id.text)") } else { try folder.remove(id.text) }
        try folder.syncNames()
    }

    public func notes(of id: RolloutID, limit: Int) throws -> [RolloutNote] {
        guard let directory = try? root.directory(id.text) else {
            throw FleetError(.rolloutUnknown, "there is no rollout \(id); see the list of rollouts")
        }
        guard let file = try? directory.openFile(NoteLine.fileName) else { return [] }
        let size = try file.status().size
        // Notes are a few hundred bytes: the end of the file has the latest.
        let start = max(0, size - Int64(limit) * 1024)
        let bytes = try file.read(count: Int(size - start), at: start)
        let lines = bytes.split(separator: UInt8(ascii: "\n")).dropFirst(start > 0 ? 1 : 0)
        return lines.suffix(limit).compactMap(NoteLine.decode)
    }

    public func lines(of id: RolloutID, from offset: Int64, limit: Int) throws -> RolloutLines {
        guard let directory = try? root.directory(id.text) else {
            throw FleetError(.rolloutUnknown, "there is no rollout \(id); see the list of rollouts")
        }
        guard let file = try? directory.openFile("events") else { return RolloutLines(lines: []) }
        let size = try file.status().size
        guard offset >= 0, offset < size else { return RolloutLines(lines: []) }
        let bytes = try file.read(count: Int(min(Int64(limit), size - offset)), at: offset)
        var lines: [(text: String, next: Int64)] = []
        var start = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            lines.append((String(decoding: bytes[start..<index], as: UTF8.self), offset + Int64(index) + 1))
            start = index + 1
        }
        return RolloutLines(lines: lines)
    }
}
