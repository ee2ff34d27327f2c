import CZstd

/// Zstandard (RFC 8878), also several frames one after the other.
///
/// Frames that are to be skipped are refused: nobody would know what is in them.
final class ZstdExpander: Expander {
    /// 128 MiB: what `zstd --ultra -22` asks for, and as much memory as one archive may take.
    private static let largestWindowLog: Int32 = 27

    private let context: OpaquePointer
    private let mostMembers: Int
    private var members = 0
    private var isInFrame = false

    init(mostMembers: Int) throws(ArchiveError) {
        self.mostMembers = mostMembers
        guard let context = ZSTD_createDCtx() else {
            throw ArchiveError(.readFailed, "no memory to expand zstd; free some")
        }
        self.context = context
        guard ZSTD_isError(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.largestWindowLog)) == 0 else {
            throw ArchiveError(.readFailed, "this libzstd knows no windows of 128 MiB; install a newer one")
        }
    }

    deinit { ZSTD_freeDCtx(context) }

    func expand(_ input: CompressedInput, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        while true {
            if !isInFrame {
                guard try begin(input) else { return 0 }
            }
            let produced = try expandOnce(input, into: buffer)
            if produced > 0 { return produced }
        }
    }

    /// False at the end of the archive.
    private func begin(_ input: CompressedInput) throws(ArchiveError) -> Bool {
        let magic = try input.peek(Compression.zstdMagic.count)
        if magic.isEmpty { return false }
        guard magic == Compression.zstdMagic else {
            throw ArchiveError(.trailingBytes, "bytes follow the end of the zstd stream; send the archive alone")
        }
        members += 1
        guard members <= mostMembers else {
            throw ArchiveError(.tooManyMembers, "the zstd stream has more than \(mostMembers) frames; compress it in one")
        }
        isInFrame = true
        return true
    }

    private func expandOnce(_ input: CompressedInput, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        try input.refill()
        let available = input.available
        var from = ZSTD_inBuffer(src: available.baseAddress, size: available.count, pos: 0)
        var to = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        let result = ZSTD_decompressStream(context, &to, &from)
        input.consume(from.pos)
        guard ZSTD_isError(result) == 0 else { throw refusal(result) }
        if result == 0 {
            isInFrame = false
        } else if available.isEmpty, to.pos == 0 {
            // The context may hold bytes back although the input ended; now it gave the last of them.
            throw .truncated(in: "its zstd stream")
        }
        return to.pos
    }

    private func refusal(_ result: Int) -> ArchiveError {
        switch ZSTD_getErrorCode(result) {
        case ZSTD_error_frameParameter_windowTooLarge:
            ArchiveError(.windowTooLarge, "the zstd stream needs a window above 128 MiB; compress it without --long=28 or more")
        case ZSTD_error_memory_allocation:
            ArchiveError(.readFailed, "no memory to expand zstd; free some")
        default:
            ArchiveError(
                .compressionCorrupt,
                "the zstd stream is damaged (\(String(cString: ZSTD_getErrorName(result)))); send the archive again")
        }
    }
}
