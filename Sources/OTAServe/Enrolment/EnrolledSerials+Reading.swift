import DeviceAuth
import Fleet
import Messaging

extension EnrolledSerials {
    private static let pageSize = 10_000

    /// Devices that are registered for enrolment with their serials, by identity; not more than are remembered.
    static func read(_ enrolments: any EnrolmentRepository) async throws -> [(device: DeviceID, serial: String)] {
        var found: [(device: DeviceID, serial: String)] = []
        while found.count < most {
            let page = try await enrolments.page(after: found.last?.device, limit: pageSize)
            found += page.map { ($0.device, $0.subject.serial.text) }
            guard page.count == pageSize else { break }
        }
        return found
    }
}
