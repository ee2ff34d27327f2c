import FileTree
import TUF

/// Does what is to be done about damage in the content store.
///
/// ```swift
/// let mends = try StoreRepair(library: library, sources: [stick]).repair(report, now: now)
/// guard mends.allSatisfy(\.isMended) else { … }
/// ```
///
/// The steps for one file, each a rename or less, so that a killed repair goes on where it stopped:
/// 1. A right copy is *prepared* in the store under a temporary name: copied, checked, synced.
/// 2. The damaged file is *set aside*: no import takes it any more, and which file it was is not forgotten.
/// 3. The copy is *published* in its place.
/// 4. Every update that holds the damaged file is *linked anew* to the right one, and stays accepted.
/// 5. The damaged file is *forgotten*.
///
/// Without a right copy it stays set aside, and the updates that hold it are refused.
public struct StoreRepair: Sendable {
    let library: UpdateLibrary
    let sources: [any ContentSource]

    /// - Parameter sources: asked in this order, after all updates of the tree.
    public init(library: UpdateLibrary, sources: [any ContentSource] = []) {
        self.library = library
        self.sources = sources
    }

    /// Mends what was found. Throws `.storeBusy` while an import runs: it may be linking the very file.
    public func repair(_ report: StoreReport, now: MetadataTime) throws(UpdateTreeError) -> [StoreMend] {
        try forEachContent(of: report) { repair throws(UpdateTreeError) in try repair.mend(sources: sources, now: now) }
    }

    /// Only keeps damage from spreading: no import takes a damaged file for right, no update that holds one is served.
    /// Throws `.storeBusy` while an import runs.
    public func contain(_ report: StoreReport, now: MetadataTime) throws(UpdateTreeError) -> [StoreMend] {
        try forEachContent(of: report) { repair throws(UpdateTreeError) in try repair.contain(now: now) }
    }

    private func forEachContent(
        of report: StoreReport, _ body: (inout ContentRepair) throws(UpdateTreeError) -> StoreMend
    ) throws(UpdateTreeError) -> [StoreMend] {
        guard let claim = try ImportClaim.collecting(in: library.data) else {
            throw UpdateTreeError(.storeBusy, "an import is running; run otaserve store verify again when it has ended")
        }
        return try claim.whileHeld { () throws(UpdateTreeError) in
            // Whoever repairs holds the claim: those that are here belong to nobody.
            for finding in report.findings where finding.kind == .leftover {
                try storage { () throws(FileTreeError) in try library.store.root.remove(finding.path) }
            }
            let aside = Dictionary(grouping: try library.store.damagedCopies(), by: \.content)
            let check = try ContentCheck()
            var mends: [StoreMend] = []
            var seen = Set<SharedContent>()
            for finding in report.findings where finding.isDamage {
                guard let content = finding.content, seen.insert(content).inserted else { continue }
                var repair = try ContentRepair(library: library, content: content, aside: aside[content] ?? [], check: check)
                mends.append(try body(&repair))
            }
            return mends
        }
    }
}
