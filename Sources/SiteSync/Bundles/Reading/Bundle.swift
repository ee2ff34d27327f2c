import DeviceAuth
import FileTree
import Foundation
import Glibc
import UpdateTree

/// A bundle as it lies there. Nothing of it is believed yet: ``verify(by:now:)`` tells who signed it.
public struct Bundle: Sendable {
    let contents: any BundleContents
    let document: [UInt8]
    /// What it says of itself.
    public let manifest: BundleManifest

    init(_ contents: any BundleContents) throws {
        self.contents = contents
        guard contents.sizes[BundleLayout.unfinished] == nil else {
            throw BundleError(.incomplete, "making the bundle came to no end; have it made anew")
        }
        document = try Self.contents(of: BundleLayout.manifest, in: contents, limit: BundleManifest.largest)
        manifest = try BundleManifest(parsing: document)
    }

    /// Opens a directory or a tar file.
    public static func open(path: String) throws -> Bundle {
        var raw = stat()
        guard stat(path, &raw) == 0 else { throw BundleError(.malformed, "\(path) does not exist; name a bundle's directory or tar file") }
        if raw.st_mode & S_IFMT == S_IFDIR { return try Bundle(DirectoryBundleContents(path: path)) }
        let number = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard number >= 0 else { throw FileTreeError(errno: errno, doing: "open", at: path) }
        return try Bundle(TarBundleContents(Descriptor(owning: number)))
    }

    /// Reads a tar from a pipe. It is kept in `folder` meanwhile, under no name: when the process ends it is gone.
    public static func read(_ pipe: Descriptor, keepingIn folder: Directory) throws -> Bundle {
        if (try? pipe.status().kind) == .file { return try Bundle(TarBundleContents(pipe)) }
        let name = ".bundle-\(UUID().uuidString)"
        let file = try folder.create(name, mode: 0o600)
        try folder.remove(name)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var offset: Int64 = 0
        while true {
            let count = Glibc.read(pipe.number, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileTreeError(errno: errno, doing: "read", at: "standard input") }
            if count == 0 { break }
            try file.write(Array(buffer[..<count]), at: offset)
            offset += Int64(count)
        }
        return try Bundle(TarBundleContents(file))
    }

    /// The server that signed it, by the root that is trusted here.
    public func signer(by trust: ServerTrust, now: Int64) throws(BundleError) -> String {
        do {
            let signature = try Self.contents(of: BundleLayout.signature, in: contents, limit: BundleLayout.largestSignature)
            let chain = try Self.contents(of: BundleLayout.certificate, in: contents, limit: BundleLayout.largestSignature)
            return try trust.signer(of: document, signature: signature, chain: chain, now: Date(timeIntervalSince1970: TimeInterval(now)))
        } catch let error as DeviceAuthError {
            throw BundleError(.unsigned, "the bundle is not signed by a server that is trusted here: \(error.message)")
        } catch let error as BundleError {
            throw error
        } catch {
            throw BundleError(.storage, "\(error)")
        }
    }

    static func contents(of path: String, in contents: any BundleContents, limit: Int) throws -> [UInt8] {
        guard let file = try contents.file(path) else {
            throw BundleError(.incomplete, "the bundle has no \(path): it is none, or was not copied to its end")
        }
        return try file.contents(limit: limit)
    }
}
