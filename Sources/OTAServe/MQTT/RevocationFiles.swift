import DeviceAuth
import Foundation

/// The revocation lists of an installation as one file, as a broker reads them.
enum RevocationFiles {
    /// Nil when there is none.
    static func joined(in certificates: String) throws -> [UInt8]? {
        let folder = "\(certificates)/crl"
        guard FileManager.default.fileExists(atPath: folder) else { return nil }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".pem") && !$0.hasPrefix(".") }
        guard !names.isEmpty else { return nil }
        return try names.sorted().flatMap { try PKIFile.content("\(folder)/\($0)") }
    }
}
