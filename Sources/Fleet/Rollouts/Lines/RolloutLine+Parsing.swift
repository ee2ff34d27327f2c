import DeviceAuth
import UpdateTree

extension RolloutLine {
    /// Nil when the line is none: such lines stay in the file and change nothing.
    public init?(_ line: some StringProtocol) {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let word = line[..<colon]
        let after = line[line.utf8.index(after: colon)...]
        guard after.utf8.first == UInt8(ascii: " ") else { return nil }
        let rest = String(decoding: after.utf8.dropFirst(), as: UTF8.self)
        if word.hasPrefix("DEVICE_") {
            self.init(device: String(word.dropFirst(7)), rest)
        } else {
            self.init(word: String(word), rest)
        }
    }

    private init?(word: String, _ rest: String) {
        switch word {
        case "AT":
            guard let seconds = Moment.seconds(rest) else { return nil }
            self = .at(seconds)
        case "SCHEDULED": self = .scheduled(by: rest)
        case "APPROVED": self = .approved(by: rest)
        case "RESUMED": self = .resumed(by: rest)
        case "ABORTED": self = .aborted(by: rest)
        case "REVERTED": self = .reverted(by: rest)
        case "COMPLETED": self = .completed
        case "SETTLED": self = .settled
        case "STARTED":
            guard let count = Int(rest) else { return nil }
            self = .started(devices: count)
        case "PHASE":
            guard let number = Int(rest), number > 0 else { return nil }
            self = .phase(number)
        case "GATE":
            let parts = rest.split(separator: " ")
            guard parts.count == 2, let number = Int(parts[0]), number > 0 else { return nil }
            self = .gate(number, isMet: parts[1] == "met")
        case "PAUSED":
            guard let pause = Pause(rest) else { return nil }
            self = .paused(pause)
        default: return nil
        }
    }

    private init?(device word: String, _ rest: String) {
        let space = rest.utf8.firstIndex(of: UInt8(ascii: " "))
        guard let id = try? DeviceID(String(rest[..<(space ?? rest.endIndex)])) else { return nil }
        switch (word, space.map { String(rest[rest.utf8.index(after: $0)...]) }) {
        case ("SEEN", nil): self = .seen(id)
        case ("JOINED", nil): self = .joined(id)
        case ("TIMEOUT", nil): self = .timedOut(id)
        case ("STATUS", let text?):
            guard let status = DeviceStatus(text) else { return nil }
            self = .status(id, status)
        case ("OFFERED", let text?):
            guard let name = Self.name(text) else { return nil }
            self = .offered(id, previous: name)
        case ("PUT_BACK", let text?):
            guard let name = Self.name(text) else { return nil }
            self = .putBack(id, to: name)
        case ("RUNNING", let text?): self = .running(id, target: text)
        case ("SKIPPED", let text?):
            guard let reason = Rollout.Skipped.Reason(rawValue: text) else { return nil }
            self = .skipped(id, reason)
        case ("SUPERSEDED", let text?):
            guard let rollout = try? RolloutID(text) else { return nil }
            self = .superseded(id, by: rollout)
        default: return nil
        }
    }

    /// The outer nil: unreadable; the inner one: none.
    private static func name(_ text: String) -> UpdateName?? {
        if text == "-" { return .some(nil) }
        return (try? UpdateName(text)).map { .some($0) }
    }
}
