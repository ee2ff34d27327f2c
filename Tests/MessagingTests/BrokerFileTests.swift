import DeviceAuth
import Testing

@testable import Messaging

@Suite struct BrokerFileTests {
    @Test(
        "a list of serials that names nobody, somebody twice, or another device is refused",
        arguments: ["one", "one two three", "../x S", "one /", "one S\none T", "one S\ntwo S/", "one two\ntwo S", "@otaserve S"])
    func refused(text: String) {
        let error = #expect(throws: MessagingError.self) { try BrokerAccessList(serials: text) }
        #expect(error?.code == .serialsInvalid)
    }

    @Test("a device whose serial differs gets a line of its own, and one whose serial is its identity does not")
    func serials() throws {
        let text = try BrokerAccessList(serials: "# all\npump-7, S/1\r\n\nsame same\n").text
        #expect(text.contains("user pump-7\ntopic read devices/actions/S1/required-install\n"))
        #expect(!text.contains("user same"))
    }

    @Test("devices that are registered for enrolment, and those with other characters, get lines; what is another's is passed over")
    func known() throws {
        var access = try BrokerAccessList(serials: "listed L1\n")
        access.add(
            enrolled: try [("listed", "L2"), ("one", "S.1"), ("same", "same"), ("second", "S1"), ("taker", "L1"), ("thief", "pump")].map {
                (try DeviceID($0), $1)
            },
            devices: try ["d.1", "d.2", "d2", "listed", "one", "plain", "pump"].map { try DeviceID($0) })
        #expect(access.passedOver.map(\.text) == ["second", "taker", "thief", "d.2"])
        #expect(
            Dictionary(uniqueKeysWithValues: access.words.map { ($0.key.text, $0.value) }) == ["listed": "L1", "one": "S1", "d.1": "d1"])
        #expect(access.text.contains("user d.1\ntopic read devices/actions/d1/required-install\n"))
    }

    @Test("the server may do what it needs, and a device what is its own")
    func access() throws {
        let lines = try BrokerAccessList(serials: "").text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            lines == [
                "user @otaserve", "topic read devices/health/+", "topic read devices/pub/+", "topic write devices/sub/+",
                "topic write devices/actions/+/required-install", "pattern write devices/health/%u", "pattern write devices/pub/%u",
                "pattern read devices/sub/%u", "pattern read devices/actions/%u/required-install",
            ])
        // No device can be the server.
        #expect(throws: DeviceAuthError.self) { try DeviceID(CertificateDirectory.brokerUser) }
        #expect(throws: DeviceAuthError.self) { try SiteName(CertificateDirectory.brokerUser) }
    }

    @Test("the configuration lets nobody in without a certificate, and names a bound for everything")
    func configuration() {
        let text = BrokerConfiguration(
            folder: "/etc/broker", address: "10.0.0.1", port: 8883, persistence: "/var/lib/mosquitto", hasRevocationList: true
        ).text
        for line in [
            "listener 8883 10.0.0.1", "allow_anonymous false", "require_certificate true", "use_identity_as_username true",
            "use_username_as_clientid true", "crlfile /etc/broker/crl.pem", "acl_file /etc/broker/acl",
            "persistence_location /var/lib/mosquitto/",
            "message_size_limit 1048576", "max_queued_messages 10000", "max_inflight_messages 20",
        ] { #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)") }
        let without = BrokerConfiguration(folder: "/a", address: nil, port: 1, persistence: "/b", hasRevocationList: false).text
        #expect(!without.contains("crlfile") && without.contains("\nlistener 1\n"))
    }
}
