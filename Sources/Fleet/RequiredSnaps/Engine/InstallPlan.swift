import Snaps
import UpdateTree

/// Where a device gets the snaps from that it lacks: its own update, else the pool, else the store that its snapd knows.
struct InstallPlan {
    /// In the order of being looked at.
    let shelves: [(source: RequiredSnap.Source, shelf: SnapShelf)]
    /// Such as `amd64`; nil when the device did not say.
    let architecture: String?
    /// What the device has, sorted.
    let installed: [SnapName]

    /// What is to be installed, with the bases that it needs, in the order of installing.
    func snaps(_ missing: [SnapRequirement]) -> [RequiredSnap] {
        var plan: [RequiredSnap] = []
        for requirement in missing {
            guard let found = file(requirement.snap) else {
                plan.append(RequiredSnap(name: requirement.snap, channel: requirement.channel, isClassic: requirement.isClassic))
                continue
            }
            for needed in needs(found.file) where !plan.contains(where: { $0.name == needed.name }) { plan.append(needed) }
            // It may have come as another one's base.
            plan.removeAll { $0.name == requirement.snap }
            plan.append(RequiredSnap(found.file, from: found.source, channel: requirement.channel, isClassic: requirement.isClassic))
        }
        // Stable: among equals the order of the requirements. What comes from a store brings its base along by itself.
        return plan.enumerated().sorted {
            ($0.element.kind ?? .app, $0.offset) < ($1.element.kind ?? .app, $1.offset)
        }.map(\.element)
    }

    private func file(_ name: SnapName) -> (file: SnapFile, source: RequiredSnap.Source)? {
        for (source, shelf) in shelves {
            let files = shelf.snaps.filter { $0.name == name && isFor($0) }
            // Of a device that does not say what it is, a file is only right when there is no other kind.
            if architecture == nil, Set(files.map(\.architecture)).count > 1 { continue }
            if let newest = files.max(by: { ($0.revision.number ?? 0) < ($1.revision.number ?? 0) }) { return (newest, source) }
        }
        return nil
    }

    private func isFor(_ file: SnapFile) -> Bool {
        file.architecture == "all" || architecture == nil || file.architecture == architecture
    }

    /// Files that snapd would otherwise call the store for.
    private func needs(_ file: SnapFile) -> [RequiredSnap] {
        guard file.kind == .app || file.kind == .gadget else { return [] }
        var names: [SnapName] = []
        if let base = file.base { names.append(base) }
        if let snapd = try? SnapName("snapd"), let core = try? SnapName("core"), !has(core) {
            if file.base == nil { names.append(core) } else if !has(snapd) { names.append(snapd) }
        }
        return names.filter { !has($0) }.compactMap { name in
            self.file(name).map { RequiredSnap($0.file, from: $0.source, channel: nil, isClassic: false) }
        }
    }

    private func has(_ name: SnapName) -> Bool {
        installed.contains(name) || shelves.contains { $0.shelf.present.contains(name) }
    }
}
