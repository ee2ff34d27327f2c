import FileTree
import Foundation
import Testing

@Suite struct ReadingTests {
    @Test("an absent name is not found, and a directory that is none cannot be opened")
    func absent() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        try scratch.put("x", at: "file")
        for name in ["absent", "absent/below", "file/below"] {
            #expect { try root.openFile(name) } throws: { ($0 as? FileTreeError)?.code == .notFound }
            #expect(root.status(name) == nil)
        }
        #expect { try root.directory("file") } throws: { ($0 as? FileTreeError)?.code == .notFound }
        #expect { try Directory(path: scratch.path + "/absent") } throws: { ($0 as? FileTreeError)?.code == .notFound }
    }

    @Test("a file longer than the limit is refused, one of the limit is not")
    func limit() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        try scratch.put("12345", at: "file")
        #expect(try root.contents(of: "file", limit: 5) == Array("12345".utf8))
        #expect { try root.contents(of: "file", limit: 4) } throws: { ($0 as? FileTreeError)?.code == .tooLarge }
    }

    @Test("status tells kind, size and mode, and changes when the content does")
    func status() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        try root.replace("file", with: [1, 2, 3], mode: 0o640)
        _ = try root.makeDirectory("folder")
        try root.link("link", to: "file")
        let before = try #require(root.status("file"))
        #expect(before.kind == .file && before.size == 3 && before.mode == 0o640)
        #expect(before == (try root.openFile("file").status()))
        #expect(root.status("folder")?.kind == .directory)
        #expect(root.status("link")?.kind == .other)
        try root.replace("file", with: [1, 2, 3], mode: 0o640)
        #expect(root.status("file") != before)
    }

    @Test("names are sorted by their bytes and a second listing is the same")
    func names() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        for name in ["b", "a", "B", "ä", ".hidden"] { try root.replace(name, with: []) }
        #expect(try root.names() == [".hidden", "B", "a", "b", "ä"])
        #expect(try root.names() == [".hidden", "B", "a", "b", "ä"])
    }

    @Test("a read is short only at the end of the file")
    func shortRead() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        try scratch.put("0123456789", at: "file")
        let file = try root.openFile("file")
        #expect(try file.read(count: 4, at: 3) == Array("3456".utf8))
        #expect(try file.read(count: 40, at: 8) == Array("89".utf8))
        #expect(try file.read(count: 4, at: 10) == [])
        #expect(try file.read(count: 0, at: 0) == [])
    }
}
