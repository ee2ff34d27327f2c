import Glibc

/// How the C library keeps freed memory.
enum MemorySettings {
    /// Buffers of some hundred KiB come and go with every piece of a large file. By default they are given back to the
    /// kernel each time, and taking them again means clearing their pages: a third of the time of a download.
    static func keepBuffers() {
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
        mallopt(M_TRIM_THRESHOLD, 16 << 20)
    }
}
