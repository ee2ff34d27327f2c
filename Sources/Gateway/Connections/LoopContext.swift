import DeviceAuth
import Fleet
import Foundation
import Logging
import NIOCore
import NIOPosix

/// What all connections of one event loop share, so it needs no lock.
// Unchecked: every member is used on `loop` only; other threads merely carry the reference to it.
final class LoopContext: @unchecked Sendable {
    let loop: any EventLoop
    let services: GatewayServices
    let limits: GatewayLimits
    let logger: Logger
    let files: FileCache
    let pool: NIOThreadPool
    /// Bytes of request bodies that are being collected.
    var bodyBytes = 0

    private let certificates: CertificateStore
    private var trusted: CertificateStore.Current
    private(set) var trustGeneration: UInt64
    private var waiting: [DeviceEntry] = []
    private var connections: [ObjectIdentifier: any SweptConnection] = [:]
    private var dateSecond: Int64 = 0
    private var dateText = ""
    private(set) var isDraining = false

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
        trustGeneration = certificates.generation
        trusted = certificates.value
    }

    /// Seconds since 1970.
    var now: Int64 { services.now() }

    /// The current value of the `Date` field.
    var date: String {
        let second = now
        if second != dateSecond {
            dateSecond = second
            dateText = HTTPDate.text(second)
        }
        return dateText
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

    /// Identifies the device of a leaf certificate by the trust of this moment.
    func identify(_ leaf: [UInt8]) -> Result<DeviceIdentity, CertificateRefusal> {
        let trust = current.trust
        return Result { () throws(CertificateRefusal) in
            try trust.identify(leaf: leaf, now: Date(timeIntervalSince1970: TimeInterval(now)))
        }
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

    var connectionCount: Int { connections.count }

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
