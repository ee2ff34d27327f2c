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
        settings: MessagingSettings, datadir: String, exchange: any SnapExchange, registry: DeviceRegistry, logger: Logger
    ) throws {
        guard let settings = try settings.client(datadir: datadir) else { return nil }
        client = try MQTTClient(settings)
        let contacts = ContactBuffer(registry: registry, logger: logger)
        notes = MessagingNotes(logger: logger)
        messaging = DeviceMessaging(
            exchange: exchange, notes: notes, seen: { contacts.see($0) }, isDevice: { registry.directory[$0] != nil })
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
