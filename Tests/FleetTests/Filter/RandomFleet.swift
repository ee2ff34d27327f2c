import DeviceAuth
import Fleet
import UpdateTree

/// Devices of few different values, so that filters meet some of them and not others.
struct RandomFleet {
    static let now: Int64 = 1_790_000_000
    static let words = ["main", "devel", "oslo", "Oslo Øst", "a*b", "x\"y", "lmp-42", "lmp-7", "rack 3", "ba*", "not"]
    static let ages: [Int64] = [0, 59, 900, 901, 86_400, 604_800, 700_000, 40_000_000]

    var random: SeededGenerator

    mutating func state(_ name: String) throws -> DeviceState {
        var state = DeviceState(id: try DeviceID(name), channel: .ci, createdAt: Self.now)
        try change(&state, all: true)
        return state
    }

    /// Changes one attribute, or all.
    mutating func change(_ state: inout DeviceState, all: Bool = false) throws {
        let chosen = Int.random(in: 0..<13, using: &random)
        func isChosen(_ number: Int) -> Bool { all || chosen == number }
        let created = Self.now - (Self.ages.randomElement(using: &random) ?? 0)
        if all { state = DeviceState(id: state.id, channel: state.channel, createdAt: created) }
        if isChosen(0) { state.key = Bool.random(using: &random) ? try key("a") : nil }
        if isChosen(1) { state.isDenied = Bool.random(using: &random) }
        if isChosen(2) { state.channel = Bool.random(using: &random) ? .ci : .prod }
        if isChosen(3) { state.tag = try one(of: ["main", "devel", "oslo"]).map { try UpdateTree.Tag($0) } }
        if isChosen(4) { state.updateName = try one(of: ["42", "lmp-7", "main"]).map { try UpdateName($0) } }
        if isChosen(5) { state.targetName = one(of: ["lmp-42", "lmp-7", "lmp", "x-100", "x-12345678901234567890"]) }
        if isChosen(6) { state.ostreeHash = one(of: ["abc", "abd", "f00"]) }
        if isChosen(7) { state.apps = ["main", "devel", "lmp-7"].filter { _ in Bool.random(using: &random) } }
        if isChosen(8) { state.certificateEnds = one(of: Self.ages.flatMap { [Self.now + $0, Self.now - $0] }) }
        if isChosen(9) { state.name = try one(of: Self.words).map { try DeviceName($0) } }
        if isChosen(10) { state.group = try one(of: ["main", "oslo", "not"]).map { try GroupName($0) } }
        if isChosen(11) {
            for key in ["site", "rack"] { try state.labels.set(key, to: one(of: Self.words)) }
            state.hardwareID = one(of: ["intel", "rpi4"])
        }
        if isChosen(12) { state.status = UpdateStatus.allCases.randomElement(using: &random) ?? .idle }
        if !all, Int.random(in: 0..<20, using: &random) == 0 { state.isDeleted.toggle() }
    }

    mutating func lastSeen() -> Int64 { Int.random(in: 0..<5, using: &random) == 0 ? 0 : Self.now - (one(of: Self.ages) ?? 7) }

    /// One of them, or none.
    mutating func one<Value>(of values: [Value]) -> Value? {
        Int.random(in: 0..<4, using: &random) == 0 ? nil : values.randomElement(using: &random)
    }
}
