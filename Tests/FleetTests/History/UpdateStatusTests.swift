import Fleet
import Foundation
import Testing

/// An event as a device sends it.
func event(
    _ type: String, success: Bool? = nil, correlation: String? = nil, time: String? = nil, target: String? = nil, details: String? = nil,
    id: String = UUID().uuidString
) throws -> DeviceEvent {
    var body: [String: Any] = ["ecu": "x"]
    body["success"] = success
    body["correlationId"] = correlation
    body["targetName"] = target
    body["details"] = details
    var event: [String: Any] = ["id": id, "eventType": ["id": type, "version": 1], "event": body]
    event["deviceTime"] = time
    return try JSONDecoder().decode(DeviceEvent.self, from: JSONSerialization.data(withJSONObject: event))
}

@Suite("Status from events") struct UpdateStatusTests {
    /// Steps, each with a type and `+`, `-` or nothing for its success, and the status at the end.
    @Test(
        "the status follows from the events in their order",
        arguments: [
            ("", .unknown),
            ("MetadataUpdateCompleted+", .unknown),
            ("SomethingNew-", .unknown),
            ("EcuDownloadStarted", .updating),
            ("EcuDownloadStarted EcuDownloadCompleted-", .failed),
            ("EcuDownloadStarted EcuDownloadCompleted+ EcuInstallationStarted", .updating),
            ("EcuInstallationStarted EcuInstallationApplied+", .updating),
            ("EcuInstallationStarted EcuInstallationCompleted", .updating),
            ("EcuInstallationStarted EcuInstallationCompleted+", .idle),
            ("EcuInstallationCompleted+ MetadataUpdateCompleted+ SomethingNew", .idle),
            ("EcuInstallationCompleted+ MetadataUpdateCompleted-", .failed),
            ("EcuInstallationCompleted-", .failed),
            ("EcuInstallationCompleted- EcuDownloadStarted", .updating),
            ("UpdateInitStarted UpdateInitCompleted-", .failed),
        ] as [(String, UpdateStatus)])
    func table(steps: String, status: UpdateStatus) throws {
        let events = try steps.split(separator: " ").map { step in
            try event(
                step.trimmingCharacters(in: CharacterSet(charactersIn: "+-")),
                success: step.hasSuffix("+") ? true : step.hasSuffix("-") ? false : nil)
        }
        #expect(UpdateStatus.derived(from: events) == status)
        #expect(events.reduce(UpdateStatus.unknown) { $0.after($1) } == status)
    }

    @Test("an event that is stored changes the status, and one that comes again because its answer was lost does so too")
    func intake() async throws {
        let world = try await RolloutWorld()
        func body(_ type: String, _ success: Bool) -> [UInt8] {
            Array(#"[{"id":"\#(type)","eventType":{"id":"\#(type)"},"event":{"success":\#(success)}}]"#.utf8)
        }
        func status() throws -> UpdateStatus? { world.registry.directory[try id("a")]?.state.status }
        _ = try await world.intake.events(body("EcuInstallationCompleted", false), from: try id("a"))
        #expect(try status() == .failed)
        _ = try await world.intake.events(body("EcuDownloadCompleted", true), from: try id("a"))
        #expect(try status() == .updating)
        world.registry.directory[try id("a")]?.change { $0.status = .unknown }
        _ = try await world.intake.events(body("EcuDownloadCompleted", true), from: try id("a"))
        #expect(try status() == .updating)
    }

    @Test(
        "a device's own configuration tells its hardware id",
        arguments: [
            ("[provision]\nprimary_ecu_hardware_id = \"intel-corei7-64\"\n", "intel-corei7-64"),
            ("primary_ecu_hardware_id='a.b+c_d'", "a.b+c_d"), ("  primary_ecu_hardware_id=\"x\" # y", "x"),
            ("# primary_ecu_hardware_id = \"x\"", nil), ("primary_ecu_hardware_id = x", nil), ("primary_ecu_hardware_id = \"\"", nil),
            ("primary_ecu_hardware_id = \"a b\"", nil), ("other_primary_ecu_hardware_id = \"x\"", nil), ("", nil), ("=\n==", nil),
        ] as [(String, String?)])
    func hardware(text: String, expected: String?) { #expect(HardwareID.primary(inConfiguration: text) == expected) }
}
