import DeviceAuth
import Snaps
import UpdateTree

/// Snaps by their digest: of the device's own update, else of the pool of its channel and tag. Nothing else is there for
/// it, whatever the digest.
extension Responder {
    func snap(_ digest: SnapDigest, _ part: SnapPart, _ request: RequestHead, _ device: DeviceIdentity) throws(Problem) -> Action {
        let shelves = loop.snapShelves
        if let update = session.update, loop.isServed(update), let snap = shelves.shelf(of: update)[digest] {
            let path = update.path
            return file(path + "/snaps/" + snap.fileName + part.ending, of: nil, in: path, digest: part.tag(digest), request)
        }
        guard let tag = session.state?.tag else { throw .notFound }
        let pool = SnapPoolKey(channel: Channel(isProduction: device.isProduction), tag: tag)
        guard let snap = shelves.pool(channel: pool.channel, tag: pool.tag)[digest] else { throw .notFound }
        return file(pool.path + "/" + snap.fileName + part.ending, of: nil, in: pool.path, digest: part.tag(digest), request)
    }
}

extension LoopContext {
    /// What is on the shelves. Takes a lock only when something changed since the last question on this loop.
    var snapShelves: SnapShelves {
        // Read before the shelves, so that a change in between is seen at the next request.
        let generation = services.snapCatalogue.generation
        if generation != heldShelves.generation { heldShelves = (generation, services.snapCatalogue.shelves) }
        return heldShelves.shelves
    }
}
