import Snaps

/// What an operator says of a snap that cannot be looked into. What the snap says itself goes before.
public struct SnapClaims: Sendable {
    public var name: SnapName?
    public var base: SnapName?
    public var kind: SnapKind?
    public var isClassic = false
    public var architecture: String?

    public init() {}

    /// - Throws: ``UpdateTreeError/Code/snapInvalid`` when something that was claimed is not what the snap says.
    func merged(with own: SnapDescription) throws(UpdateTreeError) -> (
        name: SnapName, base: SnapName?, kind: SnapKind, classic: Bool, arch: String
    ) {
        func refuse(_ what: String) -> UpdateTreeError {
            UpdateTreeError(.snapInvalid, "the snap itself says another \(what) than the flag; leave the flag away")
        }
        guard name == nil || name == own.name else { throw refuse("name") }
        guard base == nil || base == own.base else { throw refuse("base") }
        guard kind == nil || kind == own.kind else { throw refuse("type") }
        guard !isClassic || own.isClassic else { throw refuse("confinement") }
        guard architecture == nil || own.architecture == nil || architecture == own.architecture else { throw refuse("architecture") }
        guard let arch = own.architecture ?? architecture else {
            throw UpdateTreeError(.snapInvalid, "the snap is for several architectures; say which one with --architecture")
        }
        return (own.name, own.base, own.kind, own.isClassic, arch)
    }
}
