import Foundation
import SecretModel

extension Timestamp {
    /// This machine's wall-clock time.
    static var current: Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
}
