import DeviceAuth
import Fleet
import UpdateTree

/// Who is at the other end of one connection, and what is known of it: found once, then kept current by comparing
/// numbers.
// Unchecked: it belongs to one connection and is used on that connection's event loop only.
final class DeviceSession: @unchecked Sendable {
    /// Whether requests of this connection may be answered.
    enum Standing {
        /// No client certificate was presented.
        case anonymous
        case refused(Problem)
        /// The device must be stored first.
        case enroll(DeviceIdentity)
        case ready(DeviceIdentity)
    }

    private let leaf: [UInt8]?
    private var identity: Result<DeviceIdentity, CertificateRefusal>?
    private var trustGeneration: UInt64

    private(set) var entry: DeviceEntry?
    private var revision: UInt64 = 0
    private var known: DeviceState?
    private var standing: Problem?
    private var resolution: (update: UpdateKey?, path: String, problem: Problem) = (nil, "", .noAssignment)
    /// What the updates that may be served said of this one, and when they were asked.
    private var isServed = false
    private var servedGeneration: UInt64 = 0

    private var lastHeaders = CheckInHeaders()
    private var lastSecond: Int64 = 0
    private var boardGeneration: UInt64 = 0

    /// - Parameters:
    ///   - leaf: the client's certificate (DER), nil when it presented none.
    ///   - identity: what it was found to be in the handshake.
    init(leaf: [UInt8]?, identity: Result<DeviceIdentity, CertificateRefusal>?, trustGeneration: UInt64) {
        self.leaf = leaf
        self.identity = identity
        self.trustGeneration = trustGeneration
    }

    /// The state that the last ``stand(in:)`` saw.
    var state: DeviceState? { known }

    /// The update that the last ``stand(in:)`` found for it.
    var update: UpdateKey? { resolution.update }

    func stand(in loop: LoopContext) -> Standing {
        guard let leaf, let before = identity else { return .anonymous }
        _ = loop.current
        if loop.trustGeneration != trustGeneration {
            // CAs or revocation lists changed: an open connection is judged anew.
            trustGeneration = loop.trustGeneration
            identity = loop.identify(leaf).flatMap(Self.device)
        }
        let device: DeviceIdentity
        switch identity ?? before {
        case .failure(let refusal): return .refused(Problem(refusal))
        case .success(let identity): device = identity
        }
        guard loop.now < device.notAfter else {
            return .refused(.certificateExpired)
        }
        if let entry, entry.revision == revision {
            return standing.map { .refused($0) } ?? .ready(device)
        }
        return decide(device, loop)
    }

    /// A site is never taken for a device, not even on a connection that began as one.
    static func device(_ peer: PeerIdentity) -> Result<DeviceIdentity, CertificateRefusal> {
        switch peer {
        case .device(let device): .success(device)
        case .site: .failure(CertificateRefusal(.identityInvalid, "the connection was a device's: connect anew"))
        }
    }

    private func decide(_ device: DeviceIdentity, _ loop: LoopContext) -> Standing {
        // Another connection may have told something else since: what is told here next counts again.
        lastHeaders = CheckInHeaders()
        // Read before the state, so that a change in between is seen at the next request.
        let revisionBefore = loop.services.registry.directory[device.id]?.revision ?? 0
        let (admission, entry) = loop.services.registry.admit(device)
        switch admission {
        case .register, .pin, .wait: return .enroll(device)
        case .refused(let error):
            self.entry = entry
            revision = revisionBefore
            standing = Problem(error)
            return .refused(Problem(error))
        case .admitted:
            guard let entry else { return .enroll(device) }
            self.entry = entry
            revision = revisionBefore
            standing = nil
            let channel = Channel(isProduction: device.isProduction)
            let isChanged = entry.change {
                $0.channel = channel
                $0.certificateEnds = device.notAfter
            }
            if isChanged { loop.noteChange(of: entry) }
            refresh(entry.state, channel: channel)
            return .ready(device)
        }
    }

    private func refresh(_ state: DeviceState, channel: Channel) {
        known = state
        switch Resolution(channel: channel, tag: state.tag, assigned: state.updateName) {
        case .update(let key): resolution = (key, key.path, .updateMissing)
        case .noTag: resolution = (nil, "", .noTag)
        case .notAssigned: resolution = (nil, "", .noAssignment)
        }
        servedGeneration = 0
    }

    /// The directory of the device's update, relative to `updates/`.
    func updatePath(in loop: LoopContext) throws(Problem) -> String {
        guard let update = resolution.update else { throw resolution.problem }
        let generation = loop.services.served.generation
        if generation != servedGeneration {
            servedGeneration = generation
            isServed = loop.isServed(update)
        }
        guard isServed else { throw loop.refusal(of: update) }
        return resolution.path
    }

    /// Merges what the headers of a request say. Returns what that means for the device's rollout, if anything.
    func checkIn(_ headers: CheckInHeaders, _ device: DeviceIdentity, _ loop: LoopContext) throws(Problem) -> RolloutNews? {
        guard let entry else { return nil }
        let second = loop.now
        var isChanged = false
        if !headers.isEmpty, headers != lastHeaders {
            let checkIn: CheckIn
            do { checkIn = try headers.parse() } catch { throw Problem(error) }
            lastHeaders = headers
            if entry.change({ checkIn.apply(to: &$0) }) {
                isChanged = true
                revision = entry.revision
                refresh(entry.state, channel: Channel(isProduction: device.isProduction))
                loop.noteChange(of: entry)
            }
        }
        if second != lastSecond {
            lastSecond = second
            entry.see(at: second)
            loop.noteChange(of: entry)
        }
        let board = loop.services.board
        let generation = board.generation
        guard isChanged || generation != boardGeneration else { return nil }
        boardGeneration = generation
        return board.news(of: device.id, target: known?.targetName, isChanged: isChanged)
    }
}
