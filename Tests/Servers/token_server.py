"""A server with simplejwt's three endpoints that answers when a test lets it.

In a test: `with TokenServer() as server, server.held(REFRESH): …` A request is carried out at once, and its answer held
up: the server has spent the token that the daemon still has. A logout is held up before it is carried out.

Nothing here depends on time but the tokens' own lifetimes.
"""

import base64
import contextlib
import json
import secrets
import socket
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOGIN = "/api/token/"
REFRESH = "/api/token/refresh/"
LOGOUT = "/api/token/blacklist/"
# Takes any access token that was not revoked, with any method.
RESOURCE = "/api/me"


@dataclass
class Request:
    path: str
    # Whose token or password it brought; None where it is not worth anything.
    user: str | None = None
    # Of the answer; None until it is known.
    status: int | None = None
    # The client has the whole answer and has closed its connection.
    taken: bool = False


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.0: the end of the answer is the end of the connection."""

    timeout = 60

    def do_POST(self):
        if self.path == RESOURCE:
            return self.resource()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request, answer = self.server.tokens.carry_out(self.path, body)
        content = json.dumps(answer).encode()
        with contextlib.suppress(OSError):
            self.send_response(request.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.connection.shutdown(socket.SHUT_WR)
            self.rfile.read()
        request.taken = True

    def resource(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status = self.server.tokens.use(self.command, self.headers.get("Authorization"), body)
        with contextlib.suppress(OSError):
            self.send_response(status)
            if status == 401:
                self.send_header("WWW-Authenticate", 'Bearer realm="api", error="invalid_token"')
            self.send_header("Content-Length", "3")
            self.end_headers()
            self.wfile.write(b"ok\n" if status == 200 else b"no\n")

    do_GET = do_PUT = resource

    def log_message(self, *_):
        pass


class CrowdedHTTPServer(ThreadingHTTPServer):
    # Who waits to be accepted, at most: tests come with a hundred at once.
    request_queue_size = 256


class TokenServer:
    """In threads of this process, on a free port of 127.0.0.1.

    Where refresh tokens rotate, each is worth one use; `alive` has those that are still worth one, and whose they are.
    """

    def __init__(self, password, rotates=True, access_lifetime=300, refresh_lifetime=3600):
        # The account to log in to next; any name will do.
        self.user = "alice"
        self.password = password
        self.rotates = rotates
        self.access_lifetime = access_lifetime
        self.refresh_lifetime = refresh_lifetime
        self.alive = {}
        # Of each request of the resource: method, status, body.
        self.uses = []
        self._requests = []
        self._revoked = set()
        self._issued = {}
        self._lock = threading.Lock()
        self._open = {path: threading.Event() for path in (LOGIN, REFRESH, LOGOUT)}
        for gate in self._open.values():
            gate.set()
        self._httpd = CrowdedHTTPServer(("127.0.0.1", 0), Handler)
        self._httpd.daemon_threads = True
        self._httpd.tokens = self
        self.origin = f"http://127.0.0.1:{self._httpd.server_port}"

    def __enter__(self):
        threading.Thread(target=self._httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        for gate in self._open.values():
            gate.set()
        self._httpd.shutdown()
        self._httpd.server_close()

    @contextlib.contextmanager
    def held(self, path):
        """Answers to this path are held up until the end of the block."""
        self._open[path].clear()
        try:
            yield
        finally:
            self._open[path].set()

    def requests(self, path):
        """What came to this path, in order."""
        return [request for request in self._requests if request.path == path]

    def refused(self):
        """Requests that brought a token that was spent or unknown."""
        return [request for request in self._requests if request.status == 401]

    def issued(self):
        """All tokens that were ever given out."""
        return list(self._issued)

    def user_of(self, token):
        return self._issued[token]

    def revoke_all(self):
        """No access token that was given out is worth anything, before its time."""
        with self._lock:
            self._revoked.update(self._issued)

    def use(self, method, field, body):
        with self._lock:
            token = (field or "").removeprefix("Bearer ")
            status = 200 if token in self._issued and token not in self._revoked else 401
            self.uses.append((method, status, body))
        return status

    def carry_out(self, path, body):
        request = Request(path)
        with self._lock:
            self._requests.append(request)
        if path == LOGOUT:
            self._open[path].wait()
        with self._lock:
            request.status, answer = self._act(path, body, request)
        self._open[path].wait()
        return request, answer

    def _act(self, path, body, request):
        if path == LOGIN:
            if body["password"] != self.password:
                return 401, {"code": "no_active_account"}
            request.user = body["username"]
            return 200, {"access": self._access(request.user), "refresh": self._refresh(request.user)}
        request.user = self.alive.get(body["refresh"])
        if request.user is None:
            return 401, {"code": "token_not_valid"}
        if path == LOGOUT:
            del self.alive[body["refresh"]]
            return 200, {}
        answer = {"access": self._access(request.user)}
        if self.rotates:
            del self.alive[body["refresh"]]
            answer["refresh"] = self._refresh(request.user)
        return 200, answer

    def _access(self, user):
        return self._token(user, self.access_lifetime, "access")

    def _refresh(self, user):
        token = self._token(user, self.refresh_lifetime, "refresh")
        self.alive[token] = user
        return token

    def _token(self, user, lifetime, kind):
        now = int(time.time())
        claims = {"iat": now, "exp": now + lifetime, "user": user, "token_type": kind}
        # Nobody checks the signature; it makes the token a secret.
        token = ".".join([_part({"alg": "HS256", "typ": "JWT"}), _part(claims), secrets.token_urlsafe(32)])
        self._issued[token] = user
        return token


def _part(values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
