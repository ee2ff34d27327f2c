import Foundation
import UpdateTree

/// What commands of a site need of the data directory.
extension OTAServe {
    func siteSettings() throws -> SiteSettings {
        try Configuration.load(datadir: datadir, environment: ProcessInfo.processInfo.environment).site
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
