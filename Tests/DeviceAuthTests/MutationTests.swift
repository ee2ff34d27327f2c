import Foundation
import Testing
import X509

@testable import DeviceAuth

/// Thousands of damaged inputs: each is refused, none stops the process. The seed is fixed, so a failure can be repeated.
@Suite struct MutationTests {
    @Test(
        "a damaged certificate is refused or is the same certificate, and never traps",
        arguments: [1, 2, 3] as [UInt64])
    func certificates(_ seed: UInt64) throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority)
        let original = try Forge.leaf(authority).der
        let identity = try store.identify(leaf: original, now: Forge.now)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<4_000 {
            let damaged = generator.mutated(original)
            if let accepted = try? store.identify(leaf: damaged, now: Forge.now) {
                #expect(damaged == original || accepted == identity, "seed \(seed), round \(round)")
            }
        }
    }

    @Test(
        "a damaged body that is signed again never traps: extensions, names and times are read behind the signature",
        arguments: [false, true])
    func signedBodies(isSite: Bool) throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority)
        let original = Array(try (isSite ? Forge.site(authority) : Forge.leaf(authority)).tbsCertificateBytes)
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<4_000 {
            let body = generator.mutated(original)
            let signature = try authority.key.sign(bytes: body, signatureAlgorithm: .ecdsaWithSHA256).rawRepresentation
            let content = body + SignatureScheme.ecdsaSHA256.algorithmIdentifier + Self.element(0x03, [0] + signature)
            let refusal = store.refusal(Self.element(0x30, content))
            #expect(refusal == nil || CertificateRefusal.Code.allCases.contains { $0 == refusal })
        }
    }

    @Test("every truncation of a certificate is malformed")
    func truncations() throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority)
        let der = try Forge.leaf(authority).der
        for length in 0..<der.count { #expect(store.refusal(Array(der.prefix(length))) == .malformed) }
    }

    @Test("a damaged revocation list is refused with a name and never traps", arguments: [5, 6] as [UInt64])
    func lists(_ seed: UInt64) throws {
        let authority = try Forge.authority()
        let trusted = try Authority(authority.certificate)
        let original = try ListDraft(authority, revoking: [[1], [2, 3]]).der()
        var generator = SeededGenerator(seed: seed)
        for round in 0..<3_000 {
            let damaged = generator.mutated(original)
            guard damaged != original else { continue }
            do throws(DeviceAuthError) {
                let lists = try RevocationList.read(damaged, name: "x")
                let isSigned = lists.contains { $0.isSigned(by: trusted) }
                #expect(!isSigned || lists.first?.entries.count == 2, "seed \(seed), round \(round)")
            } catch {
                #expect([.revocationListInvalid, .revocationListTooLarge].contains(error.code))
            }
        }
    }

    @Test("damaged PEM never traps", arguments: [7, 8] as [UInt64])
    func pem(_ seed: UInt64) throws {
        let authority = try Forge.authority()
        let text = Array(try authority.pem.utf8)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let damaged = generator.mutated(text)
            _ = try? TrustStore(authorities: damaged, revocationLists: [], now: Forge.now)
            _ = try? PrivateKeyFile.key(damaged, name: "x")
            _ = try? CertificateRequest(damaged, name: "x")
        }
    }

    @Test("the scanner stops at the end of what is there", arguments: [9] as [UInt64])
    func scanner(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0..<12, using: &generator)).map { _ in
                UInt8.random(in: .min ... .max, using: &generator)
            }
            var scanner = DERScanner(bytes[...])
            var count = 0
            while let element = scanner.next() { count += element.encoded.count }
            #expect(count <= bytes.count)
        }
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        content.count < 128
            ? [tag, UInt8(content.count)] + content
            : [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xff)] + content
    }
}
