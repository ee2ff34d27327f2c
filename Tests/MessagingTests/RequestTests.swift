import DeviceAuth
import Snaps
import Testing

@testable import Messaging

@Suite struct RequestTests {
    private func text(_ request: SnapRequest, word: String? = "pump-7") throws -> String? {
        try RequestMessage.make(request, for: DeviceID("pump-7"), word: word).map {
            "\($0.topic) \($0.quality) \(String(decoding: $0.payload, as: UTF8.self))"
        }
    }

    @Test("an order goes to the device's topic with its four members as texts")
    func order() throws {
        #expect(
            try text(SnapRequest(id: "1", action: .switchChannel, snap: "core", data: "latest/edge"))
                == #"devices/sub/pump-7 atLeastOnce {"action":"switch","data":"latest/edge","id":"1","snap":"core"}"#)
        #expect(
            try text(SnapRequest(id: "2", action: .list), word: nil)
                == #"devices/sub/pump-7 atLeastOnce {"action":"list","data":"","id":"2","snap":""}"#)
    }

    @Test("a required install goes to the topic of the serial, and nowhere without one")
    func requiredInstall() throws {
        let request = SnapRequest(id: "3", required: [RequiredSnap(name: try SnapName("hello"), channel: "1/stable", isClassic: false)])
        #expect(
            try text(request, word: "S1")
                == #"devices/actions/S1/required-install atLeastOnce {"id":"3","snaps":[{"channel":"1/stable","classic":false,"name":"hello","source":"store","track":"1"}]}"#
        )
        #expect(try text(request, word: nil) == nil)
    }

    @Test(
        "a serial loses what would change the topic",
        arguments: [("A/b+#c", "Abc"), ("../x", "x"), ("ser ial\u{0}", "serial"), ("ä-1_2", "-1_2"), ("/", "")])
    func filtered(serial: String, word: String) { #expect(SerialWords.filtered(serial) == word) }

    @Test("a device is known by its serial from the first time it says it, and by its identity before")
    func words() throws {
        var words = SerialWords(isDevice: { _ in false })
        let device = try DeviceID("pump-7")
        #expect(words.word(of: device, serial: nil) == "pump-7")
        #expect(words.word(of: device, serial: "S/1") == "S1")
        #expect(words.word(of: device, serial: nil) == "S1")
        #expect(words.word(of: device, serial: "S2") == "S2")
        #expect(words.word(of: try DeviceID("pump-8"), serial: "S1") == "S1")
        #expect(words.word(of: device, serial: "pump-7") == "pump-7")
        #expect(words.word(of: device, serial: nil) == "pump-7")
    }

    @Test("a serial that is another device's, or another's identity, sends nothing to that device")
    func stolen() throws {
        let (one, two, dotted) = (try DeviceID("one"), try DeviceID("two"), try DeviceID("t.wo"))
        var words = SerialWords(isDevice: { [one, two, dotted].contains($0) })
        #expect(words.word(of: one, serial: "two") == nil)
        #expect(words.word(of: dotted, serial: nil) == nil)
        #expect(words.word(of: one, serial: "S") == "S")
        #expect(words.word(of: two, serial: "S") == nil)
        #expect(words.word(of: two, serial: "/") == nil)
        #expect(words.word(of: two, serial: nil) == "two")
    }

    @Test("trouble is said once in ten seconds, with how often it was")
    func notices() {
        var notice = BoundedNotice()
        let begin = ContinuousClock.now
        #expect(notice.note(at: begin) == 1)
        #expect((1...9).map { notice.note(at: begin + .seconds($0)) }.allSatisfy { $0 == nil })
        #expect(notice.note(at: begin + .seconds(10)) == 10)
        #expect(notice.note(at: begin + .seconds(11)) == nil)
    }
}
