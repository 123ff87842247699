import Cookies
import Model
import Testing

@testable import Store

@Suite struct RecipeCookiesTests {
    private let now = WallInstant(seconds: 1_800_000_000)

    @Test func theyComeBackWhole() {
        var jar = CookieJar()
        jar.apply(JarChange(set: [cookie("a", "one", sequence: 1), cookie("b", "two \u{1F36A}", sequence: 2)]))
        let text = RecipeCookies.encode(jar, now: now)
        let read = RecipeCookies.decode(text)
        #expect(read.cookies.map(\.key) == jar.cookies.map(\.key))
        #expect(read.cookies.map(\.value) == jar.cookies.map(\.value))
        #expect(read.cookies.map(\.expiry) == jar.cookies.map(\.expiry))
        // A renewal that brought the same tells itself from the one before.
        #expect(RecipeCookies.encode(jar, now: now) != text)
    }

    @Test func whatHasEndedAndWhatIsTooMuchIsLeft() {
        var jar = CookieJar()
        jar.apply(JarChange(set: (1...150).map { cookie("c\($0)", "v", sequence: UInt64($0)) }))
        let kept = RecipeCookies.decode(RecipeCookies.encode(jar, now: now)).cookies
        #expect(kept.map(\.name) == (51...150).map { "c\($0)" })
        #expect(RecipeCookies.decode(RecipeCookies.encode(jar, now: now + 100_000_000)).count == 0)
    }

    @Test(arguments: ["", "[]", "{\"cookies\":[{\"name\":1}]}", "{\"cookies\":{}}", "none"])
    func whatIsNoneOfOursHasNone(_ text: String) {
        #expect(RecipeCookies.decode(SecretBytes(text)).count == 0)
    }
}
