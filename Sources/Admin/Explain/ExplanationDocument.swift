import Fleet
import UpdateTree

/// Why a device gets the update that it gets, as the API shows it.
struct ExplanationDocument: Encodable, Sendable {
    struct Membership: Encodable, Sendable {
        let id: String
        let update: String
        let state: String
        let phase: Nullable<Int>
        let phases: Int
        let stage: Nullable<String>
    }

    struct Reason: Encodable, Sendable {
        let slug: String
        let sentence: String
    }

    struct Targets: Encodable, Sendable {
        let version: Nullable<Int64>
        let expires: Nullable<String>
        let names: [String]
        let sha256: String
    }

    struct Refusal: Encodable, Sendable {
        let status: Int
        let slug: String
    }

    struct Served: Encodable, Sendable {
        let targets: Nullable<Targets>
        let problem: Nullable<Refusal>
    }

    let uuid: String
    let isProd: Bool
    let tag: Nullable<String>
    let updateName: Nullable<String>
    let targetName: Nullable<String>
    let update: Nullable<String>
    let rollout: Nullable<Membership>
    let reasons: [Reason]
    let served: Served

    init(_ explanation: Explanation, targets: ServedTargets?) {
        uuid = explanation.device.text
        isProd = explanation.channel.isProduction
        tag = Nullable(explanation.tag?.text)
        updateName = Nullable(explanation.assigned?.text)
        targetName = Nullable(explanation.target)
        update = Nullable(explanation.update?.path)
        rollout = Nullable(explanation.membership.map(Membership.init))
        reasons = explanation.reasons.map { Reason(slug: $0.slug.rawValue, sentence: $0.sentence) }
        // An update that is served as it lies there may have no such file.
        let refusal = explanation.refusal ?? (targets == nil ? .noFile : nil)
        served = Served(
            targets: Nullable(
                targets.map {
                    Targets(version: Nullable($0.version), expires: Nullable($0.expires), names: $0.names, sha256: $0.digest.hex)
                }),
            problem: Nullable(refusal.map { Refusal(status: $0.status, slug: $0.slug) }))
    }
}

extension ExplanationDocument.Membership {
    init(_ membership: RolloutMembership) {
        self.init(
            id: membership.rollout.text, update: membership.update.path, state: membership.state.rawValue,
            phase: Nullable(membership.device?.phase), phases: membership.phaseCount, stage: Nullable(membership.device?.stage.name))
    }
}
