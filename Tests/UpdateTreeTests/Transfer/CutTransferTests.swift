import Foundation
import Synchronization
import Testing

@testable import UpdateTree

@Suite struct CutTransferTests {
    struct Killed: Error {}

    /// Cuts a transfer at the step with that number.
    private func cut(at number: Int) -> @Sendable (TransferStep) throws -> Void {
        let count = Counter()
        return { _ in if count.next() == number { throw Killed() } }
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
    }

    private func steps(from old: String?, to new: String) async throws -> Int {
        let count = Counter()
        let fixture = try prepared(old)
        let source = try SampleSource(new)
        _ = try await fixture.transfer(checkpoint: { _ in _ = count.next() })
            .run(StoreFixture.key("ci/main/live"), inventory: source.inventory, from: source, now: StoreFixture.now)
        return count.next()
    }

    private func prepared(_ old: String?) throws -> TransferFixture {
        let fixture = try TransferFixture()
        if let old { try fixture.site.importSample(old, as: "ci/main/live") }
        return fixture
    }

    @Test("cut at any step there is the old update or the new one, and the next run completes", arguments: ["", "ci/main/42"])
    func everyStep(old: String) async throws {
        let old = old.isEmpty ? nil : old
        let steps = try await steps(from: old, to: "ci/main/43")
        #expect(steps > 30)
        let source = try SampleSource("ci/main/43")
        let key = try StoreFixture.key("ci/main/live")
        for step in 0..<steps {
            let fixture = try prepared(old)
            await #expect(throws: Killed.self) {
                try await fixture.transfer(checkpoint: cut(at: step)).run(
                    key, inventory: source.inventory, from: source, now: StoreFixture.now)
            }
            let isThere = fixture.site.library.catalogue.contains(key)
            #expect(isThere || old == nil)
            if isThere {
                let isNew = try fixture.site.isWhole("ci/main/live", as: "ci/main/43")
                #expect(try isNew || old.map { try fixture.site.isWhole("ci/main/live", as: $0) } == true, "step \(step)")
            }
            #expect(!fixture.updates.contains { $0.hasPrefix(".") }, "step \(step)")
            #expect(try await fixture.bring(source, as: "ci/main/live").isAccepted, "step \(step)")
            #expect(try fixture.site.isWhole("ci/main/live", as: "ci/main/43"))
            #expect(try fixture.site.isAccepted("ci/main/live"))
            #expect(fixture.parts == [], "step \(step)")
        }
    }
}
