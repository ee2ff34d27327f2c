extension Inventory {
    /// Whether both name the same files with the same content.
    ///
    /// An object's name is the digest of what it holds, not of how that is compressed: the same object may have another
    /// size elsewhere.
    public func isSame(as other: Inventory) -> Bool {
        files.count == other.files.count
            && zip(files, other.files).allSatisfy { own, their in
                own.path == their.path && own.content == their.content && (own.size == their.size || own.content.isCompressed)
            }
    }
}

extension Inventory.Content {
    fileprivate var isCompressed: Bool {
        if case .shared(.object(let name)) = self { name.kind == .filez } else { false }
    }
}

extension UpdateLibrary {
    /// Whether the tree has this very update, accepted as it lies there. May read files.
    public func holds(_ inventory: Inventory, as key: UpdateKey) -> Bool {
        guard let verdict = verdicts.verdict(on: key, thorough: false), verdict.isAccepted else { return false }
        return (try? verdicts.inventory(of: key))?.isSame(as: inventory) == true
    }
}
