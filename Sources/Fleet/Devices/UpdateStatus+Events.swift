/// A status follows from the events alone, in the order in which they came.
extension UpdateStatus {
    /// The status after one more event.
    ///
    /// | event | success | status |
    /// |---|---|---|
    /// | any of an update | false | failed |
    /// | `EcuInstallationCompleted` | true | idle |
    /// | `UpdateInit…`, `EcuDownload…`, `EcuInstallation…` | else | updating |
    /// | anything else | | as before |
    public func after(_ event: DeviceEvent) -> UpdateStatus {
        let success = event.event.success
        switch event.eventType.id {
        case "MetadataUpdateCompleted": return success == false ? .failed : self
        case "UpdateInitStarted", "UpdateInitCompleted", "EcuDownloadStarted", "EcuDownloadCompleted", "EcuInstallationStarted",
            "EcuInstallationApplied":
            return success == false ? .failed : .updating
        case "EcuInstallationCompleted":
            switch success {
            case true: return .idle
            case false: return .failed
            // An end that does not say how it ended is none yet.
            default: return .updating
            }
        default: return self
        }
    }

    /// The status after all events that are known of a device, the oldest first.
    public static func derived(from events: some Sequence<DeviceEvent>) -> UpdateStatus {
        events.reduce(.unknown) { $0.after($1) }
    }
}
