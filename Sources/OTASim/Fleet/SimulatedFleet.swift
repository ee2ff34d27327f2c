import AsyncHTTPClient
import DeviceAuth
import Foundation

/// Makes the devices of a run and lets them live.
struct SimulatedFleet: Sendable {
    let certificates: CertificateDirectory
    let prefix: String
    let count: Int
    let isProduction: Bool
    let address: String
    let running: Target
    let model: VirtualDevice.Model

    func uuid(_ number: Int) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }

    /// A key and a certificate for each device, by all processors.
    func issue(now: Date) async throws -> [DeviceCredentials] {
        let workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
        return try await withThrowingTaskGroup(of: [(Int, DeviceCredentials)].self) { group in
            for worker in 0..<workers {
                group.addTask {
                    try stride(from: worker, to: count, by: workers).map { number in
                        (number, try certificates.issueDevice(DeviceID(uuid(number)), isProduction: isProduction, now: now))
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Returns when the task is cancelled.
    func live(_ credentials: [DeviceCredentials], over http: HTTPClient) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for device in credentials {
                let client = try GatewayClient(http, at: address, as: device)
                group.addTask {
                    var device = VirtualDevice(uuid: device.id.text, running: running, gateway: client, model: model)
                    try await device.run()
                }
            }
            try await group.waitForAll()
        }
    }
}
