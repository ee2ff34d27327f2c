import DeviceAuth
import Snaps
import Testing

@testable import Messaging

@Suite struct TopicTests {
    static let pump = try? DeviceID("pump-7")

    @Test(
        "a topic that is not exactly devices, a known word and a device's identity is refused",
        arguments: [
            "", "/", "devices", "devices/health", "devices/health/", "devices/health/a/b", "/devices/health/a", "devices/health/a/",
            "devices//a", "Devices/health/a", "devices/sub/a", "devices/actions/a", "devices/health/..", "devices/health/@otaserve",
            "devices/health/-a", "devices/health/a b", "devices/health/ä", "devices/pub/a+", "devices/health/\u{0}",
            "devices/health/" + String(repeating: "a", count: 49),
        ])
    func refused(topic: String) {
        let error = #expect(throws: MessagingError.self) { try DeviceTopic(topic) }
        #expect(error?.code == .topicInvalid)
    }

    @Test("the two topics of a device are read")
    func accepted() throws {
        let device = try DeviceID("pump-7.a_B")
        #expect(try DeviceTopic("devices/health/pump-7.a_B") == .health(device))
        #expect(try DeviceTopic("devices/pub/pump-7.a_B") == .publication(device))
    }

    @Test(
        "a payload that speaks of another device than its topic is refused",
        arguments: [
            ("health", #"{"deviceId":"pump-8"}"#), ("health", #"{"deviceId":"pump-7 "}"#),
            ("pub", #"{"id":"","action":"list","success":true,"result":[{"deviceId":"pump-8","name":"core"}]}"#),
        ])
    func mismatch(word: String, payload: String) {
        let error = #expect(throws: MessagingError.self) {
            try DeviceMessage(topic: "devices/\(word)/pump-7", payload: Array(payload.utf8))
        }
        #expect(error?.code == .deviceMismatch)
    }

    @Test(
        "what is no heartbeat and no answer is refused", arguments: ["x", "{", "[]", "null", "\"a\"", "{\"deviceId\":7}", "\u{0}", "{}{}"])
    func malformed(payload: String) throws {
        for word in ["health", "pub"] {
            #expect(throws: (any Error).self) { try DeviceMessage(topic: "devices/\(word)/pump-7", payload: Array(payload.utf8)) }
        }
    }

    @Test("no payload at all is a message of its own, on both topics")
    func empty() throws {
        let device = try DeviceID("a")
        for word in ["health", "pub"] { #expect(try DeviceMessage(topic: "devices/\(word)/a", payload: []) == .empty(device)) }
    }

    @Test("members that are absent or null are no error, and a missing success is false")
    func lenient() throws {
        guard
            case .heartbeat(let heartbeat, _) = try DeviceMessage(
                topic: "devices/health/a", payload: Array(#"{"orgId":null,"deviceId":"a","snapListHash":null,"more":{}}"#.utf8))
        else { Issue.record("no heartbeat"); return }
        #expect(heartbeat.hashes == nil)
        guard
            case .answer(let answer, _) = try DeviceMessage(
                topic: "devices/pub/a", payload: Array(#"{"id":"1","action":"install","message":null}"#.utf8))
        else { Issue.record("no answer"); return }
        #expect(!answer.success)
    }
}
