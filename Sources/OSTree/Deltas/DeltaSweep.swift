import FileTree

/// Checks every static delta below `deltas/`, also those that nothing lists: a device that finds no summary asks for
/// them by name.
struct DeltaSweep {
    let repository: Repository
    let check: DeltaCheck

    /// The deltas that are there, and the bytes that were read.
    func run() -> (ledger: DeltaLedger, bytesRead: Int64) {
        var ledger = DeltaLedger(inventory: check.inventory, findings: check.findings)
        var bytesRead: Int64 = 0
        ServedFolder("deltas", of: repository).forEach(check.findings) { folder, rest, directory in
            guard !check.isCancelled() else { return }
            let path = "deltas/\(folder)/\(rest)"
            guard let name = DeltaName(folder: folder, rest: rest) else {
                return stray(path, "that is not the name of a delta")
            }
            // What is no directory holds no superblock: nothing below it can be fetched.
            guard let delta = try? directory.directory(rest) else { return stray(path, "no delta lies there") }
            let outcome = check.check(name, delta)
            bytesRead += outcome.bytesRead
            if outcome.isPresent { ledger.add(name, outcome.superblock) } else { stray(path, "there is no superblock in it") }
        }
        return (ledger, bytesRead)
    }

    private func stray(_ path: String, _ what: String) {
        check.findings.add(path, OSTreeError(.deltaStray, what))
    }
}
