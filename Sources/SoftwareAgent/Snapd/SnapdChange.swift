import Foundation
import Snaps

/// Work that snapd has taken on, and how far it is.
public struct SnapdChange: Equatable, Sendable {
    public let id: String
    public let kind: String
    public let summary: String
    public let status: String
    /// Whether it is over, whatever the outcome.
    public let isReady: Bool
    /// snapd's own words on what went wrong.
    public let failure: String?
    public let snaps: [String]

    init?(_ object: Any?) {
        guard let object = object as? [String: Any], let id = object["id"] as? String else { return nil }
        self.id = id
        kind = object["kind"] as? String ?? ""
        summary = object["summary"] as? String ?? ""
        status = object["status"] as? String ?? ""
        isReady = object["ready"] as? Bool ?? ["Done", "Error", "Undone", "Hold"].contains(status)
        failure = (object["err"] as? String).flatMap { $0.isEmpty ? nil : $0 }
        let data = object["data"] as? [String: Any]
        snaps = data?["snap-names"] as? [String] ?? (data?["snap-name"] as? String).map { [$0] } ?? []
    }

    /// The member `result` of `GET /v2/changes/<id>`.
    ///
    /// - Throws: ``SoftwareAgentError/Code/snapdAnswerInvalid``.
    public init(parsing result: [UInt8]) throws(SoftwareAgentError) {
        guard let change = Self(try? JSONSerialization.jsonObject(with: Data(result))) else {
            throw SoftwareAgentError(.snapdAnswerInvalid, "snapd's change has no id; look at its version and its journal")
        }
        self = change
    }

    /// The member `result` of `GET /v2/changes`.
    public static func all(parsing result: [UInt8]) -> [SnapdChange] {
        ((try? JSONSerialization.jsonObject(with: Data(result))) as? [Any] ?? []).compactMap { SnapdChange($0) }
    }

    public var hasSucceeded: Bool { isReady && status == "Done" }

    /// snapd counts its changes.
    public var number: Int { Int(id) ?? 0 }

    /// Whether it is about one of `names`, or about all snaps. Changes that do not list their snaps name them in the summary,
    /// but for those of services.
    public func concerns(_ names: [String]) -> Bool {
        if names.isEmpty || snaps.isEmpty && kind == "service-control" { return true }
        return snaps.isEmpty ? names.contains { summary.contains("\"\($0)\"") } : snaps.contains { names.contains($0) }
    }

    /// What to say of a change that did not succeed.
    public var words: String { failure ?? "snapd ended change \(id) as \(status)" }
}
