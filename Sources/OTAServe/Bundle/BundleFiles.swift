import DeviceAuth
import FileTree
import Foundation
import SiteSync

/// Files that the commands of a stick read and write.
enum BundleFiles {
    /// Writes a file as a whole, or to standard output.
    static func write(_ bytes: [UInt8], to path: String?) throws {
        guard let path else { return FileHandle.standardOutput.write(Data(bytes)) }
        let url = URL(fileURLWithPath: path)
        try Directory(path: url.deletingLastPathComponent().path).replace(url.lastPathComponent, with: bytes)
    }

    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let url = URL(fileURLWithPath: path)
        return try Directory(path: url.deletingLastPathComponent().path).contents(of: url.lastPathComponent, limit: limit)
    }
}

extension OTAServe {
    /// Where a site keeps what it needs of upstream.
    var siteFolder: String { "\(datadir)/site" }

    /// The site's credentials; nil where this installation is no site.
    func siteSigner() throws -> DocumentSigner? {
        guard FileManager.default.fileExists(atPath: "\(siteFolder)/client.pem") else { return nil }
        return try DocumentSigner.load(certificate: "\(siteFolder)/client.pem", key: "\(siteFolder)/pkey.pem")
    }

    /// The root whose servers' bundles are taken: one that was named, upstream's, or our own.
    func bundleTrust(root named: String?) throws -> ServerTrust {
        let upstream = "\(siteFolder)/root.crt"
        return try ServerTrust.load(
            root: named ?? (FileManager.default.fileExists(atPath: upstream) ? upstream : "\(datadir)/certs/root.crt"))
    }
}
