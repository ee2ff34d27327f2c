@testable import OSTree

extension Defect {
    /// Offsets in `.filez`: length 0, zeros 4, size 8, owner 16, group 20, mode 24, device 28, target 32.
    static let files = [
        Defect("a bit of the content is another", .digestMismatch) {
            try $0.alter(try $0.filez("content of a")) { $0[$0.count - 1] ^= 1 }
        },
        Defect("a bit of the mode is another", .digestMismatch) { try $0.alter(try $0.filez("content of a")) { $0[27] ^= 1 } },
        Defect("a bit of an attribute's value is another", .digestMismatch) {
            try $0.alter(try $0.filez("content of b")) { $0[$0.firstIndex(of: UInt8(ascii: "x")) ?? 0 + 2] = 9 }
        },
        Defect("a symlink leads elsewhere", .digestMismatch) { try $0.alter(try $0.filez("usr/a")) { $0[32] = UInt8(ascii: "v") } },
        Defect("the compressed content is cut off", .contentTruncated) { try $0.alter(try $0.filez("content of a")) { $0.removeLast() } },
        Defect("the compressed content is absent", .contentTruncated) {
            try $0.alter(try $0.filez("content of a")) { $0.removeLast($0.count - 34) }
        },
        Defect("the compressed content is none", .contentCorrupt) { try $0.alter(try $0.filez("content of a")) { $0[34] = 0xFF } },
        Defect("a stored block's length is another", .contentCorrupt) { try $0.alter(try $0.filez("content of a")) { $0[35] ^= 1 } },
        Defect("the header says more bytes than there are", .sizeMismatch) { try $0.alter(try $0.filez("content of a")) { $0[15] += 1 } },
        Defect("the header says fewer bytes than there are", .sizeMismatch) { try $0.alter(try $0.filez("content of a")) { $0[15] -= 1 } },
        Defect("the header is longer than the file", .headerInvalid) { try $0.alter(try $0.filez("content of a")) { $0[2] = 1 } },
        Defect("the header has four gigabytes", .headerInvalid) { try $0.alter(try $0.filez("content of a")) { $0[0] = 0xFF } },
        Defect("the padding before the header is not zero", .headerInvalid) { try $0.alter(try $0.filez("content of a")) { $0[5] = 1 } },
        Defect("the header is one byte short", .variantMalformed) { try $0.alter(try $0.filez("content of a")) { $0[3] -= 1 } },
        Defect("the header is empty", .variantMalformed) { try $0.alter(try $0.filez("content of a")) { $0[3] = 0 } },
        Defect("the file is empty", .contentTruncated) { try $0.alter(try $0.filez("content of a")) { $0.removeAll() } },
        Defect("the file has seven bytes", .contentTruncated) { try $0.alter(try $0.filez("content of a")) { $0 = Array($0.prefix(7)) } },
        Defect("the offset in the header leads out of it", .variantMalformed) {
            try $0.alter(try $0.filez("content of a")) { $0[33] = 0xFF }
        },
        Defect("the header names a device", .headerInvalid) { try $0.alter(try $0.filez("content of a")) { $0[31] = 1 } },
        Defect("the file is a FIFO", .modeInvalid) { try $0.alter(try $0.filez("content of a")) { $0[26] = 0x11 } },
        Defect("the mode has more bits than there are", .modeInvalid) { try $0.alter(try $0.filez("content of a")) { $0[25] = 1 } },
        Defect("a byte follows the compressed content", .trailingBytes) { try $0.alter(try $0.filez("content of a")) { $0.append(0) } },
        Defect("a byte follows a symlink", .trailingBytes) { try $0.alter(try $0.filez("usr/a")) { $0.append(0) } },
        Defect("a symlink has content", .headerInvalid) { try $0.alter(try $0.filez("usr/a")) { $0[15] = 1 } },
        Defect("a symlink becomes a file", .headerInvalid) { try $0.alter(try $0.filez("usr/a")) { $0[26] = 0x81 } },
        Defect("a file becomes a symlink", .headerInvalid) { try $0.alter(try $0.filez("content of a")) { $0[26] = 0xA1 } },
        Defect("two files have changed places", .digestMismatch, .digestMismatch) {
            let (a, b) = (try $0.filez("content of a"), try $0.filez("content of b"))
            let kept = try $0.bytes(a)
            try $0.write(try $0.bytes(b), at: a)
            try $0.write(kept, at: b)
        },
    ]
}
