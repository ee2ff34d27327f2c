import ArgumentParser

/// The options that every command has.
protocol ClientOptions: ParsableArguments {
    var server: ServerOptions { get }
    var isJSON: Bool { get }
}
