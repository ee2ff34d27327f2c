import Fleet
import Hummingbird
import Logging

/// Writes a line into the audit log for every call that changed something.
struct AuditRecording: Sendable {
    let trail: any AuditTrail
    let now: @Sendable () -> Int64

    /// To be called with the answer, before it goes out. What was refused changed nothing and leaves no line.
    ///
    /// What was done is done: when the line cannot be written, the answer stays and the log of the server says so.
    func record(_ call: Call, of route: Route, _ response: Response, logger: Logger) async {
        // A site's report is read, nothing changes.
        guard route.method != .get, route.method != .head, route.template != "/v1/site/report", response.status.kind == .successful,
            !call.auditNote.isSuppressed
        else { return }
        let entry = AuditEntry(
            time: now(), actor: call.principal.actor, action: "\(route.method.rawValue) \(route.template)",
            subject: call.auditNote.subject ?? call.subject(of: route.template),
            outcome: "\(response.status.code)")
        do {
            try await trail.record(entry)
        } catch {
            logger.error("audit_failed", metadata: ["action": "\(entry.action)", "subject": "\(entry.subject)", "error": "\(error)"])
        }
    }
}

extension Principal {
    var actor: AuditEntry.Actor {
        switch self {
        case .anonymous: .system
        case .local: .local
        case .token(let id): .token(id)
        }
    }
}

extension Call {
    /// What the path names, such as `ci/main/43`; never the query or the body, where secrets could be.
    fileprivate func subject(of template: String) -> String {
        template.split(separator: "/").compactMap { word -> String? in
            guard word.hasPrefix("{"), word.hasSuffix("}") else { return nil }
            return try? parameter(String(word.dropFirst().dropLast()))
        }.joined(separator: "/")
    }
}
