import ArgumentParser

/// What the devices are.
struct DeviceOptions: ParsableArguments {
    @Option(help: "How many.") var devices = 100
    @Option(help: "What their uuids begin with.") var prefix = "sim-"
    @Flag(help: "Production devices.") var production = false
    @Option(help: "Their tag.") var tag = "main"
    @Option(help: "Their hardware id.") var hardware = "intel-corei7-64"
    @Option(help: "The version that they run at first.") var version = 41

    /// What was on them when they left the factory; the hash is of no commit that a server has.
    var running: Target { Target(name: "\(hardware)-lmp-\(version)", version: version, hash: String(repeating: "0", count: 64)) }

    func validate() throws {
        guard (1...100_000).contains(devices) else { throw ValidationError("--devices must be from 1 to 100000") }
    }
}

/// What the devices do.
struct BehaviourOptions: ParsableArguments {
    @Option(help: "The same seed gives the same devices.") var seed: UInt64 = 1
    @Option(help: "Percent of the devices that cannot download a target.") var failDownload = 0.0
    @Option(help: "Percent of the devices that cannot install a target.") var failInstall = 0.0
    @Option(help: "Percent of the devices that are silent after their first contact.") var silent = 0.0
    @Option(help: "Seconds between two check-ins of a device.") var poll = 10.0
    @Option(help: "Seconds of a download, in the middle.") var downloadTime = 2.0
    @Option(help: "Seconds of an installation, in the middle.") var installTime = 2.0

    var behaviour: Behaviour {
        Behaviour(
            seed: seed, failingDownloads: failDownload / 100, failingInstallations: failInstall / 100, silent: silent / 100,
            poll: .seconds(poll), download: .seconds(downloadTime), installation: .seconds(installTime))
    }

    func validate() throws {
        guard [failDownload, failInstall, silent].allSatisfy({ (0...100).contains($0) }), failDownload + failInstall <= 100 else {
            throw ValidationError("shares must be from 0 to 100 percent, those that fail together too")
        }
        guard poll > 0, downloadTime >= 0, installTime >= 0 else { throw ValidationError("times must not be negative, --poll more than 0") }
    }
}
