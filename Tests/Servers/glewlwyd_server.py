"""Glewlwyd, Debian's OpenID provider, in a process of its own on a free port of 127.0.0.1.

It knows alice, who has agreed to nothing yet, and registers whoever asks. Its pages are programs for a browser, which
call an API of their own: `authorize` and `enter` do what they would.
"""

import contextlib
import http.client
import http.cookiejar
import http.server
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

# Where Tests/setup.sh has extracted Debian's packages; what they need is installed.
PACKAGE = Path(__file__).parent.parent.parent / "build/glewlwyd"
WEBAPP = PACKAGE / "usr/share/glewlwyd/webapp"
SCHEMA = PACKAGE / "usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"

CONFIGURATION = """
port={port}
bind_address="127.0.0.1"
cookie_domain="127.0.0.1"
external_url="{origin}"
login_url="login.html"
api_prefix="api"
static_files_path="{folder}/webapp/"
log_mode="file"
log_level="WARNING"
log_file="{folder}/log"
cookie_secure=0
session_key="GLEWLWYD"
session_expiration=3600
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="{modules}/user"
client_module_path="{modules}/client"
user_auth_scheme_module_path="{modules}/scheme"
plugin_module_path="{modules}/plugin"
hash_algorithm="SHA512"
database = {{ type = "sqlite3"; path = "{folder}/database"; }};
static_files_mime_types = (
  {{ extension = ".html"; mime_type = "text/html" }}, {{ extension = ".css"; mime_type = "text/css" }},
  {{ extension = ".js"; mime_type = "application/javascript" }}, {{ extension = ".json"; mime_type = "application/json" }}
)
"""


def _keys():
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    """A person's: cookies, and the API that Glewlwyd's own pages call."""

    def __init__(self, origin):
        self.origin = origin
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), _NoRedirects
        )

    def call(self, method, url, body=None):
        """(status, body, Location)"""
        data = None if body is None else json.dumps(body).encode()
        fields = {"Content-Type": "application/json"} if data else {}
        request = urllib.request.Request(urllib.parse.urljoin(self.origin, url), data, fields, method=method)
        try:
            answer = self.opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        return answer.status, answer.read().decode(errors="replace"), answer.headers.get("Location")


class _Forward(http.server.BaseHTTPRequestHandler):
    """Hands a request on to Glewlwyd, and its answer back."""

    timeout = 60

    def forward(self):
        front = self.server.front
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        request = {
            "method": self.command, "path": self.path.partition("?")[0],
            "fields": dict(urllib.parse.parse_qsl(body.decode() or self.path.partition("?")[2], True)),
            "authorization": self.headers.get("Authorization", ""),
        }
        for _ in range(1 + front.repeats(request)):
            request["status"], headers, content = self._ask(front.backend, body)
        request["answer"] = content.decode(errors="replace")
        front.requests.append(request)
        self.send_response(request["status"])
        for name, value in headers:
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(content)

    def _ask(self, port, body):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), content

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = forward

    def log_message(self, *_):
        pass


def _copy_pages(folder):
    """Glewlwyd gives out nothing but files of its own folder; Debian's has links to files of other packages."""
    for path in WEBAPP.rglob("*"):
        source, target = path, folder / path.relative_to(WEBAPP)
        if path.is_symlink():
            installed = Path("/usr/share/glewlwyd/webapp") / path.parent.relative_to(WEBAPP)
            source = Path(os.path.normpath(installed / os.readlink(path)))
        if path.name == "config.json":
            # By mistake a link to a folder.
            source = next((PACKAGE / "etc/glewlwyd").rglob("config.json"))
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class GlewlwydServer:
    """Before it stands a server that hands all on, and writes it down in `requests`; one for which `repeats` says 1 is
    asked twice, and the second answer counts."""

    user = "alice"

    def __init__(self, folder, password):
        self.folder = folder
        self.password = password
        folder.mkdir()
        self.requests = []
        self.repeats = lambda request: 0
        self.backend = _free_port()
        self._front = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Forward)
        self._front.daemon_threads = True
        self._front.front = self
        threading.Thread(target=self._front.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self._front.server_port}"
        self.issuer = self.origin + "/api/oidc"
        self.userinfo = self.issuer + "/userinfo"
        database = sqlite3.connect(folder / "database")
        database.executescript(SCHEMA.read_text())
        database.close()
        _copy_pages(folder / "webapp")
        (folder / "configuration").write_text(
            CONFIGURATION.format(port=self.backend, origin=self.origin, folder=folder, modules=PACKAGE / "usr/lib/glewlwyd")
        )
        self._process = subprocess.Popen(
            [PACKAGE / "usr/bin/glewlwyd", "-c", folder / "configuration"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=folder,
        )
        self.pid = self._process.pid

    def is_up(self):
        assert self._process.poll() is None, (self.folder / "log").read_text()
        try:
            socket.create_connection(("127.0.0.1", self.backend), timeout=5).close()
            return True
        except OSError:
            return False

    def set_up(self):
        """What an administrator does once."""
        admin = self._administrator()
        private, public = _keys()
        self._must(admin.call("POST", "/api/scope", {
            "name": "offline_access", "password_required": False, "scheme": {},
        }))
        self._must(admin.call("POST", "/api/user?source=database", {
            "username": self.user, "name": "Alice", "email": "alice@example.org", "password": self.password,
            "scope": ["openid", "offline_access", "g_profile"], "enabled": True,
        }))
        self._must(admin.call("POST", "/api/mod/plugin", {
            "module": "oidc", "name": "oidc", "display_name": "oidc", "enabled": True, "parameters": {
                "iss": self.issuer, "jwt-type": "rsa", "jwt-key-size": "256", "key": private, "cert": public,
                "subject-type": "public", "access-token-duration": 300, "refresh-token-duration": 86400,
                "code-duration": 60, "refresh-token-rolling": True, "refresh-token-one-use": "always",
                "allow-non-oidc": True, "auth-type-code-enabled": True, "auth-type-refresh-enabled": True,
                "auth-type-device-enabled": True, "device-authorization-expiration": 120,
                "device-authorization-interval": 1, "pkce-allowed": True, "pkce-required-public-client": True,
                "introspection-revocation-allowed": True, "introspection-revocation-allow-target-client": True,
                "register-client-allowed": True, "register-client-management-allowed": True,
                "register-client-auth-scope": [], "register-client-credentials-scope": [], "oauth-as-iss-id": True,
                "name-claim": "on-demand", "email-claim": "mandatory", "scope-claim": "no",
                "allowed-scope": ["openid", "offline_access"],
            },
        }))

    @staticmethod
    def _must(answer):
        assert answer[0] == 200, answer

    def register(self, client, secret=None):
        """A client that an administrator makes: nobody can register for the device flow by its own name."""
        self._must(self._administrator().call("POST", "/api/client?source=database", {
            "client_id": client, "name": client, "enabled": True, "scope": [], "redirect_uri": [],
            "confidential": secret is not None, "client_secret": secret or "",
            "token_endpoint_auth_method": ["client_secret_basic"] if secret else [],
            "authorization_type": ["refresh_token", "device_authorization"],
        }))
        return client

    def _administrator(self):
        admin = Browser(self.origin)
        self._must(admin.call("POST", "/api/auth", {"username": "admin", "password": "password"}))
        return admin

    def _log_in(self, client):
        """A person who is logged in, and agrees to what the client wants."""
        browser = Browser(self.origin)
        self._must(browser.call("POST", "/api/auth", {"username": self.user, "password": self.password}))
        self._must(browser.call("PUT", f"/api/auth/grant/{client}", {"scope": "openid offline_access"}))
        return browser

    def authorize(self, url):
        """What the person does at the page of the browser's flow; the page they end at."""
        client = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["client_id"][0]
        browser = self._log_in(client)
        status, _, back = browser.call("GET", url + "&g_continue")
        assert status == 302, status
        return browser.call("GET", back)[1]

    def enter(self, url, code, client):
        """What they do at the page of the device flow; where that leads."""
        return self._log_in(client).call("GET", f"{url}?{urllib.parse.urlencode({'code': code})}&g_continue")[2]

    def spend(self, token, client):
        """Renews behind Lanyard's back, as whoever has stolen a public client's refresh token would."""
        fields = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client}
        urllib.request.urlopen(self.issuer + "/token", urllib.parse.urlencode(fields).encode(), timeout=30).close()

    def got(self, path, start=0):
        return [request for request in self.requests[start:] if request["path"] == "/api/oidc" + path]

    def stop(self):
        self._front.shutdown()
        self._front.server_close()
        self._process.terminate()
        self._process.wait(timeout=20)
