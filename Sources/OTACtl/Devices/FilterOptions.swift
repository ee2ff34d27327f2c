import ArgumentParser

/// Which devices are meant.
struct FilterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only devices of which this is true, such as 'tag=main and label.site=oslo and lastSeen<7d'.", valueName: "filter"))
    var filter: String?

    var query: [(name: String, value: String)] { filter.map { [(name: "q", value: $0)] } ?? [] }
}
