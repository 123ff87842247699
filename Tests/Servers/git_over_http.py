"""A git repository with one branch, over smart HTTP, for whoever brings its bearer token."""

from urllib.parse import urlsplit

from recorder import Handler, Recorder

# The name a commit might have; `git ls-remote` only prints it.
COMMIT = "5ca1ab1e" * 5


def packet(line):
    """A pkt-line: gitprotocol-common(5)."""
    return b"%04x%s" % (len(line) + 4, line)


class GitHandler(Handler):
    def mode_ok(self):
        url = urlsplit(self.path)
        if self.headers.get("Authorization") != f"Bearer {self.server.recorder.token}":
            self.answer(401, "who are you?\n", headers=[("WWW-Authenticate", 'Bearer realm="git"')])
        elif url.path == "/repository.git/info/refs" and url.query == "service=git-upload-pack":
            refs = packet(b"# service=git-upload-pack\n") + b"0000"
            refs += packet(f"{COMMIT} HEAD\0symref=HEAD:refs/heads/main agent=lanyard-test\n".encode())
            refs += packet(f"{COMMIT} refs/heads/main\n".encode()) + b"0000"
            kind = "application/x-git-upload-pack-advertisement"
            self.answer(200, refs, kind, [("Cache-Control", "no-cache")])
        else:
            self.answer(404, "no such thing\n")


class GitServer(Recorder):
    def __init__(self, token):
        super().__init__(handler=GitHandler)
        self.token = token
        self.repository = f"{self.origin}/repository.git"
