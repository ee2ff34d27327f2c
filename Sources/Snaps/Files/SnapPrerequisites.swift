/// What a device must have before an app can be installed without a store: the app's base, and snapd or core.
///
/// Source: snapd fetches what is missing from its store, and fails where there is none.
public struct SnapPrerequisites: Sendable {
    /// One thing that is neither here nor declared present.
    public struct Lack: Equatable, Sendable {
        public let snap: SnapFile
        /// One of these would do.
        public let anyOf: [SnapName]

        public var message: String {
            let names = anyOf.map(\.text).joined(separator: " or ")
            return
                "\(snap.fileName) needs \(names) for \(snap.architecture), which is not here; add it first, or declare it present where the devices have it"
        }
    }

    private let snaps: [SnapFile]
    private let present: Set<SnapName>

    public init(snaps: [SnapFile], present: some Sequence<SnapName>) {
        self.snaps = snaps
        self.present = Set(present)
    }

    /// In the order of the snaps.
    public var lacks: [Lack] {
        // The names are valid: nothing is lost by looking them up so.
        let core = try? SnapName("core")
        let snapd = try? SnapName("snapd")
        return snaps.filter { $0.kind == .app }.flatMap { app -> [Lack] in
            var lacks: [Lack] = []
            // An app that says `base: none` brings everything itself; one that says nothing runs on core.
            let base = app.base ?? core
            if let base, base.text != "none", !has(base, as: [.base, .core], for: app) {
                lacks.append(Lack(snap: app, anyOf: [base]))
            }
            let either = [snapd, core].compactMap(\.self)
            if !either.contains(where: { has($0, as: [.snapd, .core], for: app) }), lacks.first?.anyOf != [either.last].compactMap(\.self) {
                lacks.append(Lack(snap: app, anyOf: either))
            }
            return lacks
        }
    }

    private func has(_ name: SnapName, as kinds: Set<SnapKind>, for app: SnapFile) -> Bool {
        present.contains(name)
            || snaps.contains { $0.name == name && kinds.contains($0.kind) && $0.fits(app.architecture) }
    }
}

extension SnapFile {
    /// Whether devices of this architecture can run it; `all` says that it does not matter.
    func fits(_ other: String) -> Bool { architecture == "all" || other == "all" || architecture == other }
}
