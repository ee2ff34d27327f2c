import Archive
import FileTree
import Foundation
import Testing

/// Just at a limit, where the hostile archives are just beyond it; and bombs against the limits that really hold.
@Suite struct LimitTests {
    @Test("a bomb of zeros is refused at the first bytes that count", arguments: ["gzip -9", "zstd -q -c"])
    func bomb(command: String) throws {
        let scratch = try Scratch()
        try scratch.run("truncate -s 200M zeros; tar cf - zeros | \(command) > bomb")
        let bomb = try Directory(path: scratch.path).openFile("bomb")
        let error = #expect(throws: ArchiveError.self) { try Unpacking(into: scratch.target).run(DescriptorSource(bomb)) }
        #expect(error?.code == .ratioTooHigh)
        #expect(try #require(scratch.target.status("zeros")).size <= 64 << 20)
    }

    @Test("ten KiB of gzip that hold ten MiB of zeros are refused where the limit is lower")
    func smallBomb() throws {
        let scratch = try Scratch()
        try scratch.run("truncate -s 10M zeros; tar cf - zeros | gzip -9 > bomb")
        let bomb = try Directory(path: scratch.path).openFile("bomb")
        #expect(try bomb.status().size < 11 << 10)
        var limits = UnpackLimits()
        limits.ratioFrom = 1 << 20
        let unpacking = Unpacking(into: scratch.target, limits: limits)
        let error = #expect(throws: ArchiveError.self) { try unpacking.run(DescriptorSource(bomb)) }
        #expect(error?.code == .ratioTooHigh)
    }

    @Test("what is exactly at a limit is accepted")
    func exact() throws {
        let scratch = try Scratch()
        let bytes = Tar.of([("a/b/c", "12345"), ("d", "")])
        var limits = UnpackLimits()
        limits.mostEntries = 4
        limits.mostFileBytes = 5
        limits.mostBytes = Int64(bytes.count)
        limits.deepestPath = 3
        limits.longestPath = 5
        limits.longestComponent = 1
        _ = try Unpacking(into: scratch.target, limits: limits).run(MemorySource(bytes))
        for change in [\UnpackLimits.mostEntries, \.mostFileBytes, \.mostBytes] {
            var lower = limits
            lower[keyPath: change] -= 1
            let target = try Scratch()
            #expect(throws: ArchiveError.self) { try Unpacking(into: target.target, limits: lower).run(MemorySource(bytes)) }
        }
        for change in [\UnpackLimits.deepestPath, \.longestPath, \.longestComponent] {
            var lower = limits
            lower[keyPath: change] -= 1
            let target = try Scratch()
            #expect(throws: ArchiveError.self) { try Unpacking(into: target.target, limits: lower).run(MemorySource(bytes)) }
        }
    }

    @Test("the longest path and the deepest are accepted")
    func longest() throws {
        let component = String(repeating: "a", count: 255)
        let singles = [String](repeating: "c", count: 12)
        let path = ([component, component, component, String(repeating: "b", count: 232)] + singles).joined(separator: "/")
        #expect(path.utf8.count == 1024)
        let length = path.utf8.count + "1035 path=\n".utf8.count
        var tar = Tar()
        tar.add("pax", Array("\(length) path=\(path)\n".utf8), type: "x")
        tar.add("short", [7])
        let scratch = try Scratch()
        _ = try Unpacking(into: scratch.target).run(MemorySource(tar.ended))
        #expect(try scratch.target.contents(of: path, limit: 1) == [7])
    }

    @Test("a size beyond eight GiB is read from a pax header and from base 256")
    func largeSizes() throws {
        let size: Int64 = 9 << 30
        var tar = Tar()
        tar.add("pax", Array("19 size=9663676416\n".utf8), type: "x")
        tar.add("file")
        var reader = try ArchiveReader(MemorySource(tar.bytes))
        #expect(try reader.next()?.kind == .file(size: size))

        var header = Tar.header("file")
        header.replaceSubrange(124..<136, with: [0x80, 0, 0, 0, 0, 0, 0, 2, 0x40, 0, 0, 0])
        header.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        header.replaceSubrange(148..<156, with: (String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ").utf8)
        var other = try ArchiveReader(MemorySource(header))
        #expect(try other.next()?.kind == .file(size: size))
    }

    @Test("a zstd window of 128 MiB is accepted")
    func window() throws {
        let tar = Tar.of([("file", "content")])
        // One raw block behind a header without size and checksum (RFC 8878, 3.1.1).
        let block = UInt32(tar.count << 3 | 1)
        let frame: [UInt8] =
            [0x28, 0xB5, 0x2F, 0xFD, 0, (27 - 10) << 3] + [0, 8, 16].map { UInt8(truncatingIfNeeded: block >> $0) } + tar
        let scratch = try Scratch()
        #expect(try Unpacking(into: scratch.target).run(MemorySource(frame)).compression == .zstd)
    }
}
