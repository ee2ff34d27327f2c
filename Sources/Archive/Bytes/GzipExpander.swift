import CZlib

/// gzip (RFC 1952), also several members one after the other, as pigz and bgzip make them.
final class GzipExpander: Expander {
    /// zlib remembers the address of its stream: it must not move.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let mostMembers: Int
    private var members = 0
    private var isInMember = false

    init(mostMembers: Int) throws(ArchiveError) {
        self.mostMembers = mostMembers
        stream.initialize(to: z_stream())
        // 15: the largest window; 16: gzip only, with its checksum and length verified.
        guard czlib_inflate_init(stream, 15 + 16) == Z_OK else {
            throw ArchiveError(.readFailed, "no memory to expand gzip; free some")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func expand(_ input: CompressedInput, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        while true {
            if !isInMember {
                guard try begin(input) else { return 0 }
            }
            let produced = try inflateOnce(input, into: buffer)
            if produced > 0 { return produced }
        }
    }

    /// False at the end of the archive.
    private func begin(_ input: CompressedInput) throws(ArchiveError) -> Bool {
        let magic = try input.peek(Compression.gzipMagic.count)
        if magic.isEmpty { return false }
        guard magic == Compression.gzipMagic else {
            throw ArchiveError(.trailingBytes, "bytes follow the end of the gzip stream; send the archive alone")
        }
        members += 1
        guard members <= mostMembers else {
            throw ArchiveError(.tooManyMembers, "the gzip stream has more than \(mostMembers) members; compress it in one")
        }
        inflateReset(stream)
        isInMember = true
        return true
    }

    private func inflateOnce(_ input: CompressedInput, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        try input.refill()
        let available = input.available
        let space = min(buffer.count, Int(UInt32.max))
        // zlib's C does not say const: it does not write there.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: available.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(available.count)
        stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(space)
        let result = inflate(stream, Z_NO_FLUSH)
        input.consume(available.count - Int(stream.pointee.avail_in))
        let produced = space - Int(stream.pointee.avail_out)
        switch result {
        case Z_OK: break
        case Z_STREAM_END: isInMember = false
        case Z_BUF_ERROR where available.isEmpty: throw .truncated(in: "its gzip stream")
        case Z_MEM_ERROR: throw ArchiveError(.readFailed, "no memory to expand gzip; free some")
        default:
            let reason = stream.pointee.msg.map { String(cString: $0) } ?? "error \(result)"
            throw ArchiveError(.compressionCorrupt, "the gzip stream is damaged (\(reason)); send the archive again")
        }
        return produced
    }
}
