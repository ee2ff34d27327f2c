import ArgumentParser
import Fleet
import UpdateTree

struct DeleteUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove an update; refused while devices are assigned to it.")

    @ParentCommand var updates: UpdatesCommand
    @OptionGroup var key: UpdatePathArgument

    func run() async throws {
        let key = try key.key()
        if let server = RunningServer(datadir: updates.root.datadir) {
            try await server.send(.DELETE, "/v1/updates/\(key.path)")
        } else {
            let assembly = try await Assembly.open(datadir: updates.root.datadir, registration: .open)
            let assigned = assembly.registry.countAssigned(to: key)
            guard assigned == 0 else {
                throw UpdateTreeError(
                    .updateAssigned, "\(assigned) devices are assigned to \(key); roll another update out to them first")
            }
            try assembly.library.delete(key)
            try await assembly.audit.record(
                AuditEntry(time: Assembly.clock(), actor: .local, action: "update-delete", subject: key.path, outcome: "done"))
        }
        print("deleted \(key)")
    }
}
