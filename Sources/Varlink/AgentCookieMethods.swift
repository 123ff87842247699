/// The methods for the cookies of sessions, for ``agentInterfaceDescription``.
let agentCookieMethods = #"""
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

    # Keep the cookies of a Netscape cookie file: in a new session, with for, or in one that is there. A long file comes in
    # several calls of one connection, each of them whole lines; it is one change, which the last call makes. 16 MiB and
    # 100,000 cookies at most.
    method ImportCookies(
      protocol: ?int,
      session: string,
      for: []string,
      file: ?string,
      # the same in hexadecimal digits, where it is no UTF-8
      file_hex: ?string,
      # the number of its first line, 1 where it is missing
      line: ?int,
      # there is more of the file to come; nothing is kept yet, and the answer has the skipped lines alone
      continues: ?bool
    ) -> (
      session: ?Session,
      # how many cookies the file has that have not ended
      count: ?int,
      # how many have, and are not kept
      ended: ?int,
      # how many of count the jar had no room for
      no_room: ?int,
      # how many lines were skipped
      damaged_count: int,
      # the first hundred of them; cause is fields, flag, expiry, domain, path, or why no server could set such a cookie:
      # empty, control-character, delimiter, too-long, not-utf8, prefix
      damaged: [](line: int, cause: string)
    )

    # A session's cookies as a Netscape cookie file; with more, in several parts.
    method ExportCookies(
      protocol: ?int,
      session: string
    ) -> (
      # a part that is no UTF-8 comes in hexadecimal digits
      file: ?string,
      file_hex: ?string,
      # how many cookies lose their SameSite, their partition, that they are for an address alone; how many are left out
      lost: (same_site: int, partition: int, address: int, left_out: int),
      # how many there are: without more the first 64 are written
      count: int
    )
    """#
