extension Verdict {
    /// The same verdict on the same content, of which files were replaced by right copies.
    init(_ verdict: Verdict, fingerprint: UpdateFingerprint) {
        isAccepted = verdict.isAccepted
        checkedAt = verdict.checkedAt
        self.fingerprint = fingerprint
        findings = verdict.findings
        fatalCount = verdict.fatalCount
        warningCount = verdict.warningCount
        files = verdict.files
        bytes = verdict.bytes
        expires = verdict.expires
        inventory = verdict.inventory
    }

    /// The update was accepted, and one of its files has been found damaged since.
    init(refusing verdict: Verdict, because defect: Finding, checkedAt: Int64) {
        isAccepted = false
        self.checkedAt = checkedAt
        fingerprint = verdict.fingerprint
        findings = [defect] + verdict.findings
        fatalCount = verdict.fatalCount + 1
        warningCount = verdict.warningCount
        files = verdict.files
        bytes = verdict.bytes
        expires = verdict.expires
        inventory = nil
    }
}
