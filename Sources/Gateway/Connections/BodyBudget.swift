/// How many bytes of request bodies one event loop holds at once. Devices and sites have one each, so that a site's
/// report never leaves devices without room.
// Unchecked: used on its event loop only.
final class BodyBudget: @unchecked Sendable {
    private let limit: Int
    private var held = 0

    init(limit: Int) { self.limit = limit }

    /// False when there is no room for so many.
    func take(_ count: Int) -> Bool {
        guard held + count <= limit else { return false }
        held += count
        return true
    }

    func give(_ count: Int) { held -= count }
}
