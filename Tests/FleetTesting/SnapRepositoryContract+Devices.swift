import DeviceAuth
import Fleet
import Snaps

extension SnapRepositoryContract {
    private static func kept(_ name: String, _ repository: any SnapRepository) throws -> SnapDeviceRecord? {
        let id = try device(name)
        return try repository.loadDevices().first { $0.device == id }
    }

    private static func fullRecord(_ name: String) throws -> SnapDeviceRecord {
        SnapDeviceRecord(
            device: try device(name),
            model: DeviceModel(
                assigned: try ModelName("set"), reported: DeviceModel.Claim(name: try ModelName("said"), brand: "b", source: .assertion),
                serial: "s/1"),
            architecture: "arm64",
            required: RequiredInstall(
                request: SentRequest(id: "r1", attempts: 3, lastSent: 5), missing: try snaps(["a", "b-c"]), state: .failed,
                message: "it's \"no\" use", since: 1, changedAt: 9))
    }

    static let lists = [
        SnapRepositoryContract(description: "a list and its hashes take the place of what was there before, wholly") { open in
            let repository = try open()
            let id = try device("d")
            let first = try list(["b", "a", "b"], hashes: "one")
            try await repository.replaceList(of: id, with: first, at: 7)
            try expect(try await open().list(of: id), StoredSnapList(list: first, receivedAt: 7), "list")
            try expect(
                try kept("d", open()), SnapDeviceRecord(device: id, hashes: first.hashes, names: try snaps(["a", "b"])), "record")
            let second = try list(["c"], hashes: "two")
            try await repository.replaceList(of: id, with: second, at: 8)
            try expect(try await open().list(of: id), StoredSnapList(list: second, receivedAt: 8), "list")
            try expect(try kept("d", open()), SnapDeviceRecord(device: id, hashes: second.hashes, names: try snaps(["c"])), "record")
        },
        SnapRepositoryContract(description: "a list without hashes takes them away, and an empty list is a list") { open in
            let repository = try open()
            let id = try device("d")
            try await repository.replaceList(of: id, with: try list(["a"], hashes: "one"), at: 7)
            try await repository.replaceList(of: id, with: try list([]), at: 8)
            try expect(try kept("d", open()), SnapDeviceRecord(device: id, hashes: nil, names: []), "record")
            try expect(try await open().list(of: id)?.list.snaps, [], "snaps")
        },
        SnapRepositoryContract(description: "of many lists at once each is its own device's") { open in
            let repository = try open()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        try await repository.replaceList(
                            of: try device("d\(number)"), with: try list(["s\(number)"], hashes: "h\(number)"), at: Int64(number))
                    }
                }
                try await group.waitForAll()
            }
            let again = try open()
            try expect(try again.loadDevices().count, 100, "devices")
            for number in 0..<100 {
                try expect(try await again.list(of: try device("d\(number)"))?.receivedAt, Int64(number), "list")
                let names = try kept("d\(number)", again)?.names
                try expect(names, try snaps(["s\(number)"]), "names")
            }
        },
    ]

    static let records = [
        SnapRepositoryContract(description: "a record is kept whole, but its hashes and names are the list's alone") { open in
            let repository = try open()
            let known = try list(["a"], hashes: "one")
            try await repository.replaceList(of: try device("d"), with: known, at: 7)
            var record = try fullRecord("d")
            record.hashes = SnapHashes(list: "other", names: "other")
            record.names = try snaps(["other"])
            try await repository.save([record, try fullRecord("new")], sent: [])
            record.hashes = known.hashes
            record.names = known.names
            try expect(try kept("d", open()), record, "with a list")
            try expect(try kept("new", open()), try fullRecord("new"), "without one")
            try expect(try await open().list(of: try device("d"))?.list, known, "list")
        },
        SnapRepositoryContract(description: "what a record does not say any more is gone, and a later list leaves the rest") { open in
            let repository = try open()
            try await repository.save([try fullRecord("d"), try fullRecord("other")], sent: [])
            try await repository.save([SnapDeviceRecord(device: try device("d"))], sent: [])
            try expect(try kept("d", open()), SnapDeviceRecord(device: try device("d")), "emptied")
            try await repository.replaceList(of: try device("other"), with: try list(["a"]), at: 7)
            var other = try fullRecord("other")
            other.names = try snaps(["a"])
            try expect(try kept("other", open()), other, "with a later list")
        },
        SnapRepositoryContract(description: "every state of an install and every source of a model comes back") { open in
            let repository = try open()
            for source in DeviceModel.Source.allCases {
                for state in [RequiredInstall.State.waiting, .told, .accepted, .done, .failed, .installed] {
                    var wanted = try fullRecord("d")
                    wanted.required?.state = state
                    wanted.model.reported = DeviceModel.Claim(name: try ModelName("m"), source: source)
                    try await repository.save([wanted], sent: [])
                    try expect(try kept("d", open()), wanted, "\(source) \(state)")
                }
            }
        },
        SnapRepositoryContract(description: "of a device that is forgotten nothing is left, and others keep what they have") { open in
            let repository = try open()
            for name in ["d", "e"] {
                try await repository.save([try fullRecord(name)], sent: [])
                try await repository.replaceList(of: try device(name), with: try list(["a"], hashes: "h"), at: 7)
                for id in ["1", "2"] { try await repository.add(try order(id, of: name)) }
                try await repository.finish([try order("2", of: name, outcome: .failed)])
            }
            try await repository.forget(try device("d"))
            let again = try open()
            try expect(try again.loadDevices().map(\.device.text), ["e"], "devices")
            try expect(try await again.list(of: try device("d")), nil, "list")
            try expect(try await again.orders(of: try device("d"), limit: 10), [], "orders")
            try expect(try again.loadOpenOrders().map(\.device.text), ["e"], "open orders")
            try expect(try await again.orders(of: try device("e"), limit: 10).count, 2, "the other's orders")
            try expect(try await again.list(of: try device("e"))?.receivedAt, 7, "the other's list")
        },
    ]
}
