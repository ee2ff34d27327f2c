import ArgumentParser
import Foundation
import OperatorAuth
import Persistence

/// `otaserve token`: the tokens of the admin API. A running server knows them at once.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Create, list and remove tokens of the admin API.",
        subcommands: [CreateTokenCommand.self, ListTokensCommand.self, RemoveTokenCommand.self])

    @ParentCommand var root: OTAServe

    func repository() throws -> any TokenRepository {
        guard FileManager.default.fileExists(atPath: root.datadir) else {
            throw PersistenceError(
                .dataDirectoryMissing, "there is no directory \(root.datadir); name an existing one with --datadir")
        }
        return SQLiteTokens(try Database.open(dataDirectory: root.datadir))
    }
}

struct CreateTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Create a token and print it, and nothing else, on standard output.")

    @ParentCommand var token: TokenCommand
    @Option(help: "admin, read, or a comma list such as devices:read,rollouts:write.") var scope: String
    @Option(help: "What it is for.") var description: String = ""
    @Option(help: "When it ends, such as 90d or 12h; never, when not given.") var expires: String?

    func run() async throws {
        let scopes = try Scope.list(scope)
        let lifetime = try expires.map { try Lifetime($0) }
        let fresh = AccessToken.random()
        let now = Assembly.clock()
        try await token.repository().add(
            TokenRecord(
                id: fresh.id, secretDigest: fresh.secretDigest, scopes: scopes, description: description, createdAt: now,
                expiresAt: lifetime.map { now + $0.seconds }))
        print(fresh.text)
    }
}

struct ListTokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the tokens; secrets are not kept.")

    @ParentCommand var token: TokenCommand

    func run() async throws {
        let rows = try await token.repository().list().map { record in
            [
                record.id, record.scopes.map(\.rawValue).sorted().joined(separator: ","),
                record.expiresAt.map { Date(timeIntervalSince1970: TimeInterval($0)).formatted(.iso8601) } ?? "never",
                record.description,
            ]
        }
        OutputFormat.printTable(["ID", "SCOPES", "EXPIRES", "DESCRIPTION"], rows)
    }
}

struct RemoveTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove a token.")

    @ParentCommand var token: TokenCommand
    @Argument(help: "The token's id, as list shows it.") var id: String

    func run() async throws {
        guard try await token.repository().remove(id) else {
            throw OperatorAuthError(.tokenInvalid, "there is no token \(id.debugDescription); see otaserve token list")
        }
        print("removed \(id)")
    }
}
