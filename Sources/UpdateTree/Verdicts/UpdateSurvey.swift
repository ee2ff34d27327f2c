import FileTree

/// Looks over the tree now and then: which updates are accepted as they lie there, and which must be checked.
public struct UpdateSurvey: Sendable {
    public struct Look: Sendable, Equatable {
        public var accepted: Set<UpdateKey> = []
        /// Not checked as they are now, and unchanged since the look before: nobody is copying them any more.
        public var toCheck: [UpdateKey] = []
        /// Not checked, and changed since the look before.
        public var settling: [UpdateKey] = []
    }

    private let library: UpdateLibrary
    /// What unchecked updates looked like at the look before.
    private var unchecked: [UpdateKey: UpdateFingerprint] = [:]

    public init(library: UpdateLibrary) { self.library = library }

    /// - Parameter thorough: compares every directory of accepted updates too; without it only what is cheap.
    public mutating func look(thorough: Bool) throws(UpdateTreeError) -> Look {
        var look = Look()
        var waiting: [UpdateKey: UpdateFingerprint] = [:]
        for key in try library.catalogue.keys() {
            if let known = library.verdicts.recorded(key), let directory = try? library.catalogue.root.directory(key.path) {
                // What was found changed stays so until its directories are as they were, or it is checked again.
                let isSame =
                    known.isAccepted && !thorough && unchecked[key] == nil
                    ? UpdateFingerprint.surface(of: directory) == known.fingerprint.surface
                    : UpdateFingerprint(directory) == known.fingerprint
                if isSame {
                    if known.isAccepted { look.accepted.insert(key) }
                    continue
                }
            }
            guard let directory = try? library.catalogue.root.directory(key.path) else { continue }
            let fingerprint = UpdateFingerprint(directory)
            waiting[key] = fingerprint
            if unchecked[key] == fingerprint { look.toCheck.append(key) } else { look.settling.append(key) }
        }
        unchecked = waiting
        return look
    }
}

extension ServedUpdates {
    public func publish(_ look: UpdateSurvey.Look) { publish(look.accepted) }
}
