import Foundation
import Testing

@testable import OSTree

private typealias Writer = GVariantWriter

extension TestRepository {
    /// A small repository by hand, the same on each run: `a` (a file), `b` (another), `l` (a symlink), `usr/a`.
    static func small() throws -> TestRepository {
        let repository = try TestRepository()
        let attributes = Writer.attributes([("user.x", [1, 2, 3]), ("user.y", [])])
        let a = try repository.addFile("content of a")
        let b = try repository.addFile("content of b", attributes: attributes)
        let link = try repository.addFile("", mode: 0o120777, target: "usr/a")
        let meta = try repository.add(Writer.dirmeta(attributes: attributes), .dirmeta)
        let usr = try repository.add(
            Writer.dirtree(files: Writer.files([(Array("a".utf8), a)]), directories: []), .dirtree)
        let value = Array("text".utf8) + [0, 0, UInt8(ascii: "s")]
        let list = Writer.array([Writer.string("x"), Writer.string("y")]) + [0] + Array("as".utf8)
        let metadata = Writer.array(
            [("one", value), ("two", list)].map {
                Writer.tuple([Writer.Member(bytes: Writer.string($0.0)), Writer.Member(bytes: $0.1, alignment: 8)])
            }, alignment: 8)
        try repository.commit(
            dirtree: Writer.dirtree(
                files: Writer.files([(Array("a".utf8), a), (Array("b".utf8), b), (Array("l".utf8), link)]),
                directories: Writer.directories([(Array("usr".utf8), usr, meta)])),
            metadata: metadata)
        return repository
    }

    /// The stored object of the file with this content or target.
    func filez(_ content: String) throws -> String {
        try #require(try objects("filez").first { Data(try bytes($0)).range(of: Data(content.utf8)) != nil })
    }

    /// Replaces the one object of `kind` that holds `text` by other bytes under the same name.
    func swap(_ kind: String, holding text: String, for bytes: [UInt8]) throws {
        let path = try #require(try objects(kind).first { Data(try self.bytes($0)).range(of: Data(text.utf8)) != nil })
        try write(bytes, at: path)
    }

    /// Commits a root with the one file named so.
    func commit(fileNamed name: [UInt8]) throws {
        let file = try addFile("x")
        try commit(dirtree: Writer.dirtree(files: Writer.files([(name, file)]), directories: []))
    }
}
