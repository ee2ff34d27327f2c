import ArgumentParser
import NIOCore

/// Which server, and which other processes' processor time to read while the clock runs.
struct ServerOptions: ParsableArguments {
    @Option(help: "IPv4 address of the server.")
    var host = "127.0.0.1"

    @Option(help: "Port of the server.")
    var port: Int

    @Option(help: "Name that the server's certificate must bear.")
    var serverName = "localhost"

    @Option(help: ArgumentHelp("PEM file with the root that the server's certificate must lead to.", valueName: "file"))
    var trustRoot: String

    @Option(help: ArgumentHelp("Report the processor time that this process used while the clock ran; may be repeated.", valueName: "pid"))
    var watch: [Int] = []

    @Option(help: "Seconds after which whatever is not answered counts as an error.")
    var timeout: Int64 = 120

    var authority: String { "\(serverName):\(port)" }

    func validate() throws {
        guard (1...65_535).contains(port) else { throw ValidationError("--port is a number between 1 and 65535.") }
        guard timeout > 0 else { throw ValidationError("--timeout is at least one second.") }
    }

    func connector(_ version: HTTPVersion, streams: Int = 1) throws -> TLSConnector {
        TLSConnector(address: try SocketAddress(ipAddress: host, port: port), serverName: serverName, version: version, streams: streams)
    }
}
