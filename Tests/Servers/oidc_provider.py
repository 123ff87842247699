"""An OpenID provider and a resource of its, which misbehave on demand.

In a test: `with Provider() as provider: provider.claims = lambda claims: claims | {"iss": "x"} …`. It consents at once:
whoever opens the authorization page is sent back with a code. Each hook gets what a good server would send and returns
what this one sends.
"""

import base64
import contextlib
import hashlib
import json
import secrets
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from serving import Serving


def same(value):
    return value


class Key:
    """A signing key with an id."""

    def __init__(self, algorithm="RS256", kid=None):
        self.algorithm = algorithm
        self.kid = kid or secrets.token_hex(4)
        self.private = (
            rsa.generate_private_key(65537, 2048) if algorithm == "RS256" else ec.generate_private_key(ec.SECP256R1())
        )

    def public(self):
        kind = jwt.algorithms.RSAAlgorithm if self.algorithm == "RS256" else jwt.algorithms.ECAlgorithm
        key = kind.to_jwk(self.private.public_key(), as_dict=True)
        return {**key, "kid": self.kid, "use": "sig", "alg": self.algorithm}

    def sign(self, claims, header):
        return jwt.encode(claims, self.private, self.algorithm, {"kid": self.kid} | header)


def left_half(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).decode().rstrip("=")


class Handler(BaseHTTPRequestHandler):
    timeout = 60

    def answer(self, status, body=None, headers=()):
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def receive(self):
        provider = self.server.provider
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path, _, query = self.path.partition("?")
        is_json = self.headers.get("Content-Type") == "application/json"
        request = {
            "method": self.command,
            "path": path,
            "fields": json.loads(body) if is_json else dict(urllib.parse.parse_qsl(body or query, True)),
            "headers": {name.lower(): value for name, value in self.headers.items()},
        }
        provider.requests.append(request)
        # Whoever asked may have gone meanwhile.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.answer(*provider.respond(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = receive

    def log_message(self, *_):
        pass


class Provider(Serving):
    """In threads of this process, on a free port of 127.0.0.1; with `tls`, an SSL context, on https."""

    def __init__(self, tls=None):
        self.requests = []
        self.issued = []
        self.keys = [Key()]
        # What jwks_uri tells; None: the public halves of the keys.
        self.published = None
        self.codes = {}
        self.refresh_tokens = {}
        # By access token: what it may do.
        self.scopes = {}
        self.clients = {}
        self.polls = 0
        # Each registration and each change of one gives a secret, and no other gets tokens.
        self.gives_secrets = False
        # Hooks; without `resource` there is no such document.
        self.metadata = self.resource = self.back = self.claims = self.tokens = self.userinfo = self.device = same
        # Gets what was asked; returns who logs in, subject and address.
        self.who = lambda asked: ("4711", "alice@example.org")
        # Gets the claims, returns the ID token; None: the first key signs.
        self.signed = None
        # Gets the request to the token endpoint; returns (status, answer) or None.
        self.before_tokens = lambda request: None
        self._httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._httpd.daemon_threads = True
        self._httpd.provider = self
        if tls:
            self._httpd.socket = tls.wrap_socket(self._httpd.socket, server_side=True)
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self._httpd.server_port}"
        self.api = self.origin + "/api"

    def secret(self):
        self.issued.append(secrets.token_urlsafe(24))
        return self.issued[-1]

    def got(self, path):
        return [request for request in self.requests if request["path"] == path]

    def respond(self, request):
        """(status, body, header fields)"""
        path = request["path"]
        name = path.strip("/").replace(".well-known/", "").replace("-", "_").partition("/")[0]
        return getattr(self, "at_" + name, lambda request: (404, None))(request)

    def at_api(self, request):
        token = request["headers"].get("authorization", "").removeprefix("Bearer ")
        if token in self.issued:
            return 200, {"ok": True}
        place = f"{self.origin}/.well-known/oauth-protected-resource"
        return 401, {"error": "login"}, [("WWW-Authenticate", f'Bearer resource_metadata="{place}", scope="openid read"')]

    def at_orders(self, request):
        """What takes the scope orders.write."""
        token = request["headers"].get("authorization", "").removeprefix("Bearer ")
        if "orders.write" in self.scopes.get(token, "").split():
            return 200, {"ok": True}
        challenge = 'Bearer error="insufficient_scope", scope="orders.write"'
        return 403, {"error": "insufficient_scope"}, [("WWW-Authenticate", challenge)]

    def at_oauth_protected_resource(self, _):
        if self.resource is None:
            return 404, None
        return 200, self.resource({"resource": self.origin, "authorization_servers": [self.origin]})

    def at_oauth_authorization_server(self, _):
        ends = {
            "authorization_endpoint": "authorize", "token_endpoint": "token", "registration_endpoint": "register",
            "revocation_endpoint": "revoke", "jwks_uri": "jwks", "userinfo_endpoint": "userinfo",
            "device_authorization_endpoint": "device",
        }
        return 200, self.metadata(
            {name: f"{self.origin}/{place}" for name, place in ends.items()}
            | {
                "issuer": self.origin,
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    def at_register(self, request):
        client = request["path"].rpartition("/")[2]
        if request["method"] != "POST":
            shown = request["headers"]["authorization"].removeprefix("Bearer ")
            # Also for one that was deleted before (RFC 7592, 2.3).
            if self.clients.get(client, {}).get("token") != shown:
                return 401, None
        if request["method"] == "DELETE":
            del self.clients[client]
            return 204, None
        status, token = 200, self.secret()
        if request["method"] == "POST":
            status, client = 201, secrets.token_hex(6)
        self.clients[client] = {"token": token, **request["fields"]}
        place = f"{self.origin}/register/{client}"
        answer = {"client_id": client, "registration_client_uri": place, "registration_access_token": token}
        if self.gives_secrets:
            answer["client_secret"] = self.clients[client]["secret"] = self.secret()
            answer["token_endpoint_auth_method"] = "client_secret_post"
        return status, answer

    def _is_refused(self, fields):
        return self.gives_secrets and (
            fields.get("client_secret") != self.clients.get(fields.get("client_id"), {}).get("secret", "")
        )

    def at_authorize(self, request):
        asked = request["fields"]
        code = self.secret()
        self.codes[code] = asked
        answer = self.back({"code": code, "state": asked["state"], "iss": self.origin})
        if not isinstance(answer, str):
            answer = asked["redirect_uri"] + "?" + urllib.parse.urlencode(answer)
        return 302, None, [("Location", answer)]

    def at_token(self, request):
        if (other := self.before_tokens(request)) is not None:
            return other
        fields = request["fields"]
        if self._is_refused(fields):
            return 401, {"error": "invalid_client"}
        if fields["grant_type"] == "authorization_code":
            asked = self.codes.pop(fields["code"], None)
            challenge = base64.urlsafe_b64encode(hashlib.sha256(fields["code_verifier"].encode()).digest())
            if asked is None or challenge.decode().rstrip("=") != asked["code_challenge"]:
                return 400, {"error": "invalid_grant"}
        elif fields["grant_type"] == "refresh_token":
            asked = self.refresh_tokens.pop(fields["refresh_token"], None)
            if asked is None:
                return 400, {"error": "invalid_grant"}
        else:
            asked = {"client_id": fields.get("client_id", ""), "scope": ""}
        return 200, self.tokens(self._tokens(asked))

    def _tokens(self, asked):
        access, refresh = self.secret(), self.secret()
        self.scopes[access] = asked.get("scope", "")
        self.refresh_tokens[refresh] = {name: value for name, value in asked.items() if name != "nonce"}
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 300, "refresh_token": refresh}
        if "openid" in asked.get("scope", "").split():
            answer["id_token"] = self._id_token(asked, access)
            # One without a signature is nobody's secret.
            if not answer["id_token"].endswith("."):
                self.issued.append(answer["id_token"])
        return answer

    def _id_token(self, asked, access):
        now = int(time.time())
        claims = {
            "iss": self.origin, "aud": asked["client_id"], "iat": now, "exp": now + 600, "at_hash": left_half(access),
        }
        claims["sub"], claims["email"] = self.who(asked)
        if "nonce" in asked:
            claims["nonce"] = asked["nonce"]
        claims = self.claims(claims)
        return self.signed(claims) if self.signed else self.keys[0].sign(claims, {})

    def at_jwks(self, _):
        published = self.published() if self.published else self.keys
        return 200, {"keys": [key.public() for key in published]}

    def at_userinfo(self, _):
        return 200, self.userinfo({"sub": "4711", "email": "alice@example.org"})

    def at_revoke(self, request):
        if request["fields"]["token"] in self.issued:
            self.issued.remove(request["fields"]["token"])
        self.refresh_tokens.pop(request["fields"]["token"], None)
        return 200, {}

    def at_device(self, _):
        return 200, self.device(
            {
                "device_code": self.secret(), "user_code": "WDJB-MJHT", "verification_uri": self.origin + "/enter",
                "expires_in": 600, "interval": 1,
            }
        )
