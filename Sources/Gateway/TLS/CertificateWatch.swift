import Foundation
import Logging

/// Notices when files below `certs/` change, and reloads them.
struct CertificateWatch {
    let folder: String
    let store: CertificateStore
    let logger: Logger

    /// Looks once a second until the task is cancelled.
    func run() async {
        var seen = fingerprint()
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            let now = fingerprint()
            guard now != seen else { continue }
            seen = now
            do {
                try store.reload(now: Date())
                logger.notice("certificates_reloaded", metadata: ["warnings": "\(store.warnings.count)"])
            } catch {
                logger.error("certificates_kept", metadata: ["reason": "\(error)"])
            }
        }
    }

    private func fingerprint() -> [String] {
        let manager = FileManager.default
        let lists = (try? manager.contentsOfDirectory(atPath: "\(folder)/crl"))?.sorted().map { "crl/\($0)" } ?? []
        return (["tls.crt", "tls.key", "cas.pem"] + lists).map { name in
            let attributes = try? manager.attributesOfItem(atPath: "\(folder)/\(name)")
            let date = (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
            return "\(name) \(attributes?[.size] ?? 0) \(attributes?[.systemFileNumber] ?? 0) \(date)"
        }
    }
}
