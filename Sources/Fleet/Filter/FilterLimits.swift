/// How large a filter may be.
public enum FilterLimits {
    /// Bytes of UTF-8, as written and in canonical form.
    public static let mostBytes = 4096
    /// Parentheses and `not` within each other.
    public static let mostDepth = 32
    /// Comparisons, each value of an `in` counted as one.
    public static let mostTerms = 256
    /// Seconds: a hundred years of 365 days.
    public static let longestDuration: Int64 = 36_500 * 86_400
    /// Digits of a number: what fits into 64 bits whatever they are.
    static let mostDigits = 18
}
