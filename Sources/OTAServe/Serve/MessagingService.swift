import DeviceAuth
import Fleet
import Logging
import MQTT
import Messaging
import ServiceLifecycle

/// Speaks with devices' agents through an MQTT broker, when the configuration names one.
struct MessagingService: Service {
    private let client: MQTTClient
    private let messaging: DeviceMessaging
    private let notes: MessagingNotes
    private let contacts: ContactBuffer

    /// Nil without a broker.
    init?(
        settings: MessagingSettings, datadir: String, snaps: RequiredSnaps, registry: DeviceRegistry, serials: EnrolledSerials,
        logger: Logger
    ) throws {
        guard let settings = try settings.client(datadir: datadir) else { return nil }
        client = try MQTTClient(settings)
        let contacts = ContactBuffer(registry: registry, logger: logger)
        notes = MessagingNotes(logger: logger)
        // An operator's word comes before what the device said last.
        let serial: @Sendable (DeviceID) -> String? = { serials.serial(of: $0) ?? (try? snaps.status(of: $0))?.serial }
        messaging = DeviceMessaging(
            exchange: snaps.exchange(over: .mqtt), notes: notes,
            facts: DeviceFacts(
                seen: { contacts.see($0) }, isDevice: { registry.directory[$0] != nil }, serial: serial,
                owner: { serials.owner(of: $0) }),
            known: registry.directory.all.compactMap { entry in serial(entry.id).map { (entry.id, $0) } },
            unsent: { snaps.unsent($0, of: $1) })
        self.contacts = contacts
    }

    func run() async throws {
        let writing = Task { await contacts.run() }
        client.start { [notes] in DeviceMessaging.report($0, to: notes) }
        await withGracefulShutdownHandler {
            await messaging.run(client)
        } onGracefulShutdown: {
            Task { await client.stop() }
        }
        await client.stop()
        writing.cancel()
        await writing.value
        await contacts.write()
    }
}
