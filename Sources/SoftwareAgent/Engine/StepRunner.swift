import Foundation
import Snaps

/// Does one ``Step``, with snapd, the server and the files, and says what came of it. Decides nothing.
public struct StepRunner<Machine: Snapd, Server: UpdateServer>: Sendable {
    let snapd: Machine
    let server: Server
    let files: SnapFiles
    let description: DeviceDescription
    /// What went wrong, for whoever keeps a log.
    let note: @Sendable (SoftwareAgentError) -> Void

    public init(
        snapd: Machine, server: Server, files: SnapFiles, description: DeviceDescription,
        note: @escaping @Sendable (SoftwareAgentError) -> Void
    ) {
        self.snapd = snapd
        self.server = server
        self.files = files
        self.description = description
        self.note = note
    }

    public func run(_ step: Step) async -> AgentEvent {
        do throws(SoftwareAgentError) {
            switch step {
            case .heartbeat: return .heartbeatTaken(try await server.heartbeat(await heartbeat()))
            case .deliver(let answer): return try await deliver(answer)
            case .publishList(let id): return try await publish(id)
            case .lookAtList: return .listed(try await inventory().names)
            case .fetch(let snap): return await prepare(snap, fetch)
            case .acknowledge(let snap): return await prepare(snap, acknowledge)
            case .numberChanges(let subject): return .changesNumbered(last: try await changes().map(\.number).max() ?? 0, subject)
            case .findChange(let number, let names, let subject):
                let mine = try await changes().filter { $0.number > number && $0.concerns(names) }.min { $0.number < $1.number }
                return .changeFound(mine?.id, subject)
            case .install(let snaps): return try await start(SnapdCall(installing: snaps), .required)
            case .perform(let request): return try await perform(request)
            case .poll(let change, let subject): return .polled(try await self.change(change), subject)
            }
        } catch {
            note(error)
            return step.event(of: error)
        }
    }

    // MARK: Server

    private func heartbeat() async -> Heartbeat {
        // Without snapd the server still hears that the device is there.
        let hashes: SnapHashes?
        do throws(SoftwareAgentError) {
            hashes = try await inventory().hashes
        } catch {
            note(error)
            hashes = nil
        }
        let description = await describe()
        return Heartbeat(
            device: description.device, organization: description.organization, refresh: Date().formatted(.iso8601), hashes: hashes,
            brand: description.brand, model: description.model, serial: description.serial, architecture: description.architecture)
    }

    /// A classic system has no serial before it is registered, and perhaps no model.
    private func describe() async -> DeviceDescription {
        var description = description
        for path in ["/v2/model", "/v2/model/serial"] {
            guard case .done(let text)? = try? await snapd.send(SnapdCall("GET", path)), let assertions = try? Assertion.stream(text)
            else { continue }
            description.take(assertions)
        }
        return description
    }

    private func deliver(_ answer: KeptAnswer) async throws(SoftwareAgentError) -> AgentEvent {
        do throws(SoftwareAgentError) {
            return .delivered(answer, try await server.deliver(Array(answer.document.utf8)))
        } catch {
            guard error.code == .serverRefused else { throw error }
            note(error)
            return .answerRefused(answer)
        }
    }

    private func publish(_ id: String) async throws(SoftwareAgentError) -> AgentEvent {
        let answer = SnapAnswer(id: id, action: .list, success: true, list: try await inventory().list)
        return .listPublished(id: id, try await server.deliver(answer.json))
    }

    // MARK: Files

    private func prepare(
        _ snap: RequiredSnap, _ work: (RequiredSnap) async throws(SoftwareAgentError) -> AgentEvent
    ) async -> AgentEvent {
        do throws(SoftwareAgentError) {
            return try await work(snap)
        } catch {
            note(error)
            return error.code == .snapdUnreachable ? .snapdFailed : .unprepared(snap, words: error.message)
        }
    }

    private func fetch(_ snap: RequiredSnap) async throws(SoftwareAgentError) -> AgentEvent {
        // A heartbeat is not to wait for a long download.
        let end = ContinuousClock.now + .seconds(20)
        let isWhole = try await files.fetch(snap, from: server) { ContinuousClock.now < end }
        return isWhole ? .fetched(snap) : .fetchedPart
    }

    private func acknowledge(_ snap: RequiredSnap) async throws(SoftwareAgentError) -> AgentEvent {
        let text = try await files.assertions(for: snap, from: server)
        if case .refused(let refusal) = try await snapd.send(SnapdCall("POST", "/v2/assertions", .assertions(text))) {
            throw SoftwareAgentError(.snapdRefused, refusal.message)
        }
        return .acknowledged(snap)
    }

    // MARK: snapd

    private func inventory() async throws(SoftwareAgentError) -> SnapInventory {
        try SnapInventory(snapd: try await result(of: SnapdCall("GET", "/v2/snaps")), device: description.device)
    }

    private func changes() async throws(SoftwareAgentError) -> [SnapdChange] {
        SnapdChange.all(parsing: try await result(of: SnapdCall("GET", "/v2/changes?select=all")))
    }

    private func result(of call: SnapdCall) async throws(SoftwareAgentError) -> [UInt8] {
        switch try await snapd.send(call) {
        case .done(let result): return result
        case .started: throw SoftwareAgentError(.snapdAnswerInvalid, "snapd began a change instead of answering \(call.path)")
        case .refused(let refusal):
            throw SoftwareAgentError(.snapdRefused, "snapd refuses \(call.path): \(refusal.message); let the agent run as root")
        }
    }

    private func start(_ call: SnapdCall, _ subject: Step.Subject) async throws(SoftwareAgentError) -> AgentEvent {
        switch try await snapd.send(call) {
        case .started(let change): return .started(change: change, subject)
        case .refused(let refusal): return .refused(refusal, subject)
        case .done: throw SoftwareAgentError(.snapdAnswerInvalid, "snapd answers \(call.path) without a change; look at its version")
        }
    }

    private func perform(_ request: SnapRequest) async throws(SoftwareAgentError) -> AgentEvent {
        let call = try SnapdCall(ordered: request)
        if call.startsChange { return try await start(call, .order) }
        switch try await snapd.send(call) {
        case .done(let result):
            let text = String(decoding: result.prefix(SnapAnswer.longestResult), as: UTF8.self)
            return .performed(success: true, message: "", result: text)
        case .refused(let refusal): return .performed(success: false, message: refusal.message, result: nil)
        case .started(let change): return .started(change: change, .order)
        }
    }

    /// Nil when snapd has forgotten it.
    private func change(_ id: String) async throws(SoftwareAgentError) -> SnapdChange? {
        switch try await snapd.send(SnapdCall("GET", "/v2/changes/\(id)")) {
        case .done(let result): return try SnapdChange(parsing: result)
        case .refused(let refusal) where refusal.status == 404: return nil
        case .refused(let refusal): throw SoftwareAgentError(.snapdRefused, refusal.message)
        case .started: throw SoftwareAgentError(.snapdAnswerInvalid, "snapd began a change instead of telling of \(id)")
        }
    }
}
