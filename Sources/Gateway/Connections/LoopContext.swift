import DeviceAuth
import Fleet
import Foundation
import Logging
import NIOCore
import NIOPosix
import UpdateTree

/// What all connections of one event loop share, so it needs no lock.
// Unchecked: every member is used on `loop` only; other threads merely carry the reference to it.
final class LoopContext: @unchecked Sendable {
    let loop: any EventLoop
    let services: GatewayServices
    let limits: GatewayLimits
    let logger: Logger
    let files: FileCache
    let pool: NIOThreadPool
    let heldTexts = HeldTexts()
    /// For request bodies that are being collected.
    let bodies: BodyBudget
    let siteBodies: BodyBudget

    private let certificates: CertificateStore
    private var trusted: CertificateStore.Current
    private(set) var trustGeneration: UInt64
    private var waiting: [DeviceEntry] = []
    private var connections: [ObjectIdentifier: any SweptConnection] = [:]
    private var recent: [[UInt8]: (identity: PeerIdentity, second: Int64)] = [:]
    private var recentGeneration: UInt64 = 0
    private var dateSecond: Int64 = 0
    private var dateText = ""
    /// The updates that may be served, as they were at that generation.
    var served: (generation: UInt64, keys: Set<UpdateKey>) = (0, [])
    /// The snaps that are there, as they were at that generation.
    var heldShelves: (generation: UInt64, shelves: SnapShelves) = (0, .empty)
    private var configurationHeld: ConfigurationSnapshot?
    private var keptHeadEnd = ByteBuffer()
    private var closedHeadEnd = ByteBuffer()
    private(set) var isDraining = false

    private static let mostRecent = 512
    private static let recentSeconds: Int64 = 60

    init(
        loop: any EventLoop, services: GatewayServices, limits: GatewayLimits, certificates: CertificateStore,
        pool: NIOThreadPool, logger: Logger
    ) {
        self.loop = loop
        self.services = services
        self.limits = limits
        self.certificates = certificates
        self.pool = pool
        self.logger = logger
        files = FileCache(updates: services.updates)
        bodies = BodyBudget(limit: limits.bodyBytes)
        siteBodies = BodyBudget(limit: limits.siteBodyBytes)
        trustGeneration = certificates.generation
        trusted = certificates.value
    }

    /// Seconds since 1970.
    var now: Int64 { services.now() }

    /// The current value of the `Date` field.
    var date: String {
        refreshDate()
        return dateText
    }

    /// The end of an HTTP/1 head: `Date`, perhaps `Connection: close`, and the empty line.
    func headEnd(keepsAlive: Bool, at second: Int64? = nil) -> ByteBuffer {
        refreshDate()
        if let second, second != dateSecond {
            return ByteBuffer(string: "date: \(HTTPDate.text(second))\r\n\(keepsAlive ? "" : "connection: close\r\n")\r\n")
        }
        return keepsAlive ? keptHeadEnd : closedHeadEnd
    }

    /// The configuration of the fleet and its groups. Takes a lock only when something changed since the last question.
    var configuration: ConfigurationSnapshot {
        let current = services.configurations
        if let held = configurationHeld, held.revision == current.revision { return held }
        let snapshot = current.snapshot
        configurationHeld = snapshot
        return snapshot
    }

    private func refreshDate() {
        let second = now
        guard second != dateSecond else { return }
        dateSecond = second
        dateText = HTTPDate.text(second)
        keptHeadEnd = ByteBuffer(string: "date: \(dateText)\r\n\r\n")
        closedHeadEnd = ByteBuffer(string: "date: \(dateText)\r\nconnection: close\r\n\r\n")
    }

    /// The certificates as they are now; one atomic load while nothing changed.
    var current: CertificateStore.Current {
        let generation = certificates.generation
        if generation != trustGeneration {
            trusted = certificates.value
            trustGeneration = generation
        }
        return trusted
    }

    /// Identifies the device or site of a leaf certificate by the trust of this moment.
    ///
    /// Some clients make a connection per request: what was found a minute ago at most is found again without
    /// checking the signature anew, unless certificates or revocation lists were reloaded since.
    func identify(_ leaf: [UInt8]) -> Result<PeerIdentity, CertificateRefusal> {
        let trust = current.trust
        let second = now
        if recentGeneration != trustGeneration || recent.count >= Self.mostRecent {
            recent.removeAll(keepingCapacity: true)
            recentGeneration = trustGeneration
        }
        if let known = recent[leaf], second - known.second < Self.recentSeconds, second < known.identity.notAfter {
            return .success(known.identity)
        }
        let result = Result { () throws(CertificateRefusal) in
            try trust.identify(leaf: leaf, now: Date(timeIntervalSince1970: TimeInterval(second)))
        }
        if case .success(let identity) = result { recent[leaf] = (identity, second) }
        return result
    }

    // MARK: Check-ins

    /// Puts a device into the write-behind buffer.
    func noteChange(of entry: DeviceEntry) {
        if entry.enqueue() { waiting.append(entry) }
    }

    /// Takes what is to be written.
    func takeCheckIns() -> [CheckInRecord] {
        let entries = waiting
        waiting.removeAll(keepingCapacity: entries.count < 4096)
        return entries.map { $0.dequeue() }
    }

    // MARK: Connections

    func add(_ connection: any SweptConnection) { connections[ObjectIdentifier(connection)] = connection }

    func remove(_ connection: any SweptConnection) { connections[ObjectIdentifier(connection)] = nil }

    /// Ends the connections that are past their time. One pass per second instead of a timer per request.
    func sweep() {
        let now = loop.now
        for connection in connections.values where connection.deadline < now { connection.expire() }
    }

    /// Lets every connection end when it has answered what it was asked.
    func drain() {
        isDraining = true
        for connection in connections.values { connection.drain() }
    }

    func closeAll() {
        for connection in connections.values { connection.expire() }
    }
}

/// A connection that the loop's sweep may end.
protocol SweptConnection: AnyObject {
    /// Past this time it is ended.
    var deadline: NIODeadline { get }
    func expire()
    /// Finish what is under way, then close.
    func drain()
}
