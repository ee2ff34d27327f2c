import Foundation
import Testing

/// Brings `ci/main/43` into a data directory that has `ci/main/42`, killed before one change of a file after the other.
///
/// Each time the tree must have 43 as a whole or not at all, the same command must complete it, and the store must be
/// whole.
struct KilledArrival {
    /// The data directory that every round begins with.
    let base: TestServer
    /// The command, without program and data directory.
    let arguments: [String]

    private var copy: String { "\(base.datadir)-copy" }

    /// Takes the changes `first`, `first + step`, … until the command ends by itself.
    func run(first: Int, step: Int) async throws {
        let killPoint = try await KillPoint(in: base.datadir)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        var point = first
        var untouched = 0
        while true {
            try? FileManager.default.removeItem(atPath: copy)
            try await Tool.check(["cp", "-a", base.datadir, copy])
            try killPoint.arm(point)
            let outcome = try await otaserve(arguments, environment: killPoint.environment)
            killPoint.disarm()
            let wasKilled = outcome.status == SIGKILL
            #expect(wasKilled || outcome.status == 0, "change \(point): \(outcome.errors)")
            if try await !check(at: point) { untouched += 1 }
            guard wasKilled else { break }
            point += step
        }
        #expect(untouched > 5, "the command did not die at its changes")
        print("\(arguments.prefix(2).joined(separator: " ")): killed before every change from \(first) to \(point) in steps of \(step)")
    }

    /// Returns whether the update was there when the command had died.
    private func check(at point: Int) async throws -> Bool {
        let present = names("updates/ci/main")
        let isThere = present == ["42", "43"]
        #expect(isThere || present == ["42"], "change \(point): \(present)")
        if isThere {
            let shown = try await otaserve(["updates", "show", "ci/main/43"])
            #expect(shown.text.contains(#""verified" : true"#), "change \(point): \(shown.text)")
        } else {
            let again = try await otaserve(arguments)
            #expect(again.status == 0, "change \(point): \(again.errors)")
        }
        let difference = try await Tool.run(["diff", "-r", "\(Binaries.samples)/ci/main/43", "\(copy)/updates/ci/main/43"])
        #expect(difference.status == 0, "change \(point): \(difference.text)")
        let store = try await otaserve(["store", "verify"])
        #expect(store.status == 0, "change \(point): \(store.errors)")
        return isThere
    }

    private func otaserve(_ arguments: [String], environment: [String: String] = [:]) async throws -> Tool.Outcome {
        try await Tool.run([Binaries.otaserve, "--datadir", copy] + arguments, environment: environment)
    }

    private func names(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(copy)/\(path)")) ?? []).sorted()
    }
}
