import Glibc
import StrictJSON

/// Checks and searches the targets of a file in its bytes: no allocation for each of a hundred thousand.
enum TargetsCheck {
    /// Refuses targets without a name that can be one, a length and a digest. Returns whether the names ascend, so that
    /// they can be searched as they stand.
    static func run(_ contents: borrowing JSONContents, _ targets: Int) throws(TUFError) -> Bool {
        var position = contents.inside(targets)
        var ascends = true
        var last: UnsafeBufferPointer<UInt8>?
        var seen = DistinctNames()
        for _ in 0..<contents.count(targets) {
            let name = contents.raw(position)
            if contents.hasEscapes(position) {
                ascends = false
                let text = String(decoding: contents.decoded(position), as: UTF8.self)
                try TargetName.check(text)
                try seen.insert(text)
            } else {
                guard let isASCII = TargetName.isPlain(name) else {
                    throw TUFError(.targetNameInvalid, "\(quoted(String(decoding: name, as: UTF8.self))) is no name of a target")
                }
                if !isASCII { try seen.insert(String(decoding: name, as: UTF8.self)) }
                if ascends, let last { ascends = precedes(last, name) }
                last = name
            }
            guard isTarget(contents, position + 1) else {
                throw TUFError(
                    .targetInvalid,
                    "the target \(quoted(String(decoding: name, as: UTF8.self))) needs a length of 0 or more and a sha256 or sha512 of hexadecimal digits"
                )
            }
            position = contents.behind(position + 1)
        }
        return ascends
    }

    private static func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = left.baseAddress, let second = right.baseAddress else { return left.count < right.count }
        let order = memcmp(first, second, min(left.count, right.count))
        return order == 0 ? left.count < right.count : order < 0
    }

    private static func isTarget(_ contents: borrowing JSONContents, _ value: Int) -> Bool {
        guard contents.isObject(value) else { return false }
        var hasLength = false
        var hasHashes = false
        var member = contents.inside(value)
        for _ in 0..<contents.count(value) {
            if contents.text(member, is: "length") {
                guard let length = contents.integer(member + 1), length >= 0 else { return false }
                hasLength = true
            } else if contents.text(member, is: "hashes") {
                guard areHashes(contents, member + 1) else { return false }
                hasHashes = true
            }
            member = contents.behind(member + 1)
        }
        return hasLength && hasHashes
    }

    private static func areHashes(_ contents: borrowing JSONContents, _ value: Int) -> Bool {
        guard contents.isObject(value) else { return false }
        var known = 0
        var member = contents.inside(value)
        for _ in 0..<contents.count(value) {
            if contents.text(member, is: "sha256") {
                guard contents.isString(member + 1), isHex(contents.raw(member + 1), count: 64) else { return false }
                known += 1
            } else if contents.text(member, is: "sha512") {
                guard contents.isString(member + 1), isHex(contents.raw(member + 1), count: 128) else { return false }
                known += 1
            }
            member = contents.behind(member + 1)
        }
        return known > 0
    }

    private static func isHex(_ raw: UnsafeBufferPointer<UInt8>, count: Int) -> Bool {
        guard raw.count == count else { return false }
        // Without branches, so that many bytes are looked at in one step.
        var areRight: UInt8 = 1
        for byte in raw {
            let digit: UInt8 = byte &- UInt8(ascii: "0") < 10 ? 1 : 0
            let letter: UInt8 = (byte | 0x20) &- UInt8(ascii: "a") < 6 ? 1 : 0
            areRight &= digit | letter
        }
        return areRight == 1
    }

    /// The position of the name that has these bytes.
    static func find(
        _ name: UnsafeBufferPointer<UInt8>, in contents: borrowing JSONContents, _ targets: Int, sorted: [Int]?
    ) -> Int? {
        guard let sorted else { return scan(for: name, in: contents, targets) }
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            let position = sorted[middle]
            let found = contents.hasEscapes(position) ? contents.decoded(position) : Array(contents.raw(position))
            if found.elementsEqual(name) { return position }
            if found.lexicographicallyPrecedes(name) { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// Nodes of different targets lie at different distances, so sorted names are walked and not halved: a look at each
    /// name costs a few nanoseconds.
    private static func scan(for name: UnsafeBufferPointer<UInt8>, in contents: borrowing JSONContents, _ targets: Int) -> Int? {
        var position = contents.inside(targets)
        for _ in 0..<contents.count(targets) {
            let found = contents.raw(position)
            if found.count == name.count, found.elementsEqual(name) { return position }
            position = contents.behind(position + 1)
        }
        return nil
    }
}
