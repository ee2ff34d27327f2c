import Archive
import Testing

@Suite struct ReaderTests {
    @Test("content is read in any pieces, and what is left unread is passed over")
    func pieces() throws {
        let bytes = Tar.of([("one", "abcdef"), ("two", String(repeating: "x", count: 1500)), ("three", "end")])
        for step in [1, 7, 512, 4096] {
            var reader = try ArchiveReader(MemorySource(bytes, step: step))
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
            defer { buffer.deallocate() }
            #expect(try reader.next()?.path.text == "one")
            var content: [UInt8] = []
            while case let count = try reader.read(into: buffer), count > 0 { content += buffer.prefix(count) }
            #expect(content == Array("abcdef".utf8))
            let second = try reader.next()
            #expect(second?.kind == .file(size: 1500))
            #expect(try reader.read(into: buffer) > 0)
            #expect(try reader.next()?.path.components == ["three"])
            #expect(try reader.next() == nil)
            #expect(try reader.next() == nil)
            #expect(try reader.read(into: buffer) == 0)
            #expect(reader.progress.entries == 3 && reader.progress.expandedBytes == bytes.count)
        }
    }

    @Test("the root of an archive of `.` has no components")
    func root() throws {
        var tar = Tar()
        tar.add("./", type: "5")
        var reader = try ArchiveReader(MemorySource(tar.ended))
        let entry = try reader.next()
        #expect(entry?.path.isRoot == true && entry?.kind == .directory)
    }

    @Test("paths are equal by their bytes and not by their looks")
    func equality() throws {
        var reader = try ArchiveReader(MemorySource(Tar.of([("\u{E9}", ""), ("e\u{301}", ""), ("\u{E9}", "")])))
        let (first, second, third) = (try reader.next(), try reader.next(), try reader.next())
        #expect(first?.path != second?.path)
        #expect(first?.path == third?.path)
    }
}
