import Foundation
import Testing

/// What rollouts and devices must be after the operations that were answered: the measure for a server that was killed.
struct RolloutModel {
    enum Operation: Equatable {
        case create(update: String)
        case add(rollout: String, devices: [String])
        case start(rollout: String)
    }

    struct Entry {
        let update: String
        var devices: [String] = []
        var isStarted = false
    }

    /// Devices that can take the updates.
    private(set) var assignments: [String: String]
    private var owners: [String: String] = [:]
    private var rollouts: [String: Entry] = [:]
    /// The rollout that was made last.
    private(set) var newest = ""

    init(matching devices: [String]) { assignments = Dictionary(uniqueKeysWithValues: devices.map { ($0, "") }) }

    mutating func know(_ devices: [String]) { for device in devices { assignments[device] = "" } }

    private mutating func created(_ id: String, update: String) {
        rollouts[id] = Entry(update: update)
        newest = id
    }

    mutating func apply(_ operation: Operation) {
        switch operation {
        case .create: return  // Only its answer tells the id.
        case .add(let id, let devices):
            rollouts[id]?.devices += devices
            if rollouts[id]?.isStarted == true { assign(devices, id) }
        case .start(let id):
            rollouts[id]?.isStarted = true
            assign(rollouts[id]?.devices ?? [], id)
        }
    }

    private mutating func assign(_ devices: [String], _ id: String) {
        for device in devices where assignments[device] != nil {
            assignments[device] = rollouts[id]?.update
            owners[device] = id
        }
    }

    /// Sends an operation, and takes it in when it was answered. False when it was not.
    mutating func perform(_ operation: Operation, on server: TestServer) async throws -> Bool {
        let answer: Answer
        switch operation {
        case .create(let update):
            answer = try await server.api("POST", "/v1/rollouts", body: #"{"isProd":false,"tag":"main","updateName":"\#(update)"}"#)
            if answer.status == 201, let id = answer.json["id"] as? String { created(id, update: update) }
        case .add(let id, let devices):
            let list = devices.map { "\"\($0)\"" }.joined(separator: ",")
            answer = try await server.api("PUT", "/v1/rollouts/\(id)/devices?takeOver=true", body: #"{"devices":[\#(list)]}"#)
        case .start(let id): answer = try await server.api("PUT", "/v1/rollouts/\(id)/start?takeOver=true")
        }
        guard answer.status != 0 else { return false }
        guard (200..<300).contains(answer.status) else { throw TestServer.Unexpected(answer: answer) }
        apply(operation)
        return true
    }

    // MARK: Comparing

    /// Expects that the server is as the answers said, or as if `pending`, which got none, had been done; never
    /// between the two. Goes on from what it found.
    mutating func expect(_ server: TestServer, pending: Operation?, _ moment: String) async throws {
        let states = Self.states(server)
        let actual = try await server.assignments().filter { assignments[$0.key] != nil }
        var candidates = [self]
        if let pending {
            candidates.append(self)
            candidates[1].apply(pending)
        }
        guard let found = candidates.last(where: { $0.differences(server, states, actual).isEmpty }) else {
            Issue.record("\(moment): \(candidates.map { $0.differences(server, states, actual).prefix(4).joined(separator: "; ") })")
            return
        }
        self = found
        let active = Set(states.filter { $0.value == "running" }.keys)
        #expect(Set(server.names("rollouts/active")) == active, "\(moment)")
        for id in server.names("rollouts") where id != "active" {
            let decisions = states[id] == "draft" ? [] : ["decisions"]
            #expect(server.names("rollouts/\(id)") == decisions + ["devices.json", "events", "rollout.json"], "\(moment)")
            #expect(states[id] != nil, "\(moment): \(id)")
            // One that was made and not answered is whole and empty.
            if found.rollouts[id] == nil {
                guard case .create(let update)? = pending else {
                    Issue.record("\(moment): nobody made \(id)")
                    continue
                }
                #expect(states[id] == "draft" && server.document("rollouts/\(id)/devices.json") as? [String] == [], "\(moment)")
                created(id, update: update)
            }
        }
    }

    private static func states(_ server: TestServer) -> [String: String] {
        var states: [String: String] = [:]
        for id in server.names("rollouts") where id != "active" {
            states[id] = (server.document("rollouts/\(id)/rollout.json") as? [String: Any])?["state"] as? String
        }
        return states
    }

    private func differences(_ server: TestServer, _ states: [String: String], _ actual: [String: String]) -> [String] {
        var differences: [String] = []
        let others = assignments.filter { actual[$0.key] != $0.value }
        if let (device, update) = others.first {
            differences.append("\(others.count) devices differ, \(device) has \(actual[device] ?? "nothing") and not \(update)")
        }
        for (id, entry) in rollouts {
            if server.document("rollouts/\(id)/devices.json") as? [String] != entry.devices { differences.append("devices of \(id)") }
            if states[id] != state(id, entry) { differences.append("\(id) is \(states[id] ?? "absent") and not \(state(id, entry))") }
        }
        return differences
    }

    private func state(_ id: String, _ entry: Entry) -> String {
        guard entry.isStarted else { return "draft" }
        let matching = entry.devices.filter { assignments[$0] != nil }
        return matching.isEmpty || matching.contains { owners[$0] == id } ? "running" : "completed"
    }
}
