/// Whether devices that an update is assigned to are served it.
public enum UpdateServing: Equatable, Sendable {
    case served
    /// There is no such update.
    case missing
    /// It was not checked as it lies there now.
    case notVerified
    /// It was checked and refused; with the first thing that is wrong.
    case refused(because: String?)
}

extension UpdateLibrary {
    /// As the gateway decides it, with the reason. Reads files.
    public func serving(of key: UpdateKey, by served: ServedUpdates) -> UpdateServing {
        guard catalogue.contains(key) else { return .missing }
        if served.policy == .any || served.acceptedKeys.contains(key) { return .served }
        guard let verdict = verdicts.verdict(on: key, thorough: false), !verdict.isAccepted else { return .notVerified }
        return .refused(because: verdict.findings.first { $0.severity == .fatal }.map { "\($0.path): \($0.message)" })
    }
}
