import ArgumentParser
import Fleet
import Foundation
import Persistence

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Make a rollout's state anew from its files, and say where they differ.",
        discussion: """
            Reads rollout.json, devices.json, events and decisions, and the devices' records. Nothing is changed. Exits with 0 \
            when all agree and with 65 when they do not.
            """)

    @ParentCommand var rollouts: RolloutsCommand
    @Argument(help: "The rollout's id.") var id: String
    @Option(name: .shortAndLong, help: "table or json.") var output = OutputFormat.table

    func run() throws {
        let replay = try Self.settled(ReplayReading(datadir: rollouts.root.datadir, id: RolloutID(id)))
        switch output {
        case .table: ReplayPrinter.print(replay)
        case .json: try OutputFormat.printJSON(ReplayDocument(replay))
        }
        if replay.findingCount > 0 { throw ExitCode(ExitStatus.badData.rawValue) }
    }

    /// A running server writes one file after the other: what was in between at the first look is right at a later one.
    private static func settled(_ reading: ReplayReading) throws -> RolloutReplay {
        for _ in 0..<3 {
            let replay = try reading.replay()
            if replay.findingCount == 0 { return replay }
            Thread.sleep(forTimeInterval: 0.2)
        }
        return try reading.replay()
    }
}
