import Admin
import ArgumentParser
import FileTree
import Foundation
import Persistence
import UpdateTree

/// `otaserve expiry`: everything that ends some day, soonest first.
struct ExpiryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expiry", abstract: "List every clock of the system: metadata, certificates, revocation lists, tokens.")

    @ParentCommand var root: OTAServe
    @Option(help: "At most so many, soonest first.") var limit = 1_000
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() async throws {
        let expiries = try await survey().expiries()
        try show(expiries, now: Assembly.clock())
    }

    /// The database is shared with a running server; reading it needs no lock of the data directory.
    private func survey() throws -> ExpirySurvey {
        let database = try Database.open(dataDirectory: root.datadir)
        return ExpirySurvey(
            datadir: root.datadir, library: try root.library(), tokens: SQLiteTokens(database),
            devices: {
                try SQLiteDevices(database).loadAll().compactMap { device in
                    device.state.isDeleted ? nil : device.state.certificateEnds.map { (device.state.id, $0) }
                }
            })
    }

    private func show(_ expiries: [Expiry], now: Int64) throws {
        switch output {
        case .json: try OutputFormat.printJSON(ExpiryList(expiries, limit: limit, now: now))
        case .table:
            OutputFormat.printTable(
                ["EXPIRES", "LEFT", "WHAT", "OF", "REMEDY"],
                expiries.soonestFirst().prefix(limit).map { expiry in
                    [
                        Date(timeIntervalSince1970: TimeInterval(expiry.at)).formatted(.iso8601), Self.left(expiry.at - now),
                        expiry.kind.rawValue, expiry.subject, expiry.remedy,
                    ]
                })
        }
    }

    private static func left(_ seconds: Int64) -> String {
        if seconds <= 0 { return "ended" }
        return seconds >= 2 * 86_400 ? "\(seconds / 86_400) d" : "\(seconds / 3_600) h"
    }
}
