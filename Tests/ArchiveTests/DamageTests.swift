import Archive
import FileTree
import Foundation
import Testing

/// A good archive with a piece missing or a byte changed.
@Suite struct DamageTests {
    private static let files = [("folder/one", "the first file"), ("two", "the second")]

    private static func compressed(_ command: String) throws -> [UInt8] {
        let scratch = try Scratch()
        try Data(Tar.of(files)).write(to: URL(fileURLWithPath: "\(scratch.path)/archive"))
        try scratch.run("\(command) < archive > compressed")
        return try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(scratch.path)/compressed")))
    }

    /// Nil when it was refused.
    private static func unpack(_ bytes: [UInt8], in scratch: Scratch, _ name: String) throws -> [String: Data?]? {
        let target = try scratch.target.makeDirectory(name)
        do {
            _ = try Unpacking(into: target).run(MemorySource(bytes))
            return Scratch.contents(of: "\(scratch.path)/target/\(name)")
        } catch {
            return nil
        }
    }

    @Test("an archive cut off at any byte is refused", arguments: ["cat", "gzip -n", "zstd -q"])
    func cut(command: String) throws {
        let bytes = try Self.compressed(command)
        let scratch = try Scratch()
        for length in 0..<bytes.count {
            let target = try scratch.target.makeDirectory("\(length)")
            let error = #expect(throws: ArchiveError.self) {
                try Unpacking(into: target).run(MemorySource(Array(bytes[..<length])))
            }
            // Two or three bytes are no magic yet.
            #expect(error?.code == .truncated, "at \(length)")
        }
        #expect(scratch.beside.isEmpty)
    }

    @Test("only zeros behind the end mark may be missing")
    func padding() throws {
        let scratch = try Scratch()
        let bytes = Tar.of(Self.files)
        for extra in [0, 1, 511, 512, 8192] {
            let padded = bytes + [UInt8](repeating: 0, count: extra)
            #expect(try Self.unpack(padded, in: scratch, "\(extra)") != nil)
        }
    }

    @Test(
        "a compressed archive with any byte changed is refused, or holds the same files", arguments: ["gzip -n", "zstd -q --check"])
    func changedCompressed(command: String) throws {
        let bytes = try Self.compressed(command)
        let scratch = try Scratch()
        let good = try #require(try Self.unpack(bytes, in: scratch, "good"))
        var accepted = 0
        for index in bytes.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var changed = bytes
                changed[index] ^= mask
                guard let found = try Self.unpack(changed, in: scratch, "\(index)-\(mask)") else { continue }
                accepted += 1
                #expect(found == good, "byte \(index)")
            }
        }
        // Fields that nobody needs, such as gzip's time.
        #expect(accepted < bytes.count)
        #expect(scratch.beside.isEmpty)
    }

    @Test("a header with any byte changed, its checksum put right, neither crashes nor writes outside")
    func changedHeader() throws {
        let scratch = try Scratch()
        let bytes = Tar.of(Self.files)
        var count = 0
        for index in 0..<512 {
            for value: UInt8 in [0, 0x2E, 0x2F, 0x31, 0x35, 0x78, 0x80, 0xFF] where bytes[index] != value {
                var changed = bytes
                changed[index] = value
                if !(148..<156).contains(index) { Self.mendChecksum(&changed) }
                count += 1
                let found = try Self.unpack(changed, in: scratch, "\(count)")
                for name in (found ?? [:]).keys { #expect(!name.hasPrefix("/") && !name.contains("..")) }
            }
        }
        #expect(scratch.beside.isEmpty)
        #expect(try scratch.target.names().count == count)
    }

    @Test("a pax header with any byte changed neither crashes nor writes outside")
    func changedPax() throws {
        let scratch = try Scratch()
        var tar = Tar()
        tar.add("pax", Array("26 path=folder/pax/renamed\n11 size=14\n".utf8), type: "x")
        tar.add("folder/one", Array("the first file".utf8))
        let bytes = tar.ended
        var count = 0
        for index in 512..<552 {
            for value: UInt8 in [0, 0x0A, 0x20, 0x2D, 0x2E, 0x2F, 0x30, 0x31, 0x39, 0x3D, 0x5C, 0x80, 0xFF] {
                var changed = bytes
                changed[index] = value
                count += 1
                _ = try Self.unpack(changed, in: scratch, "\(count)")
            }
        }
        #expect(scratch.beside.isEmpty)
        #expect(try scratch.target.names().count == count)
    }

    private static func mendChecksum(_ bytes: inout [UInt8]) {
        bytes.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        let sum = String(bytes[..<512].reduce(0) { $0 + Int($1) }, radix: 8)
        bytes.replaceSubrange(148..<156, with: (String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ").utf8)
    }
}
