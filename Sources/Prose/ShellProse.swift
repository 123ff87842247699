import Model

/// What is said about `lanyard env` and `lanyard curl-config`.
extension CommandProse {
    /// A command line, each word as a shell reads it.
    package static func commandLine(_ words: [String]) -> String {
        words.map { word in
            let isPlain = word.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "-._/:@%+=,".utf8.contains(byte)
                }
            }
            let quoted = word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            return isPlain && !word.isEmpty ? word : "'\(shown(quoted))'"
        }.joined(separator: " ")
    }

    /// The language of the person's shell is not known.
    package static func unknownShell(_ shell: String?) -> Failure {
        Failure(
            .usage,
            shell.map { "\(Prose.printable($0)) is no shell that this knows" }
                ?? "SHELL does not say which shell this is",
            mend: "add: --shell bash, zsh or fish")
    }

    /// `env` in what `lanyard run` has started.
    package static let isUnderRun = "this is under lanyard run: its programs get sessions already; nothing is changed"

    /// Comments for whoever reads what `env` prints, instead of having a shell evaluate it.
    package static func aboutEnvironment(fish: Bool) -> [String] {
        [
            "for this shell: " + (fish ? "lanyard env | source" : #"eval "$(lanyard env)""#),
            "plain curl gets the sessions that are marked: lanyard set NAME ambient=true",
        ]
    }

    /// The comment above each file for `curl -K`.
    package static func curlConfig(_ session: String) -> [String] {
        [
            "\"\(shown(session))\", by lanyard curl-config",
            "one URL for each -K: curl sends what is here to all of them",
        ]
    }

    /// Why no redirect is followed.
    package static let whyNoRedirects = "curl would send this on to wherever a redirect leads, so it follows none"

    /// Why there is no proxy.
    package static let whyNoProxy = "plain http: a proxy could read it, so there is none"
}
