/// How the devices of a run behave; what each one does follows from this and its uuid alone.
struct Behaviour: Sendable {
    /// What becomes of one target on one device.
    enum Fate: Equatable { case installed, downloadFails, installFails }

    var seed: UInt64
    /// Shares from 0 to 1.
    var failingDownloads = 0.0
    var failingInstallations = 0.0
    var silent = 0.0
    /// Between two check-ins of a device.
    var poll = Duration.seconds(10)
    /// In the middle; a device takes from half to twice as long.
    var download = Duration.seconds(2)
    var installation = Duration.seconds(2)

    /// The same target has the same fate whenever the device tries it.
    func fate(of target: String, on device: String) -> Fate {
        var numbers = SeededNumbers(seed: seed, "\(device) takes \(target)")
        let number = Double.random(in: 0..<1, using: &numbers)
        if number < failingDownloads { return .downloadFails }
        return number < failingDownloads + failingInstallations ? .installFails : .installed
    }

    /// Whether the device is never heard of again after its first contact.
    func isSilent(_ device: String) -> Bool {
        var numbers = SeededNumbers(seed: seed, "\(device) is silent")
        return Double.random(in: 0..<1, using: &numbers) < silent
    }
}
