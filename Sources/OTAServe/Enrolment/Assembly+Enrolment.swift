import DeviceAuth
import Dispatch
import Enrolment
import Fleet
import Foundation
import Logging
import Messaging
import Snaps
import UpdateTree

extension Assembly {
    /// What gives devices their credentials, signed by the device authority of this installation.
    ///
    /// - Parameter serials: hears of each device that enrolled.
    func enrolmentDesk(datadir: String, serials: EnrolledSerials) -> EnrolmentDesk {
        EnrolmentDesk(
            repository: enrolments, registry: registry,
            issue: { device, channel in try await Self.issue(device, channel, certificates: "\(datadir)/certs") },
            noteModel: { [snaps] device, brand, model, serial in
                try await snaps.note(DeviceModel.Claim(name: model, brand: brand, source: .assertion), serial: serial, of: device)
                serials.note(serial, of: device)
            }, makeID: { UUID().uuidString.lowercased() }, now: Self.clock)
    }

    /// Reads the authority and signs off the threads that serve.
    private static func issue(_ device: DeviceID, _ channel: Channel, certificates path: String) async throws -> DeviceCredentials {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<DeviceCredentials, any Error>) in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(
                    with: Result {
                        try CertificateDirectory(path).issueDevice(device, isProduction: channel.isProduction, now: Date())
                    })
            }
        }
    }

    /// The listener of devices that enrol; nil when there is none.
    func enrolmentListener(
        _ configuration: EnrolmentConfiguration, datadir: String, desk: EnrolmentDesk, logger: Logger
    ) throws -> EnrolmentListener? {
        guard let settings = try configuration.settings(datadir: datadir) else { return nil }
        let certificate = try EnrolmentCertificate(certificatePath: settings.certificatePath, keyPath: settings.keyPath)
        let keys = try settings.keysPath.map { try EnrolmentKeys(folder: $0) }
        if keys == nil {
            logger.warning(
                "enrolment_unsigned",
                metadata: [
                    "remedy":
                        "whoever knows brand, model and serial of a device that waits can enrol as it; set enrolment-keys to the folder with your brands' account keys"
                ])
        }
        let server = EnrolmentServer(
            settings: settings, certificate: certificate, keys: keys, desk: desk, audit: audit, now: Self.clock, logger: logger,
            onListening: { address in
                print("enrolment: \(address)")
                fflush(nil)  // Whoever started us with a pipe waits for this line.
            })
        return EnrolmentListener(server: server, certificate: certificate, keys: keys)
    }
}
