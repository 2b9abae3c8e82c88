import Crypto
import SecretModel

/// When a message is tried again (`alerting.md` §7). Pure.
struct DeliverySchedule: Hashable, Sendable {
    /// What a failed attempt leads to.
    enum Next: Hashable, Sendable {
        case retry(at: Timestamp)
        case deadLetter
    }

    /// Delays between attempts, by number of attempts made.
    private let delays: [Duration]
    /// No attempt later than this after the message was written.
    private let span: Duration?
    /// Failures that are counted end it after so many attempts.
    private let countedLimit: Int

    /// The table of Standard Webhooks.
    static let webhook = DeliverySchedule(
        delays: [
            .seconds(5), .minutes(5), .minutes(30), .hours(2), .hours(5), .hours(10), .hours(14), .hours(20), .hours(24),
        ],
        span: nil,
        countedLimit: .max
    )

    /// 5 s, doubling up to 5 min, for 24 h; a program that fails otherwise than with 75 is run five times.
    static let exec = DeliverySchedule(
        delays: [.seconds(5), .seconds(10), .seconds(20), .seconds(40), .seconds(80), .seconds(160)]
            + [Duration](repeating: .minutes(5), count: 300),
        span: .hours(24),
        countedLimit: 5
    )

    /// - Parameters:
    ///   - attempts: Attempts made, the failed one included.
    ///   - writtenAt: When the message was written.
    ///   - now: When the attempt failed.
    ///   - wanted: What the sink asked for at least.
    ///   - isCounted: Whether this failure is of the kind that only a few attempts may end in.
    ///   - id: The message's: spreads messages that failed together by up to a tenth of the delay.
    func next(
        afterAttempts attempts: Int,
        writtenAt: Timestamp,
        now: Timestamp,
        wanted: Duration?,
        isCounted: Bool,
        id: String
    ) -> Next {
        guard attempts >= 1, attempts <= self.delays.count, !(isCounted && attempts >= self.countedLimit) else { return .deadLetter }
        let delay = self.delays[attempts - 1]
        let share = Int64(SHA256.hash(data: Array("\(id).\(attempts)".utf8)).first(where: { _ in true }) ?? 0)
        let jitter = Duration.microseconds(delay.wholeMicroseconds / 10 * share / 255)
        let at = now + max(delay + jitter, wanted ?? .zero)
        if let span = self.span, at > writtenAt + span { return .deadLetter }
        return .retry(at: at)
    }
}
