import EventLoop
import Model
import Prose

/// What was decided about one request, or about one renewal; never a secret, never a query string.
struct Decision {
    /// What came of it.
    enum Outcome {
        /// A session was attached; so many of its cookies had no room; a `.lanyard` file named it.
        case attached(SessionName, dropped: Int, file: String?)
        /// Nothing was attached.
        case nothing(NotAttached)
        /// A server refused what a request carried, with a 401.
        case refused(SessionName)
        /// A session was renewed.
        case renewed(SessionName)
        /// A session was not renewed.
        case notRenewed(SessionName, Failure)
    }

    /// When.
    var time: WallInstant
    /// The process that asked.
    var pid: Int32
    /// The name of its program.
    var program: String
    /// The request's method; `renew` for a renewal.
    var method: String
    /// The request's URL, or that of the renewal; nil where that is not known.
    var target: RequestTarget?
    /// What came of it.
    var outcome: Outcome
}

/// The last decisions, in memory alone.
///
/// An answer to the preload library costs one more write into a ring: its values are those that the answer is made of.
@LoopActor final class Decisions {
    /// How many are kept.
    static let most = 1000
    /// Most bytes that are kept of a path: a thousand of the longest would be 32 MiB.
    private static let longestPath = 256

    private var ring: [Decision] = []
    /// Where the next one goes, once the ring is full: the oldest one's place.
    private var next = 0
    /// How many there have been.
    private(set) var count = 0

    /// Keeps a decision, and forgets the oldest where there are too many.
    func note(_ decision: Decision) {
        var decision = decision
        if let path = decision.target?.path, path.utf8.count > Self.longestPath {
            decision.target?.path = String(decoding: path.utf8.prefix(Self.longestPath), as: UTF8.self) + "…"
        }
        count += 1
        if ring.count < Self.most {
            ring.append(decision)
        } else {
            ring[next] = decision
            next = (next + 1) % Self.most
        }
    }

    /// The last `wanted` of those that are kept, the oldest first.
    func last(_ wanted: Int) -> [Decision] {
        let ordered = ring[next...] + ring[..<next]
        return Array(ordered.suffix(wanted))
    }

    /// When the oldest that is kept was made; nil where none has been forgotten.
    var oldestKept: WallInstant? { count > ring.count ? ring[next].time : nil }
}
