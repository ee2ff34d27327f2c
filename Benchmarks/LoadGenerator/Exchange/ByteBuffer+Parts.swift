import NIOCore

extension ByteBuffer {
    /// At most `count` bytes, or nil when the buffer is empty.
    mutating func readUpTo(_ count: Int) -> ByteBuffer? {
        guard readableBytes > 0 else { return nil }
        return readSlice(length: Swift.min(count, readableBytes))
    }

    /// A whole line without its end (LF or CR LF), or nil when it is not complete yet.
    mutating func readLine() -> ByteBufferView? {
        guard let end = readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let length = end - readableBytesView.startIndex
        guard let slice = readSlice(length: length) else { return nil }
        moveReaderIndex(forwardBy: 1)
        let line = slice.readableBytesView
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }
}
