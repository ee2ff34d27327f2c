import FileTree
import Foundation
import TUF

@testable import UpdateTree

/// The data directory of a site.
struct TransferFixture {
    let site: StoreFixture

    init(trustsSample: Bool = true) throws { site = try StoreFixture(trustsSample: trustsSample) }

    func transfer(
        limits: TransferLimits = TransferLimits(), parallel: Int = 1,
        checkpoint: @escaping @Sendable (TransferStep) throws -> Void = { _ in }
    ) -> UpdateTransfer {
        UpdateTransfer(
            library: site.library, settings: VerificationSettings(workers: 1), limits: limits, parallel: parallel, checkpoint: checkpoint)
    }

    @discardableResult
    func bring(_ source: SampleSource, as key: String? = nil, inventory: Inventory? = nil) async throws -> UpdateReport {
        try await transfer().run(
            key.map(StoreFixture.key) ?? source.key, inventory: inventory ?? source.inventory, from: source, now: StoreFixture.now)
    }

    /// Names below `transfers/`, without the lock.
    var parts: [String] { names("transfers").filter { $0 != "lock" } }

    /// What somebody who lists the tree sees, hidden names too.
    var updates: [String] { names("updates") + names("updates/ci") + names("updates/ci/main") }

    private func names(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(site.path)/\(folder)")) ?? []).sorted()
    }

    /// Nothing of the update is visible and nothing private is left.
    var isEmpty: Bool { updates.allSatisfy { ["ci", "prod", "main"].contains($0) } }
}

/// The error of a transfer that must not succeed.
func failure(_ body: () async throws -> UpdateReport) async -> (any Error)? {
    do {
        _ = try await body()
        return nil
    } catch { return error }
}
