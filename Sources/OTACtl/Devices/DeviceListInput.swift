import ArgumentParser
import Foundation

/// Devices named as arguments, in a file, or on standard input.
struct DeviceListInput: ParsableArguments {
    @Argument(help: ArgumentHelp("Uuids of devices.", valueName: "uuid"))
    var uuids: [String] = []

    @Option(
        help: ArgumentHelp("File with one uuid per line, - for standard input; empty lines and # comments do not count.", valueName: "file")
    )
    var file: String?

    func validate() throws {
        if uuids.isEmpty, file == nil { throw ValidationError("Name devices, or a file that names them (--file).") }
    }

    func read() throws(ControlError) -> JSON {
        var names = uuids
        if let file {
            let data = file == "-" ? try? FileHandle.standardInput.readToEnd() ?? Data() : FileManager.default.contents(atPath: file)
            guard let data, let text = String(data: data, encoding: .utf8) else {
                throw ControlError(.badData, "file-unreadable", "cannot read \(file) as text; check its path and mode")
            }
            names += text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        }
        guard !names.isEmpty else { throw ControlError(.badData, "devices-missing", "\(file ?? "the list") names no device") }
        return .array(names.map(JSON.text))
    }
}
