/// Where the versions of configuration files are kept.
public protocol ConfigurationRepository: Sendable {
    /// The newest version of a place; nil when there was never one.
    func current(_ place: ConfigurationPlace) throws -> ConfigurationVersion?
    func version(_ number: Int, of place: ConfigurationPlace) throws -> ConfigurationVersion?
    /// The numbers of the versions that are kept, in ascending order.
    func numbers(of place: ConfigurationPlace) throws -> [Int]
    /// Returns when the version is on the disk. It is the newest from then on, and what is beyond
    /// ``ConfigurationVersion/mostKept`` goes.
    func add(_ version: ConfigurationVersion, to place: ConfigurationPlace) throws
    /// Forgets a place with its history.
    func removeAll(of place: ConfigurationPlace) throws
    /// The groups that ever had a version.
    func groups() throws -> [GroupName]
}
