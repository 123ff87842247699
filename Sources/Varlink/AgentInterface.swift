/// The description of `io.lanyard.Agent`, in varlink's own language (https://varlink.org/Interface-Definition).
///
/// It is what `org.varlink.service.GetInterfaceDescription` answers, and the one place where the protocol is written down.
public let agentInterfaceDescription = #"""
    # Lanyard's agent: keeps a person's web sessions, renews them, and says which of them a request gets.
    # Secrets cross this socket only to the user who owns it; both ends check the other's uid.
    # A message is at most 1 MiB, and at most 64 KiB in the answers to Attach.
    interface io.lanyard.Agent

    \#(agentTypes)

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
      # the session's version that the server has just refused with 401, where libcurl sends the request again; told with
      # Received before
      refused: ?int,
      # the URL the script named
      start: Target,
      # the URL of this hop
      target: Target,
      method: string,
      # the address of the connected peer; null for a Unix socket
      peer: ?string,
      peer_port: int,
      # a request over plain http goes to a place of the script's own choice under the URL's name (--connect-to)
      connect_to: ?bool,
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
      # the program runs under lanyard env: only sessions marked ambient are for it; missing counts as true
      ambient: ?bool,
      # a request that gets nothing will not be sent (run --require)
      required: bool,
      # the .lanyard files of the working directory, the nearest first: four at most. Where sessions is empty, the nearest
      # that is trusted limits the choice
      files: ?[]FolderFile
    ) -> (
      # null: nothing is attached; with the reason no-cookie the request has nothing to carry, and what comes back is kept
      session: ?string,
      # the session's version, for Received
      version: ?int,
      headers: []Header,
      # the Cookie header's value
      cookie: ?string,
      # the same in hexadecimal digits, where it is no text; cookie is null then
      cookie_hex: ?string,
      # attached, or why nothing is: no-match, ambiguous, brought, left, other-session, needs-login, expired,
      # no-cookie, proxy, unix-socket, host-header, unverified, not-loopback, plain-http, not-ambient, no-session,
      # unconfirmed, consent-refused, locked, unavailable
      reason: string,
      # for stderr, without a secret
      notice: []string,
      # Received is to tell the status of an answer that is well, too
      watch: bool,
      # a renewal may bring another token, should the server refuse this one
      renews: bool,
      # it would be the same in any directory: no `.lanyard` file is trusted; absent while it waits for a renewal
      anywhere: ?bool,
      renewing: bool
    )

    # What came back on a hop that carried a session.
    method Received(
      protocol: ?int,
      session: string,
      # as in the answer to Attach; cookies for an older login are dropped
      version: int,
      target: Target,
      # the request's method, where the status is 401
      method: ?string,
      # the URL the script named, as in Attach; missing: the same
      start: ?Target,
      # names of the cookies the script brought itself on that hop: what came back for them is not the session's
      cookies: []string,
      # the status of its answer, where it may say that the session has ended: 300 to 499, but 304
      status: ?int,
      # the value of its Location header field
      location: ?string,
      # the values of its WWW-Authenticate header fields, of a 401 or 403
      challenge: ?[]string,
      # the values of its Set-Cookie header fields; where one of them is no UTF-8, all of them in hexadecimal digits
      set_cookie: ?[]string,
      set_cookie_hex: ?[]string
    ) -> (
      # for stderr, without a secret
      notice: []string
    )

    # How does this place log in? Give url, or session to log in again as that session was made. With more, each answer of a
    # server on the way comes first, as a step to say.
    method Discover(
      protocol: ?int,
      url: ?string,
      session: ?string,
      recipe: ?string,
      # the protection space meant, where it is not the URL's origin
      for: []string,
      # as in Login
      via: ?[]string,
      # the account meant, where it is not the session's
      user: ?string,
      # for OAuth, as in Login
      flow: ?string,
      scope: []string,
      client_id: ?string,
      # as in Login
      ca: ?string
    ) -> (
      recipe: string,
      url: string,
      # for people: what the site asks for
      statement: string,
      # the account it was made for, where session was given
      account: ?string,
      asks: []Ask,
      # the origin whose form asks for the password, for Login; null where the login passes through no other host
      asker: ?string,
      step: ?Step,
      # of an OAuth server, the flows to choose from, the first choice first: browser, device or client-credentials;
      # empty for other recipes
      flows: []string
    )

    # Log in and keep the session. By OAuth, with more: each step that a person has to know of comes before the session,
    # and who calls for the same login meanwhile joins it. A caller that hangs up has given up.
    method Login(
      protocol: ?int,
      url: ?string,
      session: ?string,
      recipe: ?string,
      # the name to keep it under; else one is made from the host
      name: ?string,
      for: []string,
      # by OAuth, the account: the server is told, and a login as somebody else is refused
      user: ?string,
      password: ?string,
      # other origins that the login may pass through, 16 at most; without one it stays on the URL's own
      via: ?[]string,
      # the origin that the person was told gets the password: no other gets it. null: those of via, and of the recipe
      asker: ?string,
      # for OAuth: the flow, where it is not the server's first; the scopes to ask for, else what the site says; the
      # client, else one is registered
      flow: ?string,
      scope: []string,
      client_id: ?string,
      client_secret: ?string,
      # certificates in PEM: the servers are verified against these alone, at renewals and logout too; 64 KiB at most.
      # null: as the session was, or what the system trusts
      ca: ?string
    ) -> (session: ?Session, step: ?Step)

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
      reveal: bool,
      # of all secrets the access token alone
      reveal_token: ?bool
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
      # for a URL, as in Attach
      files: ?[]FolderFile,
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
      sessions: []string,
      # as in Attach
      files: ?[]FolderFile
    ) -> (
      url: string,
      session: ?string,
      # only, longest, default, named or file
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
      sessions: []string,
      # as in Attach
      files: ?[]FolderFile
    ) -> (
      session: string,
      # a bearer token: curl keeps one to the origin it is for
      bearer: ?string,
      # any other credential
      headers: []Header,
      # the Cookie header's value
      cookie: ?string,
      # the same in hexadecimal digits, where it is no text; cookie is null then
      cookie_hex: ?string,
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
    method Status(
      # look whether the keyring of an open store takes what changes: five seconds at most
      look: ?bool
    ) -> (
      version: string,
      protocol: int,
      pid: int,
      socket: string,
      # RFC 3339
      started: string,
      # mend: what opens a store that is not open
      store: (kind: string, state: string, reason: string, mend: ?string),
      # null while the store is not open
      sessions: ?int,
      next: []Renewal,
      # the secrets in memory cannot be swapped out
      memory_locked: bool,
      # what a person should know of the store, and of all else
      store_warnings: []string,
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
      # either takes back what was answered before
      confirm: ?bool,
      # the whole protection space
      for: ?[]string,
      for_added: []string,
      for_removed: []string
    ) -> (
      session: Session,
      # for people: which sessions are no longer the default
      notice: []string
    )

    # The programs that wait for the person's consent to use a session, the oldest first. A secret of a session that asks
    # is given to none but those that have it: Attach, Token, CurlConfig, and what reveals.
    # And those that were refused and still run.
    method Consents(protocol: ?int) -> (waiting: []Wish, refused: []Wish)

    # The person's answer to those that wait for a session, or to the one whose tree this process leads. Consent to one that
    # was refused needs its leader.
    method Consent(protocol: ?int, session: string, leader: ?int, allow: bool) -> (answered: []Wish)

    \#(agentCookieMethods)

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
    ) -> (
      # the store is open, and its keyring is locked: what has changed since cannot be written there
      keyring_locked: bool
    )

    # Move all sessions to the other store, which has to be open; nothing is removed before all have been read back.
    # left: why the keyring still holds what was there.
    method Move(
      protocol: ?int,
      to: (vault, secret_service),
      # the new vault's, or the path of a file that holds it
      passphrase: ?string,
      passphrase_file: ?string
    ) -> (sessions: int, left: ?string)

    # The recipes there are, those that come with Lanyard first, and files of the person's that are none.
    method Recipes(protocol: ?int) -> (
      # path: null for one that comes with Lanyard
      recipes: [](name: string, title: string, hosts: []string, path: ?string),
      # a sentence for each file, with its line and what was expected there
      mistakes: []string,
      # for people: files that have not been read yet, hosts that several recipes are for
      notices: []string,
      # where the person's own are
      folder: string
    )

    # Is this the text of a recipe? The error Usage says where it is not, and what was expected.
    method CheckRecipe(
      protocol: ?int,
      # the file it stands in; its last part, without .toml, is the recipe's name
      path: string,
      text: string
    ) -> (name: string, title: string, folder: string)

    # Trust a .lanyard file as it is: path is absolute, text is what the caller has read. missing: named, and not there.
    method Trust(protocol: ?int, path: string, text: string) -> (sessions: []string, missing: []string)

    # Trust it no longer; whether it was trusted.
    method Distrust(protocol: ?int, path: string) -> (trusted: bool)

    # The paths of the trusted files.
    method Trusted(protocol: ?int) -> (files: []string)

    # Read settings and recipes again, all of them or, with a mistake in any, none. changed: another program is installed
    # by now, or the store is set to be opened otherwise; to have that, Stop this one.
    method Reload(protocol: ?int) -> (changed: bool)

    # Finish what is under way and end.
    method Stop() -> ()

    \#(agentErrors)
    """#
