import Foundation
import NIOCore

/// `POST /events` with one event each, never the same twice.
///
/// A correlation id serves a few events and is then replaced, as an installation has about eight events.
struct DeviceEvents: RequestSource {
    private static let eventsPerCorrelation = 8
    private static let types = [
        "EcuDownloadStarted", "EcuDownloadCompleted", "EcuInstallationStarted", "EcuInstallationApplied", "EcuInstallationCompleted",
    ]

    private let authority: String
    private let targetName: String
    private var made = 0
    private var correlation = ""

    init(authority: String, targetName: String) {
        self.authority = authority
        self.targetName = targetName
    }

    mutating func next() -> HTTPRequest { makeEvent().request }

    mutating func makeEvent() -> (id: String, request: HTTPRequest) {
        if made % Self.eventsPerCorrelation == 0 { correlation = "1-\(UUID().uuidString.lowercased())" }
        let type = Self.types[made % Self.types.count]
        made += 1
        let id = UUID().uuidString.lowercased()
        let success = type.hasSuffix("Completed") ? "true" : "null"
        let body = """
            [{"id":"\(id)","deviceTime":"2025-01-01T00:00:00Z","eventType":{"id":"\(type)","version":0},\
            "event":{"correlationId":"\(correlation)","ecu":"","success":\(success),"targetName":"\(targetName)","version":"1","details":""}}]
            """
        let headers = [(name: "Content-Type", value: "application/json")]
        return (id, HTTPRequest(method: "POST", path: "/events", authority: authority, headers: headers, body: ByteBuffer(string: body)))
    }
}
