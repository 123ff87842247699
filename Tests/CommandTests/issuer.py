"""An issuer of tokens: metadata, keys, and signatures under the published key of RFC 7515, A.2."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path

from recorder import Handler, Recorder

VECTORS = Path(__file__).parent.parent / "Vectors"
METADATA = "/.well-known/openid-configuration"
OAUTH_METADATA = "/.well-known/oauth-authorization-server"
KEYS = "/keys"

# RFC 8017, 9.2, note 1.
SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


def rows(name):
    """The rows of a file of vectors."""
    return [json.loads(line) for line in (VECTORS / name).read_text().splitlines()]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(text):
    return int.from_bytes(base64.urlsafe_b64decode(text + "=="), "big")


PRIVATE = next(row["key"] for row in rows("jose-rfc.jsonl") if row["from"] == "RFC 7515, A.2")
PUBLIC = {name: PRIVATE[name] for name in ("kty", "n", "e")} | {"kid": "now", "use": "sig"}


def rs256(data):
    size = len(base64.urlsafe_b64decode(PRIVATE["n"] + "=="))
    digest = SHA256_INFO + hashlib.sha256(data).digest()
    padded = b"\0\1" + b"\xff" * (size - len(digest) - 3) + b"\0" + digest
    return pow(int.from_bytes(padded, "big"), number(PRIVATE["d"]), number(PRIVATE["n"])).to_bytes(size, "big")


def token(claims, key=None, **header):
    """A JWT: RS256 with the issuer's key, or HS256 where `key` says with what."""
    header = {"alg": "HS256"} | header if key else {"alg": "RS256", "kid": "now"} | header
    head = f"{base64url(json.dumps(header).encode())}.{base64url(json.dumps(claims).encode())}"
    signature = hmac.digest(key, head.encode(), "sha256") if key else rs256(head.encode())
    return f"{head}.{base64url(signature)}"


class IssuerHandler(Handler):
    def mode_ok(self):
        status, content, *headers = self.server.recorder.answers.get(self.path, (404, "nothing here"))
        body = content if isinstance(content, str) else json.dumps(content)
        self.answer(status, body, "application/json", headers)


class Issuer(Recorder):
    """What is at each path is in `answers`: the status, the text or object, and header fields."""

    def __init__(self, **options):
        super().__init__(handler=IssuerHandler, **options)
        self.answers = {
            METADATA: (200, {"issuer": self.origin, "jwks_uri": self.origin + KEYS}),
            KEYS: (200, {"keys": [PUBLIC]}),
        }

    def claims(self, **changes):
        now = int(time.time())
        return {"iss": self.origin, "sub": "4711", "aud": "orders", "iat": now, "exp": now + 300} | changes

    def token(self, **changes):
        return token(self.claims(**changes))

    @property
    def asked(self):
        return [request["target"] for request in self.requests]
