import ArgumentParser

/// Where the server is, how to be let in, and how to print a list that programs and spreadsheets read too.
struct ListingOptions: ClientOptions {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case table, json, csv, ndjson
    }

    @OptionGroup var server: ServerOptions

    @Option(name: [.short, .long], help: "How to print.")
    var output: Output = .table

    var isJSON: Bool { output == .json }
}
