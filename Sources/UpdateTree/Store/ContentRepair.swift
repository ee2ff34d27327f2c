import FileTree
import TUF

/// The repair of one content, as it lies there now: found out anew while no import runs, whatever was reported before.
struct ContentRepair {
    private let library: UpdateLibrary
    private let content: SharedContent
    private let check: ContentCheck
    private let place: Place
    /// Files of this content that are out of the way.
    private var aside: [DamagedCopy]
    private var tried: [String] = []

    private var store: ContentStore { library.store }

    /// What stands in the content's place in the store.
    private enum Place {
        case nothing
        case right
        case wrong(ContentDefect, FileStatus)
    }

    init(library: UpdateLibrary, content: SharedContent, aside: [DamagedCopy], check: ContentCheck) throws(UpdateTreeError) {
        self.library = library
        self.content = content
        self.aside = aside
        self.check = check
        place = Self.look(at: content, in: library.store, check)
    }

    private static func look(at content: SharedContent, in store: ContentStore, _ check: ContentCheck) -> Place {
        guard let folder = store.openFolder(content.folder), let status = folder.entry(content.fileName) else { return .nothing }
        do throws(ContentDefect) {
            _ = try check.check(content, StoreVerification.open(content.fileName, in: folder))
            return .right
        } catch {
            return .wrong(error, status)
        }
    }

    mutating func mend(sources: [any ContentSource], now: MetadataTime) throws(UpdateTreeError) -> StoreMend {
        let holders = try holders()
        switch place {
        case .nothing where aside.isEmpty: return mend(.nothingToDo, holders)
        case .right where aside.isEmpty: return mend(.nothingToDo, holders)
        case .right:
            // An import brought it meanwhile, or a killed repair came that far.
            try replace()
            return mend(.restored(from: "the store"), holders)
        case .nothing, .wrong: break
        }
        guard !holders.isEmpty, let found = try prepare(sources) else { return try contain(now: now) }
        if case .wrong = place { aside.append(try store.setAside(content)) }
        try store.publish(found.copy)
        try replace()
        return mend(.restored(from: found.origin), holders)
    }

    mutating func contain(now: MetadataTime) throws(UpdateTreeError) -> StoreMend {
        let holders = try holders()
        if case .wrong(let defect, _) = place {
            // Nothing is known of its bytes, and what ails may pass.
            if defect.isUnreadable, aside.isEmpty { return mend(.left, holders) }
            if !defect.isUnreadable { aside.append(try store.setAside(content)) }
        }
        if aside.isEmpty { return mend(.nothingToDo, holders) }
        guard !holders.isEmpty else {
            for copy in aside { try store.forget(copy) }
            return mend(.removed, holders)
        }
        for key in holders { try library.refuse(key, because: finding, now: now) }
        return mend(.setAside, holders)
    }

    private func mend(_ outcome: StoreMend.Outcome, _ holders: [UpdateKey]) -> StoreMend {
        StoreMend(content: content, outcome: outcome, updates: holders, tried: tried)
    }

    private var finding: Finding {
        let remedy = "run otaserve store verify --repair, with --from a directory that has it, or import the update anew"
        guard case .wrong(let defect, _) = place else {
            return Finding(.fatal, content.path, slug: StoreFinding.Kind.setAside.slug, "it is damaged; \(remedy)")
        }
        return Finding(.fatal, content.path, slug: defect.slug, "\(defect.message); \(remedy)")
    }

    /// The files that are known to be wrong.
    private var wrong: [FileStatus] {
        guard case .wrong(_, let status) = place else { return aside.map(\.status) }
        return aside.map(\.status) + [status]
    }

    /// The updates that hold one of them.
    private func holders() throws(UpdateTreeError) -> [UpdateKey] {
        var holders: [UpdateKey] = []
        for status in wrong {
            for key in try library.updates(holding: status, as: content) where !holders.contains(key) { holders.append(key) }
        }
        return holders
    }

    /// The first right copy of all sources.
    private mutating func prepare(
        _ sources: [any ContentSource]
    ) throws(UpdateTreeError) -> (copy: ContentStore.PreparedCopy, origin: String)? {
        let updates: [any ContentSource] = try library.catalogue.keys().map { UpdateContent(catalogue: library.catalogue, key: $0) }
        for source in updates + sources {
            let file: Descriptor
            do {
                guard let found = try source.content(content) else { continue }
                let status = try found.status()
                if wrong.contains(where: { $0.inode == status.inode && $0.device == status.device }) { continue }
                file = found
            } catch {
                tried.append("\(source.name) could not be asked: \(error)")
                continue
            }
            // A stick that fails, or a full disk, must not keep the damage in use.
            do throws(UpdateTreeError) {
                switch try store.prepare(content, from: file, check) {
                case .success(let copy): return (copy, source.name)
                case .failure(let defect): tried.append("the copy of \(source.name) is no right one: \(defect.message)")
                }
            } catch {
                tried.append("\(source.name) could not be copied: \(error.message)")
            }
        }
        return nil
    }

    /// Gives every update that holds a damaged file the store's right one, then forgets the damaged ones.
    mutating func replace() throws(UpdateTreeError) {
        for copy in aside {
            for key in try library.updates(holding: copy.status, as: content) { try library.relink(key, copy) }
            try store.forget(copy)
        }
        aside = []
    }
}
