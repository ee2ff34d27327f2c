/// What a device shows to say which one it is: its model assertion and its serial assertion, of the same brand and model.
///
/// ```swift
/// let device = try DeviceAssertions(parsing: body)
/// device.serial.serial
/// ```
public struct DeviceAssertions: Equatable, Sendable {
    public let model: ModelAssertion
    public let serial: SerialAssertion
    private let signed: [Assertion]

    /// Reads the two, in either order and nothing beside them.
    ///
    /// - Throws: ``SnapsError/Code/assertionMalformed`` and what ``ModelAssertion`` and ``SerialAssertion`` throw.
    public init(parsing bytes: [UInt8]) throws(SnapsError) {
        let assertions = try Assertion.stream(bytes)
        guard assertions.count == 2, let model = assertions.first(where: { $0.type == "model" }),
            let serial = assertions.first(where: { $0.type == "serial" })
        else { throw .invalid("a model assertion and a serial assertion are needed, and nothing else") }
        signed = assertions
        self.model = try ModelAssertion(model)
        self.serial = try SerialAssertion(serial)
        guard self.serial.brand == self.model.brand, self.serial.model == self.model.model else {
            throw .invalid("the serial assertion is of another brand or model than the model assertion")
        }
    }

    /// - Throws: ``SnapsError/Code/signatureInvalid`` unless the brand signed both.
    public func check(with keys: AssertionKeys) throws(SnapsError) {
        for assertion in signed { try keys.check(assertion) }
    }
}
