import DeviceAuth
import Fleet

/// One line of the fleet's log: compact JSON that begins with the device.
///
/// Written without a coder: a start of a rollout writes one for each of its devices, and ids, names and words have no
/// byte that JSON escapes.
enum FleetLine {
    static func event(_ line: [UInt8], rollout: RolloutID?, of device: DeviceID, at time: String) -> [UInt8] {
        let rollout = rollout.map { ",\"rollout\":\"\($0.text)\"" } ?? ""
        let head = "\(beginning(device))\"type\":\"event\",\"time\":\"\(time)\"\(rollout),\"event\":"
        return Array(head.utf8) + line.dropLast() + Array("}\n".utf8)
    }

    static func note(_ note: FleetNote, at time: String) -> [UInt8] {
        var line = "\(beginning(note.device))\"type\":\"\(note.word)\",\"time\":\"\(time)\""
        if case .assigned(let name) = note.kind { line += ",\"update\":" + (name.map { "\"\($0.text)\"" } ?? "null") }
        return Array((line + "}\n").utf8)
    }

    /// Tells a device's lines from others.
    static func beginning(_ device: DeviceID) -> String { "{\"device\":\"\(device.text)\"," }
}
