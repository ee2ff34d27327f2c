import Snaps

/// Which device is to be enrolled, as its assertions name it.
public struct EnrolmentSubject: Hashable, Sendable, CustomStringConvertible {
    public let brand: BrandID
    public let model: ModelName
    public let serial: SerialNumber

    /// - Throws: ``FleetError/Code/enrolmentInvalid``.
    public init(brand: String, model: String, serial: String) throws(FleetError) {
        do throws(SnapsError) {
            self.brand = try BrandID(brand)
            self.model = try ModelName(model)
            self.serial = try SerialNumber(serial)
        } catch {
            throw FleetError(.enrolmentInvalid, error.message)
        }
    }

    public init(_ assertions: DeviceAssertions) {
        brand = assertions.serial.brand
        model = assertions.serial.model
        serial = assertions.serial.serial
    }

    /// Such as `acme/pump-24/0017`.
    public var description: String { "\(brand)/\(model)/\(serial)" }
}
