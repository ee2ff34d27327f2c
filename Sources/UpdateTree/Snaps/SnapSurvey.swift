import FileTree
import Snaps

/// Looks over the snaps of the accepted updates and of the pools now and then: what is on the shelves, and which pools must
/// be checked.
public struct SnapSurvey: Sendable {
    public struct Look: Sendable {
        public var shelves: SnapShelves
        /// Not checked as they are now, and unchanged since the look before: nobody is copying into them any more.
        public var toCheck: [SnapPoolKey] = []
    }

    private let library: UpdateLibrary
    private let pools: SnapPools
    /// What indexes of updates said, and the files they were read from.
    private var read: [UpdateKey: (stamp: SnapStamp, shelf: SnapShelf)] = [:]
    private var checked: [SnapPoolKey: (fingerprint: SnapPoolFingerprint, shelf: SnapShelf)] = [:]
    /// What unchecked pools looked like at the look before.
    private var unchecked: [SnapPoolKey: SnapPoolFingerprint] = [:]

    public init(library: UpdateLibrary) {
        self.library = library
        pools = SnapPools(library: library)
    }

    /// - Parameter updates: those that may be served.
    public mutating func look(updates: some Sequence<UpdateKey>) -> Look {
        var look = Look(shelves: .empty)
        let updates = shelves(of: updates)
        look.shelves = SnapShelves(updates: updates, pools: lookAtPools(&look.toCheck))
        return look
    }

    private mutating func shelves(of updates: some Sequence<UpdateKey>) -> [UpdateKey: SnapShelf] {
        var now: [UpdateKey: (stamp: SnapStamp, shelf: SnapShelf)] = [:]
        for key in updates {
            guard let status = library.catalogue.root.status("\(key.path)/snaps/\(SnapIndex.fileName)") else { continue }
            let stamp = SnapStamp(status)
            if let known = read[key], known.stamp == stamp {
                now[key] = known
                continue
            }
            guard let folder = try? library.catalogue.root.directory("\(key.path)/snaps"), let index = try? SnapPools.index(in: folder)
            else { continue }
            now[key] = (stamp, SnapShelf(index))
        }
        read = now
        return now.mapValues(\.shelf)
    }

    /// While a pool changes, the snaps whose files are still those that were checked stay on the shelf: a device that is
    /// fetching one must not lose it because another one comes.
    private mutating func lookAtPools(_ toCheck: inout [SnapPoolKey]) -> [SnapPoolKey: SnapShelf] {
        var now: [SnapPoolKey: (fingerprint: SnapPoolFingerprint, shelf: SnapShelf)] = [:]
        var waiting: [SnapPoolKey: SnapPoolFingerprint] = [:]
        for key in pools.keys() {
            guard let folder = pools.folder(of: key) else { continue }
            let fingerprint = SnapPoolFingerprint(folder)
            if let known = checked[key], known.fingerprint == fingerprint, unchecked[key] == nil {
                now[key] = known
            } else if let verdict = pools.verdict(on: key), verdict.fingerprint == fingerprint {
                let index = verdict.isAccepted ? (try? SnapPools.index(in: folder)) ?? .empty : .empty
                now[key] = (fingerprint, SnapShelf(index))
            } else {
                waiting[key] = fingerprint
                if let known = checked[key] {
                    let same = known.shelf.snaps.filter { fingerprint.holds($0, as: known.fingerprint) }
                    now[key] = (known.fingerprint, SnapShelf(snaps: same, present: known.shelf.present))
                }
                if unchecked[key] == fingerprint { toCheck.append(key) }
            }
        }
        checked = now
        unchecked = waiting
        return now.mapValues(\.shelf)
    }
}

extension SnapShelf {
    init(_ index: SnapIndex) { self.init(snaps: index.snaps, present: Set(index.present)) }
}
