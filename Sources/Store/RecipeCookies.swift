import Cookies
import Model

/// Cookies that are a recipe's own, as a session keeps them: apart from its jar, so that nothing that looks into the one
/// finds the others.
public enum RecipeCookies {
    /// More than any provider of logins sets; of more the oldest are not kept.
    static let most = 100

    /// The cookies of `jar` that have not ended at `now`, in a text that is another each time.
    public static func encode(_ jar: CookieJar, now: WallInstant) -> SecretBytes {
        var json = JSONWriter()
        json.object { json in
            json.member("written", String(UInt64.random(in: .min ... .max), radix: 16))
            json.array("cookies") { json in
                for cookie in jar.cookies.filter({ !$0.isExpired(at: now) }).suffix(most) {
                    json.object { CookieRecord.write(cookie, &$0) }
                }
            }
        }
        return json.finish()
    }

    /// The cookies in a text; none where it is none of ours: then a person is asked again.
    public static func decode(_ text: SecretBytes) -> CookieJar {
        var jar = CookieJar()
        let elements = (try? JSONDocument(text))?.root["cookies"]?.elements ?? []
        jar.apply(JarChange(set: elements.compactMap { try? CookieRecord.read($0) }))
        return jar
    }
}
