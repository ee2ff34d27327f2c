import ArgumentParser

struct ExplainDevice: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tell which update a device gets now and what decides it, or why not yet.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String

    func run(_ client: AdminClient) async throws {
        let document = try await client.call(.GET, DevicesCommand.path(uuid, "explain"))
        if isJSON { return try StandardOutput.json(document) }
        try Table([], Self.rows(document), empty: "").print()
    }

    private static func rows(_ document: JSON) -> [[String]] {
        var rows = [
            ["device", document["uuid"].cell],
            ["gets", document["served"]["problem"] == .null ? document["update"].cell : "nothing"],
            ["channel", (document["isProd"] == .bool(true) ? "prod" : "ci") + ", from its certificate"],
            ["tag", document["tag"].cell + ", from its last check-in"],
            ["assigned", document["updateName"].cell],
            ["runs", document["targetName"].cell],
        ]
        let rollout = document["rollout"]
        if rollout != .null {
            let place = rollout["phase"].integer.map { ", phase \($0) of \(rollout["phases"].cell): \(rollout["stage"].cell)" } ?? ""
            rows.append(["rollout", "\(rollout["id"].cell) of \(rollout["update"].cell), \(rollout["state"].cell)\(place)"])
        }
        rows += document["reasons"].array.map { ["why", "\($0["slug"].cell): \($0["sentence"].cell)"] }
        return rows + served(document["served"])
    }

    private static func served(_ served: JSON) -> [[String]] {
        if served["problem"] != .null {
            return [["targets.json", "\(served["problem"]["status"].cell) \(served["problem"]["slug"].cell)"]]
        }
        let targets = served["targets"]
        return [
            ["targets.json", "version \(targets["version"].cell), expires \(targets["expires"].cell)"],
            ["", "sha256 \(targets["sha256"].cell)"],
        ] + targets["names"].array.map { ["", $0.cell] }
    }
}
