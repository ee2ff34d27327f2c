import Snaps

@testable import SoftwareAgent

/// Snaps and states that several suites begin with.
enum Samples {
    static let base = file("testbase", .base, "B")
    static let app = file("hello", .app, "H")

    static func file(_ name: String, _ kind: SnapKind, _ digit: Character, source: RequiredSnap.Source = .update) -> RequiredSnap {
        // Valid names and digests, as they stand here.
        let digest = try? SnapDigest(String(repeating: digit, count: 64))
        let file = (try? SnapName(name)).flatMap { name in
            digest.flatMap { digest in
                (try? SnapRevision("1")).map {
                    SnapFile(
                        name: name, revision: $0, architecture: "all", base: nil, kind: kind, isClassic: false, digest: digest, size: 4)
                }
            }
        }
        return file.map { RequiredSnap($0, from: source, channel: nil, isClassic: false) } ?? store("broken")
    }

    static func store(_ name: String) -> RequiredSnap {
        (try? SnapName(name)).map { RequiredSnap(name: $0, channel: nil, isClassic: false) } ?? store("a")
    }

    /// A state that was asked for `snaps`, its heartbeat behind it, and nobody to tell.
    static func asked(_ snaps: [RequiredSnap]) -> AgentState {
        var state = AgentState(AgentRecord(), timing: AgentTiming(heartbeat: 3600), now: 0)
        state.beginHeartbeat(at: 0, chance: 0.5)
        state.ask(SnapRequest(id: "r", required: snaps))
        state.deliver()
        return state
    }

    /// One whose required change runs in snapd.
    static func installing() -> AgentState {
        var state = asked([base, app])
        state.take(
            .listed([]), .fetched(base), .fetched(app), .acknowledged(base), .acknowledged(app), .changesNumbered(last: 7, .required),
            .started(change: "8", .required))
        return state
    }

    static func change(_ status: String) -> SnapdChange? { SnapdChange(["id": "8", "status": status, "ready": false]) }
}

extension AgentState {
    mutating func ask(_ requests: SnapRequest..., at now: Int64 = 0) {
        apply(.heartbeatTaken(SnapRequests(requests)), at: now, chance: 0)
    }

    mutating func take(_ events: AgentEvent..., at now: Int64 = 0) { for event in events { apply(event, at: now, chance: 0) } }

    mutating func deliver() { while let answer = kept.answers.first { take(.delivered(answer, SnapRequests([]))) } }
}
