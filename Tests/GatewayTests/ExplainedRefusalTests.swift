import DeviceAuth
import Fleet
import Testing
import UpdateTree

@testable import Gateway

@Suite("What explanations say of the gateway")
struct ExplainedRefusalTests {
    @Test("the refusals that an explanation foretells are the gateway's own")
    func refusals() {
        let answers = [Problem.noAssignment, .noTag, .updateMissing, .updateNotVerified, .certificateExpired, .notFound]
        let told = ["no-update-assigned", "no-tag", "update-missing", "update-not-verified", "certificate-expired"]
        #expect(answers.map(\.slug) == told + [Explanation.Refusal.noFile.slug])
        #expect(answers.map(\.status) == [404, 404, 404, 404, 403, Explanation.Refusal.noFile.status])
        for code in [FleetError.Code.deviceDenied, .deviceDeleted, .devicePending, .deviceRejected] {
            #expect(Problem(FleetError(code, "")).status == 403)
        }
    }
}
