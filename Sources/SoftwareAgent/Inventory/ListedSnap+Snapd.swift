import Snaps

extension ListedSnap {
    /// What snapd says of a snap, in the words of the list that is published. Whatever is missing is left out.
    init(snapd element: [String: Any], name: SnapName, device: String?) {
        self.init(
            deviceId: device, name: name, installedSize: (element["installed-size"] as? Int).map(Int64.init),
            installedDate: element["install-date"] as? String, status: element["status"] as? String,
            channel: element["tracking-channel"] as? String ?? element["channel"] as? String,
            confinement: element["confinement"] as? String, version: element["version"] as? String,
            revision: (element["revision"] as? String).flatMap { try? SnapRevision($0) }, devmode: element["devmode"] as? Bool,
            config: nil, services: Self.services(element["apps"]))
    }

    /// Apps that are daemons, in snapd's order.
    private static func services(_ apps: Any?) -> [Service]? {
        guard let apps = apps as? [[String: Any]] else { return nil }
        let services = apps.compactMap { app -> Service? in
            guard let daemon = app["daemon"] as? String, let name = app["name"] as? String else { return nil }
            return Service(
                name: name, active: app["active"] as? Bool ?? false, enabled: app["enabled"] as? Bool ?? false, daemon: daemon)
        }
        return services.isEmpty ? nil : services
    }
}
