"""A provider that misbehaves: the names are those of the OpenID relying-party suite, and what issue 6 adds to them."""

import array
import base64
import contextlib
import fcntl
import json
import socket
import termios
import time
import urllib.error
import urllib.parse
import urllib.request

import jwt
import pytest
from oauth_login import OAuthLogin, log_in
from oidc_provider import Key, Provider
from processes import eventually
from terminal import at_terminal
from varlink_wire import AGENT, come_round, receive
from ways import curl, sessions

NAME = "127.0.0.1"

pytestmark = pytest.mark.vault


@pytest.fixture
def provider(leaks):
    with Provider() as provider:
        leaks.register_from(lambda: provider.issued)
        yield provider


def visit(url, context=None):
    """Goes where the provider sends it; the page it ends at."""
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    try:
        return opener.open(url.partition("#")[0], timeout=30).read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def refused(person, provider, words, status=8, **options):
    """The login fails for this reason; nothing is kept, and the client that was registered goes."""
    result, page = log_in(person, visit, provider.api, status=status, **options)
    assert words in result.err, result.err
    assert page is None or "did not work" in page
    assert sessions(person) == {}
    return result


def accepted(person, provider):
    result, page = log_in(person, visit, provider.api)
    assert "logged in as alice@example.org" in result.out and "You are logged in" in page
    assert curl(person, provider.api) == '{"ok": true}'
    return result


def change(**changed):
    """A hook that changes members; None takes one away."""
    return lambda body: {name: value for name, value in (body | changed).items() if value is not None}


def tampered(token):
    """The token with another payload under the same signature."""
    head, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False}) | {"email": "mallory@example.org"}
    return ".".join([head, jwt.encode(claims, "k" * 32).split(".")[1], signature])


def test_good(person, provider):
    accepted(person, provider)


def test_address_of_the_server(person, provider):
    """The address is that of the server itself, and says nothing of OAuth but in its well-known place."""
    provider.resource = None
    provider.metadata = change(id_token_signing_alg_values_supported=["RS256"])
    provider.api = provider.origin
    result, _ = log_in(person, visit, provider.origin)
    assert f"{provider.origin} is an OAuth server (RFC 8414)" in result.out
    assert "logged in as alice@example.org" in result.out
    assert "resource" not in provider.got("/token")[0]["fields"]


def test_json(person, provider):
    """Stdout is for the script; what a person has to do is said on stderr."""
    login = person.start("lanyard", "login", provider.api, "--flow", "browser", "--json")
    url = next(line.split()[-1] for line in map(bytes.decode, login.stderr) if "  http" in line)
    visit(url)
    session = json.loads(person.finish(login).out)
    assert session["account"] == "alice@example.org" and session["recipe"] == "oauth2"


def test_daemon_stop(person, provider):
    """A stop does not wait for a person."""
    login = OAuthLogin(person, provider.api, "--flow", "browser").wait()
    person.lanyard("daemon", "stop")
    assert "given up" in login.finish(4).err
    eventually(lambda: provider.clients == {}, "the client is deleted")


CLAIMS = {
    "invalid-iss": ({"iss": "https://evil.example"}, "iss"),
    "missing-sub": ({"sub": None}, "sub"),
    "invalid-aud": ({"aud": "somebody-else"}, "aud"),
    "missing-aud": ({"aud": None}, "aud"),
    "missing-iat": ({"iat": None}, "iat"),
    "missing-exp": ({"exp": None}, "exp"),
    "expired": ({"exp": 1_000_000_000}, "exp"),
    "invalid-athash": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "at_hash"),
    "nonce-invalid": ({"nonce": "another"}, "nonce"),
    "nonce-missing": ({"nonce": None}, "nonce"),
    "azp-of-another": ({"azp": "somebody-else"}, "azp"),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_claims_of_the_id_token(person, provider, name):
    changed, word = CLAIMS[name]
    provider.claims = change(**changed)
    result = refused(person, provider, "its ID token is refused")
    assert word in result.err


SIGNATURES = {
    "idtoken-sig-none": lambda provider: lambda claims: jwt.encode(claims, None, "none"),
    "invalid-sig-rs256": lambda provider: lambda claims: tampered(provider.keys[0].sign(claims, {})),
    "signed-by-another-key": lambda provider: lambda claims: Key(kid=provider.keys[0].kid).sign(claims, {}),
    "invalid-sig-hs256": lambda provider: lambda claims: jwt.encode(claims, "s" * 32, "HS256"),
    "unknown-kid": lambda provider: lambda claims: Key().sign(claims, {}),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_signature_of_the_id_token(person, provider, name):
    provider.signed = SIGNATURES[name](provider)
    refused(person, provider, "it is not signed by a key of that server")


def test_invalid_sig_es256(person, provider):
    provider.keys = [Key("ES256")]
    provider.signed = lambda claims: tampered(provider.keys[0].sign(claims, {}))
    refused(person, provider, "it is not signed by a key of that server")
    provider.signed = None
    accepted(person, provider)


def test_kid_absent_single_jwks(person, provider):
    provider.signed = lambda claims: jwt.encode(claims, provider.keys[0].private, "RS256")
    accepted(person, provider)


def test_kid_absent_multiple_jwks(person, provider):
    provider.keys = [Key(), Key()]
    provider.signed = lambda claims: jwt.encode(claims, provider.keys[0].private, "RS256")
    refused(person, provider, "it is not signed by a key of that server")


def test_signing_key_rotation(person, provider):
    accepted(person, provider)
    provider.keys = [Key()]
    accepted(person, provider)
    assert len(provider.got("/jwks")) == 2


def test_signing_key_rotation_just_before_signing(person, provider):
    """The key set is asked for again once, for a key that is not in it."""
    old = provider.keys
    answers = [old]
    provider.published = lambda: answers.pop() if answers else provider.keys
    provider.keys = [Key()]
    accepted(person, provider)
    assert len(provider.got("/jwks")) == 2


def test_userinfo_invalid_sub(person, provider):
    provider.claims = change(email=None)
    provider.userinfo = change(sub="another")
    refused(person, provider, "about somebody else than the ID token")
    provider.userinfo = lambda claims: claims
    accepted(person, provider)


def test_discovery_issuer_mismatch(person, provider):
    provider.metadata = change(issuer="https://id.example")
    refused(person, provider, "its metadata say that it is https://id.example")
    assert provider.got("/register") == []


def test_resource_mismatch(person, provider):
    provider.resource = change(resource="https://other.example")
    refused(person, provider, "its metadata are about https://other.example")
    assert provider.got("/register") == []


def test_scopes_without_end(person, provider):
    """What a resource lists is asked for as far as it is scopes, and not without end."""
    provider.resource = change(scopes_supported=["read", 'a"b', "c d", "é", "\x1b[2J"] + [f"s{n}" for n in range(5000)])
    result, _ = log_in(person, visit, provider.origin)
    asked = provider.got("/authorize")[0]["fields"]["scope"].split()
    assert asked[:3] == ["read", "s0", "s1"] and len(asked) == 100
    assert "logged in" in result.out


def test_scopes_that_were_not_granted(person, provider):
    """What the server did not give is not shown, and is asked for once more where it is wanted again."""
    provider.tokens = change(scope="read")
    options = ("--scope", "read", "--scope", "orders.write", "--scope", "openid")
    log_in(person, visit, provider.api, *options)
    shown = json.loads(person.lanyard("show", NAME, "--json").out)
    assert shown["oauth"]["scope"] == ["read", "openid"]


def test_plain_http_endpoint(person, provider):
    provider.metadata = change(token_endpoint="http://id.example/token")
    refused(person, provider, "its token_endpoint is not https")


@pytest.mark.parametrize("name, changed", [("invalid-issuer", {"iss": "https://evil.example"}), ("invalid-sub", {"sub": "1"})])
def test_refresh_token(person, provider, name, changed):
    """What a renewal brings is somebody else's: it is not used, and a person has to look."""
    accepted(person, provider)
    before = person.lanyard("token", NAME).out
    provider.claims = change(**changed)
    failed = person.lanyard("refresh", NAME, status=8)
    assert "its ID token is refused" in failed.err
    assert sessions(person)[NAME]["state"] == "needs-login"
    # What was believed before is still there; what came is not.
    assert json.loads(person.lanyard("show", NAME, "--json", "--reveal").out)["token"] + "\n" == before
    provider.claims = lambda claims: claims
    accepted(person, provider)


def test_renewal_while_the_keys_are_a_page(person, provider):
    """A page in place of the keys says nothing of the tokens: those that the server has rotated are not thrown away."""
    accepted(person, provider)
    before = person.lanyard("token", NAME).out
    # The daemon knows no keys any more.
    person.stop_daemon()
    provider.at_jwks = lambda request: (200, "<html>Back soon</html>")
    person.lanyard("refresh", NAME)
    assert provider.got("/jwks")[1:]
    assert sessions(person)[NAME]["state"] == "active"
    assert person.lanyard("token", NAME).out != before
    assert curl(person, provider.api) == '{"ok": true}'


def test_keys_that_are_a_page(person, provider):
    """A login has to have them."""
    provider.at_jwks = lambda request: (200, "<html>Back soon</html>")
    refused(person, provider, "the answer is not a set of keys", 9)


def test_client_secret_basic(person, provider, leaks):
    """Both parts are form-encoded before they are joined (RFC 6749, 2.3.1)."""
    secret = leaks.new("client-secret") + ":+%&"
    login = OAuthLogin(
        person, provider.api, "--flow", "browser", "--client-id", "my client", "--client-secret-stdin", input=secret
    ).wait()
    visit(login.url)
    login.finish()
    sent = provider.got("/token")[0]
    pair = base64.b64decode(sent["headers"]["authorization"].removeprefix("Basic ")).decode()
    assert [urllib.parse.unquote_plus(part) for part in pair.split(":")] == ["my client", secret]
    assert "client_secret" not in sent["fields"] and "client_id" not in sent["fields"]


ANSWERS = {
    "wrong iss": (change(iss="https://evil.example"), "is of another server (iss)", 8),
    "missing iss": (change(iss=None), "is of another server (iss)", 8),
    "access_denied": (change(code=None, error="access_denied"), "access was denied there", 4),
    "invalid_scope": (change(code=None, error="invalid_scope"), "it does not give the scopes", 4),
    "server_error": (change(code=None, error="server_error"), "the server has trouble of its own", 4),
    "an unknown error": (change(code=None, error="\x1b[2J"), "it refused the login", 4),
    "neither code nor error": (change(code=None), "neither a code nor an error", 9),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answer(person, provider, name):
    provider.back, words, status = ANSWERS[name]
    result = refused(person, provider, words, status)
    assert "\x1b" not in result.err
    assert provider.got("/token") == []
    # The client that was registered for it is deleted.
    eventually(lambda: provider.clients == {}, "the client is deleted")


STRAY = {
    "wrong state": change(state="another"),
    "no state": change(state=None),
    # A browser does not send a fragment.
    "in a fragment": lambda answer: "{place}#" + urllib.parse.urlencode(answer),
    "error of another": lambda answer: "{place}?error=access_denied&state=another",
    "bare": lambda answer: "{place}",
}


@pytest.mark.parametrize("name", STRAY)
def test_answer_to_nothing(person, provider, name):
    """Any page can send a browser to the listener, and any user of the machine can ask it: the login goes on."""
    login = OAuthLogin(person, provider.api, "--flow", "browser").wait()

    def back(answer):
        stray = STRAY[name](answer)
        return stray.format(place=login.redirect_uri) if isinstance(stray, str) else stray

    provider.back = back
    assert "There is nothing here" in visit(login.url)
    assert provider.got("/token") == []
    provider.back = lambda answer: answer
    assert "You are logged in" in visit(login.url)
    assert "logged in as alice@example.org" in login.finish().out


def test_silent_visitors(person, provider):
    """Connections that say nothing keep the browser's from nothing, neither one that was there before nor a later one."""
    login = OAuthLogin(person, provider.api, "--flow", "browser").wait()
    address = urllib.parse.urlsplit(login.redirect_uri)
    place = (address.hostname, address.port)
    with contextlib.ExitStack() as stack:
        early = stack.enter_context(socket.create_connection(place, timeout=30))
        early.sendall(b"GET /callback?state=x HTTP/1.1\r\n")
        silent = [stack.enter_context(socket.create_connection(place, timeout=30)) for _ in range(20)]
        early.sendall(b"\r\n")
        assert b"There is nothing here" in early.recv(4096)
        assert "You are logged in" in visit(login.url)
        # They were let go of.
        assert silent[0].recv(1) == b""
    login.finish()


def waiting(connection):
    """How many bytes can be read."""
    count = array.array("i", [0])
    fcntl.ioctl(connection, termios.FIONREAD, count)
    return count[0]


def test_large_step(person, provider):
    """A step that does not fit into the socket's buffer comes whole, while the call goes on."""
    person.lanyard("list")
    with person.connect() as connection:
        connection.settimeout(20)
        parameters = {"url": provider.api, "for": [], "flow": "browser", "scope": ["x" * 950_000]}
        connection.sendall(json.dumps({"method": f"{AGENT}.Login", "parameters": parameters, "more": True}).encode() + b"\0")
        # It is read only when the daemon has written what there is room for.
        eventually(lambda: waiting(connection) > 100_000, "a part of the step has come")
        come_round(person)
        step = {}
        while step.get("kind") != "open":
            step = receive(connection)["parameters"]["step"]
    assert len(step["url"]) > 950_000 and "code_challenge=" in step["url"]
    # Nobody waits for it any more.
    eventually(lambda: provider.clients == {}, "the client is deleted")


def test_code_of_another(person, provider):
    """A code that another process got with a request of its own, handed to the listener: its challenge is not ours."""
    login = OAuthLogin(person, provider.api, "--flow", "browser").wait()
    stolen = provider.secret()
    provider.codes[stolen] = {"code_challenge": "of somebody else", "client_id": "x", "scope": "read"}
    provider.back = lambda answer: answer | {"code": stolen}
    visit(login.url)
    assert "does not take the code of this login" in login.finish(4).err
    assert sessions(person) == {}


def test_two_answers(person, provider):
    """The first is taken; the second meets a page that says so, or nobody."""
    provider.before_tokens = lambda request: seen.append(visit(second[0])) if not seen else None
    seen, second = [], []
    login = OAuthLogin(person, provider.api, "--flow", "browser").wait()

    def back(answer):
        second.append(login.redirect_uri + "?" + urllib.parse.urlencode(answer))
        return answer

    provider.back = back
    assert "You are logged in" in visit(login.url)
    login.finish()
    assert "Another answer to this login came first" in seen[0]
    assert curl(person, provider.api) == '{"ok": true}'


def test_other_requests_to_the_listener(person, provider):
    login = OAuthLogin(person, provider.api, "--flow", "browser").wait()
    origin = login.redirect_uri.removesuffix("/callback")
    assert "There is nothing here" in visit(origin + "/favicon.ico")
    assert "There is nothing here" in visit(origin + "/callbackx?code=1")
    visit(login.url)
    login.finish()


@pytest.mark.parametrize("kind", ["mac", "N_A", "dpop"])
def test_token_type(person, provider, kind):
    provider.tokens = change(token_type=kind)
    refused(person, provider, "in a way that this version does not know", 9)


LIFETIMES = {"negative": -5, "absent": None, "2^63": 2**63, "no number": "soon", "a list": []}


@pytest.mark.parametrize("name", LIFETIMES)
def test_lifetime_that_is_none(person, provider, name):
    provider.tokens = change(expires_in=LIFETIMES[name])
    accepted(person, provider)
    assert sessions(person)[NAME]["expires"] is None
    assert sessions(person)[NAME]["state"] == "active"


def test_lifetime_in_a_string(person, provider):
    provider.tokens = change(expires_in="300")
    accepted(person, provider)
    assert json.loads(person.lanyard("show", NAME, "--json").out)["expires"] is not None


def test_tokens_by_redirect(person, provider):
    """The token endpoint sends the code elsewhere: it is not followed."""
    provider.before_tokens = lambda request: (307, None, [("Location", provider.origin + "/elsewhere")])
    refused(person, provider, "which is not followed")
    assert provider.got("/elsewhere") == []


def test_device_slow_down(person, provider):
    """slow_down makes the next question later; a code that is refused ends it."""
    times = []

    def poll(request):
        times.append(time.monotonic())
        return 400, {"error": ["slow_down", "access_denied"][len(times) - 1]}

    provider.before_tokens = poll
    login = OAuthLogin(person, provider.api).wait()
    assert login.code == "WDJB-MJHT"
    assert "access was denied there" in login.finish(4).err
    assert times[1] - times[0] >= 6


def test_device_without_an_answer(person, provider):
    """A connection that breaks is no refusal: it is asked again, later (RFC 8628, 3.5)."""
    times = []

    def poll(request):
        times.append(time.monotonic())
        if len(times) == 1:
            raise ConnectionResetError
        return 400, {"error": "access_denied"}

    provider.before_tokens = poll
    login = OAuthLogin(person, provider.api).wait()
    assert "access was denied there" in login.finish(4).err
    assert times[1] - times[0] >= 2


def test_device_that_is_to_wait_for_a_day(person, provider):
    """Nobody waits beyond the end of the code."""
    provider.before_tokens = lambda request: (429, None, [("Retry-After", "86400")])
    provider.device = change(expires_in=3)
    login = OAuthLogin(person, provider.api).wait()
    assert "the code was not entered in time" in login.finish(4).err


def test_pasted(person, provider):
    """Over SSH, at a server without a device flow: the browser is elsewhere, and its last address is pasted."""
    provider.metadata = change(device_authorization_endpoint=None)
    # The browser is on another machine: nothing of it comes back here.
    asked = "then paste the address it ends at"

    def elsewhere(shown):
        url = next(line.strip() for line in shown.splitlines() if line.startswith("  http"))
        return NoRedirect.where(url)

    status, shown = at_terminal(person, "lanyard", "login", provider.api, answers=[(asked, elsewhere)])
    assert status == 0 and "logged in as alice@example.org" in shown
    assert curl(person, provider.api) == '{"ok": true}'
    other = [(asked, lambda _: "http://127.0.0.1:1/callback?code=1")]
    status, shown = at_terminal(person, "lanyard", "login", provider.api, answers=other)
    assert status == 64 and "not the address that this login's page ends at" in shown
    # The address of an earlier login.
    provider.back = change(state="another")
    status, shown = at_terminal(person, "lanyard", "login", provider.api, answers=[(asked, elsewhere)])
    assert status == 64 and "not the address that this login's page ends at" in shown


def test_pasted_to_another_service(person, provider):
    """The server's own address names a place on this machine as well: what is pasted does not go there."""
    with socket.create_server(("127.0.0.1", 0)) as service:
        other = f"http://127.0.0.1:{service.getsockname()[1]}/callback"
        query = urllib.parse.urlencode({"redirect_uri": other})
        provider.metadata = change(
            device_authorization_endpoint=None, authorization_endpoint=f"{provider.origin}/authorize?{query}"
        )
        asked = "then paste the address it ends at"
        answers = [(asked, lambda _: other + "?code=1&state=2")]
        status, shown = at_terminal(person, "lanyard", "login", provider.api, answers=answers)
        assert status == 64 and "not the address that this login's page ends at" in shown
        service.settimeout(0)
        with pytest.raises(BlockingIOError):
            service.accept()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None

    @classmethod
    def where(cls, url):
        """Where the page at this address leads."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cls)
        with pytest.raises(urllib.error.HTTPError) as answer:
            opener.open(url, timeout=30)
        return answer.value.headers["Location"]
