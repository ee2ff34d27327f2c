import Fleet
import Testing

@Suite("History of updates") struct UpdateAttemptTests {
    private func attempt(_ events: DeviceEvent...) throws -> UpdateAttempt {
        UpdateAttempt(CorrelatedEvents(correlation: try #require(CorrelationID("c")), events: events))
    }

    @Test("an update that failed tells when, and why")
    func failed() throws {
        let attempt = try attempt(
            event("EcuDownloadStarted", time: "2026-03-01T12:00:00Z", target: "lmp-42"),
            event("EcuDownloadCompleted", success: true, time: "2026-03-01T12:01:00Z", target: "lmp-42"),
            event(
                "EcuInstallationCompleted", success: false, time: "2026-03-01T12:02:00Z", target: "lmp-42",
                details: String(repeating: "é", count: 300)))
        #expect(attempt.outcome == .failed && attempt.target == "lmp-42")
        #expect(attempt.started == 1_772_366_400 && attempt.ended == 1_772_366_520)
        #expect(attempt.reason == String(repeating: "é", count: 256))
    }

    @Test("an update that goes on has no end and no reason, and one without events of an update has no outcome")
    func running() throws {
        let running = try attempt(event("EcuDownloadStarted", time: "soon"), event("EcuDownloadCompleted", success: true, details: "x"))
        #expect(running.outcome == .running && running.started == nil && running.ended == nil && running.reason == nil)
        #expect(try attempt().outcome == .unknown)
        let done = try attempt(event("EcuInstallationCompleted", success: true, time: "1970-01-01T00:00:09Z", details: "x"))
        #expect(done.outcome == .succeeded && done.ended == 9 && done.reason == nil)
    }

    @Test(
        "times are read as devices write them",
        arguments: [
            ("2026-03-01T12:00:00Z", 1_772_366_400), ("2026-03-01T14:00:00+02:00", 1_772_366_400),
            ("2026-03-01T06:30:00-0530", 1_772_366_400), ("2026-03-01T12:00:00.123456Z", 1_772_366_400),
            ("2026-03-01 12:00:00", 1_772_366_400), ("1970-01-01T00:00:00Z", 0), ("2024-02-29T00:00:00Z", 1_709_164_800),
            ("2000-12-31T23:59:59Z", 978_307_199), ("9999-12-31T23:59:59Z", 253_402_300_799),
            ("2023-02-29T00:00:00Z", nil), ("2026-13-01T00:00:00Z", nil), ("2026-00-01T00:00:00Z", nil), ("2026-01-01T24:00:00Z", nil),
            ("2026-01-01T00:60:00Z", nil), ("2026-01-01T00:00:00.Z", nil), ("2026-01-01T00:00:00+2", nil), ("2026-01-01", nil),
            ("1969-12-31T23:59:59Z", nil), ("1970-01-01T00:00:00+01:00", nil), ("", nil), ("２026-01-01T00:00:00Z", nil),
            ("2026-01-01T00:00:00Zx", nil), ("2026/01/01T00:00:00Z", nil),
        ] as [(String, Int64?)])
    func times(text: String, expected: Int64?) { #expect(DeviceTime.seconds(text) == expected) }
}
