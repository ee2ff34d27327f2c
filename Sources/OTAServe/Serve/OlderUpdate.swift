import Logging
import TUF
import UpdateTree

/// Before a rollout gives devices an older update: signs it anew with higher versions, so that they take it.
struct OlderUpdate {
    let library: UpdateLibrary
    let secret: KeySecret?
    let logger: Logger

    func prepare(_ key: UpdateKey) throws {
        let reissue = UpdateReissue(library: library, repository: library.repository(of: key.channel, secret: secret))
        switch try reissue.run(key, now: MetadataTime(seconds: Assembly.clock())) {
        case .newest: break
        case .reissued(let targets):
            logger.notice("update_reissued", metadata: ["update": "\(key)", "targets": "\(targets.joined(separator: ","))"])
        case .foreign:
            logger.warning(
                "older_update_signed_elsewhere",
                metadata: ["update": "\(key)", "remedy": "devices that have a newer one refuse it; sign it anew where it was signed"])
        }
    }
}
