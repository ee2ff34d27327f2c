import FileTree

/// The roots of one channel, `N.root.json`: each signed by the one before, the first trusted because somebody put it
/// there.
///
/// Map: ``roots()`` and ``newest()`` read and verify, ``trust(first:)`` begins a chain out of band, ``adopt(_:)`` lengthens
/// it.
public struct ChannelTrust: Sendable {
    public struct Root: Sendable {
        public let version: Int64
        public let bytes: [UInt8]
        public let envelope: Envelope
        public let metadata: RootMetadata

        public init(parsing bytes: [UInt8]) throws(TUFError) {
            envelope = try Envelope(parsing: bytes, as: .root)
            metadata = try RootMetadata(envelope)
            version = metadata.version
            self.bytes = bytes
        }

        public var fileName: String { RootFileName.text(version) }
    }

    static let mostRoots = 1024
    static let largest = 512_000

    let directory: Directory

    /// `directory` is `tuf/<channel>` of a data directory.
    public init(directory: Directory) { self.directory = directory }

    /// The chain from its lowest root, which need not be 1, to the newest. Empty when nothing is trusted.
    public func roots() throws(TUFError) -> [Root] {
        let versions = try directory.list().compactMap(RootFileName.version).sorted()
        guard versions.count <= Self.mostRoots else {
            throw TUFError(.tooManyRotations, "\(directory.path) holds more than \(Self.mostRoots) roots")
        }
        var chain: [Root] = []
        for version in versions {
            guard let bytes = try directory.metadata(RootFileName.text(version), limit: Self.largest) else { continue }
            do throws(TUFError) {
                let root = try Root(parsing: bytes)
                guard root.version == version else {
                    throw TUFError(.versionMismatch, "the file holds version \(root.version)")
                }
                try Self.verify(root, after: chain.last)
                chain.append(root)
            } catch {
                throw TUFError(error.code, "\(directory.path)/\(RootFileName.text(version)): \(error.message)")
            }
        }
        return chain
    }

    /// The last root of the chain; throws when nothing is trusted yet.
    public func newest() throws(TUFError) -> Root {
        guard let root = try roots().last else { throw absent }
        return root
    }

    var absent: TUFError {
        TUFError(.channelMissing, "there is no root in \(directory.path); run otaserve tuf init or otaserve tuf import-fleet")
    }

    static func verify(_ root: Root, after before: Root?) throws(TUFError) {
        try root.envelope.verify(by: root.metadata.keys(of: .root))
        guard let before else { return }
        guard root.version == before.version + 1 else {
            throw TUFError(.chainBroken, "root \(before.version + 1) is missing between \(before.version) and \(root.version); add it")
        }
        guard root.envelope.profile == before.envelope.profile else {
            throw TUFError(.profileMixed, "root \(root.version) is of another profile than root \(before.version)")
        }
        do {
            try root.envelope.verify(by: before.metadata.keys(of: .root))
        } catch {
            throw TUFError(error.code, "root \(root.version) is not signed by enough keys of root \(before.version): \(error.message)")
        }
    }

    /// Trusts `bytes` as the first root, out of band. Refused when another one is trusted already.
    public func trust(first bytes: [UInt8]) throws(TUFError) {
        try ChannelLock.holding(directory) { () throws(TUFError) in try begin(bytes) }
    }

    /// Adds the roots that follow the newest one, each verified by the one before. Those that are known must be
    /// identical; those below the first are passed over. Each is on the disk before the next is looked at.
    public func adopt(_ roots: [[UInt8]]) throws(TUFError) {
        try ChannelLock.holding(directory) { () throws(TUFError) in try extend(roots) }
    }
}

/// For callers that hold the lock.
extension ChannelTrust {
    func begin(_ bytes: [UInt8]) throws(TUFError) {
        let root = try Root(parsing: bytes)
        try Self.verify(root, after: nil)
        if let first = try roots().first {
            guard first.bytes == bytes else {
                throw TUFError(
                    .channelExists, "\(directory.path) trusts root \(first.version) already; use another channel or data directory")
            }
            return
        }
        try directory.store(root.fileName, bytes)
    }

    func extend(_ roots: [[UInt8]]) throws(TUFError) {
        var chain = try self.roots()
        guard !chain.isEmpty else {
            throw TUFError(.rootMissing, "\(directory.path) trusts no root that others could follow; run otaserve tuf import-fleet")
        }
        for root in try Self.following(chain, roots) {
            try directory.store(root.fileName, root.bytes)
            chain.append(root)
        }
    }

    /// Those of `offered` that lengthen `chain`, all verified.
    static func following(_ chain: [Root], _ offered: [[UInt8]]) throws(TUFError) -> [Root] {
        var roots: [Root] = []
        for bytes in offered { roots.append(try Root(parsing: bytes)) }
        var all = chain
        for root in roots.sorted(by: { $0.version < $1.version }) where root.version >= chain.first?.version ?? 1 {
            if let known = all.first(where: { $0.version == root.version }) {
                guard known.bytes == root.bytes else {
                    throw TUFError(.chainBroken, "root \(root.version) differs from the one that is trusted; it belongs to another chain")
                }
                continue
            }
            try verify(root, after: all.last)
            all.append(root)
        }
        return Array(all.dropFirst(chain.count))
    }
}
