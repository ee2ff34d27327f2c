import Archive
import FileTree
import Foundation
import Synchronization
import Testing

@Suite struct UnpackingTests {
    @Test("a file that the caller placed is passed over, and those behind it are unpacked")
    func place() throws {
        let scratch = try Scratch()
        let store = try Directory.make(path: scratch.path + "/store")
        try store.replace("known", with: Array("from the store".utf8))
        let bytes = Tar.of([("objects/a", "unknown"), ("objects/b", String(repeating: "known", count: 5000)), ("objects/c", "last")])
        let asked = Mutex<[String]>([])
        let unpacking = Unpacking(
            into: scratch.target,
            place: { (path, size, parent, name) throws(ArchiveError) in
                asked.withLock { $0.append("\(path) \(size)") }
                guard path == "objects/b" else { return false }
                return linkat(store.descriptor.number, "known", parent.descriptor.number, name, 0) == 0
            })
        let unpacked = try unpacking.run(MemorySource(bytes))
        #expect(asked.withLock { $0 } == ["objects/a 7", "objects/b 25000", "objects/c 4"])
        #expect(try scratch.target.contents(of: "objects/a", limit: 100) == Array("unknown".utf8))
        #expect(try scratch.target.contents(of: "objects/b", limit: 100) == Array("from the store".utf8))
        #expect(try scratch.target.contents(of: "objects/c", limit: 100) == Array("last".utf8))
        #expect(unpacked.files == 3 && unpacked.contentBytes == 25011)
    }

    @Test("a placed file that comes again is refused before the caller is asked")
    func placedTwice() throws {
        let scratch = try Scratch()
        let asked = Mutex(0)
        let unpacking = Unpacking(
            into: scratch.target,
            place: { (_, _, parent, name) throws(ArchiveError) in
                asked.withLock { $0 += 1 }
                return linkat(AT_FDCWD, #filePath, parent.descriptor.number, name, 0) == 0 || (try? parent.create(name)) != nil
            })
        let error = #expect(throws: ArchiveError.self) { try unpacking.run(MemorySource(Tar.of([("a", "1"), ("a", "2")]))) }
        #expect(error?.code == .duplicate)
        #expect(asked.withLock { $0 } == 1)
    }

    @Test("what the caller throws ends it, from placing and from reporting")
    func stopped() throws {
        let stop = ArchiveError(.stopped, "the operator stopped it")
        let scratch = try Scratch()
        let bytes = Tar.of([("a", "1"), ("b", "2")])
        let placing = Unpacking(into: scratch.target, place: { (_, _, _, _) throws(ArchiveError) in throw stop })
        #expect(throws: stop) { try placing.run(MemorySource(bytes)) }
        let reporting = Unpacking(into: scratch.target, progress: { (_) throws(ArchiveError) in throw stop })
        #expect(throws: stop) { try reporting.run(MemorySource(bytes)) }
    }

    @Test("progress comes every few MiB, only grows, and ends with the totals")
    func progress() throws {
        let scratch = try Scratch()
        var tar = Tar()
        for index in 0..<40 { tar.add("file-\(index)", [UInt8](repeating: UInt8(index), count: 500_000)) }
        let reports = Mutex<[UnpackProgress]>([])
        let unpacking = Unpacking(
            into: scratch.target, progress: { (progress) throws(ArchiveError) in reports.withLock { $0.append(progress) } })
        let unpacked = try unpacking.run(MemorySource(tar.ended))
        let seen = reports.withLock { $0 }
        #expect((4...6).contains(seen.count))
        for (one, next) in zip(seen, seen.dropFirst()) {
            #expect(one.compressedBytes <= next.compressedBytes && one.entries <= next.entries && one.expandedBytes <= next.expandedBytes)
        }
        for (one, next) in zip(seen, seen.dropLast().dropFirst()) { #expect(next.expandedBytes - one.expandedBytes >= 4 << 20) }
        #expect(seen.last == unpacked.total)
        #expect(unpacked.total.entries == 40 && unpacked.total.expandedBytes == tar.ended.count)
    }

    @Test("a directory that is not empty is refused, and what it holds stays")
    func usedTarget() throws {
        let scratch = try Scratch()
        try scratch.target.replace("file", with: [1])
        let error = #expect(throws: ArchiveError.self) { try Unpacking(into: scratch.target).run(MemorySource(Tar.of([("a", "")]))) }
        #expect(error?.code == .targetNotEmpty)
        #expect(try scratch.target.names() == ["file"])
    }

    @Test("a directory may be named again, also after others and after its files")
    func repeatedDirectory() throws {
        let scratch = try Scratch()
        var tar = Tar()
        for name in ["./", "a/", "a/b/", "a/", "./a/b/"] { tar.add(name, type: "5") }
        tar.add("a/b/file", [1])
        tar.add("c/file", [2])
        tar.add("a/b", type: "5")
        tar.add("a/b/other", [3])
        let unpacked = try Unpacking(into: scratch.target).run(MemorySource(tar.ended))
        #expect(Set(scratch.unpacked.keys) == ["a", "a/b", "a/b/file", "a/b/other", "c", "c/file"])
        #expect(unpacked.soleTopDirectory == nil)
    }

    @Test("two names that look the same and differ in their bytes are two")
    func unicode() throws {
        let scratch = try Scratch()
        let bytes = Tar.of([("\u{E9}/file", "composed"), ("e\u{301}/file", "decomposed")])
        let unpacked = try Unpacking(into: scratch.target).run(MemorySource(bytes))
        #expect(try scratch.target.contents(of: "\u{E9}/file", limit: 20) == Array("composed".utf8))
        #expect(try scratch.target.contents(of: "e\u{301}/file", limit: 20) == Array("decomposed".utf8))
        #expect(unpacked.soleTopDirectory == nil)
    }

    @Test("files are 0644 and directories 0755, whatever the archive says")
    func modes() throws {
        let scratch = try Scratch()
        try scratch.run("mkdir s; echo x > s/file; chmod 4777 s/file; chmod 1777 s; umask 022; tar cf archive s")
        let archive = try Directory(path: scratch.path).openFile("archive")
        _ = try Unpacking(into: scratch.target).run(DescriptorSource(archive))
        // The process's umask may take more away; it never gives.
        #expect(try #require(scratch.target.status("s/file")).mode & ~0o644 == 0)
        #expect(try #require(scratch.target.status("s")).mode & ~0o755 == 0)
    }

    @Test("a failing source and a failing target say what the system said")
    func failing() throws {
        let scratch = try Scratch()
        let target = scratch.target
        let reading = #expect(throws: ArchiveError.self) { try Unpacking(into: target).run(DescriptorSource(target.descriptor)) }
        #expect(reading?.code == .readFailed && reading?.cause?.code == .failed)
        // The directory is gone while it is unpacked into.
        let unpacking = Unpacking(
            into: target,
            place: { (_, _, _, _) throws(ArchiveError) in
                try? target.remove("a")
                return false
            })
        let writing = #expect(throws: ArchiveError.self) { try unpacking.run(MemorySource(Tar.of([("a/b", "x")]))) }
        #expect(writing?.code == .writeFailed && writing?.cause?.code == .notFound)
    }
}
