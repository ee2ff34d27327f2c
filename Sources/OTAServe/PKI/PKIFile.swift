import DeviceAuth
import Foundation

/// Files named on the command line, and times in its answers.
enum PKIFile {
    static func content(_ path: String) throws(DeviceAuthError) -> [UInt8] {
        try CertificateDirectory.content(ofFile: path)
    }

    /// RFC 3339 in UTC.
    static func time(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).ISO8601Format()
    }
}
