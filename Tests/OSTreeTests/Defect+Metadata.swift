@testable import OSTree

private typealias Writer = GVariantWriter

extension Defect {
    static let metadata = [
        Defect("a file is called ..", .nameInvalid) { try $0.commit(fileNamed: Array("..".utf8)) },
        Defect("a file is called .", .nameInvalid) { try $0.commit(fileNamed: Array(".".utf8)) },
        Defect("a file's name is a path", .nameInvalid) { try $0.commit(fileNamed: Array("../../etc/passwd".utf8)) },
        Defect("a file has no name", .nameInvalid) { try $0.commit(fileNamed: []) },
        Defect("a file's name is not UTF-8", .nameInvalid) { try $0.commit(fileNamed: [0xC3, 0x28]) },
        Defect("a file's name has 256 bytes", .nameInvalid) { try $0.commit(fileNamed: Array(repeating: 97, count: 256)) },
        Defect("a file's name holds a NUL", .variantMalformed) { try $0.commit(fileNamed: [97, 0, 97]) },
        Defect("names are out of order", .namesUnordered) {
            let file = try $0.addFile("x")
            try $0.commit(dirtree: Writer.dirtree(files: Writer.files([([98], file), ([97], file)]), directories: []))
        },
        Defect("a name stands twice", .namesUnordered) {
            let file = try $0.addFile("x")
            try $0.commit(dirtree: Writer.dirtree(files: Writer.files([([97], file), ([97], file)]), directories: []))
        },
        Defect("a name is a file's and a directory's", .namesUnordered) {
            let file = try $0.addFile("x")
            let tree = try $0.add([0], .dirtree)
            let meta = try $0.add(Writer.dirmeta(), .dirmeta)
            try $0.commit(
                dirtree: Writer.dirtree(
                    files: Writer.files([([97], file), ([98], file), ([99], file)]), directories: Writer.directories([([98], tree, meta)])))
        },
        Defect("a directory is called ..", .nameInvalid) {
            let tree = try $0.add([0], .dirtree)
            let meta = try $0.add(Writer.dirmeta(), .dirmeta)
            try $0.commit(
                dirtree: Writer.dirtree(files: [], directories: Writer.directories([(Array("..".utf8), tree, meta)])))
        },
        Defect("a file's checksum has 31 bytes", .checksumMalformed) {
            try $0.commit(
                dirtree: Writer.dirtree(files: Writer.files([([97], [UInt8](repeating: 1, count: 31))]), directories: []))
        },
        Defect("a directory's offset leads out of it", .variantMalformed) { try $0.commit(dirtree: [0, 0, 0xFF]) },
        Defect("a directory has bytes behind its lists", .variantMalformed) { try $0.commit(dirtree: [0, 0, 0]) },
        Defect("a directory has no bytes", .variantMalformed) { try $0.commit(dirtree: []) },
        Defect("a directory's mode is a file's", .modeInvalid) { try $0.commit(dirtree: [0], dirmeta: Writer.dirmeta(mode: 0o100644)) },
        Defect("an attribute stands twice", .attributesInvalid) {
            try $0.commit(dirtree: [0], dirmeta: Writer.dirmeta(attributes: Writer.attributes([("user.a", []), ("user.a", [1])])))
        },
        Defect("an attribute has no name", .attributesInvalid) {
            try $0.commit(dirtree: [0], dirmeta: Writer.dirmeta(attributes: Writer.attributes([("", [])])))
        },
        Defect("the commit is none", .variantMalformed) { try $0.commit([UInt8]("hello, I am a commit".utf8)) },
        Defect("the commit's tree is no checksum", .checksumMalformed) {
            try $0.commit(Writer.commit(tree: [1, 2, 3], meta: try $0.add(Writer.dirmeta(), .dirmeta)))
        },
        Defect("the commit's parent is no checksum", .checksumMalformed) {
            try $0.commit(
                Writer.commit(parent: [1], tree: try $0.add([0], .dirtree), meta: try $0.add(Writer.dirmeta(), .dirmeta)))
        },
        Defect("the commit's metadata is nested 200 deep", .variantMalformed) {
            let value = Array("\u{7}\0y".utf8) + Array(String(repeating: "\0v", count: 200).utf8)
            let entry = Writer.tuple([Writer.Member(bytes: Writer.string("deep")), Writer.Member(bytes: value, alignment: 8)])
            try $0.commit(
                Writer.commit(
                    metadata: Writer.array([entry], alignment: 8), tree: try $0.add([0], .dirtree),
                    meta: try $0.add(Writer.dirmeta(), .dirmeta)))
        },
        Defect("the commit's metadata is not in normal form", .variantMalformed) {
            // A boolean that is 2.
            let entry = Writer.tuple([
                Writer.Member(bytes: Writer.string("flag")), Writer.Member(bytes: [2, 0, UInt8(ascii: "b")], alignment: 8),
            ])
            try $0.commit(
                Writer.commit(
                    metadata: Writer.array([entry], alignment: 8), tree: try $0.add([0], .dirtree),
                    meta: try $0.add(Writer.dirmeta(), .dirmeta)))
        },
    ]
}
