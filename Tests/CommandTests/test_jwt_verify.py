"""`lanyard jwt verify`: 0 for a valid token, 1 and the reason for any other."""

import base64
import json
import ssl
import time

import pytest
from issuer import KEYS, METADATA, OAUTH_METADATA, PRIVATE, PUBLIC, Issuer, base64url, rows, token
from ways import add

pytestmark = pytest.mark.vault

SECRET = bytes(range(32))
OCT = {"kty": "oct", "k": base64url(SECRET)}

# Rows that contradict another row or the standard; Tests/JOSETests/JWSVectorTests.swift says how.
CONTRADICTED = {367: "valid", 370: "valid", 373: "invalid"}


@pytest.fixture
def issuer():
    with Issuer() as issuer:
        yield issuer


def key_file(person, content):
    return person.keep("keys.json", content if isinstance(content, str) else json.dumps(content))


def verify(person, text, *options, status=0):
    result = person.lanyard("jwt", "verify", *options, input=text, status=status)
    assert (result.status == 0) == (result.out != "")
    # What makes a token a secret is its signature.
    signature = text.strip().rpartition(".")[2]
    assert not signature or len(signature) < 12 or signature not in result.out + result.err
    return result


def test_each_row_of_wycheproof(person):
    """The keys are read from a file, the message from stdin; no daemon is needed."""
    for row in rows("jws.jsonl"):
        file = key_file(person, row["key"])
        expected = CONTRADICTED.get(row["id"], row["result"])
        result = verify(person, row["jws"], "--raw", "--jwks", file, status=None)
        assert result.status == (0 if expected == "valid" else 1), (row["id"], row["comment"], result)
        assert result.status == 0 or result.err.startswith("lanyard: not valid: "), row["id"]
    assert person.daemon_pid() is None


@pytest.mark.parametrize(
    "changes, options, reason",
    [
        ({}, [], None),
        ({}, ["--audience", "a"], None),
        ({"aud": ["b", "a"]}, ["--audience", "a"], None),
        ({"aud": "b"}, ["--audience", "a"], "for another audience"),
        ({"aud": ["a", 7]}, ["--audience", "a"], "for another audience"),
        ({}, ["--issuer", "https://id.example"], None),
        ({"iss": "https://id.example/"}, ["--issuer", "https://id.example"], "another issuer's"),
        ({}, ["--alg", "HS256"], None),
        ({}, ["--alg", "RS256", "--alg", "HS256"], None),
        ({}, ["--alg", "RS256"], "its algorithm, HS256"),
        ({"exp": -30}, [], None),
        ({"exp": -90}, [], "it has expired"),
        ({"nbf": 30}, [], None),
        ({"nbf": 90}, [], "it is good from"),
        ({"exp": "soon"}, [], "its exp is malformed"),
        ({"exp": None}, [], "its exp is malformed"),
    ],
)
def test_claims(person, changes, options, reason):
    now = int(time.time())
    claims = {"iss": "https://id.example", "aud": "a"} | {
        name: now + value if isinstance(value, int) else value for name, value in changes.items()
    }
    result = verify(
        person, token(claims, SECRET), "--jwks", key_file(person, OCT), *options, status=1 if reason else 0
    )
    assert reason is None or reason in result.err


def test_what_it_prints(person):
    file = key_file(person, OCT | {"kid": "mine"})
    text = token({"iss": "me"}, SECRET, kid="mine")
    shown = verify(person, text + "\n", "--jwks", file)
    assert f'HS256, valid: made with key "mine" of {file}' in shown.out
    printed = json.loads(verify(person, text, "--jwks", file, "--json").out)
    assert printed == {
        "header": {"alg": "HS256", "kid": "mine"},
        "claims": {"iss": "me"},
        "signature_checked": True,
    }
    raw = json.loads(verify(person, text, "--jwks", file, "--raw", "--json").out)
    assert raw == {"header": {"alg": "HS256", "kid": "mine"}, "signature_checked": True}


@pytest.mark.parametrize(
    "text, reason",
    [
        ("", "not three parts"),
        ("opaque", "not three parts"),
        ("a.b.c.d.e", "encrypted"),
        ("eyJhbGciOiJub25lIn0.e30.", "not signed"),
        (token({}, SECRET, crit=["exp"]), "crit"),
        (token({}, SECRET, kid="other"), 'no key "other"'),
        (token({}, b"x" * 32), "signature is wrong"),
        (token([], SECRET), "no JSON object"),
        (token({}, SECRET).replace(".", "\n.", 1), "not three parts"),
        (token({}, SECRET) + "\n\n", "not three parts"),
        ("x" * 70_000, "longer than 64 KiB"),
        ("\0\xff", "not three parts"),
    ],
)
def test_what_is_not_valid(person, text, reason):
    keys = key_file(person, OCT | {"kid": "mine"})
    assert reason in verify(person, text, "--jwks", keys, status=1).err


def test_keys_that_are_left_out_are_told(person):
    short = {"kty": "RSA", "n": base64url(b"\xa5" * 64), "e": "AQAB"}
    refused = verify(person, token({}), "--jwks", key_file(person, {"keys": [short, {"kty": "AKP"}]}), status=1)
    assert "there is no key" in refused.err
    assert "an RSA key of 512 bits" in refused.err and "the unknown kind AKP" in refused.err


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"keys":{}}', "<html>", "[" * 20_000])
def test_a_file_that_is_no_set_of_keys(person, content):
    refused = verify(person, token({}, SECRET), "--jwks", key_file(person, content), status=64)
    assert "no set of keys" in refused.err


def test_misuse(person):
    text = token({}, SECRET)
    assert "--issuer URL or --jwks FILE" in verify(person, text, status=64).err
    assert "cannot read nothing-here" in verify(person, text, "--jwks", "nothing-here", status=64).err
    keys = key_file(person, OCT)
    assert "--alg" in verify(person, text, "--jwks", keys, "--alg", "none", status=64).err
    assert "--raw" in verify(person, text, "--jwks", keys, "--raw", "--audience", "a", status=64).err
    given = person.lanyard("jwt", "verify", "eyJhbGciOiJub25lIn0.e30.", "--jwks", keys, status=64)
    assert "lanyard jwt verify < token.txt" in given.err


def test_the_token_of_a_session(person, issuer):
    person.leaks.register(text := issuer.token())
    add(person, "api", issuer.origin, text)
    shown = person.lanyard("jwt", "verify", "api", "--issuer", issuer.origin, "--audience", "orders")
    assert "sub" in shown.out and text.rpartition(".")[2] not in shown.out
    add(person, "ci", issuer.origin, person.leaks.new("bearer"))
    person.lanyard("jwt", "verify", "ci", "--issuer", issuer.origin, status=1)
    person.lanyard("jwt", "verify", "nobody", "--issuer", issuer.origin, status=3)


def test_the_keys_of_an_issuer(person, issuer):
    shown = verify(person, issuer.token(), "--issuer", issuer.origin)
    assert f'RS256, valid: made with key "now" of {issuer.origin}' in shown.out
    assert issuer.asked == [METADATA, KEYS]
    stranger = issuer.token(iss="https://other.example")
    assert "another issuer's" in verify(person, stranger, "--issuer", issuer.origin, status=1).err
    # Its keys are asked for each time: a key that it no longer publishes is no longer taken.
    issuer.answers[KEYS] = (200, {"keys": [PUBLIC | {"kid": "next"}]})
    assert 'no key "now"' in verify(person, issuer.token(), "--issuer", issuer.origin, status=1).err


def test_an_issuer_with_a_path(person, issuer):
    """RFC 8414, 3.1, has the well-known part before the path, OpenID Discovery behind it."""
    for path, place in [("/a/b", "/a/b" + METADATA), ("/c/", "/c" + METADATA), ("/d", OAUTH_METADATA + "/d")]:
        name = issuer.origin + path
        issuer.answers[place] = (200, {"issuer": name, "jwks_uri": issuer.origin + KEYS})
        verify(person, issuer.token(iss=name), "--issuer", name)


@pytest.mark.parametrize("key, secret", [(OCT, SECRET), (PRIVATE | {"kid": "now"}, None)])
def test_an_issuer_that_publishes_a_secret(person, issuer, key, secret):
    """Everybody knows it, so that anybody can sign with it."""
    issuer.answers[KEYS] = (200, {"keys": [key]})
    refused = verify(person, token(issuer.claims(), secret), "--issuer", issuer.origin, status=1)
    assert "a secret, which everybody knows" in refused.err


def test_the_published_key_is_no_secret(person, issuer):
    """HMAC with the public key, in the forms in which a library may have it."""
    modulus = base64.urlsafe_b64decode(PUBLIC["n"] + "==")
    for key in [modulus, PUBLIC["n"].encode(), json.dumps(PUBLIC).encode()]:
        refused = verify(person, token(issuer.claims(), key, kid="now"), "--issuer", issuer.origin, status=1)
        assert "no key of" in refused.err


@pytest.mark.parametrize(
    "answers, words",
    [
        ({METADATA: (200, {"issuer": "https://other.example", "jwks_uri": "https://other.example/keys"})}, "another issuer"),
        ({METADATA: (200, {"jwks_uri": "x"})}, "another issuer"),
        ({METADATA: (404, "")}, "nothing of an issuer"),
        ({METADATA: (200, "{]")}, "nothing of an issuer"),
        ({METADATA: (200, [])}, "nothing of an issuer"),
        ({METADATA: (302, "", ("Location", KEYS))}, "nothing of an issuer"),
        ({KEYS: (404, "")}, "no keys"),
        ({KEYS: (200, "{]")}, "no keys"),
        ({KEYS: (200, {"keys": [{}] * 257})}, "no keys"),
        ({KEYS: (302, "", ("Location", METADATA))}, "no keys"),
        ({KEYS: (200, " " * 2**20)}, ""),
    ],
)
def test_an_issuer_that_is_none(person, issuer, answers, words):
    issuer.answers |= answers
    refused = verify(person, issuer.token(), "--issuer", issuer.origin, status=9)
    assert words in refused.err
    assert set(issuer.asked) <= {METADATA, OAUTH_METADATA, KEYS}


@pytest.mark.parametrize(
    "jwks_uri", ["http://id.example/keys", "ftp://127.0.0.1/keys", "file:///etc/passwd", "keys", 7, None]
)
def test_keys_from_elsewhere(person, issuer, jwks_uri):
    issuer.answers[METADATA] = (200, {"issuer": issuer.origin, "jwks_uri": jwks_uri})
    assert "no keys" in verify(person, issuer.token(), "--issuer", issuer.origin, status=9).err


@pytest.mark.parametrize(
    "name, status",
    [
        ("http://id.example", 8),
        ("ftp://id.example", 64),
        ("id.example", 64),
        ("https://id.example?a=b", 64),
        ("https://id.example#a", 64),
        ("https://me@id.example", 64),
        ("", 64),
    ],
)
def test_what_is_no_issuer(person, name, status):
    verify(person, token({}), "--issuer", name, status=status)


def test_an_issuer_over_https(person, certificates, tls_issuer):
    """The certificate is what makes the keys the issuer's."""
    person.environment["CURL_CA_BUNDLE"] = str(certificates.ca)
    verify(person, tls_issuer.token(), "--issuer", tls_issuer.origin)
    del person.environment["CURL_CA_BUNDLE"]
    person.stop_daemon()
    refused = verify(person, tls_issuer.token(), "--issuer", tls_issuer.origin, status=9)
    assert "certificate" in refused.err


@pytest.fixture
def tls_issuer(certificates):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    with Issuer(tls=context) as issuer:
        yield issuer
