import Fleet

/// What a device gets, and from where.
struct EffectiveConfigurationDocument: Encodable, Sendable {
    struct File: Encodable, Sendable {
        let name: String
        let value: String
        let onChanged: [String]
        let unencrypted: Bool
        let digest: String
        /// `fleet`, `group`, `device`; several for a file that was merged by key.
        let levels: [String]
    }

    let uuid: String
    let group: Nullable<String>
    let files: [File]

    init(_ effective: EffectiveConfiguration, of state: DeviceState) {
        uuid = state.id.text
        group = Nullable(state.group?.text)
        files = effective.names.compactMap { name in
            effective.files[name].map {
                File(
                    name: name.text, value: $0.file.value, onChanged: $0.file.onChanged, unencrypted: $0.file.isUnencrypted,
                    digest: $0.file.digest.description, levels: $0.places.map(\.level))
            }
        }
    }
}
