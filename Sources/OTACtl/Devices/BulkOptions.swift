import ArgumentParser

/// The devices that a command is for: named, or found by a filter.
struct BulkOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Uuids of devices.", valueName: "uuid"))
    var uuids: [String] = []

    @Option(help: "A filter that finds the devices, such as 'tag=main and label.site=oslo', in place of uuids.")
    var filter: String?

    @Flag(help: "Only tell how many devices would change, and which.") var dryRun = false
    @Flag(help: "Change what the filter finds without asking.") var yes = false

    func validate() throws {
        guard uuids.isEmpty != (filter == nil) else {
            throw ValidationError("Name devices by their uuids, or find them with --filter: one of the two.")
        }
    }

    /// The one device of a command that changes just one, and does.
    var single: String? { uuids.count == 1 && !dryRun ? uuids[0] : nil }
}
