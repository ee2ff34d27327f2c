import Crypto
import DeviceAuth
import Testing

@testable import Gateway

@Suite("Registry tokens")
struct RegistryTokensTests {
    let tokens = RegistryTokens(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32)))
    let device: DeviceID
    let fingerprint: KeyFingerprint

    init() throws {
        device = try DeviceID("device.with.dots")
        fingerprint = try KeyFingerprint(hex: String(repeating: "5a", count: 32))
    }

    @Test("A token is worth four hours, to the second")
    func lifetime() {
        let token = tokens.make(for: device, channel: .prod, key: fingerprint, now: 1000)
        let last = 1000 + 4 * 3600 - 1
        #expect(tokens.check(token, now: Int64(last))?.device == device)
        #expect(tokens.check(token, now: Int64(last))?.channel == .prod)
        #expect(tokens.check(token, now: Int64(last))?.keyPrefix == "5a5a5a5a5a5a5a5a")
        #expect(tokens.check(token, now: Int64(last + 1)) == nil)
    }

    @Test("Another server's key does not accept it, the same key after a restart does")
    func keys() {
        let token = tokens.make(for: device, channel: .ci, key: fingerprint, now: 0)
        #expect(RegistryTokens(key: SymmetricKey(data: [UInt8](repeating: 8, count: 32))).check(token, now: 1) == nil)
        #expect(RegistryTokens(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32))).check(token, now: 1) != nil)
    }

    @Test("No change of a single letter survives")
    func altered() {
        let token = tokens.make(for: device, channel: .ci, key: fingerprint, now: 0)
        for index in token.indices {
            for letter in ["A", "b", "0", "-", ".", "=", " ", "\u{0}"] where String(token[index]) != letter {
                var changed = token
                changed.replaceSubrange(index...index, with: letter)
                // Base64 has spare bits at the end of a group: another letter there is the same bytes.
                if let grant = tokens.check(changed, now: 1) { #expect(grant.device == device) }
            }
        }
        for hostile in ["", ".", "..", "a.b", token + ".", token + "a", String(repeating: "a", count: 100_000)] {
            #expect(tokens.check(hostile, now: 1) == nil)
        }
    }
}
