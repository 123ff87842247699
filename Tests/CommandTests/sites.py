"""Starts the servers of Tests/Servers, and asks them what they received."""

import base64
import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from processes import eventually

SERVERS = Path(__file__).parent.parent / "Servers"


class Site:
    """The Django site in a process of its own; options are those of `python -m django_site`, with underscores."""

    user = "alice"

    def __init__(self, folder, leaks, watch, tls=None, **options):
        self.folder = folder
        self.password = leaks.new("password")
        self.api_key = leaks.new("api-key")
        ready = folder / "ready"
        folder.mkdir(parents=True)
        arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        if tls:
            arguments.append(f"--tls={tls.server}")
        self._errors = open(folder / "stderr", "w")
        with watch.lock:
            self._process = self._start("--folder", folder, "--ready", ready, *arguments)
            watch.excluded.add(self._process.pid)
        leaks.register_from(self.issued)
        eventually(lambda: ready.exists() or self._process.poll() is not None, "the site answers", deadline=60)
        assert ready.exists(), (folder / "stderr").read_text()
        self.origin = ready.read_text()
        self.host = self.origin.partition("://")[2]
        self.me = f"{self.origin}/api/me"

    def _start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, "-m", "django_site", *arguments],
            cwd=SERVERS,
            env={
                "PATH": "/usr/bin:/bin",
                "PYTHONDONTWRITEBYTECODE": "1",
                "SITE_PASSWORD": self.password,
                "SITE_API_KEY": self.api_key,
            },
            stdin=subprocess.DEVNULL,
            stdout=self._errors,
            stderr=self._errors,
        )

    def stop(self):
        """Stops the site; a second time does nothing."""
        self._process.terminate()
        self._process.wait(timeout=20)
        self._errors.close()

    def _lines(self, name):
        path = self.folder / name
        text = path.read_text() if path.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def issued(self):
        """Every token, session id and CSRF token that the site gave out."""
        return self._lines("issued.jsonl")

    def requests(self, path=None):
        """What the site received, in order: method, path, query, headers (names in lower case), status."""
        return [request for request in self._lines("requests.jsonl") if path in (None, request["path"])]

    # What a person can get from the site with a browser or a script of their own, before they meet Lanyard.

    def _opener(self):
        jar = CookieJar()
        return jar, urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
        )

    def post(self, path, **fields):
        request = urllib.request.Request(
            self.origin + path, json.dumps(fields).encode(), {"Content-Type": "application/json"}
        )
        return json.load(self._opener()[1].open(request))

    @staticmethod
    def signing_key():
        """What the site signs its JWTs with, as a JWK; who has it can check them, and make them."""
        settings = (SERVERS / "django_site/settings.py").read_text()
        secret = re.search(r'^SECRET_KEY = "(.*)"$', settings, re.MULTILINE)[1]
        return {"kty": "oct", "k": base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")}

    def session_id(self):
        """Logs in with the form; the value of the cookie sessionid."""
        jar, opener = self._opener()
        page = opener.open(self.origin + "/accounts/login/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        fields = {"username": self.user, "password": self.password, "csrfmiddlewaretoken": token}
        opener.open(self.origin + "/accounts/login/", urllib.parse.urlencode(fields).encode())
        return next(cookie.value for cookie in jar if cookie.name == "sessionid")

    def drf_token(self):
        return self.post("/api-token-auth/", username=self.user, password=self.password)["token"]

    def jwts(self):
        """{access, refresh}"""
        return self.post("/api/token/", username=self.user, password=self.password)


class Certificates:
    """A certificate authority that nobody trusts yet, and a server's key and certificate by it."""

    def __init__(self, folder):
        folder.mkdir(parents=True)
        self.ca = folder / "ca.pem"
        self.server = folder / "server.pem"
        self._openssl(
            folder, "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=test-authority "
            "-keyout ca.key -out ca.pem"
        )
        self._openssl(
            folder, "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost "
            "-keyout server.key -out server.csr"
        )
        (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        self._openssl(
            folder, "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names "
            "-out server.crt"
        )
        self.server.write_bytes((folder / "server.key").read_bytes() + (folder / "server.crt").read_bytes())
        os.chmod(self.server, 0o600)

    @staticmethod
    def _openssl(folder, arguments):
        subprocess.run(["openssl", *arguments.split()], cwd=folder, check=True, capture_output=True)
