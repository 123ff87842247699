/// The description of `io.lanyard.Agent`, in varlink's own language (https://varlink.org/Interface-Definition).
///
/// It is what `org.varlink.service.GetInterfaceDescription` answers, and the one place where the protocol is written down.
public let agentInterfaceDescription = #"""
    # Lanyard's agent: keeps a person's web sessions, renews them, and says which of them a request gets.
    # Secrets cross this socket only to the user who owns it; both ends check the other's uid.
    # A message is at most 1 MiB, and at most 64 KiB in the answers to Attach.
    interface io.lanyard.Agent

    # A URL as libcurl's own parser took it apart.
    type Target (
      # lower case: http or https
      scheme: string,
      # lower case, punycode, IPv6 without brackets
      host: string,
      # filled in where the URL leaves it out
      port: int,
      # as libcurl would send it, without query or fragment
      path: string
    )

    # A header field.
    type Header (
      name: string,
      value: string
    )

    # A session, without its secrets.
    type Session (
      name: string,
      # what it sends
      kind: (cookie, token, jwt, basic, header, dpop),
      # its protection space: origins, each with an optional path prefix
      for: []string,
      # active, expiring, expired or needs-login
      state: string,
      # RFC 3339, of the credential that would be sent now; null where no expiry is known
      expires: ?string,
      # how many seconds that lived for when it was new; null where that is not known
      lifetime: ?int,
      # null for a session made with Add
      recipe: ?string,
      account: ?string,
      # RFC 3339
      last_use: ?string,
      # the header field a header session sends
      header: ?string,
      # whether it renews by itself
      renews: bool,
      # since when it needs a login, RFC 3339
      since: ?string,
      settings: Settings
    )

    # What a person has set of a session.
    type Settings (
      # plain programs get it too, in a shell with lanyard env
      ambient: bool,
      # it is taken where another is equally good
      default: bool,
      # it is sent although TLS verification is off
      insecure: bool
    )

    # A cookie of a session.
    type Cookie (
      name: string,
      domain: string,
      # it goes to that host alone, not to those below it
      host_only: bool,
      path: string,
      # RFC 3339; null: as long as the server likes
      expires: ?string,
      expired: bool,
      secure: bool,
      http_only: bool,
      # strict, lax or none; null where the server did not say
      same_site: ?string,
      # the site whose requests alone carry it
      partition: ?string,
      value_bytes: int,
      # with reveal
      value: ?string
    )

    # Which cookie.
    type CookieKey (
      name: string,
      domain: string,
      host_only: bool,
      path: string
    )

    # What was decided about a request, or what came of a renewal; never a secret or a query string.
    type Decision (
      # RFC 3339
      time: string,
      program: string,
      pid: int,
      # renew for a renewal
      method: string,
      # origin and path; null where a renewal's is not known
      url: ?string,
      session: ?string,
      # as in Attach, or renewed or not-renewed
      reason: string,
      # for people
      text: string
    )

    # Something a login needs from the person.
    type Ask (
      # user or password
      field: string,
      prompt: string,
      # not to be echoed
      secret: bool
    )

    # A renewal to come.
    type Renewal (
      session: string,
      # RFC 3339
      at: string
    )

    # Which credential does this request get? Asked before each request is sent, at every hop.
    # With more, an answer that has to wait for a renewal is preceded by one with renewing true.
    method Attach(
      protocol: ?int,
      # the program that asks, for people to read
      program: string,
      # sessions named with --session or LANYARD_SESSION; empty: all
      sessions: []string,
      # redirects followed so far
      hop: int,
      # an earlier hop has left the protection space of the session chosen at hop 0
      left: bool,
      # the URL the script named
      start: Target,
      # the URL of this hop
      target: Target,
      method: string,
      # the address of the connected peer; null for a Unix socket, and where it proves nothing (--connect-to)
      peer: ?string,
      peer_port: int,
      # the connection goes through a proxy
      proxy: bool,
      # TLS peer and host verification are both on
      verified: bool,
      # the Host header the script sets itself
      host: ?string,
      # names, in lower case, of the header fields the script brings itself; authorization also stands for
      # -u, userinfo in the URL, a bearer option, or a netrc entry for the host
      brought: []string,
      # names of the cookies the script brings itself
      cookies: []string,
      # the program runs under lanyard env: only sessions marked ambient are for it
      ambient: ?bool,
      # a request that gets nothing will not be sent (run --require)
      required: bool
    ) -> (
      # null: nothing is attached
      session: ?string,
      # the session's version, for Received
      version: ?int,
      headers: []Header,
      # the Cookie header's value
      cookie: ?string,
      # attached, or why nothing is: no-match, ambiguous, brought, left, other-session, needs-login, expired,
      # no-cookie, proxy, unix-socket, host-header, unverified, not-loopback, plain-http, not-ambient, no-session, locked,
      # unavailable
      reason: string,
      # for stderr, without a secret
      notice: []string,
      renewing: bool
    )

    # What came back on a hop that carried a session.
    method Received(
      protocol: ?int,
      session: string,
      # as in the answer to Attach; cookies for an older login are dropped
      version: int,
      target: Target,
      # names of the cookies the script brought itself on that hop: what came back for them is not the session's
      cookies: []string,
      # the values of its Set-Cookie header fields
      set_cookie: []string
    ) -> ()

    # How does this place log in? Give url, or session to log in again as that session was made.
    method Discover(
      protocol: ?int,
      url: ?string,
      session: ?string,
      recipe: ?string,
      # the protection space meant, where it is not the URL's origin
      for: []string
    ) -> (
      recipe: string,
      url: string,
      # for people: what the site asks for
      statement: string,
      # the account it was made for, where session was given
      account: ?string,
      asks: []Ask
    )

    # Log in and keep the session.
    method Login(
      protocol: ?int,
      url: ?string,
      session: ?string,
      recipe: ?string,
      # the name to keep it under; else one is made from the host
      name: ?string,
      for: []string,
      user: ?string,
      password: ?string
    ) -> (session: Session)

    # Keep a credential the person already has.
    method Add(
      protocol: ?int,
      name: string,
      for: []string,
      kind: (bearer, token, basic, header, cookie, cookiejar),
      # the authentication scheme, the user, the header field or the cookie that the kind asks for
      label: ?string,
      # the token, password, value or Netscape jar
      secret: string,
      # seconds from now, or RFC 3339
      expires: ?string,
      refresh_token: ?string,
      token_endpoint: ?string,
      client_id: ?string
    ) -> (session: Session)

    # All sessions, by name. With more, a thousand in a reply.
    method List(protocol: ?int) -> (
      sessions: []Session,
      # what a person should know of the store
      warnings: []string
    )

    # One session in full.
    method Show(
      protocol: ?int,
      session: string,
      # with its secrets
      reveal: bool
    ) -> (
      session: Session,
      # everything else: facts for people and scripts, each of them documented in lanyard(1)
      details: object
    )

    # A token valid for at least min_ttl seconds, renewed first where it is not.
    method Token(
      protocol: ?int,
      # a name or a URL
      of: string,
      # sessions that the URL's is chosen among; empty: all
      sessions: []string,
      min_ttl: ?int,
      # the whole header field instead of the token
      header: bool
    ) -> (
      token: string,
      notice: []string
    )

    # Which session would a request for this URL get, and why?
    method Explain(
      protocol: ?int,
      url: string,
      sessions: []string
    ) -> (
      url: string,
      session: ?string,
      # only, longest, default or named
      rule: ?string,
      # as in Attach
      reason: ?string,
      mend: ?string,
      # for people
      text: string
    )

    # What a request for this URL would get, for a curl that the library cannot be loaded into.
    method CurlConfig(
      protocol: ?int,
      url: string,
      sessions: []string
    ) -> (
      session: string,
      # a bearer token: curl keeps one to the origin it is for
      bearer: ?string,
      # any other credential
      headers: []Header,
      # the Cookie header's value
      cookie: ?string,
      # the URL is plain http
      plain: bool,
      notice: []string
    )

    # The keys that an issuer of tokens publishes, asked for now: by its metadata (OpenID Discovery, or RFC 8414), which
    # has to be that of this very issuer. Over https, or from this machine; no redirect is followed.
    method IssuerKeys(
      protocol: ?int,
      issuer: string
    ) -> (
      jwks_uri: string,
      # a JWK Set (RFC 7517)
      keys: object
    )

    # The last decisions, the oldest first. With more, 200 in a reply; without, the last 200 at most.
    method Why(
      protocol: ?int,
      # how many, 1 to 1,000; null: all that are kept
      count: ?int
    ) -> (
      decisions: []Decision,
      # how many there have been since the daemon was started
      count: int,
      # RFC 3339: since when all are kept
      since: string,
      # none has been forgotten since the daemon was started
      complete: bool
    )

    # The daemon and its store; answers while the store is locked, too.
    method Status() -> (
      version: string,
      protocol: int,
      pid: int,
      socket: string,
      # RFC 3339
      started: string,
      store: (kind: string, state: string, reason: string),
      # null while the store is not open
      sessions: ?int,
      next: []Renewal,
      # the secrets in memory cannot be swapped out
      memory_locked: bool,
      # what a person should know
      warnings: []string
    )

    # Renew now.
    method Refresh(protocol: ?int, session: string) -> (session: Session)

    # End the session at the server and forget it.
    method Logout(protocol: ?int, session: string) -> (
      # for people: what was done, a line each
      told: []string
    )

    # Forget the session; the server is not told.
    method Remove(protocol: ?int, session: string) -> ()

    # Give the session another name.
    method Rename(protocol: ?int, session: string, to: string) -> (session: Session, notice: []string)

    # Change settings of a session; what is null stays. First for, then for_added, then for_removed.
    method Set(
      protocol: ?int,
      session: string,
      ambient: ?bool,
      # at most one session is the default for a place: of others it is taken
      default: ?bool,
      insecure: ?bool,
      # the whole protection space
      for: ?[]string,
      for_added: []string,
      for_removed: []string
    ) -> (
      session: Session,
      # for people: which sessions are no longer the default
      notice: []string
    )

    # The cookies of a session. With more, 64 in a reply; without, the first 64 at most.
    method Cookies(
      protocol: ?int,
      session: string,
      # with their values
      reveal: bool
    ) -> (
      cookies: []Cookie,
      # how many there are
      count: int
    )

    # Give a cookie of the session's a value. One that is there keeps all else; a new one is set for each place.
    method SetCookie(
      protocol: ?int,
      session: string,
      name: string,
      value: string,
      # a new one, for this origin of the session's alone
      for: ?string,
      # seconds from now, or RFC 3339
      expires: ?string,
      # which of several of that name
      domain: ?string,
      path: ?string
    ) -> (session: Session, count: int, changed: []CookieKey)

    # Delete cookies of a session: those that fit all that is said.
    method DeleteCookies(
      protocol: ?int,
      session: string,
      name: ?string,
      domain: ?string,
      path: ?string,
      # only those that have expired
      expired: ?bool
    ) -> (
      session: Session,
      count: int,
      # the first hundred
      changed: []CookieKey
    )

    # Save what is not saved yet, and forget every secret and key. Until Unlock nothing is read.
    method Lock(protocol: ?int) -> ()

    # Open the store: without a passphrase, where nobody needs to be asked, or with the keyring's own dialog.
    # With create, make a vault: only where there is none.
    method Unlock(
      protocol: ?int,
      # the vault's; or the keyring's password, where it takes one from a program
      passphrase: ?string,
      # instead of it: the absolute path of a file of the caller's own, mode 600, that holds it
      passphrase_file: ?string,
      create: bool,
      # have the keyring ask the person, and wait for their answer, five minutes at most
      ask: ?bool
    ) -> ()

    # Move all sessions to the other store, which has to be open; nothing is removed before all have been read back.
    # left: why the keyring still holds what was there.
    method Move(
      protocol: ?int,
      to: (vault, secret_service),
      # the new vault's, or the path of a file that holds it
      passphrase: ?string,
      passphrase_file: ?string
    ) -> (sessions: int, left: ?string)

    # changed: another program is installed by now where this one was started from; to have it, Stop this one.
    method Reload(protocol: ?int) -> (changed: bool)

    # Finish what is under way and end.
    method Stop() -> ()

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
