import Admin
import ArgumentParser
import DeviceAuth
import Fleet
import Foundation
import Gateway
import Logging
import ServiceLifecycle

/// `otaserve serve`: devices on one address, operators on another.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "Serve devices and operators.")

    @ParentCommand var root: OTAServe

    @Option(help: "Where devices connect, HOST:PORT; port 0 picks one and prints it. Default 0.0.0.0:8443.")
    var gatewayAddress: ListenAddress?
    @Option(help: "Where operators connect, HOST:PORT; port 0 picks one and prints it. Default 127.0.0.1:8080.")
    var adminAddress: ListenAddress?
    @Option(help: "open: a device registers by its first contact; queue: an operator accepts it; preregistered: an operator did it before.")
    var registration: String?
    @Option(help: "debug, info, notice, warning or error.")
    var logLevel: String?

    func run() async throws {
        var configuration = try Configuration.load(
            datadir: root.datadir, environment: ProcessInfo.processInfo.environment)
        if let gatewayAddress { configuration.gatewayAddress = gatewayAddress }
        if let adminAddress { configuration.adminAddress = adminAddress }
        if let registration {
            guard let policy = RegistrationPolicy(rawValue: registration) else {
                throw ValidationError("--registration is open, queue or preregistered.")
            }
            configuration.registration = policy
        }
        if let logLevel {
            guard Logger.Level(rawValue: logLevel) != nil else {
                throw ValidationError("--log-level is debug, info, notice, warning or error.")
            }
            configuration.logLevel = logLevel
        }
        try await Server(datadir: root.datadir, configuration: configuration).run()
    }
}
