import Foundation

enum StandardError {
    /// One line. Names out of foreign archives and certificates may stand in it: control characters are shown, not sent.
    static func print(_ line: String) {
        var text = ""
        for scalar in line.unicodeScalars {
            let isControl = scalar.value < 0x20 && scalar != "\n" || (0x7F...0x9F).contains(scalar.value)
            text += isControl ? scalar.escaped(asASCII: true) : String(scalar)
        }
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
