import FileTree
import Synchronization
import TUF
import Testing

/// Hands out a hundred pieces, and knows how many were taken.
private final class LongFile: TargetFetcher {
    private let count = Mutex(0)
    var taken: Int { count.withLock { $0 } }

    func fetch(_ path: String, into sink: (ArraySlice<UInt8>) throws(TUFError) -> Void) async throws(TUFError) -> Bool {
        for _ in 0..<100 {
            count.withLock { $0 += 1 }
            try sink([1, 2])
        }
        return true
    }
}

@Suite struct TargetDownloadTests {
    private let name = "a/b c/ü.bin"
    private let stored = "a%2Fb%20c%2F%C3%BC.bin"

    private func repository(_ content: [UInt8], consistent: Bool = true) throws -> RepositorySimulator {
        var repository = try RepositorySimulator()
        repository.hasConsistentSnapshots = consistent
        repository.targets["targets"] = [name: content]
        try repository.publishRoot()
        try repository.publish()
        return repository
    }

    @Test("a target is stored under its percent-encoded name, alone, and not fetched twice")
    func once() async throws {
        let repository = try repository(Array(repeating: 7, count: 10_000))
        let client = try SimulatedClient(repository)
        try await client.download(name, of: repository)
        #expect(try client.downloads.contents() == [stored: Array(repeating: 7, count: 10_000)])
        let requests = client.content.takeRequests()
        #expect(requests.count == 1)
        #expect(requests[0].hasPrefix("a/b c/") && requests[0].hasSuffix(".ü.bin") && requests[0].utf8.count == name.utf8.count + 65)
        try await client.download(name, of: repository)
        #expect(client.content.takeRequests() == [])
    }

    @Test("without consistent snapshots a target is asked for by its name")
    func plainName() async throws {
        let repository = try repository([1, 2, 3], consistent: false)
        let client = try SimulatedClient(repository)
        try await client.download(name, of: repository)
        #expect(client.content.takeRequests() == [name])
    }

    @Test("a changed target replaces the old one, a damaged one is mended, an empty one is a file")
    func changes() async throws {
        let client = try SimulatedClient(try repository([1, 2, 3]))
        var repository = try repository([1, 2, 3])
        for content in [[1, 2, 3], [1, 2, 4], [], [9]] as [[UInt8]] {
            repository.targets["targets"] = [name: content]
            try repository.publish()
            try await client.download(name, of: repository)
            #expect(try client.downloads.contents() == [stored: content])
        }
        try client.downloads.directory.replace(stored, with: [8])
        try await client.download(name, of: repository)
        #expect(try client.downloads.contents() == [stored: [9]])
    }

    @Test("what a killed download left is taken over, and a refused one leaves the old target alone")
    func leftovers() async throws {
        let repository = try repository([1, 2, 3])
        let client = try SimulatedClient(repository)
        try client.downloads.directory.replace("\(stored)+part", with: Array(repeating: 0, count: 50))
        try await client.download(name, of: repository)
        #expect(try client.downloads.contents() == [stored: [1, 2, 3]])

        var next = repository
        next.targets["targets"] = [name: [4, 5, 6, 7, 8, 9]]
        try next.publish()
        var updater = try await client.refreshed(next)
        let target = try await updater.target(named: name)
        let hostile: [([UInt8], TUFError.Code)] = [
            ([4, 5, 6, 7, 8], .targetLengthMismatch), ([4, 5, 6, 7, 8, 0], .targetHashMismatch),
            (Array(repeating: 4, count: 1_000_000), .targetLengthMismatch),
        ]
        for (content, code) in hostile {
            let files = ServedFiles(next.content.mapValues { _ in content })
            let download = TargetDownload(to: client.downloads.directory, from: files, hasHashedNames: true)
            await #expect { try await download.fetch(target) } throws: { ($0 as? TUFError)?.code == code }
            #expect(try client.downloads.contents() == [stored: [1, 2, 3]])
        }
    }

    @Test("a target is read to its first byte too many and no further")
    func tooLong() async throws {
        let repository = try repository([1, 2, 3])
        let client = try SimulatedClient(repository)
        var updater = try await client.refreshed(repository)
        let target = try await updater.target(named: name)
        let file = LongFile()
        let download = TargetDownload(to: client.downloads.directory, from: file, hasHashedNames: true)
        await #expect { try await download.fetch(target) } throws: { ($0 as? TUFError)?.code == .targetLengthMismatch }
        #expect(file.taken == 2)
        #expect(try client.downloads.contents().isEmpty)
    }

    @Test("two downloads of one target do not write into one file")
    func twice() async throws {
        let repository = try repository([1, 2, 3])
        let client = try SimulatedClient(repository)
        let held = try client.downloads.directory.lock("\(stored)+part")
        #expect(await client.code { try await client.download(name, of: repository) } == .storage)
        withExtendedLifetime(held) {}
    }
}
