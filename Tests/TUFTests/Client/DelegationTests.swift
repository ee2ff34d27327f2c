import TUF
import Testing

/// A graph of delegations and the order in which its roles are asked for a target that none has.
struct DelegationGraph: CustomTestStringConvertible, Sendable {
    struct Edge {
        let from: String
        let to: String
        var paths = ["*"]
        var isTerminating = false
    }

    let testDescription: String
    let edges: [Edge]
    let visited: [String]

    init(_ description: String, _ edges: [Edge], visits visited: [String]) {
        testDescription = description
        self.edges = edges
        self.visited = visited
    }

    private static func edge(_ from: String, _ to: String) -> Edge { Edge(from: from, to: to) }

    static let all = [
        DelegationGraph("one role", [edge("targets", "A")], visits: ["A"]),
        DelegationGraph(
            "depth first", [edge("targets", "A"), edge("targets", "B"), edge("A", "C"), edge("A", "D")], visits: ["A", "C", "D", "B"]),
        DelegationGraph(
            "three levels", [edge("targets", "A"), edge("targets", "B"), edge("A", "C"), edge("C", "D")], visits: ["A", "C", "D", "B"]),
        DelegationGraph(
            "a terminating role ends what stands behind it, above too",
            [edge("targets", "A"), edge("targets", "B"), Edge(from: "A", to: "C", isTerminating: true), edge("A", "D")], visits: ["A", "C"]),
        DelegationGraph(
            "below a terminating role the search goes on",
            [edge("targets", "A"), edge("targets", "B"), Edge(from: "A", to: "C", isTerminating: true), edge("C", "D")],
            visits: ["A", "C", "D"]),
        DelegationGraph(
            "a terminating role that is not responsible ends nothing",
            [Edge(from: "targets", to: "A", paths: ["*.py"], isTerminating: true), edge("targets", "B")], visits: ["B"]),
        DelegationGraph(
            "a circle", [edge("targets", "A"), edge("targets", "B"), edge("B", "C"), edge("C", "D"), edge("D", "B")],
            visits: ["A", "B", "C", "D"]),
        DelegationGraph(
            "a role of two delegators is asked once", [edge("targets", "A"), edge("targets", "B"), edge("B", "C"), edge("A", "C")],
            visits: ["A", "C", "B"]),
        DelegationGraph(
            "a role is reached through the delegator that is responsible",
            [edge("targets", "A"), edge("targets", "B"), edge("B", "C"), Edge(from: "A", to: "C", paths: ["*.py"])],
            visits: ["A", "B", "C"]),
        DelegationGraph(
            "at most 32 roles", (0..<40).map { edge("targets", "r\($0)") }, visits: (0..<32).map { "r\($0)" }),
        DelegationGraph(
            "at most 32 levels", (0..<40).map { edge($0 == 0 ? "targets" : "r\($0 - 1)", "r\($0)") }, visits: (0..<32).map { "r\($0)" }),
    ]
}

@Suite struct DelegationTests {
    @Test("delegated roles are asked in order", arguments: DelegationGraph.all)
    func order(graph: DelegationGraph) async throws {
        var repository = try RepositorySimulator()
        for edge in graph.edges {
            repository.delegations[edge.from, default: []].append(
                .init(name: edge.to, keys: [SimulatedKey(name: edge.to)], paths: edge.paths, isTerminating: edge.isTerminating))
        }
        try repository.publish()
        let client = try SimulatedClient(repository)
        #expect(await client.code { try await client.download("missing", of: repository) } == .targetUnknown)
        #expect(client.served.takeRequests().dropFirst(4) == graph.visited.map { "1.\($0).json" }[...])
        // What is stored is not asked for again.
        #expect(await client.code { try await client.download("missing", of: repository) } == .targetUnknown)
        #expect(client.served.takeRequests() == ["2.root.json", "timestamp.json"])
    }

    @Test(
        "unusual role names are percent-encoded, in addresses and in the store",
        arguments: [
            ("?", "%3F"), ("#", "%23"), ("/a", "%2Fa"), ("../a", "..%2Fa"), ("..", "%2E%2E"), ("é", "%C3%A9"), ("a b", "a%20b"),
            ("~_.-9", "~_.-9"),
            ("1.root", "1.root"), ("%2F", "%252F"),
        ])
    func names(name: String, encoded: String) async throws {
        #expect(try DelegatedRoleName(name).fileName == "\(encoded).json")
    }

    @Test("a role that two delegators name is verified by the keys of each")
    func twoDelegators() async throws {
        var repository = try RepositorySimulator()
        let (right, wrong) = (SimulatedKey(name: "right"), SimulatedKey(name: "wrong"))
        repository.delegations["targets"] = [
            .init(name: "A", keys: [right], paths: ["a"], isTerminating: true),
            .init(name: "B", keys: [right], paths: ["b"], isTerminating: true),
        ]
        repository.delegations["A"] = [.init(name: "shared", keys: [right])]
        repository.delegations["B"] = [.init(name: "shared", keys: [right])]
        repository.targets["shared"] = ["a": [1], "b": [2]]
        try repository.publish()
        // The file of the role stays what it was; B now says that others sign it.
        repository.delegations["B"] = [.init(name: "shared", keys: [wrong])]
        try repository.publishTargets("B")
        try repository.publishSnapshot()
        try repository.publishTimestamp()
        let client = try SimulatedClient(repository)
        var updater = try await client.refreshed(repository)
        #expect(try await updater.target(named: "a").length == 1)
        await #expect { try await updater.target(named: "b") } throws: { ($0 as? TUFError)?.code == .thresholdNotMet }
        // A refusal costs nothing of what was known.
        #expect(try await updater.target(named: "a").length == 1)
    }

    @Test("the first role in order that names a target decides about it")
    func precedence() async throws {
        var repository = try RepositorySimulator()
        let key = SimulatedKey(name: "key")
        repository.delegations["targets"] = [.init(name: "A", keys: [key]), .init(name: "B", keys: [key])]
        repository.targets["B"] = ["x": [1, 2], "y": [1]]
        repository.targets["A"] = ["x": [1, 2, 3]]
        try repository.publish()
        let client = try SimulatedClient(repository)
        var updater = try await client.refreshed(repository)
        #expect(try await updater.target(named: "x").length == 3)
        #expect(try await updater.target(named: "y").length == 1)
        #expect(try await updater.target(named: "top.txt").length == 4)
    }
}
