import Snaps

extension SnapdCall {
    /// Installs files whose assertions snapd has; several in one transaction. Or one snap from the store that snapd knows.
    init(installing snaps: [RequiredSnap]) throws(SoftwareAgentError) {
        guard let first = snaps.first else { throw SoftwareAgentError(.orderInvalid, "there is no snap to install") }
        guard first.digest != nil else {
            var fields: [String: Any] = ["action": "install"]
            if let channel = first.channel { fields["channel"] = channel }
            if first.classic { fields["classic"] = true }
            self.init("POST", "/v2/snaps/\(first.name)", try Self.json(fields))
            return
        }
        var fields = [FormField("action", "install")]
        if snaps.contains(where: \.classic) { fields.append(FormField("classic", "true")) }
        if snaps.count > 1 { fields.append(FormField("transaction", "all-snaps")) }
        let uploads = snaps.map {
            SnapUpload(name: "\($0.name)_\($0.revision?.text ?? "0").snap", file: SnapFiles.name(of: $0))
        }
        self.init("POST", "/v2/snaps", .files(uploads, fields: fields))
    }
}
