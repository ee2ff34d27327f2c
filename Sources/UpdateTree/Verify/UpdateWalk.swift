import FileTree

/// Every file of an update's directory that belongs to the update, with its size.
struct UpdateWalk {
    struct File {
        let path: String
        let status: FileStatus
        let shared: SharedContent?
    }

    private(set) var files: [File] = []
    private(set) var findings: [Finding] = []
    private let workers: Int

    /// - Parameter workers: threads that look into folders of objects at once.
    init(_ directory: Directory, workers: Int) throws(FileTreeError) {
        self.init(workers: workers)
        for entry in try directory.entries() {
            let kind = entry.kind ?? directory.entry(entry.name)?.kind
            guard UpdateParts.names.contains(entry.name), kind == .directory else {
                findings.append(
                    Finding(
                        .warning, entry.name, .partUnknown,
                        "this is no part of an update and is not served; the parts are \(UpdateParts.names.sorted().joined(separator: ", "))"
                    ))
                continue
            }
            try walk(directory.directory(entry.name), at: entry.name)
        }
    }

    private init(workers: Int) { self.workers = workers }

    private mutating func walk(_ directory: Directory, at path: String) throws(FileTreeError) {
        var folders: [String] = []
        for entry in try directory.entries() {
            let inner = "\(path)/\(entry.name)"
            switch entry.kind ?? directory.entry(entry.name)?.kind {
            case .directory:
                if UpdateParts.isLeftOut(inner) { continue }
                guard inner.utf8.count(where: { $0 == UInt8(ascii: "/") }) < UpdatePath.deepest - 1 else {
                    refuse(inner, .pathInvalid, "it lies deeper than \(UpdatePath.deepest) directories; move it up")
                    continue
                }
                folders.append(entry.name)
            case .file:
                guard UpdateParts.holds(inner) else { continue }
                guard UpdatePath.isValid(inner) else {
                    refuse(inner, .pathInvalid, "no device can ask for this name; rename the file")
                    continue
                }
                guard let status = directory.entry(entry.name) else { continue }
                files.append(File(path: inner, status: status, shared: SharedContent(path: inner)))
            case .other, nil:
                refuse(inner, .notPlain, "it is a link or a device; put a plain file there")
            }
            try refuseTooMany()
        }
        // The folders of objects are alike and many.
        if path == UpdateParts.objects, workers > 1 {
            try walkAtOnce(folders, of: directory, at: path)
        } else {
            for name in folders { try walk(directory.directory(name), at: "\(path)/\(name)") }
        }
    }

    private mutating func walkAtOnce(_ folders: [String], of directory: Directory, at path: String) throws(FileTreeError) {
        let walks = Parallel.map(folders, workers: workers) { name in
            Result { () throws(FileTreeError) in
                var walk = UpdateWalk(workers: 1)
                try walk.walk(directory.directory(name), at: "\(path)/\(name)")
                return walk
            }
        }
        for walk in walks {
            let walk = try walk.get()
            files += walk.files
            findings += walk.findings
            try refuseTooMany()
        }
    }

    private func refuseTooMany() throws(FileTreeError) {
        guard files.count <= Inventory.mostFiles else {
            throw FileTreeError(.tooLarge, "there are more than \(Inventory.mostFiles) files; split the update")
        }
    }

    private mutating func refuse(_ path: String, _ code: Finding.Code, _ message: String) {
        findings.append(Finding(.fatal, String(path.prefix(UpdatePath.longest)), code, message))
    }
}
