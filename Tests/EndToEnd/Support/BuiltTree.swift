import Foundation

/// Content as a build leaves it: an OSTree repository with a system in it and no metadata, made by the real `ostree`.
struct BuiltTree {
    static let reference = "intel-corei7-64-lmp"
    static let machine = "intel-corei7-64"

    /// Holds `ostree_repo`.
    let folder: String
    let commit: String

    /// - Parameters:
    ///   - version: of the image; nil leaves it out of `os-release`.
    ///   - bytes: of random data in the system, which no compression makes smaller.
    static func make(
        in folder: String, version: String?, machine: String = machine, reference: String = reference, bytes: Int = 0
    ) async throws -> BuiltTree {
        let system = "\(folder)-system"
        let repository = "\(folder)/ostree_repo"
        for path in ["\(system)/usr/lib", "\(system)/usr/bin", folder] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        let release = "ID=lmp\nLMP_MACHINE=\"\(machine)\"\n" + (version.map { "IMAGE_VERSION=\"\($0)\"\n" } ?? "")
        try release.write(toFile: "\(system)/usr/lib/os-release", atomically: true, encoding: .utf8)
        try "the same in every version\n".write(toFile: "\(system)/usr/bin/same", atomically: true, encoding: .utf8)
        if bytes > 0 {
            try await Tool.check(["dd", "if=/dev/urandom", "of=\(system)/usr/bin/large", "bs=64K", "count=\(bytes >> 16)", "status=none"])
        }
        try await Tool.check(["ostree", "--repo=\(repository)", "init", "--mode=archive"])
        let made = try await Tool.check([
            "ostree", "--repo=\(repository)", "commit", "--branch=\(reference)", "--tree=dir=\(system)", "--canonical-permissions",
            "--timestamp=2026-01-01 00:00:00 +0000",
        ])
        return BuiltTree(folder: folder, commit: made.text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The tree as a tar.
    func archive() async throws -> String {
        let file = "\(folder).tar"
        try await Tool.check(["tar", "-C", folder, "-cf", file, "ostree_repo"])
        return file
    }
}

extension TestServer {
    /// Builds a tree and imports it; its metadata are made and signed by the server's keys.
    @discardableResult
    func importBuilt(_ version: String, as name: String? = nil, tag: String = "main") async throws -> BuiltTree {
        let tree = try await BuiltTree.make(in: "\(datadir)/built-\(name ?? version)", version: version)
        try await otaserve("updates", "import", tree.folder, "--channel", "ci", "--tag", tag, "--name", name ?? version)
        return tree
    }

    /// The member `signed` of a metadata file of an update.
    func metadata(_ file: String, of update: String, channel: String = "ci", tag: String = "main") -> [String: Any] {
        let document = document("updates/\(channel)/\(tag)/\(update)/tuf/\(file)") as? [String: Any]
        return document?["signed"] as? [String: Any] ?? [:]
    }

    func metadataVersion(_ file: String, of update: String) -> Int { metadata(file, of: update)["version"] as? Int ?? 0 }

    /// The targets of an update by their names.
    func targets(of update: String) -> [String: [String: Any]] {
        metadata("targets.json", of: update)["targets"] as? [String: [String: Any]] ?? [:]
    }

    /// What `updates list` says of an update.
    func listed(_ update: String) async throws -> [String: Any] {
        let list = try JSONSerialization.jsonObject(with: Data(try await otaserve("updates", "list", "-o", "json").utf8))
        return (list as? [[String: Any]] ?? []).first { "\($0["channel"] ?? "")/\($0["tag"] ?? "")/\($0["name"] ?? "")" == update } ?? [:]
    }
}

extension TestDevice {
    /// Makes an empty repository with the server as its remote, as on a device, and pulls the commit. Returns it.
    func pull(_ commit: String, into name: String) async throws -> String {
        let repository = "\(folder)/\(name)"
        try await Tool.check(["ostree", "--repo=\(repository)", "init", "--mode=bare-user-only"])
        try await Tool.check([
            "ostree", "--repo=\(repository)", "remote", "add", "--no-gpg-verify", "--set=tls-client-cert-path=\(folder)/client.pem",
            "--set=tls-client-key-path=\(folder)/pkey.pem", "--set=tls-ca-path=\(folder)/root.crt", "origin", "\(server.gateway)/ostree",
        ])
        try await Tool.check(["timeout", "60", "ostree", "--repo=\(repository)", "pull", "origin", commit])
        return repository
    }
}
