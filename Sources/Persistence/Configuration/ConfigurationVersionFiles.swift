import DeviceAuth
import FileTree
import Fleet
import Foundation

/// Keeps configuration files: `config/fleet/`, `config/groups/<name>/` and `config/devices/<uuid>/`, each with one file per
/// version, `<number>.json`. The highest number is what holds; the others are its history.
///
/// A version comes into being by one rename, so a place has the old files or the new ones, whenever the process is killed.
public struct ConfigurationVersionFiles: ConfigurationRepository {
    private let root: Directory
    private let step: @Sendable (Step) throws -> Void

    /// Where a test kills.
    enum Step: CaseIterable, Sendable { case beforePruning, beforeWriting, afterWriting }

    /// The largest place, every byte of it escaped, and room for the rest.
    private static let largestFile = 8 * Fleet.ConfigurationFiles.largest
    private static let digits = 8

    public init(dataDirectory: Directory) throws { try self.init(dataDirectory: dataDirectory, step: { _ in }) }

    init(dataDirectory: Directory, step: @escaping @Sendable (Step) throws -> Void) throws {
        // Values may be secrets: for the server's user alone.
        root = try dataDirectory.makeDirectory("config", mode: 0o700)
        for name in ["groups", "devices"] { _ = try root.makeDirectory(name, mode: 0o700) }
        self.step = step
    }

    // MARK: Reading

    public func current(_ place: ConfigurationPlace) throws -> ConfigurationVersion? {
        guard let folder = try folder(of: place), let last = try Self.numbers(in: folder).last else { return nil }
        return try Self.version(last, in: folder)
    }

    public func version(_ number: Int, of place: ConfigurationPlace) throws -> ConfigurationVersion? {
        guard let folder = try folder(of: place), folder.entry(Self.name(number)) != nil else { return nil }
        return try Self.version(number, in: folder)
    }

    public func numbers(of place: ConfigurationPlace) throws -> [Int] { try folder(of: place).map(Self.numbers) ?? [] }

    public func groups() throws -> [GroupName] {
        try root.directory("groups").names().compactMap { name in
            guard let group = try? GroupName(name), try !numbers(of: .group(group)).isEmpty else { return nil }
            return group
        }
    }

    private static func numbers(in folder: Directory) throws -> [Int] {
        try folder.names().compactMap { name in
            guard name.hasSuffix(".json"), !name.hasPrefix(".") else { return nil }
            return Int(name.dropLast(5)).flatMap { Self.name($0) == name ? $0 : nil }
        }.sorted()
    }

    private static func version(_ number: Int, in folder: Directory) throws -> ConfigurationVersion {
        let bytes = try folder.contents(of: name(number), limit: largestFile)
        do {
            return try JSONDecoder().decode(ConfigurationDocument.self, from: Data(bytes)).version(number: number)
        } catch {
            // Not the error itself: it may quote a value.
            throw PersistenceError(
                .corrupt, "\(folder.path)/\(name(number)) cannot be read; put the file right, or remove it to have the version before")
        }
    }

    private static func name(_ number: Int) -> String {
        let text = String(max(number, 0))
        return String(repeating: "0", count: max(digits - text.count, 0)) + text + ".json"
    }

    private static func path(of place: ConfigurationPlace) -> (parent: String?, name: String) {
        switch place {
        case .fleet: (nil, "fleet")
        case .group(let group): ("groups", group.text)
        case .device(let id): ("devices", id.text)
        }
    }

    private func folder(of place: ConfigurationPlace) throws -> Directory? {
        let (parent, name) = Self.path(of: place)
        do {
            return try root.directory(parent.map { "\($0)/\(name)" } ?? name)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    // MARK: Writing

    public func add(_ version: ConfigurationVersion, to place: ConfigurationPlace) throws {
        do {
            try write(version, to: place)
        } catch let error as FileTreeError {
            throw PersistenceError(error.code == .full ? .storageFull : .storage, error.message)
        }
    }

    private func write(_ version: ConfigurationVersion, to place: ConfigurationPlace) throws {
        let (parent, name) = Self.path(of: place)
        let above = try parent.map { try root.directory($0) } ?? root
        let isNew = above.entry(name) == nil
        let folder = try above.makeDirectory(name, mode: 0o700)
        if isNew { try above.syncNames() }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let bytes = try encoder.encode(ConfigurationDocument(version)) + Data("\n".utf8)
        // First, so that nothing can fail when the version is in its place. The last one stays in any case.
        try step(.beforePruning)
        for number in try Self.numbers(in: folder).dropLast(ConfigurationVersion.mostKept - 1) { try folder.remove(Self.name(number)) }
        try step(.beforeWriting)
        try folder.replace(Self.name(version.number), with: bytes, mode: 0o600)
        try step(.afterWriting)
    }

    public func removeAll(of place: ConfigurationPlace) throws {
        let (parent, name) = Self.path(of: place)
        let above = try parent.map { try root.directory($0) } ?? root
        try above.remove(name)
        try above.syncNames()
    }
}
