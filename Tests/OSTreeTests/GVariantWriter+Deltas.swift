extension GVariantWriter {
    /// `a{sv}` of serialised values with their types.
    static func dictionary(_ entries: [(key: String, value: Bytes, type: String)]) -> Bytes {
        array(
            entries.map { entry in
                tuple([Member(bytes: string(entry.key)), Member(bytes: entry.value + [0] + Array(entry.type.utf8), alignment: 8)])
            }, alignment: 8)
    }

    static func littleEndian(_ value: UInt64) -> Bytes { uint64(value).reversed() }

    /// `(a(s(taya{sv}))a{sv})`
    static func summary(
        refs: [(name: String, size: Bytes, commit: Bytes)], metadata: [(key: String, value: Bytes, type: String)] = []
    ) -> Bytes {
        let refs = refs.map { ref in
            let content = tuple([
                Member(bytes: ref.size, alignment: 8, isFixed: true), Member(bytes: ref.commit), Member(bytes: [], alignment: 8),
            ])
            return tuple([Member(bytes: string(ref.name)), Member(bytes: content, alignment: 8)])
        }
        return tuple([Member(bytes: array(refs, alignment: 8), alignment: 8), Member(bytes: dictionary(metadata), alignment: 8)])
    }

    /// The value of `ostree.static-deltas`, and what an index is.
    static func listing(_ deltas: [(name: String, superblock: Bytes)], type: String = "a{sv}") -> [(
        key: String, value: Bytes, type: String
    )] {
        [("ostree.static-deltas", dictionary(deltas.map { ($0.name, $0.superblock, "ay") }), type)]
    }
}
