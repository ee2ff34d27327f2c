import ArgumentParser
import FileTree
import Foundation
import TUF

/// The options stand before the command or behind it.
struct TUFClientCommand: AsyncParsableCommand {
    enum Action: String, ExpressibleByArgument, CaseIterable { case `init`, refresh, download }

    static let configuration = CommandConfiguration(
        commandName: "tuf-client",
        abstract: "Follow a TUF repository and fetch what it signs.",
        discussion: """
            tuf-client --metadata-dir D init ROOT
            tuf-client --metadata-url U --metadata-dir D refresh
            tuf-client --metadata-url U --metadata-dir D --target-name P --target-dir T --target-base-url B download

            Exit codes: 0 done, 1 failed.
            """)

    @Option(help: "Where the trusted metadata are kept.") var metadataDir: String
    @Option(help: "Where the repository's metadata are.") var metadataURL: String?
    @Option(help: "A target to fetch; may be given several times.") var targetName: [String] = []
    @Option(help: "Where targets are stored, each under its percent-encoded name.") var targetDir: String?
    @Option(help: "Where the repository's targets are.") var targetBaseURL: String?
    @Argument(help: "init, refresh or download.") var action: Action
    @Argument(help: "For init: a file with the root that you trust.") var root: String?

    func validate() throws {
        guard (root != nil) == (action == .`init`) else {
            throw ValidationError(action == .`init` ? "init needs the file of a root" : "\(action.rawValue) takes no file")
        }
        guard action == .`init` || metadataURL != nil else { throw ValidationError("\(action.rawValue) needs --metadata-url") }
        guard action != .download || (!targetName.isEmpty && targetDir != nil && targetBaseURL != nil) else {
            throw ValidationError("download needs --target-name, --target-dir and --target-base-url")
        }
    }

    func run() async throws {
        let now = MetadataTime(seconds: Int64(Date().timeIntervalSince1970))
        let directory = try Self.directory(metadataDir)
        let store = MetadataStore(directory)
        let lock = try store.lock()
        defer { withExtendedLifetime(lock) {} }
        if let root {
            try Updater.initialize(store, with: try Self.file(root), now: now)
        } else {
            let client = HTTPRepository.makeClient()
            do {
                try await follow(store, client, now: now)
            } catch {
                try? await client.shutdown()
                throw error
            }
            try? await client.shutdown()
        }
    }

    private func follow(_ store: MetadataStore, _ client: HTTPRepository.Client, now: MetadataTime) async throws(TUFError) {
        var updater = Updater(store: store, repository: HTTPRepository(client, at: metadataURL ?? ""))
        try await updater.refresh(now: now)
        guard action == .download, let trusted = updater.trusted else { return }
        let download = TargetDownload(
            to: try Self.directory(targetDir ?? ""), from: HTTPRepository(client, at: targetBaseURL ?? ""),
            hasHashedNames: trusted.root.hasConsistentSnapshots)
        for name in targetName { try await download.fetch(try await updater.target(named: name)) }
    }

    private static func directory(_ path: String) throws(TUFError) -> Directory {
        do { return try Directory.make(path: path) } catch { throw TUFError(.storage, error.message) }
    }

    /// A root that is too long for the repository's clients is none.
    private static func file(_ path: String) throws(TUFError) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else { throw TUFError(.storage, "cannot read \(path)") }
        defer { try? file.close() }
        let limit = MetadataLimits(.standard).root
        guard let data = try? file.read(upToCount: limit + 1) else { throw TUFError(.storage, "cannot read \(path)") }
        guard data.count <= limit else { throw TUFError(.tooLarge, "\(path) has more than \(limit) bytes") }
        return Array(data)
    }
}
