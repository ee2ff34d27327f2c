import DeviceAuth
import UpdateTree

/// Which update a device gets now and what decides it, or why not yet. A pure function of the device's ``DeviceSituation``.
public struct Explanation: Equatable, Sendable {
    /// One thing that stands between a device and its update, or tells how far it is.
    public struct Reason: Equatable, Sendable {
        public let slug: ReasonSlug
        public let sentence: String
    }

    /// What the gateway answers instead of `targets.json`.
    public struct Refusal: Equatable, Sendable {
        /// Of HTTP.
        public let status: Int
        public let slug: String
    }

    public let device: DeviceID
    /// From the certificate of the last handshake.
    public let channel: Channel
    /// From the last check-in.
    public let tag: Tag?
    /// From the device's record.
    public let assigned: UpdateName?
    /// What the device says it runs.
    public let target: String?
    /// What channel, tag and assignment lead to; nil when they lead to none.
    public let update: UpdateKey?
    public let membership: RolloutMembership?
    /// What stands in the way comes before what only tells how far it is.
    public let reasons: [Reason]
    /// Nil when the device is served ``update``.
    public let refusal: Refusal?

    public init(_ situation: DeviceSituation) {
        device = situation.id
        channel = situation.state?.channel ?? situation.registration?.channel ?? .ci
        tag = situation.state?.tag ?? situation.registration?.tag
        assigned = situation.state?.updateName
        target = situation.state?.targetName
        if case .update(let key)? = situation.resolution { update = key } else { update = nil }
        membership = situation.membership
        reasons = situation.reasons
        refusal = situation.refusal
    }
}

extension Explanation.Refusal {
    /// The update is served and has no such file.
    public static let noFile = Explanation.Refusal(status: 404, slug: "not-found")
}
