import TUF
import UpdateTree

/// One refresh of one channel, as `tuf refresh` and the commands that change keys do it.
struct RefreshRun {
    let channel: TUFChannel
    let repository: ChannelRepository

    func run(root: OTAServe) async throws {
        let refresh = MetadataRefresh(library: try root.library(), repository: repository, channel: channel.channel)
        let renewed = try refresh.run(now: .now, ifExpiringWithin: Lifetimes.refreshMargin)
        for key in renewed { print("refreshed \(key)") }
        if renewed.isEmpty {
            print("\(channel.rawValue): nothing is due.")
        } else {
            await root.notifyRunningServer()
        }
    }
}

extension TUFChannel {
    var channel: Channel {
        switch self {
        case .ci: .ci
        case .prod: .prod
        }
    }
}
