import BrokerSupport
import Foundation
import Testing

@testable import MQTT

@Suite(.timeLimit(.minutes(1))) struct SecurityTests {
    private func settings(_ broker: TestBroker, _ device: String?, authorities: String, host: String = "localhost") -> MQTTSettings {
        Peer.settings("one", broker) {
            $0.host = host
            $0.security = .tls(
                authorities: authorities, certificate: device.map { "\($0)/client.pem" }, key: device.map { "\($0)/pkey.pem" })
        }
    }

    @Test("a device's certificate opens the way, whether it is of production or not", arguments: [true, false])
    func certificates(isProduction: Bool) async throws {
        let authority = try TestAuthority()
        let broker = try await TestBroker.start(TestBroker.tls(authority))
        defer {
            broker.remove()
            authority.remove()
        }
        let device = try authority.device("pump-7", isProduction: isProduction)
        let peer = try Peer(settings(broker, device, authorities: "\(device)/root.crt"))
        try await peer.client.subscribe("a", quality: .atLeastOnce)
        // More than one TLS record holds, and many in one.
        for size in [0, 1, 16_000, 70_000] {
            let message = MQTTMessage(topic: "a", payload: [UInt8](repeating: 7, count: size), quality: .atLeastOnce)
            try await peer.client.publish(message)
            #expect(await peer.next() == message)
        }
        for number in 1...300 { try peer.client.post(MQTTMessage("a", "\(number)")) }
        for number in 1...300 { #expect(await peer.next()?.text == "\(number)") }
        #expect(broker.logText.contains("u'pump-7'"))
        await peer.client.stop()
    }

    @Test("a broker of another authority is refused, with a reason")
    func foreignBroker() async throws {
        let (authority, other) = (try TestAuthority(), try TestAuthority())
        let broker = try await TestBroker.start(TestBroker.tls(authority))
        defer {
            broker.remove()
            authority.remove()
            other.remove()
        }
        let device = try authority.device("pump-7")
        let peer = try Peer(settings(broker, device, authorities: "\(other.folder)/root.crt"))
        let failure = await peer.failure()
        #expect(failure?.code == .tlsFailed)
        #expect(failure?.message.contains("certificate verify failed") == true, "\(String(describing: failure))")
        await peer.client.stop()
    }

    @Test("a broker whose certificate is for another name is refused")
    func foreignName() async throws {
        let authority = try TestAuthority()
        let broker = try await TestBroker.start(TestBroker.tls(authority))
        defer {
            broker.remove()
            authority.remove()
        }
        let device = try authority.device("pump-7")
        let peer = try Peer(settings(broker, device, authorities: "\(device)/root.crt", host: "127.0.0.1"))
        let failure = await peer.failure()
        #expect(failure?.code == .tlsFailed, "\(String(describing: failure))")
        await peer.client.stop()
    }

    @Test("a broker refuses who has no certificate, and one of another authority", arguments: [true, false])
    func foreignDevice(hasCertificate: Bool) async throws {
        let (authority, other) = (try TestAuthority(), try TestAuthority())
        let broker = try await TestBroker.start(TestBroker.tls(authority))
        defer {
            broker.remove()
            authority.remove()
            other.remove()
        }
        let device = hasCertificate ? try other.device("pump-7") : nil
        let peer = try Peer(settings(broker, device, authorities: "\(authority.folder)/root.crt"))
        let failure = await peer.failure()
        #expect(failure?.code == .tlsFailed || failure?.code == .connectionLost, "\(String(describing: failure))")
        #expect(!peer.events.all.contains { $0.isConnection })
        await peer.client.stop()
    }

    @Test("files that cannot be read are an error at once, before anything is tried")
    func missingFiles() {
        for (authorities, certificate, key) in [
            ("/nowhere.pem", nil, nil), ("/etc/hosts", "/nowhere.pem", "/etc/hosts"), ("/etc/hosts", "/etc/hosts", nil),
        ] as [(String, String?, String?)] {
            let settings = MQTTSettings(
                host: "localhost", port: 1, clientID: "one",
                security: .tls(authorities: authorities, certificate: certificate, key: key))
            let failure = #expect(throws: MQTTError.self) { try MQTTClient(settings) }
            #expect(failure?.code == .settingsInvalid)
        }
    }
}
