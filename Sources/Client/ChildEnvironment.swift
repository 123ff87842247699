import CLinux
import Glibc

/// What `lanyard run` adds to the environment of the program it runs; the preload library reads it.
struct ChildEnvironment: Equatable {
    /// The variables to set.
    let variables: [(name: String, value: String)]

    /// The variables for a run.
    /// - Parameters:
    ///   - library: the path of the preload library.
    ///   - preloaded: the value `LD_PRELOAD` has; what it names is loaded as well, after ours.
    ///   - sessions: the sessions named; none leaves `LANYARD_SESSION` as it is.
    ///   - isQuiet: whether the library keeps quiet about what it did not attach.
    ///   - isRequired: whether a transfer without a session fails.
    ///   - isRevealing: whether libcurl's own account of a transfer shows what was attached.
    ///   - outer: the value `LANYARD_RUN` has, under a run around this one: what that requires stays required.
    init(
        library: String, preloaded: String?, sessions: [String], isQuiet: Bool, isRequired: Bool,
        isRevealing: Bool = false, outer: String? = nil
    ) {
        let isRequired = isRequired || (outer ?? "").split(separator: ",").contains("require")
        let others = (preloaded ?? "").split { $0 == ":" || $0 == " " }.map(String.init).filter { $0 != library }
        var variables = [
            ("LD_PRELOAD", ([library] + others).joined(separator: ":")),
            (
                "LANYARD_RUN",
                (isQuiet ? "quiet" : "say") + (isRequired ? ",require" : "") + (isRevealing ? ",reveal" : "")
            ),
        ]
        if !sessions.isEmpty { variables.append(("LANYARD_SESSION", sessions.joined(separator: ","))) }
        self.variables = variables
    }

    /// Puts the variables into this process's environment, which the program to run gets.
    func apply() {
        // setenv copies both texts; this process has one thread.
        for (name, value) in variables { unsafe setenv(name, value, 1) }
    }

    static func == (left: ChildEnvironment, right: ChildEnvironment) -> Bool {
        left.variables.elementsEqual(right.variables, by: ==)
    }
}
