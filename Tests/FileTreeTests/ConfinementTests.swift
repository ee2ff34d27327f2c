import FileTree
import Foundation
import Testing

/// A tree `inside` beside files that nobody may reach through it.
private final class Prison {
    let scratch: Scratch
    let inside: Directory

    init() throws {
        scratch = try Scratch()
        inside = try Directory.make(path: scratch.path + "/inside")
        try scratch.put("secret", at: "outside.txt")
        _ = try Directory.make(path: scratch.path + "/beside")
        try scratch.put("secret", at: "beside/file")
        _ = try inside.makeDirectory("folder")
        try inside.replace("folder/file", with: Array("own".utf8))
        for (name, target) in [
            ("up", ".."), ("absolute", scratch.path + "/beside"), ("file", "../outside.txt"), ("own", "folder"),
            ("folder/up", "../.."), ("dangling", "../made"),
        ] {
            #expect(symlink(target, "\(scratch.path)/inside/\(name)") == 0)
        }
    }

    var isUntouched: Bool {
        scratch.text("outside.txt") == "secret" && scratch.text("beside/file") == "secret" && !scratch.exists("made")
            && !scratch.exists("beside/made")
    }
}

@Suite struct ConfinementTests {
    static let escapes = [
        "../outside.txt", "folder/../../outside.txt", "up/outside.txt", "absolute/file", "file", "folder/up/outside.txt",
        "../beside/file", "/etc/passwd", "own/../../outside.txt", "own/file", "folder/up/beside/file",
    ]

    @Test("no way of reading leads out of a directory", arguments: escapes)
    func reading(name: String) throws {
        let prison = try Prison()
        #expect(throws: FileTreeError.self) { try prison.inside.openFile(name) }
        #expect(throws: FileTreeError.self) { try prison.inside.contents(of: name, limit: 100) }
        #expect(throws: FileTreeError.self) { try prison.inside.directory(name) }
        // A link is shown as what it is; what is behind it is not shown.
        #expect(prison.inside.status(name).map { $0.kind == .other } ?? true)
    }

    @Test(
        "no way of writing leads out of a directory",
        arguments: escapes + ["../made", "up/made", "absolute/made", "folder/up/made", "dangling", "..", "up/beside"])
    func writing(name: String) throws {
        let prison = try Prison()
        let inside = prison.inside
        #expect(throws: FileTreeError.self) { try inside.openForWriting(name).write([1], at: 0) }
        #expect(throws: FileTreeError.self) { try inside.create(name) }
        #expect(throws: FileTreeError.self) { try inside.makeDirectory(name) }
        // These may replace a link that lies inside; they may not follow it.
        try? inside.replace(name, with: [1])
        try? inside.link(name, to: "x")
        try? inside.move("folder/file", to: inside, as: name)
        try? inside.move(name, to: inside, as: "stolen")
        try? inside.remove(name)
        #expect(prison.isUntouched)
        #expect(inside.status("stolen")?.kind != .file)
    }

    @Test("a link in the place of a directory is not followed by any operation", arguments: ["up", "absolute", "own"])
    func linkAsParent(name: String) throws {
        let prison = try Prison()
        let inside = prison.inside
        #expect(throws: FileTreeError.self) { try inside.replace("\(name)/made", with: [1]) }
        #expect(throws: FileTreeError.self) { try inside.makeDirectory("\(name)/made") }
        #expect(throws: FileTreeError.self) { try inside.link("\(name)/made", to: "x") }
        #expect(throws: FileTreeError.self) { try inside.remove("\(name)/file") }
        #expect(inside.status("\(name)/file") == nil)
        #expect(prison.isUntouched)
        #expect(prison.scratch.text("inside/folder/file") == "own")
    }

    @Test("removing a tree removes the links in it and not what they point to")
    func removeLinks() throws {
        let prison = try Prison()
        for name in try prison.inside.names() { try prison.inside.remove(name) }
        #expect(try prison.inside.names() == [])
        #expect(prison.isUntouched)
    }

    @Test("a name with a NUL is not the name before the NUL")
    func nul() throws {
        let prison = try Prison()
        #expect(throws: FileTreeError.self) { try prison.inside.openFile("folder/file\0.txt") }
        #expect(throws: FileTreeError.self) { try prison.inside.replace("a\0b", with: [1]) }
        #expect(throws: FileTreeError.self) { try prison.inside.remove("folder\0x") }
        #expect(prison.inside.status("folder\0x") == nil)
        #expect(prison.scratch.text("inside/folder/file") == "own")
    }

    @Test("the empty name, . and .. are no names of a file", arguments: ["", ".", "..", "folder/", "folder/.", "folder/.."])
    func noNames(name: String) throws {
        let prison = try Prison()
        #expect(throws: FileTreeError.self) { try prison.inside.remove(name) }
        #expect(throws: FileTreeError.self) { try prison.inside.replace(name, with: [1]) }
        #expect(throws: FileTreeError.self) { try prison.inside.link(name, to: "x") }
        #expect(prison.scratch.text("inside/folder/file") == "own")
    }

    @Test("a FIFO, a directory and a device are no plain files, and opening them does not hang")
    func notPlain() throws {
        let scratch = try Scratch()
        let root = try Directory(path: scratch.path)
        #expect(mkfifo(scratch.path + "/fifo", 0o600) == 0)
        _ = try root.makeDirectory("folder")
        for name in ["fifo", "folder"] {
            #expect { try root.openFile(name) } throws: { ($0 as? FileTreeError)?.code == .notPlain }
            #expect { try root.contents(of: name, limit: 10) } throws: { ($0 as? FileTreeError)?.code == .notPlain }
        }
        #expect(root.status("fifo")?.kind == .other)
        let devices = try Directory(path: "/dev")
        #expect { try devices.openFile("null") } throws: { ($0 as? FileTreeError)?.code == .notPlain }
    }
}
