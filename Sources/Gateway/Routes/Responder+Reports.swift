import DeviceAuth
import Fleet
import Foundation
import NIOCore

/// What a device sends. The answer comes when it is on the disk.
extension Responder {
    func store(_ report: Report, of device: DeviceID) -> Action {
        let intake = loop.services.intake
        return .collect(limit: report.limit) { body in
            self.storedOfDevice {
                guard body.readableBytes > 0, String(validating: body.readableBytesView, as: UTF8.self) != nil else {
                    throw FleetError(.reportInvalid, "the body is empty or not UTF-8 text")
                }
                try await intake.replace(report, of: device, with: Array(body.readableBytesView))
            }
        }
    }

    func events(from device: DeviceID) -> Action {
        let intake = loop.services.intake
        let logger = loop.logger
        return .collect(limit: 256 << 10) { body in
            self.storedOfDevice {
                let ignored = try await intake.events(Array(body.readableBytesView), from: device)
                if let first = ignored.first {
                    // Answered with 200 all the same: anything else makes the device send them for ever.
                    logger.warning(
                        "events_ignored",
                        metadata: ["device": "\(device)", "count": "\(ignored.count)", "first": "\(first)"])
                }
            }
        }
    }

    /// Stores a report that may change what is known of the device, and has the change written behind.
    private func storedOfDevice(_ work: @escaping @Sendable () async throws -> Void) -> EventLoopFuture<Response> {
        guard let entry = session.entry else { return stored(.ok, work) }
        return stored(.ok, work).map { [loop] response in
            loop.noteChange(of: entry)
            return response
        }
    }

    func appsStates(from device: DeviceID) -> Action {
        let store = loop.services.intake.store
        return .collect(limit: 128 << 10) { body in
            self.stored {
                let bytes = Array(body.readableBytesView)
                // Lenient: any JSON object, with members that are not known and nulls.
                guard (try? JSONSerialization.jsonObject(with: Data(bytes))) is [String: Any] else {
                    throw FleetError(.reportInvalid, "the body is not a JSON object")
                }
                try await store.addAppsState(bytes, of: device, at: Int64(Date().timeIntervalSince1970 * 1000))
            }
        }
    }
}
