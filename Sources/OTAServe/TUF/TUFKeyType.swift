import ArgumentParser
import TUF

/// The kinds of key that devices take.
enum TUFKeyType: String, ExpressibleByArgument, CaseIterable {
    case ed25519
    case rsa

    var algorithm: KeyAlgorithm {
        switch self {
        case .ed25519: .ed25519
        case .rsa: .rsa3072
        }
    }
}
