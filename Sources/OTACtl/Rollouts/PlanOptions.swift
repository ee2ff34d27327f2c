import ArgumentParser
import Foundation

/// How a rollout goes, as options or as a file; an option has the last word.
struct PlanOptions: ParsableArguments {
    @Option(help: ArgumentHelp("File with a plan as JSON, - for standard input.", valueName: "file"))
    var plan: String?

    @Option(help: "For the devices that match this filter when it starts.")
    var filter: String?

    @Option(help: "For the devices of this group.")
    var group: String?

    @Flag(help: "Devices that match later join the last phase.")
    var dynamic = false

    @Option(
        help: ArgumentHelp(
            "A phase; repeat it. Its size first (5%, 20, or rest), then any of gate=90, soak=1h, then=pause, errors=10%, name=canary.",
            valueName: "phase"),
        transform: PlanText.phase)
    var phase: [JSON] = []

    @Option(help: ArgumentHelp("Pause when more devices than this fail: 5%, or a number.", valueName: "share"), transform: PlanText.share)
    var errorLimit: JSON?

    @Option(help: ArgumentHelp("A device that is silent for so long counts as failed, such as 24h.", valueName: "time"))
    var deadline: String?

    @Option(
        help: ArgumentHelp("Offer the update in these hours only: \"mon-fri 22:00-05:00 Europe/Oslo\".", valueName: "window"),
        transform: PlanText.window)
    var window: JSON?

    @Option(help: ArgumentHelp("Begin then, such as 2026-01-31T22:00:00Z.", valueName: "time"))
    var startAt: String?

    @Option(help: "-100 to 100: of two that are due, the higher begins first.")
    var priority: Int?

    @Option(help: "Devices that may be updating at once.")
    var cap: Int?

    @Flag(help: "A second person must approve it.")
    var approval = false

    @Option(help: ArgumentHelp("Devices must run this version, or a later one, first.", valueName: "number"))
    var minVersion: Int?

    func validate() throws {
        if filter != nil, group != nil { throw ValidationError("Give --filter or --group, not both.") }
        if dynamic, filter == nil, group == nil { throw ValidationError("--dynamic goes with --filter or --group.") }
    }

    /// The members of the plan.
    func document() throws(ControlError) -> [String: JSON] {
        var members = try plan.map { (path) throws(ControlError) in try Self.read(path) } ?? [:]
        if let targets = filter.map({ ["filter": JSON.text($0)] }) ?? group.map({ ["group": JSON.text($0)] }) {
            members["targets"] = .object(targets.merging(dynamic ? ["dynamic": .bool(true)] : [:]) { $1 })
        }
        if !phase.isEmpty { members["phases"] = .array(phase) }
        if let errorLimit { members["errorLimit"] = errorLimit }
        if let deadline { members["deadline"] = .text(deadline) }
        if let window { members["window"] = window }
        if let startAt { members["startAt"] = .text(startAt) }
        if let priority { members["priority"] = .integer(Int64(priority)) }
        if let cap { members["cap"] = .integer(Int64(cap)) }
        if approval { members["approval"] = .bool(true) }
        if let minVersion { members["requires"] = ["minVersion": .integer(Int64(minVersion))] }
        return members
    }

    private static func read(_ path: String) throws(ControlError) -> [String: JSON] {
        let data = path == "-" ? try? FileHandle.standardInput.readToEnd() ?? Data() : FileManager.default.contents(atPath: path)
        guard let data else { throw ControlError(.badData, "file-unreadable", "cannot read \(path); check its path and mode") }
        guard case .object(let members)? = try? JSONDecoder().decode(JSON.self, from: data) else {
            throw ControlError(
                .badData, "plan-invalid", "\(path) is no JSON object; a plan is such as {\"phases\": [{\"size\": {\"percent\": 5}}, {}]}")
        }
        return members
    }
}
