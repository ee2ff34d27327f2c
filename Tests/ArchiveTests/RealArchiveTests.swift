import Archive
import FileTree
import Foundation
import Testing

/// Archives that tar, gzip and zstd made.
@Suite struct RealArchiveTests {
    /// Names up to what each format can hold, contents around the size of a block, and an empty directory.
    private static func fill(_ folder: String, longest: Int) throws {
        let deep = (0..<8).map { "level-\($0)-of-a-path" }.joined(separator: "/")
        let long = String(repeating: "n", count: longest)
        for name in [deep, "empty", "grün/é/e\u{301}"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        }
        let files = [
            "none": 0, "one": 1, "block": 512, "more": 513, "blocks": 10_240, "large": 700_000, "\(deep)/\(long)": 40, ".hidden": 3,
            "grün/e\u{301}": 7, "grün/é/file": 8, "with space": 9,
        ]
        // Written by name through C: Foundation might bring é and e + accent to one form.
        for (name, size) in files where !FileManager.default.fileExists(atPath: "\(folder)/\(name)") {
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
            try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }

    @Test(
        "what tar made is unpacked to the same files, in every format and compression",
        arguments: ["gnu", "pax", "ustar"], ["cat", "gzip -9", "zstd -q -c", "zstd -q -c -19 --no-check"])
    func same(format: String, compress: String) throws {
        let scratch = try Scratch()
        try scratch.run("mkdir source")
        try Self.fill("\(scratch.path)/source", longest: format == "ustar" ? 90 : 250)
        try scratch.run("tar --format=\(format) -cf - -C source . | \(compress) > archive")
        let archive = try Directory(path: scratch.path).openFile("archive")
        let unpacked = try Unpacking(into: scratch.target).run(DescriptorSource(archive))
        try scratch.run("diff -r source target")
        #expect(scratch.unpacked == Scratch.contents(of: "\(scratch.path)/source"))
        #expect(unpacked.compression == (compress == "cat" ? .none : compress.hasPrefix("gzip") ? .gzip : .zstd))
        #expect(unpacked.total.compressedBytes == (try archive.status().size))
        #expect(unpacked.files == scratch.unpacked.values.filter { $0 != nil }.count)
    }

    @Test("the compression is told from the bytes and not from a name")
    func magic() {
        #expect(Compression(firstBytes: [0x1F, 0x8B, 8]) == .gzip)
        #expect(Compression(firstBytes: [0x28, 0xB5, 0x2F, 0xFD]) == .zstd)
        #expect(Compression(firstBytes: [0x28, 0xB5, 0x2F]) == .none)
        #expect(Compression(firstBytes: []) == .none)
    }

    @Test("an archive of one folder names it, and its files stay within", arguments: ["folder", "./folder"])
    func topDirectory(name: String) throws {
        let scratch = try Scratch()
        try scratch.run("mkdir -p folder/inner; echo a > folder/file; echo b > folder/inner/file; tar czf archive.tgz \(name)")
        let archive = try Directory(path: scratch.path).openFile("archive.tgz")
        let unpacked = try Unpacking(into: scratch.target).run(DescriptorSource(archive))
        #expect(unpacked.soleTopDirectory == "folder")
        #expect(try scratch.target.contents(of: "folder/inner/file", limit: 10) == Array("b\n".utf8))
        #expect(unpacked.directories == 2)
    }

    @Test("several gzip members, and several zstd frames, are one archive", arguments: ["gzip -c", "zstd -q -c"])
    func members(compress: String) throws {
        let scratch = try Scratch()
        try scratch.run(
            """
            head -c 300000 /dev/urandom > file; tar cf archive file; split -b 70000 archive part.
            for part in part.*; do \(compress) $part >> archive.compressed; done
            """)
        let archive = try Directory(path: scratch.path).openFile("archive.compressed")
        _ = try Unpacking(into: scratch.target).run(DescriptorSource(archive))
        try scratch.run("cmp file target/file")
    }

    @Test("an archive may come through a pipe")
    func pipe() throws {
        let scratch = try Scratch()
        var ends: [Int32] = [0, 0]
        #expect(Foundation.pipe(&ends) == 0)
        let (reading, writing) = (Descriptor(owning: ends[0]), ends[1])
        let bytes = Tar.of([("a/b", "through a pipe")])
        // Less than a pipe holds: nobody waits.
        #expect(write(writing, bytes, bytes.count) == bytes.count)
        close(writing)
        let unpacked = try Unpacking(into: scratch.target).run(DescriptorSource(reading))
        #expect(unpacked.contentBytes == 14)
        #expect(try scratch.target.contents(of: "a/b", limit: 100) == Array("through a pipe".utf8))
    }

    @Test("git's archive with its global comment is accepted")
    func git() throws {
        let scratch = try Scratch()
        try scratch.run(
            """
            git init -q repository; cd repository; echo x > file; git add file
            git -c user.name=a -c user.email=a@b.c commit -q -m x; git archive --format=tar HEAD > ../archive
            """)
        let archive = try Directory(path: scratch.path).openFile("archive")
        #expect(try Unpacking(into: scratch.target).run(DescriptorSource(archive)).files == 1)
    }
}
