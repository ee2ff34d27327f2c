import Foundation

/// Where the programs under test lie: beside the test bundle, or in OTASERVE_BINARIES.
enum Binaries {
    static let folder: String =
        ProcessInfo.processInfo.environment["OTASERVE_BINARIES"]
        ?? URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().path

    static var otaserve: String { "\(folder)/OTAServe" }
    static var otaAgent: String { "\(folder)/ota-agent" }
    static var otactl: String { "\(folder)/OTACtl" }

    /// The checkout's `data-sample/updates`.
    static let samples = "\(checkout)/data-sample/updates"
    static let sampleSnaps = "\(checkout)/data-sample/snaps"
    /// Where the programs lie that the tests start beside ours.
    static let support = "\(checkout)/Tests/EndToEnd/Support"

    private static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
}
