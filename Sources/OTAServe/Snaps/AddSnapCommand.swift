import ArgumentParser
import FileTree
import Fleet
import Foundation
import Persistence
import Snaps
import UpdateTree

struct AddSnapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Check a snap and put it into the pool of a channel and tag.")

    @ParentCommand var snaps: SnapsCommand
    @OptionGroup var pool: SnapPoolOptions
    @Argument(help: "The .snap file.") var snap: String
    @Argument(help: "Its .assert file; beside the .snap unless given.") var assertions: String?
    @Option(help: "What the devices have anyway, such as snapd or core22; may be given several times.") var present: [String] = []
    @Option(help: "The name of a snap that cannot be looked into.") var name: String?
    @Option(help: "Its base.") var base: String?
    @Option(help: "Its type: app, base, snapd, os, kernel or gadget.") var type: String?
    @Option(help: "Its architecture, such as amd64, or all.") var architecture: String?
    @Flag(help: "It needs classic confinement.") var classic = false

    func run() async throws {
        let key = try pool.key()
        let library = try snaps.library()
        let source = SnapSource(
            snap: try Self.open(snap), assertions: try Self.assertions(assertions ?? Self.beside(snap)), claims: try claims(),
            present: Set(try present.map { try SnapName($0) }))
        let claim = try ImportClaim.importing(into: library.data)
        let (added, report) = try claim.whileHeld { () throws in
            try SnapPools(library: library).add(source, to: key, workers: SnapsCommand.workers, now: Assembly.clock())
        }
        try await AuditFiles(dataDirectory: library.data).record(
            AuditEntry(
                time: Assembly.clock(), actor: .local, action: "snap-add", subject: "\(key)/\(added.fileName).snap", outcome: "done"))
        await snaps.root.notifyRunningServer()
        print("added \(added.fileName) (\(added.kind.rawValue), \(added.architecture), \(ByteCount.text(added.size))) to \(key)")
        try SnapPoolPrinter.print(report)
    }

    private func claims() throws -> SnapClaims {
        var claims = SnapClaims()
        claims.name = try name.map { try SnapName($0) }
        claims.base = try base.map { try SnapName($0) }
        claims.architecture = architecture
        claims.isClassic = classic
        if let type {
            guard let kind = SnapKind(rawValue: type) else {
                throw ValidationError("--type is one of \(SnapKind.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            claims.kind = kind
        }
        return claims
    }

    private static func beside(_ snap: String) -> String {
        (snap.hasSuffix(".snap") ? String(snap.dropLast(5)) : snap) + ".assert"
    }

    private static func assertions(_ path: String) throws -> [UInt8] {
        do throws(FileTreeError) {
            return try open(path).contents(limit: SnapRevisionAssertion.largest)
        } catch {
            guard error.code == .notFound else { throw error }
            throw UpdateTreeError(.snapInvalid, "there are no assertions \(path); snap download writes them beside the snap, or name them")
        }
    }

    private static func open(_ path: String) throws(FileTreeError) -> Descriptor {
        let number = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw FileTreeError(errno: errno, doing: "open", at: path) }
        return Descriptor(owning: number)
    }
}
