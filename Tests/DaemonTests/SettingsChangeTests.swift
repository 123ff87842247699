import Model
import Testing

@testable import Daemon

/// What `set` makes of a session.
struct SettingsChangeTests {
    /// The protection space of a session for `https://a.example.com` after the change, or what is wrong with it.
    private func space(_ parameters: String) throws -> [String] {
        let entry = try entry("s", ["https://a.example.com"])
        let json = try JSONDocument(SecretBytes(parameters)).root
        do {
            return try SettingsChange(json, PlaceReader(syntax: .libcurl)).applied(to: entry.session).space.texts
        } catch {
            return [error.message]
        }
    }

    @Test func places() throws {
        #expect(try space("{}") == ["https://a.example.com"])
        #expect(try space(#"{"for":null,"for_added":[]}"#) == ["https://a.example.com"])
        #expect(
            try space(#"{"for_added":["https://b.example.com","https://A.example.com:443/"]}"#)
                == ["https://a.example.com", "https://b.example.com"])
        #expect(
            try space(#"{"for_added":["https://b.example.com"],"for_removed":["https://a.example.com"]}"#)
                == ["https://b.example.com"])
        #expect(try space(#"{"for":["https://c.example.com"]}"#) == ["https://c.example.com"])
    }

    @Test(arguments: [
        #"{"for":[]}"#, #"{"for_removed":["https://a.example.com"]}"#, #"{"for_removed":["https://b.example.com"]}"#,
        #"{"for_added":["https://*.co.uk"]}"#, #"{"for_added":["nonsense"]}"#, #"{"for":"https://a.example.com"}"#,
        #"{"ambient":"yes"}"#, #"{"default":1}"#,
    ])
    func refused(_ parameters: String) throws {
        let change = try space(parameters)
        // A sentence, no place.
        #expect(change.count == 1 && change[0].contains(" "))
    }

    @Test func aPlaceLimit() throws {
        let places = (0..<64).map { "\"https://h\($0).example.com\"" }.joined(separator: ",")
        #expect(try space("{\"for\":[\(places)]}").count == 64)
        #expect(try space("{\"for_added\":[\(places)]}").first?.contains("more than 64") == true)
    }

    @Test func flags() throws {
        let entry = try entry("s", ["https://a.example.com"]) { $0.settings.isDefault = true }
        let json = try JSONDocument(SecretBytes(#"{"ambient":true,"insecure":true,"default":false}"#)).root
        let changed = try SettingsChange(json, PlaceReader(syntax: .libcurl)).applied(to: entry.session)
        #expect(changed.settings.isAmbient && changed.settings.insecure && !changed.settings.isDefault)
        let nothing = try SettingsChange(JSONDocument(SecretBytes("{}")).root, PlaceReader(syntax: .libcurl))
        #expect(try nothing.applied(to: entry.session).settings == entry.session.settings)
    }
}
