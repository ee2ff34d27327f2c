import Foundation

/// An event of an update, as aktualizr-lite sends it.
struct UpdateEvent: Encodable, Equatable, Sendable {
    struct Kind: Encodable, Equatable { let id: String; let version: Int }

    struct Body: Encodable, Equatable {
        let correlationId: String
        let ecu: String
        let targetName: String
        let version: String
        var success: Bool?
        var details: String?
    }

    let id: String
    let deviceTime: String
    let eventType: Kind
    let event: Body

    init(
        _ type: String, of target: Target, correlation: String, ecu: String, success: Bool? = nil, details: String? = nil,
        id: String, now: Date
    ) {
        self.id = id
        deviceTime = now.formatted(.iso8601)
        eventType = Kind(id: type, version: 0)
        event = Body(
            correlationId: correlation, ecu: ecu, targetName: target.name, version: String(target.version), success: success,
            details: details)
    }
}
