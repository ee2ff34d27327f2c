import FileTree

/// The agent's state directory: one process at a time, the record replaced as a whole.
public struct AgentStore: Sendable {
    public let directory: Directory
    private let lock: Descriptor

    static let file = "state.json"
    static let largest = 64 << 20

    /// - Throws: ``SoftwareAgentError/Code/storage``, also when another agent has the directory.
    public init(path: String) throws(SoftwareAgentError) {
        do throws(FileTreeError) {
            directory = try Directory.make(path: path, mode: 0o700)
            lock = try directory.lock("lock")
        } catch {
            let words = error.code == .inUse ? "another ota-agent uses \(path); stop it first, or take another --state" : error.message
            throw SoftwareAgentError(.storage, words)
        }
    }

    /// A record that can not be read is moved aside: the server asks again for what is missing.
    ///
    /// - Returns: the record, and what was wrong with the one on the disk.
    public func load() throws(SoftwareAgentError) -> (record: AgentRecord, damage: SoftwareAgentError?) {
        let bytes: [UInt8]
        do throws(FileTreeError) {
            bytes = try directory.contents(of: Self.file, limit: Self.largest)
        } catch {
            if error.code == .tooLarge { return (AgentRecord(), try moveAside(error)) }
            guard error.code == .notFound else { throw SoftwareAgentError(.storage, error.message) }
            return (AgentRecord(), nil)
        }
        do throws(SoftwareAgentError) {
            return (try AgentRecord(parsing: bytes), nil)
        } catch {
            try write(bytes, as: "\(Self.file).damaged")
            return (AgentRecord(), error)
        }
    }

    private func moveAside(_ reason: FileTreeError) throws(SoftwareAgentError) -> SoftwareAgentError {
        do throws(FileTreeError) {
            try directory.remove("\(Self.file).damaged")
            try directory.move(Self.file, to: directory, as: "\(Self.file).damaged")
            try directory.syncNames()
        } catch {
            throw SoftwareAgentError(.storage, error.message)
        }
        return SoftwareAgentError(.stateInvalid, "the agent's state: \(reason.message); the server asks again for what is missing")
    }

    /// Returns when it is on the disk.
    public func save(_ record: AgentRecord) throws(SoftwareAgentError) { try write(record.json, as: Self.file) }

    private func write(_ bytes: [UInt8], as name: String) throws(SoftwareAgentError) {
        do throws(FileTreeError) {
            try directory.replace(name, with: bytes, mode: 0o600)
        } catch {
            throw SoftwareAgentError(.storage, error.message)
        }
    }
}
