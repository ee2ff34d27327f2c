import ArgumentParser
import Foundation

/// What to ask for, and what the answer must be like.
struct RequestOptions: ParsableArguments {
    @Option(help: "Path to get; may be repeated, the paths are asked for in turn.")
    var path: [String] = []

    @Option(
        help: ArgumentHelp(
            "File with one path per line, optionally followed by a blank and the length its body must have.",
            valueName: "file"
        )
    )
    var paths: String?

    @Option(name: .customLong("header"), help: ArgumentHelp("Header to send, 'name: value'; may be repeated.", valueName: "line"))
    var headerLines: [String] = []

    @Option(help: "Status that an answer must have.")
    var expectStatus = 200

    @Option(help: ArgumentHelp("Length that a body must have, unless the path list says otherwise.", valueName: "bytes"))
    var expectLength: Int?

    func headers() throws -> [(name: String, value: String)] {
        try headerLines.map { line in
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex, !line.contains(where: \.isNewline) else {
                throw LoadError(code: .badInput, message: "a --header is written 'name: value'")
            }
            return (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
    }

    func requests(authority: String, extraHeaders: [(name: String, value: String)] = []) throws -> [HTTPRequest] {
        let headers = try headers() + extraHeaders
        var wanted = path.map { (path: $0, length: expectLength) }
        if let paths {
            for line in try String(contentsOfFile: paths, encoding: .utf8).split(whereSeparator: \.isNewline) {
                let fields = line.split(separator: " ")
                guard let path = fields.first else { continue }
                wanted.append((String(path), fields.count > 1 ? Int(fields[1]) : expectLength))
            }
        }
        guard !wanted.isEmpty else { throw LoadError(code: .badInput, message: "name at least one path with --path or --paths") }
        return wanted.map { HTTPRequest(path: $0.path, authority: authority, headers: headers, expectedLength: $0.length) }
    }
}
