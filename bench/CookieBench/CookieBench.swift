import Cookies
import Glibc
import Model

/// What cookies.c measures of libcurl, of ours: `CookieBench match COUNT ROUNDS`; and `CookieBench parse LINES`.
@main enum CookieBench {
    /// As in cookies.c.
    private static let (repeats, own, domains) = (200, 10, 999)
    private static let now = WallInstant(seconds: 1_800_000_000)

    static func main() {
        let numbers = CommandLine.arguments.dropFirst(2).compactMap { Int($0) }
        switch (CommandLine.arguments.dropFirst().first, numbers.count) {
        case ("match", 2): match(count: numbers[0], rounds: numbers[1])
        case ("parse", 1): parse(lines: numbers[0])
        default: exit(64)
        }
    }

    /// The nanoseconds that the Cookie line of one URL takes in a jar of `count`, a line a round.
    private static func match(count: Int, rounds: Int) {
        var jar = CookieJar()
        // In parts: a jar takes a thousand of one answer.
        for start in stride(from: 0, to: count, by: 1000) {
            let part = (start..<min(start + 1000, count)).map { cookie($0) }
            jar.add(part, now: now)
        }
        let target = RequestTarget(scheme: .https, host: "www.d0.com", port: 443, path: "/api/orders")
        guard jar.count == count else { exit(1) }
        for _ in 0..<rounds {
            let start = clock()
            for _ in 0..<repeats {
                guard jar.cookieLine(for: target, now: now).count == own else { exit(1) }
            }
            print((clock() - start) / Int64(repeats))
        }
    }

    private static func cookie(_ number: Int) -> Cookie {
        Cookie(
            name: "name\(number)", value: SecretBytes("value-of-a-session-\(number)"),
            domain: "www.d\(number < own ? 0 : 1 + number % domains).com", isHostOnly: true, path: "/",
            isSecure: true, expiry: now + 86_400, creation: now)
    }

    /// The nanoseconds of one Set-Cookie line.
    private static func parse(lines: Int) {
        let line = SecretBytes(
            "sessionid=0123456789abcdef0123456789abcdef; expires=Wed, 20 Jan 2027 08:00:00 GMT; Domain=example.com; "
                + "HttpOnly; Max-Age=1209600; Path=/; SameSite=Lax; Secure")
        let target = RequestTarget(scheme: .https, host: "www.example.com", port: 443, path: "/accounts/login/")
        let start = clock()
        for _ in 0..<lines {
            guard (try? Cookie.parse(setCookie: line, from: target, now: now)) != nil else { exit(1) }
        }
        print((clock() - start) / Int64(lines))
    }

    /// The monotonic clock, in nanoseconds.
    private static func clock() -> Int64 {
        var time = timespec()
        // The time is written to where it is told.
        unsafe _ = clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
