import ArgumentParser

/// Where the server is, how to be let in, and how to print.
struct ConnectionOptions: ClientOptions {
    enum Output: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @OptionGroup var server: ServerOptions

    @Option(name: [.short, .long], help: "How to print.")
    var output: Output = .table

    var isJSON: Bool { output == .json }
}
