import UpdateTree

/// The body of `POST /v1/rollouts`.
struct NewRollout: Decodable, Equatable, Sendable {
    let isProd: Bool
    let tag: Tag
    let updateName: UpdateName

    var update: UpdateKey { UpdateKey(channel: Channel(isProduction: isProd), tag: tag, name: updateName) }
}
