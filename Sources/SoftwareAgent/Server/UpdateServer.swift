import Snaps

/// The update server, as this device reaches it with its certificate.
public protocol UpdateServer: Sendable {
    /// - Throws: ``SoftwareAgentError/Code/serverUnreachable``, which is worth trying again;
    ///   ``SoftwareAgentError/Code/serverRefused`` for what will not be taken.
    func heartbeat(_ heartbeat: Heartbeat) async throws(SoftwareAgentError) -> SnapRequests

    /// Returns when the server has stored the answer. Throws as ``heartbeat(_:)`` does.
    func deliver(_ answer: [UInt8]) async throws(SoftwareAgentError) -> SnapRequests

    /// Gets `path` from `offset` and hands over each piece with its place in the file, until the end or until `receive` says no more.
    func fetch(
        _ path: String, from offset: Int64, receive: @Sendable (_ piece: [UInt8], _ offset: Int64) throws(SoftwareAgentError) -> Bool
    ) async throws(SoftwareAgentError)
}
