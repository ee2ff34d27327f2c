import Fleet
import Synchronization

/// Versions in memory. They outlive the objects above them, like a disk.
final class MemoryConfigurations: ConfigurationRepository {
    private let places = Mutex<[ConfigurationPlace: [ConfigurationVersion]]>([:])

    func current(_ place: ConfigurationPlace) throws -> ConfigurationVersion? { places.withLock { $0[place]?.last } }

    func version(_ number: Int, of place: ConfigurationPlace) throws -> ConfigurationVersion? {
        places.withLock { $0[place]?.first { $0.number == number } }
    }

    func numbers(of place: ConfigurationPlace) throws -> [Int] { places.withLock { $0[place]?.map(\.number) ?? [] } }

    func add(_ version: ConfigurationVersion, to place: ConfigurationPlace) throws {
        places.withLock { $0[place, default: []].append(version) }
    }

    func removeAll(of place: ConfigurationPlace) throws { places.withLock { $0[place] = nil } }

    func groups() throws -> [GroupName] {
        places.withLock { places in
            places.keys.compactMap { if case .group(let name) = $0 { name } else { nil } }
        }
    }
}
