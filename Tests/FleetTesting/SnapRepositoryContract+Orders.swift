import DeviceAuth
import Fleet
import Snaps

extension SnapRepositoryContract {
    static func order(
        _ id: String, of name: String, action: SnapAction = .install, outcome: SnapOrder.Outcome.Kind? = nil, message: String = "m"
    ) throws -> SnapOrder {
        SnapOrder(
            device: try device(name), action: action, snap: try SnapName("a"), data: "{\"k\":\"it's\"}", by: "token:x", createdAt: 4,
            request: SentRequest(id: id), outcome: outcome.map { SnapOrder.Outcome(kind: $0, message: message, result: "[1]", at: 9) })
    }

    static let orders = [
        SnapRepositoryContract(description: "open orders come oldest first, those of a device newest first, as many as asked for") { open in
            let repository = try open()
            let all = try SnapAction.allCases.filter(\.isForOperators).map { try order($0.rawValue, of: "d", action: $0) }
            for order in all { try await repository.add(order) }
            try await repository.add(try order("1", of: "e"))
            try expect(try open().loadOpenOrders(), all + [try order("1", of: "e")], "open")
            try expect(try await open().orders(of: try device("d"), limit: 100), all.reversed(), "of the device")
            try expect(try await open().orders(of: try device("d"), limit: 2), Array(all.reversed().prefix(2)), "two of the device")
        },
        SnapRepositoryContract(description: "an order that is stored twice is there once, as it was") { open in
            let repository = try open()
            let first = try order("1", of: "d")
            try await repository.add(first)
            try await repository.add(try order("1", of: "d", action: .remove))
            try expect(try open().loadOpenOrders(), [first], "open")
        },
        SnapRepositoryContract(description: "how often an open order was sent is kept; of one that has ended it stays as it was") { open in
            let repository = try open()
            var (sent, ended) = (try order("1", of: "d"), try order("2", of: "d"))
            for order in [sent, ended] { try await repository.add(order) }
            ended.outcome = SnapOrder.Outcome(kind: .expired, message: "", result: nil, at: 3)
            try await repository.finish([ended])
            sent.request = SentRequest(id: "1", attempts: 2, lastSent: 8)
            var late = ended
            late.request = SentRequest(id: "2", attempts: 5, lastSent: 8)
            try await repository.save([], sent: [sent, late])
            try expect(try await open().orders(of: try device("d"), limit: 10), [ended, sent], "orders")
            try expect(try open().loadOpenOrders(), [sent], "open")
        },
        SnapRepositoryContract(description: "an order ends once: what comes later, or is another device's, changes nothing") { open in
            let repository = try open()
            for name in ["d", "e"] { try await repository.add(try order("1", of: name)) }
            let ended = try order("1", of: "d", outcome: .succeeded, message: "it's done")
            try await repository.finish([ended])
            try await repository.finish([try order("1", of: "d", outcome: .failed)])
            try expect(try await open().orders(of: try device("d"), limit: 10), [ended], "ended")
            try expect(try open().loadOpenOrders(), [try order("1", of: "e")], "open")
        },
        SnapRepositoryContract(description: "of a device's ended orders the last are kept, and every open one") { open in
            let repository = try open()
            try await repository.add(try order("open", of: "d"))
            let count = SnapOrder.mostKept + 3
            for number in 0..<count { try await repository.add(try order("\(number)", of: "d")) }
            try await repository.finish(try (0..<count).map { try order("\($0)", of: "d", outcome: .succeeded) })
            let left = try await open().orders(of: try device("d"), limit: 1000)
            try expect(left.map(\.id), (3..<count).reversed().map { "\($0)" } + ["open"], "left")
        },
    ]
}
