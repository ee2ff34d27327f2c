import ArgumentParser
import DeviceAuth
import Fleet
import Persistence
import SiteSync
import UpdateTree

struct BundleExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Make a bundle of updates, signed with this server's key.",
        discussion: "A bundle that was not finished is known as such and never imported.")

    @ParentCommand var bundle: BundleCommand
    @Option(help: ArgumentHelp("An update, such as ci/main/43; may be repeated.", valueName: "channel/tag/name")) var update: [String] = []
    @Option(help: ArgumentHelp("All checked updates of a tag, such as ci/main; may be repeated.", valueName: "channel/tag"))
    var tag: [String] = []
    @Option(help: ArgumentHelp("What the receiver has: the file of 'bundle have'.", valueName: "file")) var have: String?
    @Option(help: ArgumentHelp("The site it is for; any site unless given.", valueName: "name")) var site: String?
    @Option(help: ArgumentHelp("A directory, or a file whose name ends in .tar; it must not exist.", valueName: "path")) var to: String

    func validate() throws {
        if update.isEmpty, tag.isEmpty { throw ValidationError("Name what to export: --update ci/main/43 or --tag ci/main.") }
    }

    func run() async throws {
        let library = try bundle.root.library()
        let manifest = try export(from: library)
        try await record(manifest, in: library)
        print("exported \(manifest.updates.map(\.key.path).joined(separator: " ")) to \(to)")
        print(
            "\(manifest.content.files) shared files, \(ByteCount.text(manifest.content.bytes)); left out \(manifest.leftOut.files), \(ByteCount.text(manifest.leftOut.bytes))"
        )
    }

    // Not in `run`: there is nothing to wait for in it, and the optimiser of Swift 6.3.1 crashes on it in an async function.
    private func export(from library: UpdateLibrary) throws -> BundleManifest {
        let root = bundle.root
        let signer = try DocumentSigner.load(certificate: "\(root.datadir)/certs/tls.crt", key: "\(root.datadir)/certs/tls.key")
        let name = try site.map { try SiteName($0) }
        let order = BundleOrder(
            updates: try keys(in: library), site: name,
            have: try have.map { try BundleHave(parsing: BundleFiles.read($0, limit: BundleHave.largest)) },
            acknowledgedReport: try name.flatMap { try SiteReportFiles(dataDirectory: library.data).receipt(of: $0)?.sequence })
        let meter = ProgressMeter(isShown: true)
        defer { meter.end() }
        return try BundleExport(library: library, signer: signer, progress: { meter.show($0) })
            .run(order, to: to.hasSuffix(".tar") ? .tar(path: to) : .directory(path: to), now: Assembly.clock())
    }

    private func keys(in library: UpdateLibrary) throws -> [UpdateKey] {
        var keys = try update.map { try UpdatePathArgument.key($0) }
        for text in tag {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw ValidationError("Name the tag as CHANNEL/TAG, such as ci/main.") }
            let (channel, tag) = (try Channel(String(parts[0])), try Tag(parts[1]))
            keys += try library.verdicts.listed().map(\.key).filter { $0.channel == channel && $0.tag == tag }
        }
        return keys
    }

    private func record(_ manifest: BundleManifest, in library: UpdateLibrary) async throws {
        let audit = try AuditFiles(dataDirectory: library.data)
        for update in manifest.updates {
            try await audit.record(
                AuditEntry(
                    time: Assembly.clock(), actor: .local, action: "bundle-export", subject: update.key.path,
                    outcome: manifest.site.map { "for \($0)" } ?? "for any site"))
        }
    }
}

extension UpdatePathArgument {
    static func key(_ text: String) throws -> UpdateKey {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw ValidationError("Name the update as CHANNEL/TAG/NAME, such as ci/main/42.") }
        return UpdateKey(channel: try Channel(String(parts[0])), tag: try Tag(parts[1]), name: try UpdateName(parts[2]))
    }
}
