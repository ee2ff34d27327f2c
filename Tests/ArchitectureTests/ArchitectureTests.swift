import Testing

@Suite struct ArchitectureTests {
    /// The breaches of the arrows in one file, one sentence each.
    private func breaches(_ file: SourceFile) -> [String] {
        guard let room = Room.all[file.room] else { return ["\(file): \(file.room) is in no table; say in Rules.swift what it is"] }
        guard room.kind != .executable else { return [] }
        return file.imports.compactMap { module in
            if Room.all[module] != nil, !room.rooms.contains(module) { return "\(file): \(file.room) may not import \(module)" }
            if room.kind == .core, Room.foreignToCore.contains(where: { module.hasPrefix($0) || module.hasPrefix("_" + $0) }) {
                return "\(file): \(file.room) is core and may not import \(module)"
            }
            return nil
        }
    }

    private func breaches(_ word: ForbiddenWord, _ file: SourceFile) -> [String] {
        guard word.exceptions[file.path] == nil else { return [] }
        return file.lines.enumerated().compactMap { number, line in
            SourceFile.code(line).contains(word.text) ? "\(file):\(number + 1): \(word.text) – \(word.reason)" : nil
        }
    }

    private func unprovenSendable(_ file: SourceFile) -> [String] {
        file.lines.indices.compactMap { index in
            guard SourceFile.code(file.lines[index]).contains("@unchecked Sendable") else { return nil }
            let nearby = [index > 0 ? file.lines[index - 1] : "", file.lines[index]]
            return nearby.contains { $0.contains("//") }
                ? nil : "\(file):\(index + 1): @unchecked Sendable without a comment that proves it"
        }
    }

    private func isWellNamed(_ name: String) -> Bool {
        let last = name.split(separator: "/").last.map(String.init) ?? name
        return !ForbiddenWord.emptyNames.contains { last.contains($0) }
    }

    @Test("every import points where the design lets it")
    func arrows() throws {
        let files = try SourceFile.all()
        #expect(files.count > 50)
        #expect(files.flatMap(breaches) == [])
    }

    @Test("no file is longer than its bound")
    func lengths() throws {
        let long = try SourceFile.all().filter { $0.lines.count > ForbiddenWord.mostLines + 1 }.map { "\($0) has \($0.lines.count) lines" }
        #expect(long == [])
    }

    @Test("no file or folder has a name that says nothing")
    func names() throws { #expect(try SourceFile.names().filter { !isWellNamed($0) } == []) }

    @Test("no code stops the process, and no cast is forced")
    func words() throws {
        let files = try SourceFile.all()
        #expect(ForbiddenWord.all.flatMap { word in files.flatMap { breaches(word, $0) } } == [])
    }

    @Test("every exception still has its reason")
    func exceptions() throws {
        let files = try SourceFile.all()
        for word in ForbiddenWord.all {
            for (path, reason) in word.exceptions {
                #expect(!reason.isEmpty)
                let file = files.first { $0.path == path }
                #expect(file?.lines.contains { SourceFile.code($0).contains(word.text) } == true, "\(path) needs its exception no more")
            }
        }
    }

    @Test("every @unchecked Sendable stands beside its proof")
    func sendable() throws { #expect(try SourceFile.all().flatMap(unprovenSendable) == []) }

    // The rules themselves, against code that breaks them.

    static let breaking: [(path: String, text: String)] = [
        ("Fleet/A.swift", "import GRDB"), ("Fleet/A.swift", "import NIOCore"), ("Fleet/A.swift", "@preconcurrency import NIOPosix"),
        ("Fleet/A.swift", "public import Persistence"), ("Fleet/A.swift", "import FileTree"),
        ("Fleet/A.swift", "import struct TUF.TUFError"),
        ("TUF/A.swift", "import UpdateTree"), ("TUF/A.swift", "import HummingbirdCore"), ("FileTree/A.swift", "import UpdateTree"),
        ("UpdateTree/A.swift", "import DeviceAuth"), ("UpdateTree/A.swift", "  import Fleet"),
        ("OperatorAuth/A.swift", "@_exported import AsyncHTTPClient"),
        ("DeviceAuth/A.swift", "import OperatorAuth"), ("Gateway/A.swift", "import Persistence"), ("Admin/A.swift", "import Gateway"),
        ("Persistence/A.swift", "import Admin"), ("Persistence/A.swift", "import OTAServe"), ("Elsewhere/A.swift", ""),
        ("Gateway/A.swift", "import CFileTree"),
    ]

    @Test("an import against the arrows is found", arguments: breaking)
    func findsImports(path: String, text: String) {
        #expect(breaches(SourceFile(path: path, text: "import Foundation\n\(text)\n")).count == 1)
    }

    @Test(
        "an import along the arrows is not",
        arguments: [
            ("Fleet/A.swift", "import DeviceAuth\nimport UpdateTree\nimport Foundation"),
            ("Gateway/A.swift", "import Fleet\nimport NIOCore"),
            ("OTAServe/A.swift", "import Gateway\nimport Persistence"), ("TUF/A.swift", "// import GRDB\nimport Crypto"),
        ])
    func allowsImports(path: String, text: String) { #expect(breaches(SourceFile(path: path, text: text)) == []) }

    @Test("a forbidden word is found in code, and not in a comment or a text", arguments: ["try!", "as!", "fatalError("])
    func findsWords(word: String) throws {
        let rule = try #require(ForbiddenWord.all.first { $0.text == word })
        #expect(breaches(rule, SourceFile(path: "A/A.swift", text: "let x = y \(word) z")).count == 1)
        #expect(breaches(rule, SourceFile(path: "A/A.swift", text: "let x = \"a\" \(word) z // why")).count == 1)
        #expect(breaches(rule, SourceFile(path: "A/A.swift", text: "/// \(word)\nlet a = 1 // \(word)\nlet b = \"\(word)\"")) == [])
    }

    @Test("an unproven @unchecked Sendable is found, a proven one is not")
    func findsSendable() {
        #expect(unprovenSendable(SourceFile(path: "A/A.swift", text: "\nfinal class A: @unchecked Sendable {}")).count == 1)
        #expect(unprovenSendable(SourceFile(path: "A/A.swift", text: "// One thread only.\nfinal class A: @unchecked Sendable {}")) == [])
        #expect(unprovenSendable(SourceFile(path: "A/A.swift", text: "final class A: @unchecked Sendable {}  // One thread only.")) == [])
    }

    @Test("an empty name is found", arguments: ["Fleet/Utils", "Fleet/DeviceManager.swift", "Fleet/StringHelpers.swift", "Common"])
    func findsNames(name: String) {
        #expect(!isWellNamed(name))
        #expect(isWellNamed("Fleet/Devices/DeviceRegistry.swift"))
    }
}
