import Model
import Testing

@testable import Daemon

/// Design, section 3: "Which session" and "Redirects".
struct SelectionTests {
    @Test func theLongestMatchIsTaken() throws {
        let sessions = Sessions(
            try entry("whole", ["https://api.example.com"]), try entry("part", ["https://api.example.com/v2"]),
            try entry("wide", ["https://*.example.com/v2/deep"]))
        #expect(try sessions.choose("https://api.example.com/v2/x") == "part longest")
        #expect(try sessions.choose("https://api.example.com/v20") == "whole only")
        #expect(try sessions.choose("https://other.example.com/v2/deep/x") == "wide only")
        #expect(try sessions.choose("https://example.com/v2/deep") == "no-match")
    }

    @Test func twoEquallyGoodAreAmbiguousUnlessOneIsTheDefault() throws {
        let one = try entry("one", ["https://api.example.com"])
        let two = try entry("two", ["https://api.example.com"])
        #expect(try Sessions(one, two).choose("https://api.example.com/") == "ambiguous")
        two.session.settings.isDefault = true
        #expect(try Sessions(one, two).choose("https://api.example.com/") == "two default")
        one.session.settings.isDefault = true
        #expect(try Sessions(one, two).choose("https://api.example.com/") == "ambiguous")
    }

    @Test func aNameNarrows() throws {
        let sessions = Sessions(
            try entry("one", ["https://api.example.com"]), try entry("two", ["https://api.example.com"]))
        #expect(try sessions.choose("https://api.example.com/", named: "two") == "two named")
        #expect(try sessions.choose("https://api.example.com/", named: "three") == "no-session")
        #expect(try sessions.choose("https://elsewhere.example.com/", named: "two") == "no-match")
    }

    @Test func aRedirectKeepsItsSessionInsideItsSpaceAlone() throws {
        let sessions = Sessions(
            try entry("a", ["https://a.example.com", "https://cdn.example.com"]),
            try entry("b", ["https://b.example.com"]))
        #expect(try sessions.follow("https://a.example.com/", to: "https://cdn.example.com/x") == "a only")
        #expect(try sessions.follow("https://a.example.com/", to: "https://a.example.com:8443/") == "left")
        #expect(try sessions.follow("https://a.example.com/", to: "https://b.example.com/") == "left")
        // Once a hop has left, the session does not come back with a later one.
        #expect(try sessions.follow("https://a.example.com/", to: "https://a.example.com/", left: true) == "left")
    }

    @Test func aRedirectBringsInNoOtherSession() throws {
        let sessions = Sessions(try entry("a", ["https://a.example.com"]), try entry("b", ["https://b.example.com"]))
        #expect(try sessions.follow("https://evil.example.net/", to: "https://a.example.com/") == "other-session")
        #expect(try sessions.follow("https://evil.example.net/", to: "https://evil.example.net/2") == "no-match")
    }

    @Test func unlessThePersonNamedItToo() throws {
        let sessions = Sessions(try entry("a", ["https://a.example.com"]), try entry("b", ["https://b.example.com"]))
        let both = try sessions.follow("https://a.example.com/", to: "https://b.example.com/", named: "a", "b")
        #expect(both == "b named")
        let one = try sessions.follow("https://a.example.com/", to: "https://b.example.com/", named: "a")
        #expect(one == "left")
        let back = try sessions.follow(
            "https://a.example.com/", to: "https://a.example.com/", left: true, named: "a", "b")
        #expect(back == "left")
    }

    @Test func aFileNarrowsAndBringsInNothingAtARedirect() throws {
        let sessions = Sessions(
            try entry("one", ["https://api.example.com"]), try entry("two", ["https://api.example.com"]),
            try entry("b", ["https://b.example.com"]))
        func ask(_ url: String, file names: [String], named: [String] = [], from start: String? = nil) throws -> String
        {
            var question = AttachQuestion(about: try target(url), sessions: named)
            if let start {
                question.start = try target(start)
                question.hop = 1
            }
            question.folder = FolderChoice(sessions: names.compactMap { SessionName($0) }, file: "/p/.lanyard")
            return sessions.choose(question)
        }
        #expect(try ask("https://api.example.com/", file: ["two"]) == "two file")
        #expect(try ask("https://api.example.com/", file: ["three"]) == "no-session")
        #expect(try ask("https://b.example.com/", file: ["two"]) == "no-match")
        #expect(try ask("https://api.example.com/", file: ["two"], named: ["one"]) == "one named")
        let both = ["two", "b"]
        #expect(try ask("https://b.example.com/", file: both, from: "https://api.example.com/") == "left")
        #expect(
            try ask("https://b.example.com/", file: both, named: both, from: "https://api.example.com/") == "b named")
    }

    @Test func theIndexForgetsWhatIsTakenOut() throws {
        let one = try entry("one", ["https://api.example.com", "https://*.example.org"])
        var index = SpaceIndex()
        index.insert(one)
        #expect(index.matches(try target("https://x.y.example.org/")).count == 1)
        index.remove(one)
        #expect(index.matches(try target("https://x.y.example.org/")).isEmpty)
        #expect(index.matches(try target("https://api.example.com/")).isEmpty)
    }
}
