import FileTree
import Foundation
import Testing

@Suite struct WritingTests {
    @Test("a reader sees the old content or the new, never a mixture, while many replace the file")
    func atomicReplace() async throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        let length = 20_000
        try root.replace("file", with: [UInt8](repeating: 0, count: length), synced: false)
        await withTaskGroup(of: Void.self) { group in
            for writer in UInt8(1)...4 {
                group.addTask {
                    for _ in 0..<50 {
                        #expect(throws: Never.self) {
                            try root.replace("file", with: [UInt8](repeating: writer, count: length), synced: false)
                        }
                    }
                }
            }
            group.addTask {
                for _ in 0..<200 {
                    let bytes = try? root.contents(of: "file", limit: length)
                    #expect(bytes?.count == length)
                    #expect(Set(bytes ?? []).count == 1)
                }
            }
        }
        #expect(try root.names() == ["file"])
    }

    @Test("replacing does not change what an open descriptor reads")
    func openDescriptor() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        try root.replace("file", with: Array("old".utf8))
        let open = try root.openFile("file")
        try root.replace("file", with: Array("newer".utf8))
        #expect(try open.contents(limit: 10) == Array("old".utf8))
        #expect(scratch.text("file") == "newer")
    }

    @Test("what a killed process left of a replacement does not disturb the next one")
    func leftover() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        try scratch.put("half", at: ".key.new")
        #expect(chmod(scratch.path + "/.key.new", 0o666) == 0)
        try root.replace("key", with: Array("x".utf8), mode: 0o600)
        #expect(scratch.text("key") == "x")
        #expect(root.status("key")?.mode == 0o600)
        #expect(try root.names() == ["key"])
    }

    @Test("a replacement that fails leaves the old content and no second file")
    func failingReplace() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        _ = try root.makeDirectory("folder").makeDirectory("child")
        #expect(throws: FileTreeError.self) { try root.replace("folder", with: [1]) }
        #expect(try root.names() == ["folder"])
        #expect(try root.directory("folder").names() == ["child"])
    }

    @Test("replacing works in a folder below, synced or not", arguments: [true, false])
    func replaceBelow(synced: Bool) throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        _ = try root.makeDirectory("a").makeDirectory("b")
        try root.replace("a/b/file", with: [65], synced: synced)
        #expect(scratch.text("a/b/file") == "A")
    }

    @Test("making a new file refuses a name that is taken, and says so")
    func createExclusive() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        try root.create("file").write([65], at: 0)
        #expect { try root.create("file") } throws: { ($0 as? FileTreeError)?.code == .alreadyExists }
        #expect(scratch.text("file") == "A")
    }

    @Test("moving never replaces: a taken name refuses, and both stay")
    func renameExclusive() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        let other = try root.makeDirectory("other")
        try root.replace("file", with: [65])
        try other.replace("taken", with: [66])
        _ = try other.makeDirectory("empty")
        for name in ["taken", "empty"] {
            #expect { try root.move("file", to: other, as: name) } throws: { ($0 as? FileTreeError)?.code == .alreadyExists }
        }
        #expect(scratch.text("file") == "A")
        #expect(scratch.text("other/taken") == "B")
        try root.move("file", to: other, as: "free")
        #expect(scratch.text("other/free") == "A")
        #expect(root.status("file") == nil)
    }

    @Test("a link is replaced in one step and points where it was told")
    func links() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        try root.link("current", to: "one")
        try root.link("current", to: "two")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: scratch.path + "/current") == "two")
        #expect(root.status("current")?.kind == .other)
        #expect(try root.names() == ["current"])
    }

    @Test("a lock is held by one, and free again when it lets go")
    func lock() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        do {
            let held = try root.lock("lock")
            #expect { try root.lock("lock") } throws: { ($0 as? FileTreeError)?.code == .inUse }
            withExtendedLifetime(held) {}
        }
        _ = try root.lock("lock")
    }

    @Test("removing takes a whole tree, also with names that are not UTF-8, and says nothing of what is not there")
    func removeTree() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        let deep = try root.makeDirectory("tree").makeDirectory("a").makeDirectory("b")
        try deep.replace("file", with: [1])
        for bytes: [UInt8] in [[0xFF], [0xFE], [0xC3, 0x28]] {
            let name = Array("\(scratch.path)/tree/a/".utf8) + bytes + [0]
            let number = name.withUnsafeBytes { creat($0.baseAddress!.assumingMemoryBound(to: CChar.self), 0o600) }
            #expect(number >= 0)
            close(number)
        }
        try root.remove("tree")
        #expect(try root.names() == [])
        try root.remove("tree")
        try root.remove("tree/below/it")
    }

    @Test("a disk that is full is told as such, with the remedy")
    func fullDisk() throws {
        let number = open("/dev/full", O_RDWR)
        try #require(number >= 0)
        #expect { try Descriptor(owning: number).write([1, 2, 3], at: 0) } throws: {
            let error = $0 as? FileTreeError
            return error?.code == .full && error?.message.contains("free some space") == true
        }
    }
}
