extension RevocationList {
    /// The list that counts among several of one issuer: the highest number, then the latest.
    ///
    /// Numbers decide only when every list has one. An issuer that stops numbering its lists would otherwise be
    /// stuck with its last numbered list, and later revocations would be ignored.
    static func newest(_ lists: [RevocationList]) -> RevocationList? {
        let areNumbered = lists.allSatisfy { $0.number != nil }
        return lists.max { left, right in
            if areNumbered, let leftNumber = left.number, let rightNumber = right.number, leftNumber != rightNumber {
                return isLess(leftNumber, rightNumber)
            }
            return left.thisUpdate < right.thisUpdate
        }
    }

    /// Compares two unsigned numbers given as minimal big-endian bytes.
    private static func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count != right.count ? left.count < right.count : left.lexicographicallyPrecedes(right)
    }
}
