import Fleet
import FoundationEssentials
import Hummingbird
import NIOCore

/// Many devices as one document, written piece by piece and only as fast as it is read.
struct DeviceExport: Sendable {
    enum Format: String, Sendable, CaseIterable {
        case csv, ndjson

        init(_ call: Call) throws(Problem) {
            guard let format = call.query("format").flatMap(Format.init(rawValue:)) else {
                throw Problem(.badRequest, "format-invalid", "format must be csv or ndjson")
            }
            self = format
        }

        fileprivate var mediaType: String {
            switch self {
            case .csv: "text/csv; charset=utf-8; header=present"
            case .ndjson: "application/x-ndjson"
            }
        }
    }

    /// Devices that are written at once.
    private static let portion = 200

    private let devices: DeviceSelection.SubSequence
    private let format: Format
    private let now: Int64
    private let table: DeviceTable

    /// Throws when the devices have too many labels for one table.
    init(_ devices: DeviceSelection.SubSequence, as format: Format, now: Int64) throws(Problem) {
        self.devices = devices
        self.format = format
        self.now = now
        table = format == .csv ? try DeviceTable(of: devices) : DeviceTable()
    }

    var response: Response {
        Response(
            status: .ok,
            headers: [.contentType: format.mediaType, .contentDisposition: "attachment; filename=\"devices.\(format.rawValue)\""],
            body: ResponseBody { writer in
                try await write(to: &writer)
                try await writer.finish(nil)
            })
    }

    /// Suspends while the reader takes nothing; throws when it has gone.
    private func write(to writer: inout any ResponseBodyWriter) async throws {
        if format == .csv { try await writer.write(ByteBuffer(string: table.heading)) }
        var start = devices.startIndex
        while start < devices.endIndex {
            let end = min(start + Self.portion, devices.endIndex)
            try await writer.write(try text(of: devices[start..<end]))
            start = end
        }
    }

    private func text(of devices: DeviceSelection.SubSequence) throws -> ByteBuffer {
        var buffer = ByteBuffer()
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for device in devices {
            let document = DeviceDocument(device, now: now)
            switch format {
            case .csv: buffer.writeString(table.row(document))
            case .ndjson:
                buffer.writeBytes(try encoder.encode(document))
                buffer.writeString("\n")
            }
        }
        return buffer
    }
}
