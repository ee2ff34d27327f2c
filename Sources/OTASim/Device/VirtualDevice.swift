import Foundation

/// One device: what it runs, and what it does again and again.
///
/// It sleeps without a connection; a contact takes one of the run's places for its few requests.
struct VirtualDevice {
    /// What all devices of a run have in common.
    struct Model: Sendable {
        let tag: String
        let hardware: String
        let behaviour: Behaviour
        let board: Board
        let places: Places
    }

    let uuid: String
    let gateway: GatewayClient
    let model: Model
    private var numbers: SeededNumbers
    private var running: Target
    /// The version of the newest root that it has.
    private var root = 2
    /// The timestamp that it saw last: while it is the same there is nothing new.
    private var timestamp: Data?
    /// Tried, and not tried again.
    private var failed = Set<String>()
    /// Events that the server has not taken yet.
    private var outbox: [UpdateEvent] = []

    init(uuid: String, running: Target, gateway: GatewayClient, model: Model) {
        self.uuid = uuid
        self.running = running
        self.gateway = gateway
        self.model = model
        numbers = SeededNumbers(seed: model.behaviour.seed, uuid)
    }

    /// Returns when the task is cancelled, or at once after the first contact when the device is a silent one.
    mutating func run() async throws {
        // Spread over one interval, as a fleet is.
        try await Task.sleep(for: pause(model.behaviour.poll, from: 0, to: 1))
        while try await !introduce() { try await Task.sleep(for: pause(model.behaviour.poll, from: 0.5, to: 1)) }
        if model.behaviour.isSilent(uuid) { return model.board.set(uuid, .silent) }
        while !Task.isCancelled {
            if let target = try await check() { try await take(target) }
            try await Task.sleep(for: pause(model.behaviour.poll, from: 0.8, to: 1.2))
        }
    }

    // MARK: Contacts

    /// The first contact registers the device.
    private mutating func introduce() async throws -> Bool {
        let network = Data(#"{"hostname":"\#(uuid)","local_ipv4":"10.0.0.1","mac":"02:00:00:00:00:01"}"#.utf8)
        let answer = try await send("PUT", "/system_info/network", body: network)
        guard let answer, answer.status == 200 else { return false }
        model.board.set(uuid, .idle)
        return true
    }

    /// Looks for a target that is newer than what runs.
    private mutating func check() async throws -> Target? {
        try await flush()
        try await fetchRoots()
        guard let latest = try await send("GET", "/repo/timestamp.json"), latest.status == 200 else { return nil }
        guard latest.body != timestamp else { return nil }
        guard let snapshot = try await send("GET", "/repo/snapshot.json"), snapshot.status == 200,
            let targets = try await send("GET", "/repo/targets.json"), targets.status == 200
        else { return nil }
        timestamp = latest.body
        guard let best = try? Target.best(in: targets.body, tag: model.tag, hardware: model.hardware),
            best.version > running.version, !failed.contains(best.name)
        else { return nil }
        return best
    }

    /// The next root until there is none.
    private mutating func fetchRoots() async throws {
        while let answer = try await send("GET", "/repo/\(root + 1).root.json"), answer.status == 200 { root += 1 }
    }

    /// What aktualizr-lite fetches first of a commit.
    private func fetchCommit(_ hash: String) async throws -> Bool {
        _ = try await send("POST", "/ostree/download-urls", body: Data("null".utf8))
        for path in ["config", "objects/\(hash.prefix(2))/\(hash.dropFirst(2)).commit"] {
            guard let answer = try await send("GET", "/ostree/\(path)"), answer.status == 200 else { return false }
        }
        return true
    }

    // MARK: An update

    private mutating func take(_ target: Target) async throws {
        let fate = model.behaviour.fate(of: target.name, on: uuid)
        let correlation = "\(target.version)-\(identifier())"
        note("EcuDownloadStarted", target, correlation)
        model.board.set(uuid, .downloading)
        try await flush()
        try await Task.sleep(for: pause(model.behaviour.download, from: 0.5, to: 2))
        let isThere = try await fetchCommit(target.hash)
        guard fate != .downloadFails, isThere else {
            note("EcuDownloadCompleted", target, correlation, false, isThere ? "no space left on device" : "cannot fetch the commit")
            return try await giveUp(target, .downloadFailed)
        }
        note("EcuDownloadCompleted", target, correlation, true)
        note("EcuInstallationStarted", target, correlation)
        model.board.set(uuid, .installing)
        try await flush()
        try await Task.sleep(for: pause(model.behaviour.installation, from: 0.5, to: 2))
        guard fate != .installFails else {
            note("EcuInstallationCompleted", target, correlation, false, "the deployment did not boot: rolled back")
            return try await giveUp(target, .installationFailed)
        }
        note("EcuInstallationApplied", target, correlation)
        // From here on its check-ins tell of the new one.
        running = target
        note("EcuInstallationCompleted", target, correlation, true)
        model.board.set(uuid, .updated)
        try await flush()
    }

    /// A target that was not fated to fail is tried again: the server was not reached.
    private mutating func giveUp(_ target: Target, _ state: Board.State) async throws {
        if model.behaviour.fate(of: target.name, on: uuid) == .installed { timestamp = nil } else { failed.insert(target.name) }
        model.board.set(uuid, state)
        try await flush()
    }

    private mutating func note(_ type: String, _ target: Target, _ correlation: String, _ success: Bool? = nil, _ details: String? = nil) {
        outbox.append(
            UpdateEvent(
                type, of: target, correlation: correlation, ecu: model.hardware, success: success, details: details, id: identifier(),
                now: Date()))
    }

    /// Sends what waits, six at once; what the server does not take stays.
    private mutating func flush() async throws {
        while !outbox.isEmpty {
            let batch = Array(outbox.prefix(6))
            guard let answer = try await send("POST", "/events", body: try JSONEncoder().encode(batch)) else { return }
            // What the server does not know is dropped, as devices do.
            guard answer.status == 200 || answer.status == 404 else { return }
            outbox.removeFirst(batch.count)
        }
    }

    // MARK: Parts

    /// One request in one of the run's places; nil when the server was not reached.
    private func send(_ method: String, _ path: String, body: Data? = nil) async throws -> GatewayClient.Answer? {
        try await model.places.take()
        defer { model.places.give() }
        var headers: [(String, String)] = []
        if !path.hasPrefix("/ostree/") {
            headers = [
                ("x-ats-tags", model.tag), ("x-ats-target", running.name), ("x-ats-ostreehash", running.hash),
                ("x-ats-dockerapps", running.apps.joined(separator: ",")),
            ]
        }
        let answer = try await gateway.send(method, path, headers: headers, body: body)
        model.board.count(answer?.status)
        return answer
    }

    /// Of the middle, evenly between two factors.
    private mutating func pause(_ middle: Duration, from low: Double, to high: Double) -> Duration {
        middle * Double.random(in: low...high, using: &numbers)
    }

    private mutating func identifier() -> String {
        let digits = [numbers.next(), numbers.next()].map { number in
            let text = String(number, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        return digits.joined(separator: "-")
    }
}
