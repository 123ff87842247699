/// The types of ``agentInterfaceDescription``.
let agentTypes = #"""
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
      insecure: bool,
      # the person is asked before a program gets it for the first time
      confirm: bool
    )

    # A program that waits until the person says whether it may use a session, or has their answer.
    type Wish (
      session: string,
      # the process that leads its tree, and the name of that one's program: consent is for all of the tree, until it ends
      leader: int,
      leader_program: string,
      # the process that asked first
      pid: int,
      program: string,
      # RFC 3339
      since: string
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
      # with reveal; one that is no UTF-8 in hexadecimal digits
      value: ?string,
      value_hex: ?string
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
      # as in Attach, or refused (the server answered 401), renewed or not-renewed
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

    # What a login under way wants a person to know or to do.
    type Step (
      # say: a line; open: a page to open in the browser; code: a code to enter at a page, on any device
      kind: (say, open, code),
      text: ?string,
      url: ?string,
      code: ?string,
      # the page with the code in it already
      complete: ?string,
      # a QR code of that page, or of the other where there is none: a text for each row, 1 for dark and 0 for light
      picture: ?[]string,
      # seconds until it is too late
      left: ?int,
      # false: another caller began this login, and has opened the browser
      first: bool
    )

    # A .lanyard file: a regular file of the person's own, 4 KiB at most.
    type FolderFile (
      # absolute
      path: string,
      text: string
    )

    # A renewal to come.
    type Renewal (
      session: string,
      # nothing has used it since its last renewal: this one is lest its refresh token end; it is renewed when it is used
      idle: bool,
      # RFC 3339
      at: string
    )
    """#
