import HTTPTypes
import Hummingbird

extension Tail {
    /// A stream of server-sent events that ends when the listener goes, or the server.
    func response(to request: Request, in place: TailPlaces.Place) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream", .cacheControl: "no-store",
                // Proxies would hold events back to fill their buffers.
                .xAccelBuffering: "no",
            ],
            body: ResponseBody { writer in
                try await request.body.consumeWithCancellationOnInboundClose { _ in try await write(to: writer) }
                try await writer.finish(nil)
                withExtendedLifetime(place) {}
            })
    }
}

extension HTTPField.Name {
    static let xAccelBuffering = HTTPField.Name("X-Accel-Buffering") ?? .vary
}
