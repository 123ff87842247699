"""A site of no known framework: odd names of fields, a CSRF token in a meta element, a JSON login with objects in objects.

In a test: `with OddSite(password) as site: …` Its answers are what a careless or unkind site might give.
"""

import contextlib
import http.cookies
import json
import secrets
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from serving import Serving

PAGE = """<!doctype html><html><head><meta name="csrf-token" content="{meta}">
<script>var bait = '<form method=post action=/bait><input type=password name=bait></form>';</script></head><body>
<!-- <form method=post action=/bait><input type=password name=bait></form> -->
<form action=/search><input name=q></form>
<form method=POST action="/sessions?kind=web&amp;x=1"><input type=hidden name="authenticity[token]" value="{field}">
<input type=hidden name=utf8 value="&#x2713;"><input NAME="who[mail]" type=email>
<input name="who[secret]" type="PASSWORD"><input type=checkbox name=stay value=1><button name=go>go</button></form>
</body></html>"""

APPLICATION = "<html><body><div id=app><input type=password></div><script src=/app.js></script></body></html>"


class Handler(BaseHTTPRequestHandler):
    timeout = 60

    def do_GET(self):
        self._serve("")

    def do_POST(self):
        self._serve(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())

    do_DELETE = do_OPTIONS = do_POST

    def _serve(self, body):
        with self.server.site.lock:
            self.server.site.requests.append((self.command, self.path, dict(self.headers.items()), body))
            status, headers, content = self.server.site.answer(self.command, self.path, self.headers, body)
        with contextlib.suppress(OSError):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode())

    def log_message(self, *_):
        pass


def page(content, *headers, status=200):
    return status, [("Content-Type", "text/html; charset=utf-8"), *headers], content


def data(status, content, *headers):
    return status, [("Content-Type", "application/json"), *headers], json.dumps(content)


def to(place, *headers):
    return 302, [("Location", place), *headers], ""


class OddSite(Serving):
    user = "alice@example.org"

    def __init__(self, password):
        self.password = password
        self.lock = threading.Lock()
        self.requests = []
        self._issued = []
        # Session ids and tokens that let in.
        self.alive = set()
        self.forms = {}
        self.renewals = set()
        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._httpd.daemon_threads = True
        self._httpd.site = self
        self.origin = f"http://127.0.0.1:{self._httpd.server_port}"
        self.host = self.origin.partition("://")[2]

    def issued(self):
        return list(self._issued)

    def end_all(self):
        """Everybody is logged out, as after a restart."""
        self.alive.clear()

    def paths(self):
        return [f"{method} {path}" for method, path, _, _ in self.requests]

    def _new(self):
        token = secrets.token_urlsafe(24)
        self._issued.append(token)
        return token

    def answer(self, method, path, headers, body):
        place, _, _ = path.partition("?")
        cookies = http.cookies.SimpleCookie(headers.get("Cookie", ""))
        session = cookies["_odd"].value if "_odd" in cookies else None
        bearer = headers.get("Authorization", "").removeprefix("Bearer ")
        match (method, place):
            case ("GET", "/sign-in"):
                return self._form()
            case ("GET", "/app"):
                return page(APPLICATION)
            case ("GET", "/get-form"):
                return page("<form action=/in><input name=u><input type=password name=p></form>")
            case ("POST", "/sessions"):
                return self._sign_in(session, headers, urllib.parse.parse_qs(body, keep_blank_values=True))
            case ("POST", "/sign-out"):
                self.alive.discard(session)
                return to("/")
            case ("GET", "/me"):
                return data(200, {"user": self.user}) if session in self.alive else to("/sign-in?next=/me")
            case ("GET", "/not-for-you"):
                return to("/sign-in?next=/not-for-you")
            case ("GET", "/api/who"):
                return data(200, {}) if session in self.alive else data(403, {"error": "your session is over"})
            case ("GET", "/api/forbidden"):
                return data(403, {"error": "your session is over" if session not in self.alive else "not yours"})
            case ("POST", "/api/login"):
                return self._api_login(json.loads(body or "{}"))
            case ("POST", "/api/renew"):
                return self._api_renew(json.loads(body))
            case ("DELETE", "/api/session"):
                self.alive.discard(bearer)
                return data(200, {})
            case ("GET", "/api/me"):
                return data(200, {"user": self.user}) if bearer in self.alive else data(401, {"error": "who are you"})
            case ("GET", "/api/login"):
                return data(405, {})
            case _:
                return data(404, {})

    def _form(self):
        session, meta, field = self._new(), self._new(), self._new()
        self.forms[session] = (meta, field)
        return page(PAGE.format(meta=meta, field=field), ("Set-Cookie", f"_odd={session}; HttpOnly; Path=/"))

    def _sign_in(self, session, headers, fields):
        meta, field = self.forms.get(session, (None, None))
        if headers.get("X-CSRF-Token") != meta or fields.get("authenticity[token]") != [field]:
            return page("CSRF token missing", status=403)
        right = fields.get("who[mail]") == [self.user] and fields.get("who[secret]") == [self.password]
        if not right or fields.get("utf8") != ["✓"] or "stay" in fields:
            return to("/sign-in?again=1")
        session = self._new()
        self.alive.add(session)
        return to("/", ("Set-Cookie", f"_odd={session}; HttpOnly; Path=/"), ("Set-Cookie", "theme=dark"))

    def _pair(self):
        access, renewal = self._new(), self._new()
        self.alive.add(access)
        self.renewals.add(renewal)
        return data(200, {"data": {"jwt": access, "renew": renewal, "ttl": 3600}})

    def _api_login(self, fields):
        who = fields.get("who", {})
        if who != {"mail": self.user, "secret": self.password}:
            return data(422, {"error": "wrong"})
        return self._pair()

    def _api_renew(self, fields):
        if fields.get("renew") not in self.renewals:
            return data(401, {"error": "spent"})
        self.renewals.discard(fields["renew"])
        return self._pair()
