/// Lines of a rollout's events, sorted out.
enum RolloutLines {
    /// What a device did; other lines are times, and what the server decided.
    static func isNews(_ line: String) -> Bool { line.hasPrefix("DEVICE_SEEN: ") || line.hasPrefix("DEVICE_STATUS: ") }
}

extension TestServer {
    /// What devices of a rollout did, as its file has it.
    func news(of rollout: String) -> [String] { lines("rollouts/\(rollout)/events").filter(RolloutLines.isNews) }

    /// uuid → stage.
    func stages(of rollout: String) async throws -> [String: String] {
        let devices = try await api("GET", "/v1/rollouts/\(rollout)").json["devices"] as? [[String: Any]] ?? []
        return Dictionary(devices.map { ($0["uuid"] as? String ?? "", $0["stage"] as? String ?? "") }) { first, _ in first }
    }

    func state(of rollout: String) async throws -> String? {
        try await api("GET", "/v1/rollouts/\(rollout)?limit=1").json["state"] as? String
    }
}
