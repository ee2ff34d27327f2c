import Snaps

/// What a decision about one device needs to know of the rest of the world.
struct SnapSurroundings {
    /// Seconds since 1970.
    let now: Int64
    let transport: SnapTransport
    /// What a device of that model must have, in the order in which it is told.
    let requirements: (DeviceModel) -> [SnapRequirement]
    /// Where the device gets what is missing from, with what that needs, in the order of installing.
    let plan: (_ missing: [SnapRequirement], SnapDeviceRecord) -> [RequiredSnap]
    /// A new request's id.
    let newID: () -> String
    /// Whether one more device may be told to install now; takes the turn.
    let mayTell: (_ isRepeated: Bool) -> Bool
    /// The same of being asked for its list.
    let mayAsk: (_ isRepeated: Bool) -> Bool
}
