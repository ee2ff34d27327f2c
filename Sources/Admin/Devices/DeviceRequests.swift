import DeviceAuth
import UpdateTree

/// The body that names devices.
struct DeviceList: Decodable, Sendable {
    let devices: [DeviceID]
}

/// The body of `POST /v1/devices/preregister`.
struct Preregistration: Decodable, Sendable {
    let devices: [DeviceID]
    let isProd: Bool
    let tag: Tag?
}
