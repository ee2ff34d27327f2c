import DeviceAuth
import Snaps
import Testing

@testable import Messaging

extension DeviceFacts {
    /// Devices that an operator gave serials, and those that are known.
    static func of(serials: [DeviceID: String] = [:], devices: Set<DeviceID> = []) -> DeviceFacts {
        let index = EnrolledSerials(serials.map { ($0.key, $0.value) })
        return DeviceFacts(
            seen: { $0.text != "denied" }, isDevice: { devices.contains($0) }, serial: { index.serial(of: $0) },
            owner: { index.owner(of: $0) })
    }
}

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
        var words = SerialWords(facts: .of())
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
        var words = SerialWords(facts: .of(devices: [one, two, dotted]))
        #expect(words.word(of: one, serial: "two") == nil)
        #expect(words.word(of: dotted, serial: nil) == nil)
        #expect(words.word(of: one, serial: "S") == "S")
        #expect(words.word(of: two, serial: "S") == nil)
        #expect(words.word(of: two, serial: "/") == nil)
        #expect(words.word(of: two, serial: nil) == "two")
    }

    @Test("an operator's word counts before a device's own, and takes the serial from whoever said it before")
    func enrolled() throws {
        let (one, two) = (try DeviceID("one"), try DeviceID("two"))
        let index = EnrolledSerials([])
        var words = SerialWords(
            facts: DeviceFacts(
                seen: { _ in true }, isDevice: { _ in false }, serial: { index.serial(of: $0) }, owner: { index.owner(of: $0) }))
        #expect(words.word(of: two, serial: "S/1") == "S1")
        index.note("S-1", of: one)
        #expect(words.word(of: two, serial: "S1") == "S1")
        index.note("S1", of: one)
        #expect(words.word(of: two, serial: "S1") == nil)
        #expect(words.word(of: one, serial: nil) == "S1")
        #expect(words.word(of: one, serial: "other") == "S1")
        #expect(words.word(of: two, serial: nil) == "two")
        // The same serial of another model is not the first one's any less.
        index.note("S1", of: two)
        #expect(words.word(of: two, serial: nil) == nil)
        #expect(words.word(of: one, serial: nil) == "S1")
    }

    @Test("what several devices had said before the start is nobody's, and what one had said stays its own")
    func known() throws {
        let (one, two) = (try DeviceID("one"), try DeviceID("two"))
        let facts = DeviceFacts.of(serials: [try DeviceID("three"): "T"])
        var words = SerialWords(facts: facts, known: [(one, "S"), (one, "S1"), (two, "S1"), (two, "S2"), (two, "T")])
        for device in [one, two] { #expect(words.word(of: device, serial: "S1") == nil) }
        words = SerialWords(facts: facts, known: [(one, "S")])
        #expect(words.word(of: two, serial: "S") == nil)
        #expect(words.word(of: one, serial: nil) == "S")
        #expect(words.word(of: two, serial: "T") == nil)
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
