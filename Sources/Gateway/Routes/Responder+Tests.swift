import DeviceAuth
import Fleet
import Foundation
import NIOCore

/// Test runs as fiotest reports them: a record, then files.
extension Responder {
    private struct Finished: Decodable { let artifacts: [String]? }

    private struct Upload: Encodable {
        let url: String
        let contentType: String

        enum CodingKeys: String, CodingKey {
            case url
            case contentType = "content-type"
        }
    }

    func startTest(of device: DeviceID) -> Action {
        let store = loop.services.intake.store
        return .collect(limit: 64 << 10) { body in
            let id = TestID.random()
            return self.stored(.text(201, id.text)) {
                let bytes = try Self.object(body)
                try await store.putTest(bytes, of: device, test: id, name: .record)
            }
        }
    }

    /// Answers where the files that the device announces are to be sent.
    func finishTest(_ id: TestID, of device: DeviceID, _ request: RequestHead) -> Action {
        let store = loop.services.intake.store
        let host = request.host ?? ""
        return .collect(limit: 256 << 10) { body in
            let announced = (try? JSONDecoder().decode(Finished.self, from: Data(body.readableBytesView)))?.artifacts ?? []
            let uploads = announced.prefix(32).compactMap { TestFileName($0) }.map { name in
                (name.text, Upload(url: "https://\(host)/tests/\(id.text)/\(name.text)", contentType: "application/octet-stream"))
            }
            return self.stored(.json(200, Dictionary(uploads) { first, _ in first })) {
                let bytes = try Self.object(body)
                try await store.putTest(bytes, of: device, test: id, name: .record)
            }
        }
    }

    func storeTestFile(_ id: TestID, _ name: TestFileName, of device: DeviceID) -> Action {
        let store = loop.services.intake.store
        return .collect(limit: 8 << 20) { body in
            self.stored {
                try await store.putTest(Array(body.readableBytesView), of: device, test: id, name: name)
            }
        }
    }

    private static func object(_ body: ByteBuffer) throws -> [UInt8] {
        guard (try? JSONSerialization.jsonObject(with: Data(body.readableBytesView))) is [String: Any] else {
            throw FleetError(.reportInvalid, "the body is not a JSON object")
        }
        return Array(body.readableBytesView)
    }
}
