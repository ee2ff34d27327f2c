/// The snapd of this device: one call, one answer. Source: snapd's REST API.
public protocol Snapd: Sendable {
    /// - Throws: ``SoftwareAgentError/Code/snapdUnreachable`` when there is no answer: it may have been heard nevertheless.
    func send(_ call: SnapdCall) async throws(SoftwareAgentError) -> SnapdReply
}
