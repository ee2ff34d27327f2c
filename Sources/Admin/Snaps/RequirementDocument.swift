import Fleet
import Snaps

/// A required snap as the API shows it.
struct RequirementDocument: Encodable, Sendable {
    let name: String
    let model: String
    let channel: Nullable<String>
    let classic: Bool
    let priority: Int

    init(_ requirement: SnapRequirement, of model: ModelName) {
        name = requirement.snap.text
        self.model = model.text
        channel = Nullable(requirement.channel)
        classic = requirement.isClassic
        priority = requirement.priority
    }
}
