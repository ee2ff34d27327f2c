import ArgumentParser
import Foundation
import SiteSync
import UpdateTree

/// What commands of a site need of the data directory.
extension OTAServe {
    func siteSettings() throws -> SiteSettings {
        try Configuration.load(datadir: datadir, environment: ProcessInfo.processInfo.environment).site
    }

    /// Speaks with the upstream of the configuration; what is given here takes the place of what it says.
    func siteClient(
        upstream: UpstreamAddress? = nil, credentials: String? = nil, bytesPerSecond: Int64? = nil
    ) throws -> SiteClient {
        let settings = try siteSettings()
        guard let address = upstream ?? settings.upstream else {
            throw ValidationError("Name the upstream with --upstream or in config.yaml.")
        }
        guard let folder = credentials ?? settings.credentialsPath(datadir: datadir) else {
            throw ValidationError("Name the folder with the site's certificate with --credentials or in config.yaml.")
        }
        let limit = try (bytesPerSecond ?? settings.rate).map { try RateLimit(bytesPerSecond: $0) }
        return try SiteClient(address, credentials: folder, rate: limit)
    }

    /// Removes an update as `otaserve updates delete` does; false when devices are assigned to it.
    func removeIfUnassigned(_ key: UpdateKey) async throws -> Bool {
        if let server = RunningServer(datadir: datadir) {
            do {
                try await server.send(.DELETE, "/v1/updates/\(key.path)")
                return true
            } catch let error as RunningServerError {
                guard error.slug == UpdateTreeError.Code.updateAssigned.rawValue else { throw error }
                return false
            }
        }
        let assembly = try await Assembly.open(datadir: datadir, registration: .open)
        guard assembly.registry.countAssigned(to: key) == 0 else { return false }
        try assembly.library.delete(key)
        return true
    }
}
