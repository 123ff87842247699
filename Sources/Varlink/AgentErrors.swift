/// The errors of ``agentInterfaceDescription``.
let agentErrors = #"""
    # No session of that name, or none for that URL.
    error NoMatch (message: string, session: ?string, mend: ?string)
    # A person has to log in, or the login was refused.
    error LoginNeeded (message: string, session: ?string, mend: ?string)
    # Two sessions are equally good.
    error Ambiguous (message: string, session: ?string, mend: ?string)
    # The store is locked. lock: what opens it: the vault's passphrase; one that makes the vault; the keyring's dialog or
    # password; or Unlock alone, because a person has locked it and nobody is to be asked before they say so.
    error StoreLocked (
      message: string,
      session: ?string,
      mend: ?string,
      lock: ?(vault, new_vault, keyring, by_hand)
    )
    error StoreUnavailable (message: string, session: ?string, mend: ?string)
    # A rule of Lanyard's forbids it.
    error Refused (message: string, session: ?string, mend: ?string)
    # The network or the server failed.
    error NetworkFailed (message: string, session: ?string, mend: ?string)
    # What was asked makes no sense.
    error Usage (message: string, session: ?string, mend: ?string)
    # The caller speaks another version of this protocol.
    error OtherProtocol (message: string, session: ?string, mend: ?string, version: string, protocol: int)
    # A fault of Lanyard's own.
    error Internal (message: string, session: ?string, mend: ?string)
    """#
