import Fleet
import Synchronization

/// Versions in memory. They outlive the objects above them, like a disk.
public final class MemoryConfigurations: ConfigurationRepository {
    public struct Full: Error {}

    private let places = Mutex<[ConfigurationPlace: [ConfigurationVersion]]>([:])
    public let isFull = Atomic(false)

    public init() {}

    public func current(_ place: ConfigurationPlace) throws -> ConfigurationVersion? { places.withLock { $0[place]?.last } }

    public func version(_ number: Int, of place: ConfigurationPlace) throws -> ConfigurationVersion? {
        places.withLock { $0[place]?.first { $0.number == number } }
    }

    public func numbers(of place: ConfigurationPlace) throws -> [Int] { places.withLock { $0[place]?.map(\.number) ?? [] } }

    public func add(_ version: ConfigurationVersion, to place: ConfigurationPlace) throws {
        if isFull.load(ordering: .relaxed) { throw Full() }
        places.withLock { $0[place, default: []].append(version) }
    }

    public func removeAll(of place: ConfigurationPlace) throws { places.withLock { $0[place] = nil } }

    public func groups() throws -> [GroupName] {
        places.withLock { places in
            places.keys.compactMap { if case .group(let name) = $0 { name } else { nil } }
        }
    }
}
