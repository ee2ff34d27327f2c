import FoundationEssentials

/// Where a list goes on: the last element of the page before, wrapped so that nobody builds one by hand.
struct Cursor: Sendable {
    let last: String

    static let invalid = Problem(
        .badRequest, "cursor-invalid", "the cursor is none that this list gave; begin again without one")

    init(after last: String) { self.last = last }

    /// Nil when it is none that ``text`` made.
    init?(_ text: String) {
        guard text.utf8.count <= 512 else { return nil }
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64), let decoded = String(validating: data, as: UTF8.self),
            decoded.hasPrefix("after:")
        else { return nil }
        last = String(decoded.dropFirst(6))
    }

    var text: String {
        Data("after:\(last)".utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
