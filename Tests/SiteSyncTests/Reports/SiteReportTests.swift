import DeviceAuth
import Fleet
import Foundation
import Synchronization
import Testing
import UpdateTree

@testable import Persistence
@testable import SiteSync

@Suite("the reports of a site") struct SiteReportTests {
    private let site: SiteName

    init() throws { site = try SiteName("plant-2") }

    @Test("upstream sees the site's devices, how many have which update, and as of when")
    func seen() async throws {
        let world = try ReportWorld()
        world.devices.withLock { $0 = [] }
        let devices = try [
            ReportWorld.device("d1", seen: 10), ReportWorld.device("d2", update: nil, seen: 20), ReportWorld.device("d3", tag: nil),
        ]
        world.devices.withLock { $0 = devices }
        #expect(await world.refusal(try world.reporter(world.signer()).make(now: world.now).bytes, from: "plant-2") == nil)
        let receipt = try #require(try world.store.receipt(of: site))
        #expect(receipt.devices == 3 && receipt.lastSeen == 20 && receipt.asOf == ReportWorld.start && receipt.via == .wire)
        #expect(receipt.updates.map(\.devices) == [1])
        #expect(try world.store.report(of: site)?.devices == devices)
        #expect(try world.store.receipts() == [receipt])
    }

    @Test("what the site's certificate does not cover counts nowhere")
    func grants() async throws {
        let world = try ReportWorld()
        let devices = try [ReportWorld.device("d1"), ReportWorld.device("d2", isProd: true), ReportWorld.device("d3", tag: "other")]
        world.devices.withLock { $0 = devices }
        #expect(await world.refusal(try world.reporter(world.signer()).make(now: world.now).bytes) == nil)
        let receipt = try #require(try world.store.receipt(of: site))
        #expect(receipt.devices == 1 && receipt.passedOver == 2)
        #expect(try world.store.report(of: site)?.devices.map(\.uuid.text) == ["d1"])
    }

    @Test("a line comes to upstream once, however often it is sent, and none is lost with a lost report")
    func lines() async throws {
        let world = try ReportWorld()
        let reporter = try world.reporter(world.signer())
        world.events.withLock { $0 = ["DEVICE_SEEN: d1"] }
        try await world.audit.record(AuditEntry(time: world.now, actor: .local, action: "a", subject: "s", outcome: "done"))
        let lost = try reporter.make(now: world.now)
        world.events.withLock { $0.append("DEVICE_SEEN: d2") }
        let second = try reporter.make(now: world.now)
        #expect(await world.refusal(second.bytes) == nil)
        world.events.withLock { $0.append("DEVICE_SEEN: d3") }
        let third = try reporter.make(now: world.now)
        #expect(await world.refusal(third.bytes) == nil)
        #expect(world.text("events") == "r1 16 DEVICE_SEEN: d1\nr1 32 DEVICE_SEEN: d2\nr1 48 DEVICE_SEEN: d3\n")
        #expect(world.text("audit").split(separator: "\n").count == 1)
        // Acknowledged lines are not sent again; an acknowledgement of something unknown changes nothing.
        try reporter.acknowledge(lost.sequence + 1_000_000)
        try reporter.acknowledge(third.sequence)
        try reporter.acknowledge(lost.sequence)
        let fourth = try SiteReport(document: SiteReportEnvelope(parsing: reporter.make(now: world.now).bytes).report)
        #expect(fourth.events.isEmpty && fourth.audit.isEmpty)
    }

    @Test("a site that lost its state reports above its old numbers, and no line is doubled")
    func lostState() async throws {
        let world = try ReportWorld()
        let signer = try world.signer()
        world.events.withLock { $0 = ["DEVICE_SEEN: d1"] }
        #expect(await world.refusal(try world.reporter(signer).make(now: world.now).bytes) == nil)
        try world.upstream.remove("at-the-site/report-state.json")
        world.pass(60)
        #expect(await world.refusal(try world.reporter(signer).make(now: world.now).bytes) == nil)
        #expect(world.text("events") == "r1 16 DEVICE_SEEN: d1\n")
    }

    @Test(
        "upstream that is killed at any step has the old report or the new one, and each line once",
        arguments: SiteReportFiles.Step.allCases)
    func killed(step: SiteReportFiles.Step) async throws {
        let kills = Mutex(false)
        let world = try ReportWorld { at in
            if at == step, kills.withLock({ $0 }) { throw Killed() }
        }
        let reporter = try world.reporter(world.signer())
        world.events.withLock { $0 = ["DEVICE_SEEN: d1"] }
        #expect(await world.refusal(try reporter.make(now: world.now).bytes) == nil)
        world.events.withLock { $0.append("DEVICE_SEEN: d2") }
        let device = try ReportWorld.device("d9")
        world.devices.withLock { $0 = [device] }
        let report = try reporter.make(now: world.now)
        kills.withLock { $0 = true }
        _ = await world.refusal(report.bytes)
        #expect(try world.store.report(of: site) != nil)
        kills.withLock { $0 = false }
        #expect(await world.refusal(report.bytes) == nil)
        #expect(world.text("events") == "r1 16 DEVICE_SEEN: d1\nr1 32 DEVICE_SEEN: d2\n")
        #expect(try world.store.report(of: site)?.devices == [device])
    }

    @Test("lines of a report that was never acknowledged, because upstream was killed, are taken away again")
    func uncommitted() async throws {
        let kills = Mutex(false)
        let world = try ReportWorld { at in
            if at == .afterLines, kills.withLock({ $0 }) { throw Killed() }
        }
        let reporter = try world.reporter(world.signer())
        world.events.withLock { $0 = ["DEVICE_SEEN: d1"] }
        #expect(await world.refusal(try reporter.make(now: world.now).bytes) == nil)
        world.events.withLock { $0.append("DEVICE_SEEN: d2") }
        kills.withLock { $0 = true }
        _ = await world.refusal(try reporter.make(now: world.now).bytes)
        kills.withLock { $0 = false }
        world.events.withLock { _ = $0.removeLast() }
        #expect(await world.refusal(try reporter.make(now: world.now).bytes) == nil)
        #expect(world.text("events") == "r1 16 DEVICE_SEEN: d1\n")
    }

    @Test(
        "a signature is over bytes: openssl checks it too", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
    func openssl() throws {
        let world = try ReportWorld()
        let envelope = try SiteReportEnvelope(parsing: world.reporter(world.signer()).make(now: world.now).bytes)
        for (name, bytes) in [("report", envelope.report), ("sig", envelope.signature), ("crt", envelope.certificate)] {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(world.path)/\(name)"))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.currentDirectoryURL = URL(fileURLWithPath: world.path)
        process.arguments = [
            "-c", "openssl x509 -in crt -pubkey -noout > pub && openssl dgst -sha256 -verify pub -signature sig report > /dev/null",
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}
