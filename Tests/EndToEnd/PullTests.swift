import Foundation
import Testing

@Suite("The real ostree pulls an update")
struct PullTests {
    private static let reference = "intel-corei7-64-lmp"

    @Test("42 object by object, 43 by the delta and without it", arguments: [true, false])
    func pull(isHTTP2: Bool) async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.assignedDevice("one")
        // Enough loose objects that they are fetched in parallel.
        let (grown, size) = try await Self.grow(server)
        #expect(size > 200_000)
        _ = try await server.rollout(grown, to: ["one"])
        let big = try await Self.client("big", device, isHTTP2: isHTTP2)
        try await Self.run(big, "pull", "origin", Self.reference)
        try await Self.run(big, "fsck", "--quiet")

        _ = try await server.rollout("42", to: ["one"])
        let byDelta = try await Self.client("delta", device, isHTTP2: isHTTP2)
        let plain = try await Self.client("plain", device, isHTTP2: isHTTP2)
        for repository in [byDelta, plain] { try await Self.run(repository, "pull", "origin", Self.reference) }
        try await Self.checkout(byDelta, to: "\(device.folder)/42")

        _ = try await server.rollout("43", to: ["one"])
        try await Self.run(byDelta, "pull", "--require-static-deltas", "origin", Self.reference)
        try await Self.run(plain, "pull", "--disable-static-deltas", "origin", Self.reference)
        for repository in [byDelta, plain] {
            try await Self.run(repository, "fsck", "--quiet")
            #expect(try await Self.run(repository, "rev-parse", "origin:\(Self.reference)") == Self.commit("43"))
        }
        // Required where there is none, it fails: so it was used above.
        let without = try await Self.client("without", device, isHTTP2: isHTTP2)
        let refused = try await Tool.run(["ostree", "--repo=\(without)", "pull", "--require-static-deltas", "origin", Self.reference])
        #expect(refused.status != 0)

        try await Self.checkout(plain, to: "\(device.folder)/43")
        let difference = try await Tool.run(["diff", "-rq", "\(device.folder)/42", "\(device.folder)/43"])
        #expect(difference.status == 1 && difference.text.contains("/usr/share/demo/changed.txt differ"), "\(difference.text)")
        #expect(difference.text.contains("added.txt") && difference.text.contains("removed.txt"), "\(difference.text)")
    }

    private static func commit(_ update: String) -> String {
        let file = Sample.file("ostree_repo/refs/heads/\(reference)", of: "ci/main/\(update)")
        return String(decoding: file ?? Data(), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A repository with the server as its remote, set up as on a device.
    private static func client(_ name: String, _ device: TestDevice, isHTTP2: Bool) async throws -> String {
        let repository = "\(device.folder)/\(name)"
        try await run(repository, "init", "--mode=bare-user-only")
        try await run(
            repository, "remote", "add", "--no-gpg-verify", "--set=tls-client-cert-path=\(device.folder)/client.pem",
            "--set=tls-client-key-path=\(device.folder)/pkey.pem", "--set=tls-ca-path=\(device.folder)/root.crt",
            "--set=http2=\(isHTTP2)", "origin", "\(device.server.gateway)/ostree")
        return repository
    }

    private static func checkout(_ repository: String, to folder: String) async throws {
        try await run(repository, "checkout", "-U", "origin:\(reference)", folder)
    }

    @discardableResult
    private static func run(_ repository: String, _ arguments: String...) async throws -> String {
        try await Tool.check(["timeout", "60", "ostree", "--repo=\(repository)"] + arguments).text
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Puts an update with 300 files of random bytes into the tree; returns its name and the bytes of its objects.
    private static func grow(_ server: TestServer) async throws -> (name: String, size: Int) {
        let name = "44"
        let update = server.update(name)
        try await Tool.check(["cp", "-r", "\(Binaries.samples)/ci/main/42", update])
        try await Tool.check(["rm", "-rf", "\(update)/ostree_repo"])
        let files = "\(server.datadir)/files"
        try await Tool.check(
            ["bash", "-c", "mkdir -p $0/d{1..10}; for i in {1..300}; do head -c 2000 /dev/urandom > $0/d$((i % 10 + 1))/$i; done", files])
        try await run("\(update)/ostree_repo", "init", "--mode=archive")
        try await run("\(update)/ostree_repo", "commit", "--branch=\(reference)", "--tree=dir=\(files)", "--canonical-permissions")
        try await run("\(update)/ostree_repo", "summary", "--update")
        let size = try await Tool.check(["du", "-sb", "\(update)/ostree_repo/objects"]).text.split(separator: "\t")[0]
        return (name, Int(size) ?? 0)
    }
}
