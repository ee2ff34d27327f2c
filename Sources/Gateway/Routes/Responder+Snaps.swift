import DeviceAuth
import Fleet
import NIOCore
import Snaps

/// Heartbeats and answers of a device's agent; the answer says what is asked of it now.
extension Responder {
    private static let nothing = ByteBuffer(bytes: SnapRequests([]).json)

    func heartbeat(of device: DeviceID) -> Action {
        let snaps = loop.services.snaps
        return .collect(limit: Heartbeat.largest) { body in
            do throws(SnapsError) {
                let heartbeat = try Heartbeat(parsing: Array(body.readableBytesView))
                guard heartbeat.device.map({ $0 == device.text }) ?? true else { return loop.done(Problem.anotherDevice.response) }
                return loop.done(Self.response(snaps.heartbeat(heartbeat, from: device)))
            } catch {
                return loop.done(Problem(error).response)
            }
        }
    }

    func snapAnswer(of device: DeviceID) -> Action {
        let snaps = loop.services.snaps
        let logger = loop.logger
        return .collect(limit: SnapAnswer.largest) { body in
            let bytes = Array(body.readableBytesView)
            let answered = loop.loop.makePromise(of: [SnapRequest].self)
            // A list may be long: it is read and stored elsewhere.
            answered.completeWithTask {
                let answer = try SnapAnswer(parsing: bytes)
                guard answer.list?.isOf(device.text) ?? true else { throw Problem.anotherDevice }
                return try await snaps.answer(answer, from: device)
            }
            return answered.futureResult.map(Self.response).flatMapErrorThrowing { error in
                let problem = Problem(error)
                if problem.status >= 500 {
                    logger.error("snap_answer_not_stored", metadata: ["device": "\(device)", "reason": "\(error)"])
                }
                return problem.response
            }
        }
    }

    private static func response(_ requests: [SnapRequest]) -> Response {
        .bytes(200, type: "application/json", requests.isEmpty ? nothing : ByteBuffer(bytes: SnapRequests(requests).json))
    }
}
