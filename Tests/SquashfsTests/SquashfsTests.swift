import FileTree
import Foundation
import Testing

@testable import Squashfs

@Suite("A squashfs image")
struct SquashfsTests {
    static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("data-sample/snaps").path

    private static func sample(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(samples)/\(name)")))
    }

    private func read(_ bytes: [UInt8], _ path: String = "meta/snap.yaml") -> Result<[UInt8], SquashfsError> {
        let file = MemoryFile.make(bytes)
        return Result { () throws(SquashfsError) in try SquashfsImage(file).contents(of: path) }
    }

    private func refusal(_ bytes: [UInt8], _ path: String = "meta/snap.yaml") -> SquashfsError.Code? {
        if case .failure(let error) = read(bytes, path) { error.code } else { nil }
    }

    @Test("bytes that are no image are refused", arguments: [0, 1, 95, 96, 4096])
    func noImage(count: Int) {
        #expect(refusal([UInt8](repeating: 0x68, count: count)) == .imageInvalid)
    }

    @Test(
        "a superblock that contradicts itself is refused",
        arguments: [
            (28, [3]), (30, [1]), (22, [30]), (22, [11]), (12, [1]), (40, [0xFF, 0xFF, 0xFF]), (40, [1, 0]), (64, [0, 0]),
            (64, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), (72, [0xFF, 0xFF, 0xFF, 0xFF]),
        ])
    func superblock(offset: Int, bytes: [UInt8]) throws {
        var image = try Self.sample("testbase_1.snap")
        image.replaceSubrange(offset..<offset + bytes.count, with: bytes)
        #expect(refusal(image) == .imageInvalid)
    }

    @Test(
        "a compression that is not read here is named, with what to do", arguments: [(2, "lzma"), (3, "lzo"), (5, "lz4"), (9, "number 9")])
    func compression(number: UInt8, name: String) throws {
        var image = try Self.sample("testbase_1.snap")
        image[20] = number
        guard case .failure(let error) = read(image) else { throw CancellationError() }
        #expect(error.code == .compressionUnsupported)
        #expect(error.message.contains(name) && error.message.contains("flags"))
    }

    @Test("an image that was cut is refused at every length")
    func cut() throws {
        let image = try Self.sample("hello-offline_1.snap")
        // What follows is padding, which the superblock does not count.
        let end = Int(image[40]) | Int(image[41]) << 8
        let read = stride(from: 0, to: end, by: 7).filter { refusal(Array(image[..<$0])) == nil }
        #expect(read.isEmpty)
    }

    @Test(
        "what is not there, or no file, is said to be missing",
        arguments: ["meta", "meta/other", "other/snap.yaml", "", "meta/snap.yaml/x"])
    func missing(path: String) throws {
        #expect(refusal(try Self.sample("snapd_1.snap"), path) == .fileMissing)
    }

    @Test(
        "an image with changed bytes is read or refused, and never ends the process",
        arguments: ["snapd_1", "hello-offline_1", "classic-tool_1"])
    func mutations(name: String) throws {
        let image = try Self.sample("\(name).snap")
        let end = Int(image[40]) | Int(image[41]) << 8
        var random = SystemRandomNumberGenerator()
        for round in 0..<1_500 {
            var changed = image
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = round.isMultiple(of: 2) ? Int.random(in: 0..<96, using: &random) : Int.random(in: 96..<end, using: &random)
                changed[place] = UInt8.random(in: .min ... .max, using: &random)
            }
            if case .success(let text) = read(changed) { #expect(text.count <= SquashfsImage.largestFile) }
        }
    }

    @Test("tables that are not compressed are read, and what they say may be hostile too")
    func plainTables() throws {
        let image = try Packed.image(["meta/snap.yaml": Data("name: plain\n".utf8)], ["-noI", "-noD", "-noF"])
        #expect(try read(image).get() == Array("name: plain\n".utf8))
        var random = SystemRandomNumberGenerator()
        for _ in 0..<4_000 {
            var changed = image
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                changed[Int.random(in: 96..<min(image.count, 700), using: &random)] = UInt8.random(in: .min ... .max, using: &random)
            }
            if case .success(let text) = read(changed) { #expect(text.count <= SquashfsImage.largestFile) }
        }
    }

    @Test("a file above the limit is refused, one of exactly the limit is read")
    func limit() throws {
        let largest = SquashfsImage.largestFile
        let image = try Packed.image(["a": Data(count: largest), "b": Data(count: largest + 1)], ["-b", "131072"])
        #expect(try read(image, "a").get().count == largest)
        #expect(refusal(image, "b") == .fileTooLarge)
    }

    @Test(
        "whatever mksquashfs packs with gzip, xz or zstd is read byte for byte",
        arguments: ["gzip", "xz", "zstd"], [[], ["-no-fragments"], ["-b", "4096"], ["-b", "1048576"]])
    func compressions(compression: String, options: [String]) throws {
        // Whole blocks, ends in fragments, holes, and more names than one block of a table holds.
        var random = SystemRandomNumberGenerator()
        let noise = Data((0..<300_001).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        var files: [String: Data] = ["noise": noise, "holes": Data(count: 200_000), "small": Data("x".utf8), "empty": Data()]
        for number in 0..<600 { files["many/a-rather-long-name-for-a-file-\(number)"] = Data("\(number)".utf8) }
        let image = try Packed.image(files, ["-comp", compression] + options)
        for name in ["noise", "holes", "small", "empty", "many/a-rather-long-name-for-a-file-0", "many/a-rather-long-name-for-a-file-599"] {
            #expect(try read(image, name).get() == Array(files[name] ?? Data()), "\(name)")
        }
        #expect(refusal(image, "many/a-rather-long-name-for-a-file-600") == .fileMissing)
    }
}
