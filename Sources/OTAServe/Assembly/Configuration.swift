import Fleet
import Foundation
import UpdateTree
import Yams

/// Why `config.yaml` or an environment variable cannot be used.
struct ConfigurationError: Error, CustomStringConvertible {
    let slug: String
    let message: String
    var description: String { "\(slug): \(message)" }
}

/// How the server is to work: flags over environment over `config.yaml` over defaults.
struct Configuration: Equatable {
    var serve = ServedUpdates.Policy.verified
    var registration = RegistrationPolicy.open
    var gatewayAddress = ListenAddress(host: "0.0.0.0", port: 8443)
    var adminAddress = ListenAddress(host: "127.0.0.1", port: 8080)
    /// Bytes of one archive that is uploaded.
    var uploadLimit = Uploads.largest
    /// Devices that are told in one second to install what their models require.
    var tellRate = RequiredSnaps.defaultTellRate
    var site = SiteSettings()
    var enrolment = EnrolmentConfiguration()
    var messaging = MessagingSettings()
    var logLevel = "info"

    /// Devices are told the broker that the server itself speaks with, unless another is named or only this machine reaches it.
    var enrolmentWithBroker: EnrolmentConfiguration {
        var enrolment = enrolment
        if enrolment.broker == nil, messaging.authorities != nil { enrolment.broker = messaging.broker }
        return enrolment
    }

    private static let keys =
        ["serve", "registration", "gateway-address", "admin-address", "upload-limit", "snaps-tell-rate", "log-level"] + SiteSettings.keys
        + EnrolmentConfiguration.keys + MessagingSettings.keys

    /// Reads `config.yaml` of a data directory, when there is one, and the environment.
    static func load(datadir: String, environment: [String: String]) throws -> Configuration {
        var configuration = Configuration()
        let path = "\(datadir)/config.yaml"
        if FileManager.default.fileExists(atPath: path) {
            // One that cannot be read is not one that is absent: it may say who is let in.
            guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8) else {
                throw ConfigurationError(
                    slug: "config-unreadable", message: "\(path) cannot be read as text; check what it is, its owner and its mode")
            }
            try configuration.apply(yaml: text, from: path)
        }
        for key in keys {
            let name = "OTASERVE_" + key.uppercased().replacingOccurrences(of: "-", with: "_")
            if let value = environment[name] { try configuration.set(key, to: value, from: name) }
        }
        return configuration
    }

    mutating func apply(yaml text: String, from path: String) throws {
        let node: Node?
        do {
            node = try Yams.compose(yaml: text)
        } catch {
            let reason = "\(error)".split(whereSeparator: \.isNewline).first ?? "it cannot be parsed"
            throw ConfigurationError(slug: "config-malformed", message: "\(path) is not YAML: \(reason)")
        }
        guard let node else { return }
        guard let mapping = node.mapping else {
            throw ConfigurationError(slug: "config-malformed", message: "\(path) must hold keys and values")
        }
        var seen = Set<String>()
        for (key, value) in mapping {
            guard let key = key.string, let value = value.string else {
                throw ConfigurationError(
                    slug: "config-malformed",
                    message: "\(path): every key takes one plain value; the keys are \(Self.keys.joined(separator: ", "))")
            }
            guard seen.insert(key).inserted else {
                throw ConfigurationError(slug: "config-key-repeated", message: "\(path): the key \(key) stands twice")
            }
            try set(key, to: value, from: path)
        }
    }

    private mutating func set(_ key: String, to value: String, from source: String) throws {
        func refused(_ remedy: String) -> ConfigurationError {
            ConfigurationError(
                slug: "config-value-invalid", message: "\(source): \(key) cannot be \(value.debugDescription); \(remedy)")
        }
        switch key {
        case "serve":
            guard let policy = ServedUpdates.Policy(rawValue: value) else { throw refused("use verified or any") }
            serve = policy
        case "registration":
            guard let policy = RegistrationPolicy(rawValue: value) else { throw refused("use open, queue or preregistered") }
            registration = policy
        case "gateway-address":
            guard let address = ListenAddress(value) else { throw refused("write HOST:PORT") }
            gatewayAddress = address
        case "admin-address":
            guard let address = ListenAddress(value) else { throw refused("write HOST:PORT") }
            adminAddress = address
        case "upload-limit":
            guard let limit = Int64(value), limit > 0 else { throw refused("write a number of bytes") }
            uploadLimit = limit
        case "snaps-tell-rate":
            guard let rate = Int(value), (1...10_000).contains(rate) else { throw refused("write devices per second, 1 to 10000") }
            tellRate = rate
        case "log-level":
            guard ["trace", "debug", "info", "notice", "warning", "error", "critical"].contains(value) else {
                throw refused("use debug, info, notice, warning or error")
            }
            logLevel = value
        case let key where SiteSettings.keys.contains(key):
            if let remedy = site.set(key, to: value) { throw refused(remedy) }
        case let key where EnrolmentConfiguration.keys.contains(key):
            if let remedy = enrolment.set(key, to: value) { throw refused(remedy) }
        case let key where MessagingSettings.keys.contains(key):
            if let remedy = messaging.set(key, to: value) { throw refused(remedy) }
        default:
            throw ConfigurationError(
                slug: "config-key-unknown",
                message: "\(source): there is no key \(key); the keys are \(Self.keys.joined(separator: ", "))")
        }
    }
}
