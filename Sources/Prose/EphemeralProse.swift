import Model

/// What people are told of `lanyard run --ephemeral`.
extension Failure {
    /// What needs a store on the disk.
    public static var keepsNothing: Failure {
        Failure(.usage, "this daemon is for lanyard run --ephemeral: it keeps nothing, and ends with the program")
    }
}

extension CommandProse {
    /// The private daemon has no place for its socket.
    package static func noPrivateFolder(_ path: String, _ why: String) -> Failure {
        Failure(.internal, "no private folder could be made in \(shown(path)): \(why)")
    }

    /// A file that does not hold a secret that can be used.
    package static func secretFile(_ path: String, _ why: String) -> Failure {
        Failure(
            .usage, "\(shown(path)) \(why)", mend: "let it be a file of your own or root's that others cannot write")
    }
}
