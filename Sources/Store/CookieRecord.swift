import Cookies
import Model

/// Cookies as the members of a JSON object.
enum CookieRecord {
    static func write(_ key: Cookie.Key, _ json: inout JSONWriter) {
        json.member("name", key.name)
        json.member("domain", key.domain)
        json.member("path", key.path)
        json.member("hostOnly", key.isHostOnly)
        if let partition = key.partition { json.member("partition", partition) }
    }

    static func write(_ cookie: Cookie, _ json: inout JSONWriter) {
        write(cookie.key, &json)
        json.secret("value", cookie.value)
        json.member("secure", cookie.isSecure)
        json.member("httpOnly", cookie.isHTTPOnly)
        json.member("sameSite", cookie.sameSite.rawValue)
        if let expiry = cookie.expiry { json.time("expiry", expiry) }
        json.time("creation", cookie.creation)
        json.member("sequence", cookie.sequence)
        json.time("lastSet", cookie.lastSet)
    }

    static func readKey(_ json: JSONValue) throws(JSONFailure) -> Cookie.Key {
        Cookie.Key(
            name: try json.text("name", limit: .max), domain: try json.text("domain", limit: .max),
            path: try json.text("path", limit: .max),
            isHostOnly: try json.flag("hostOnly"), partition: try json.optionalText("partition", limit: .max))
    }

    static func read(_ json: JSONValue) throws(JSONFailure) -> Cookie {
        let key = try readKey(json)
        guard let sameSite = Cookie.SameSite(rawValue: try json.text("sameSite")) else { throw .member("sameSite") }
        guard let sequence = json["sequence"]?.integer, sequence >= 0 else { throw .member("sequence") }
        return Cookie(
            name: key.name, value: try json.storedSecret("value"), domain: key.domain, isHostOnly: key.isHostOnly,
            path: key.path, isSecure: try json.flag("secure"), isHTTPOnly: try json.flag("httpOnly"),
            sameSite: sameSite, expiry: try json.optionalTime("expiry"), creation: try json.time("creation"),
            sequence: UInt64(sequence), lastSet: try json.time("lastSet"), partition: key.partition)
    }
}
