import Foundation
import Snaps

extension SnapdCall {
    /// What an ordinary request of the server's asks of snapd.
    ///
    /// The meaning of `data`: of install, refresh and switch a channel, or a JSON object with `channel`, `classic`, `revision`;
    /// of setconf a JSON object; of ack assertions; of start, stop and restart names of services, or a JSON object with
    /// `services`; of logs a count of lines, or a JSON object with `limit`;
    /// of user a JSON object as snapd's `/v2/users` takes it.
    ///
    /// - Throws: ``SoftwareAgentError/Code/orderInvalid``.
    init(ordered request: SnapRequest) throws(SoftwareAgentError) {
        let data = request.data ?? ""
        switch request.action {
        case .server: self.init("GET", "/v2/system-info")
        case .device: self.init("GET", "/v2/model/serial")
        case .ack:
            guard !data.isEmpty else { throw Self.invalid("ack needs assertions as its data") }
            self.init("POST", "/v2/assertions", .assertions(Array(data.utf8)))
        case .info: self.init("GET", "/v2/snaps/\(try Self.snap(request))")
        case .conf: self.init("GET", "/v2/snaps/\(try Self.snap(request))/conf")
        case .setconf: self.init("PUT", "/v2/snaps/\(try Self.snap(request))/conf", try Self.json(Self.object(data)))
        case .install, .remove, .refresh, .revert, .enable, .disable, .switchChannel:
            var fields = data.isEmpty ? [:] : try Self.options(data)
            fields["action"] = request.action.rawValue
            self.init("POST", "/v2/snaps/\(try Self.snap(request))", try Self.json(fields))
        case .start, .stop, .restart:
            let services = try Self.services(data)
            let names = services.isEmpty ? [try Self.snap(request)] : services
            guard names.allSatisfy(Self.isService) else { throw Self.invalid("a service is written as snap or snap.service") }
            self.init("POST", "/v2/apps", try Self.json(["action": request.action.rawValue, "names": names]))
        case .logs:
            guard let count = try Self.lines(data), (1...10_000).contains(count) else {
                throw Self.invalid("logs takes a count of lines from 1 to 10000 as its data")
            }
            let names = request.snap.map { "&names=\($0)" } ?? ""
            guard request.snap.map(Self.isService) ?? true else { throw Self.invalid("a service is written as snap or snap.service") }
            self.init("GET", "/v2/logs?n=\(count)\(names)")
        case .snapshot:
            var fields: [String: Any] = ["action": "snapshot"]
            if request.snap != nil { fields["snaps"] = [try Self.snap(request)] }
            self.init("POST", "/v2/snaps", try Self.json(fields))
        case .user: self.init("POST", "/v2/users", try Self.json(Self.object(data)))
        case .unregister:
            throw Self.invalid("the device's certificate is its registration; revoke it on the server, or remove it from the device")
        case .list, .requiredInstall: throw Self.invalid("\(request.action.rawValue) is no order to snapd")
        }
    }

    private static func snap(_ request: SnapRequest) throws(SoftwareAgentError) -> String {
        guard let name = request.snap.flatMap({ try? SnapName($0) }) else {
            throw invalid("\(request.action.rawValue) needs the name of a snap")
        }
        return name.text
    }

    private static func isService(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || "-_.".utf8.contains($0)
            }
    }

    /// A channel, or an object with more.
    private static func options(_ data: String) throws(SoftwareAgentError) -> [String: Any] {
        data.hasPrefix("{") ? try object(data) : ["channel": data]
    }

    private static func services(_ data: String) throws(SoftwareAgentError) -> [String] {
        guard data.hasPrefix("{") else { return data.split { $0 == "," || $0 == " " }.map(String.init) }
        return try object(data)["services"] as? [String] ?? []
    }

    private static func lines(_ data: String) throws(SoftwareAgentError) -> Int? {
        guard data.hasPrefix("{") else { return data.isEmpty ? 100 : Int(data) }
        return try object(data)["limit"] as? Int
    }

    private static func object(_ data: String) throws(SoftwareAgentError) -> [String: Any] {
        guard let object = (try? JSONSerialization.jsonObject(with: Data(data.utf8))) as? [String: Any] else {
            throw invalid("its data is no JSON object")
        }
        return object
    }

    static func json(_ object: [String: Any]) throws(SoftwareAgentError) -> Body {
        guard let text = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes]) else {
            throw invalid("its data can not be written as JSON")
        }
        return .json(Array(text))
    }

    private static func invalid(_ words: String) -> SoftwareAgentError { SoftwareAgentError(.orderInvalid, words) }
}
