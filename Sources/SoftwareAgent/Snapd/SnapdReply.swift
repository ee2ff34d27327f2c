import Foundation

/// What snapd answers.
public enum SnapdReply: Equatable, Sendable {
    /// The member `result`, as JSON; whole bodies that are not snapd's JSON envelope as they are.
    case done([UInt8])
    /// Accepted: the id of the change that goes on.
    case started(String)
    case refused(SnapdRefusal)

    /// Bytes of one answer.
    public static let largest = 16 << 20

    /// - Throws: ``SoftwareAgentError/Code/snapdAnswerInvalid``.
    public init(status: Int, contentType: String, body: [UInt8]) throws(SoftwareAgentError) {
        // Not by its beginning: logs come as application/json-seq.
        guard contentType.prefix(while: { $0 != ";" }) == "application/json" else {
            self = status < 400 ? .done(body) : .refused(SnapdRefusal(status: status, kind: nil, message: "snapd answers \(status)"))
            return
        }
        guard let envelope = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] else {
            throw SoftwareAgentError(.snapdAnswerInvalid, "snapd's answer is no JSON object; look at its version and its journal")
        }
        if envelope["type"] as? String == "async" {
            guard let change = envelope["change"] as? String, !change.isEmpty else {
                throw SoftwareAgentError(.snapdAnswerInvalid, "snapd began a change without an id; look at its journal")
            }
            self = .started(change)
        } else if status >= 400 || envelope["type"] as? String == "error" {
            let result = envelope["result"] as? [String: Any]
            self = .refused(
                SnapdRefusal(
                    status: status, kind: (result?["kind"] as? String).flatMap { $0.isEmpty ? nil : $0 },
                    message: result?["message"] as? String ?? "snapd answers \(status)"))
        } else {
            let result = try? JSONSerialization.data(
                withJSONObject: envelope["result"] ?? NSNull(), options: [.fragmentsAllowed, .sortedKeys, .withoutEscapingSlashes])
            self = .done(Array(result ?? Data("null".utf8)))
        }
    }
}
