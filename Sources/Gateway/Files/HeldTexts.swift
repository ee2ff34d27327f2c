/// The texts that one event loop is sending: who asks for the same one shares its bytes, so memory grows with the
/// texts and not with those who read them slowly.
final class HeldTexts {
    private struct Entry { weak var text: HeldText? }

    private var entries: [String: Entry] = [:]

    /// The text of the same content that is being sent already, or this one.
    func shared(_ text: HeldText) -> HeldText {
        if let known = entries[text.digest]?.text { return known }
        entries = entries.filter { $0.value.text != nil }
        entries[text.digest] = Entry(text: text)
        return text
    }
}
