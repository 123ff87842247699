import Model
import Testing

@testable import Client

/// What a shell is given to evaluate.
@Suite struct ShellEnvironmentTests {
    private let library = "/lib/l.so"

    @Test func theLibraryComesFirstAndOnce() {
        func added(_ before: String?) -> String? { ShellEnvironment(adding: library, to: before).preload }
        #expect(added(nil) == "/lib/l.so")
        #expect(added("") == "/lib/l.so")
        #expect(added("a.so b.so") == "/lib/l.so:a.so b.so")
        #expect(added("/lib/l.so") == "/lib/l.so")
        #expect(added("/lib/l.so:a.so b.so") == "/lib/l.so:a.so b.so")
        #expect(added("a.so:/lib/l.so") == "/lib/l.so:a.so")
    }

    @Test(arguments: [nil, "a.so", "a.so b.so", "a.so:b.so", "/lib/l.so.1"])
    func offIsAsItWas(_ before: String?) {
        let on = ShellEnvironment(adding: library, to: before).preload
        #expect(ShellEnvironment(removing: library, from: on).preload == before)
        #expect(ShellEnvironment(removing: library, from: before).preload == before)
        // Somebody has put something before it meanwhile.
        let later = ShellEnvironment(removing: library, from: "z.so:" + (on ?? "")).preload
        #expect(later?.hasPrefix("z.so") == true && later?.contains("/lib/l.so:") == false)
    }

    @Test func quoting() {
        let value = ShellEnvironment(adding: #"/it's\a/l.so"#, to: nil)
        #expect(value.text(for: .bash) == #"export LD_PRELOAD='/it'\''s\a/l.so'"# + "\n")
        #expect(value.text(for: .fish) == #"set -gx LD_PRELOAD '/it\'s\\a/l.so'"# + "\n")
    }

    @Test func shells() {
        #expect(ShellEnvironment.Shell(path: "/usr/bin/fish") == .fish)
        #expect(ShellEnvironment.Shell(path: "zsh") == .zsh)
        #expect(ShellEnvironment.Shell(path: "/bin/dash") == .bash)
        #expect(ShellEnvironment.Shell(path: "/bin/tcsh") == nil)
        #expect(ShellEnvironment.Shell(path: "") == nil)
    }
}

/// Files for `curl -K`.
@Suite struct CurlConfigTests {
    private func config(_ answer: String, url: String = "https://a/") throws -> [String] {
        let file = try CurlConfig.text(JSONDocument(SecretBytes(answer)).root, url: url)
        return (file.exposedText() ?? "").split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    @Test func aBearerToken() throws {
        #expect(
            try config(#"{"session":"s","bearer":"t\"\\\t","headers":[],"cookie":null,"plain":false}"#)
                == [#"url = "https://a/""#, "globoff", #"oauth2-bearer = "t\"\\\t""#])
    }

    @Test func cookiesAndFields() throws {
        let answer = """
            {"session":"s","bearer":null,"headers":[{"name":"X-Key","value":"k"}],"cookie":"a=b; c=d","plain":true}
            """
        #expect(
            try config(answer) == [
                #"url = "https://a/""#, "globoff", #"noproxy = "*""#, "max-redirs = 0", #"header = "X-Key: k""#,
                #"cookie = "a=b; c=d""#,
            ])
    }

    /// curl would read a file of that name.
    @Test func aCookieWithoutAName() throws {
        let lines = try config(#"{"session":"s","headers":[],"cookie":"/etc/passwd","plain":false}"#)
        #expect(lines.last == #"header = "Cookie: /etc/passwd""#)
    }
}

/// What `lanyard set` is told.
@Suite struct SettingsRequestTests {
    private func parameters(_ words: String...) throws -> String? {
        let request = try SettingsRequest(words)
        var json = JSONWriter()
        json.object { request.write(&$0) }
        return json.finish().exposedText()
    }

    @Test func words() throws {
        #expect(
            try parameters("for+=https://a=b", "ambient=true", "for-=x", "for=y", "for=z", "ambient=false")
                == #"{"ambient":false,"for":["y","z"],"for_added":["https://a=b"],"for_removed":["x"]}"#)
    }

    @Test(arguments: ["", "=", "ambient", "ambient=", "ambient=1", "For=x", "for", "confirm=true", "for*=x"])
    func nonsense(_ word: String) {
        #expect(throws: Failure.self) { try SettingsRequest([word]) }
    }
}
