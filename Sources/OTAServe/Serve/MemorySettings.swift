import CMemory

/// How the C library keeps freed memory.
enum MemorySettings {
    /// Buffers of some hundred KiB come and go with every piece of a large file. By default they are given back to the
    /// kernel each time, and taking them again means clearing their pages: a third of the time of a download.
    static func keepBuffers() { memory_keep(4 << 20, 16 << 20) }
}
