import Crypto
import FileTree

/// Compares the files of one static delta with what its superblock and its name say.
///
/// A device that fetches a wrong part gives up the whole update: it does not go back to single objects.
struct DeltaCheck {
    /// Bytes that are read at once.
    private static let pieceSize = 256 << 10

    let inventory: ObjectInventory
    let findings: FindingCollector
    let isCancelled: @Sendable () -> Bool

    struct Outcome {
        /// Of the superblock; nil when there is none that can be read.
        var superblock: Checksum?
        var isPresent = true
        var bytesRead: Int64 = 0
    }

    func check(_ name: DeltaName, _ directory: Directory) -> Outcome {
        var outcome = Outcome()
        let bytes: [UInt8]
        do throws(FileTreeError) {
            bytes = try directory.contents(of: "superblock", limit: DeltaSuperblock.largest)
        } catch {
            switch error.code {
            case .notFound: outcome.isPresent = false
            case .tooLarge:
                let message = "it has more than \(DeltaSuperblock.largest >> 20) MiB; generate the delta without --inline"
                findings.add("\(name.path)/superblock", OSTreeError(.superblockMalformed, message))
            default: findings.add("\(name.path)/superblock", OSTreeError(opening: error))
            }
            return outcome
        }
        outcome.bytesRead = Int64(bytes.count)
        let variant = VariantBytes(bytes)
        outcome.superblock = variant.digest(variant.all)
        do throws(OSTreeError) {
            let superblock = try DeltaSuperblock(bytes)
            check(superblock, name)
            outcome.bytesRead += checkParts(superblock, name, directory)
            checkStrays(superblock, name, directory)
        } catch {
            findings.add("\(name.path)/superblock", error)
        }
        return outcome
    }

    private func check(_ superblock: DeltaSuperblock, _ name: DeltaName) {
        let path = "\(name.path)/superblock"
        guard superblock.name == name else {
            return findings.add(path, OSTreeError(.deltaNameMismatch, "it leads \(superblock.name), not as its directory says \(name)"))
        }
        if superblock.commitDigest != name.to {
            findings.add(path, OSTreeError(.deltaCommitMismatch, "the commit in it is \(superblock.commitDigest), not \(name.to)"))
        }
        for object in superblock.fallbacks where inventory.index(of: object) == nil {
            findings.add(path, OSTreeError(.deltaFallbackMissing, "devices are to fetch \(object) beside it, which is absent"))
        }
    }

    // MARK: Parts

    private func checkParts(_ superblock: DeltaSuperblock, _ name: DeltaName, _ directory: Directory) -> Int64 {
        var bytesRead: Int64 = 0
        for (number, part) in superblock.parts.enumerated() where !isCancelled() {
            let path = "\(name.path)/\(number)"
            do throws(OSTreeError) {
                if let inline = part.inline {
                    try require(part, size: Int64(inline.count)) { superblock.digest(inline: inline) }
                } else {
                    bytesRead += try checkFile("\(number)", part, directory)
                }
            } catch {
                findings.add(path, error)
            }
        }
        return bytesRead
    }

    private func checkFile(_ name: String, _ part: DeltaPart, _ directory: Directory) throws(OSTreeError) -> Int64 {
        let file: Descriptor
        let size: Int64
        do throws(FileTreeError) {
            file = try directory.openFile(name)
            size = try file.status().size
        } catch {
            guard error.code != .notFound else { throw OSTreeError(.deltaPartMissing, "it is absent, and its superblock lists it") }
            throw OSTreeError(opening: error)
        }
        try require(part, size: size) { () throws(OSTreeError) in try digest(file, size: size) }
        return size
    }

    /// A wrong length says enough: then nothing is read.
    private func require(
        _ part: DeltaPart, size: Int64, digest: () throws(OSTreeError) -> Checksum
    ) throws(OSTreeError) {
        guard part.sizes.contains(UInt64(size)) else {
            throw OSTreeError(.deltaPartMismatch, "it has \(size) bytes, and its superblock says \(part.sizes[0])")
        }
        guard try digest() == part.checksum else {
            throw OSTreeError(.deltaPartMismatch, "its bytes are not those that its superblock has the checksum of")
        }
    }

    private func digest(_ file: Descriptor, size: Int64) throws(OSTreeError) -> Checksum {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 16)
        defer { buffer.deallocate() }
        var hasher = SHA256()
        var offset: Int64 = 0
        while offset < size {
            guard !isCancelled() else { throw OSTreeError(.cancelled, "the check was stopped") }
            let count: Int
            do throws(FileTreeError) {
                count = try file.read(into: buffer, at: offset)
            } catch {
                throw OSTreeError(.objectUnreadable, error.message)
            }
            guard count > 0 else { break }
            hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
        }
        return Checksum(hasher.finalize())
    }

    // MARK: Strays

    /// What no device asks for.
    private func checkStrays(_ superblock: DeltaSuperblock, _ name: DeltaName, _ directory: Directory) {
        let names: [String]
        do throws(FileTreeError) {
            names = try directory.names()
        } catch {
            return findings.add(name.path, OSTreeError(.unreadable, error.message))
        }
        for file in names where file != "superblock" {
            if let number = DeltaPart.number(file.utf8), number < superblock.parts.count, superblock.parts[number].inline == nil {
                continue
            }
            findings.add("\(name.path)/\(file)", OSTreeError(.deltaStray, "it is no part of the delta"))
        }
    }
}
