/// Which device may enrol, as a caller says it.
struct NewEnrolment: Decodable {
    let brand: String
    let model: String
    let serial: String
    /// Its uuid; else it is made of the serial number.
    let uuid: String?
    let organization: String?
    let isProd: Bool?
}
