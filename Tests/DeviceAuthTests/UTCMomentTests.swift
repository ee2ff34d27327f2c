import Foundation
import SwiftASN1
import Testing

@testable import DeviceAuth

@Suite struct UTCMomentTests {
    @Test(
        "times are written as Foundation writes them",
        arguments: [
            0, 1, 951_782_399, 951_782_400, 951_868_800, 1_900_000_000, 2_524_607_999, 2_524_608_000, 4_107_542_400,
            253_402_300_799, -1,
            -631_152_000,
        ] as [Int64])
    func text(_ seconds: Int64) {
        #expect(UTCMoment(seconds: seconds).text == Date(timeIntervalSince1970: TimeInterval(seconds)).ISO8601Format())
    }

    @Test("a time survives encoding and decoding, as UTCTime and as GeneralizedTime")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let moment = UTCMoment(seconds: Int64.random(in: -2_000_000_000...253_402_300_799, using: &generator))
            var coder = DER.Serializer()
            try moment.serialize(into: &coder)
            #expect(try UTCMoment(derEncoded: DER.parse(coder.serializedBytes)) == moment)
        }
    }

    @Test("dates that are no dates do not trap", arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
    func extremes(_ interval: Double) {
        #expect(!UTCMoment(Date(timeIntervalSince1970: interval)).text.isEmpty)
    }
}
