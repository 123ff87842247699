"""Where a session's credential does not go: asserted on what the servers received."""

import json

import pytest
from recorder import Recorder
from ways import ADDED, add, carried, curl, login, sessions


@pytest.fixture(params=ADDED)
def kept(request, person, leaks):
    """Keeps a credential of each kind for an origin; returns its secret."""

    def keep(origin, name="api"):
        secret = leaks.new(request.param)
        add(person, name, origin, secret, request.param)
        return secret

    return keep


@pytest.fixture
def second():
    with Recorder() as recorder:
        yield recorder


def assert_nothing_of_ours(requests, secret):
    """The requests did arrive, and brought no credential at all."""
    assert requests
    assert not carried(requests, secret)
    for request in requests:
        assert not {"authorization", "cookie", "x-api-key"} & set(request["headers"])


@pytest.mark.parametrize("follow", ["-L", "--location-trusted"])
def test_a_redirect_to_another_port(person, kept, hop, recorder, follow):
    secret = kept(hop.origin)
    assert curl(person, follow, f"{hop.origin}/?to={recorder.origin}/x") == "ok\n"
    assert len(carried(hop.requests, secret)) == 1
    assert_nothing_of_ours(recorder.requests, secret)


def test_a_redirect_that_stays(person, kept, hop):
    secret = kept(hop.origin)
    assert curl(person, "-L", f"{hop.origin}/?to={hop.origin}/y") == "ok\n"
    assert len(carried(hop.requests, secret)) == 2


def test_a_redirect_that_leaves_and_comes_back(person, kept, hop):
    secret = kept(hop.origin)
    with Recorder("redirect") as other:
        assert curl(person, "-L", f"{hop.origin}/?to={other.origin}/?to={hop.origin}/back") == "ok\n"
        assert_nothing_of_ours(other.requests, secret)
    assert [request["target"] for request in hop.requests][1:] == ["/back"]
    assert_nothing_of_ours(hop.requests[1:], secret)


def test_a_redirect_from_a_foreign_site(person, kept, hop, recorder):
    secret = kept(recorder.origin)
    assert curl(person, "-L", f"{hop.origin}/?to={recorder.origin}/transfer") == "ok\n"
    assert_nothing_of_ours(hop.requests + recorder.requests, secret)


def test_a_redirect_into_another_session(person, kept, hop, recorder, second):
    first, other = kept(hop.origin, "first"), kept(recorder.origin, "other")
    url = f"{hop.origin}/?to={recorder.origin}/x"
    assert curl(person, "-L", url) == "ok\n"
    assert len(carried(hop.requests, first)) == 1
    assert_nothing_of_ours(recorder.requests, other)
    # Both named: that is the person's word for it.
    named = person.lanyard("run", "--session", "first", "--session", "other", "--", "curl", "-sSL", url)
    assert named.out == "ok\n"
    assert len(carried(recorder.requests, other)) == 1 and not carried(recorder.requests, first)


@pytest.mark.parametrize("how", ["-x", "-p", "http_proxy", "all_proxy"])
def test_a_proxy(person, kept, recorder, second, how):
    secret = kept(second.origin)
    target = f"{second.origin}/through"
    if how == "-x":
        curl(person, "-x", recorder.origin, target)
    elif how == "-p":
        curl(person, "-p", "-x", recorder.origin, target)
    else:
        curl(person, target, env={how: recorder.origin})
    assert_nothing_of_ours(recorder.requests, secret)


@pytest.mark.parametrize("option", ["--connect-to", "--resolve"])
def test_another_port_or_address(person, kept, recorder, second, option):
    secret = kept(second.origin)
    if option == "--connect-to":
        curl(person, "--connect-to", f"{second.host}:{recorder.host}", second.origin)
    else:
        # A name that is nobody's loopback, on a loopback address.
        curl(person, "--resolve", f"api.example:{recorder.port}:127.0.0.1", f"http://api.example:{recorder.port}/")
    assert_nothing_of_ours(recorder.requests, secret)
    assert not second.requests


@pytest.mark.parametrize("separator", ["\\@", "@", "%40@", "#@", "?@"])
def test_hosts_that_look_like_another(person, kept, recorder, second, separator):
    secret = kept(second.origin)
    person.lanyard("curl", "-sS", f"http://{second.host}{separator}{recorder.host}/", status=None)
    assert not carried(recorder.requests, secret)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f.1", "127.0.0.1.", "localhost", "[::ffff:127.0.0.1]"]
)
def test_other_names_of_the_same_address(person, kept, recorder, host):
    """They may be normalised to the session's origin by libcurl, and then match; they never reach another server."""
    secret = kept(recorder.origin)
    person.lanyard("curl", "-sS", f"http://{host}:{recorder.port}/", status=None)
    for request in carried(recorder.requests, secret):
        assert request["headers"]["host"] == recorder.host


@pytest.mark.parametrize("host", ["LOCALHOST", "LocalHost", "localhost.", "a.localhost", "localhost.localhost", "127.0.0.1"])
def test_names_in_other_letters_and_with_dots(person, recorder, leaks, host):
    """Letters of either case are the same name; a dot behind it, or a name before it, is another."""
    secret = leaks.new("bearer")
    add(person, "api", f"http://localhost:{recorder.port}", secret)
    curl(person, "--connect-to", f"{host}::127.0.0.1:", f"http://{host}:{recorder.port}/")
    assert len(recorder.requests) == 1
    assert bool(carried(recorder.requests, secret)) == (host.lower() == "localhost")


@pytest.mark.parametrize("host", ["xn--mnchen-3ya.example", "münchen.example", "MÜNCHEN.example", "münchen.example"])
def test_names_that_are_not_ascii(person, recorder, leaks, host):
    """The same name in each form, and nothing for one that only looks like it."""
    secret = leaks.new("bearer")
    add(person, "api", f"http://münchen.example:{recorder.port}", secret)
    names = [f"xn--mnchen-3ya.example:{recorder.port}:127.0.0.1", f"munchen.example:{recorder.port}:127.0.0.1"]
    resolve = [word for name in names for word in ("--resolve", name)]
    env = {"LC_ALL": "C.UTF-8"}
    curl(person, *resolve, f"http://munchen.example:{recorder.port}/", env=env)
    assert_nothing_of_ours(recorder.requests, secret)
    curl(person, *resolve, f"http://{host}:{recorder.port}/", env=env)
    assert len(carried(recorder.requests, secret)) == 1


def test_a_port_that_was_left_out_is_the_schemes(person, kept, recorder):
    secret = kept(f"http://{recorder.host.partition(':')[0]}")
    curl(person, recorder.origin)
    assert_nothing_of_ours(recorder.requests, secret)


@pytest.mark.parametrize("scheme", ["ws", "wss", "ftp", "gopher", "ldap", "rtsp"])
def test_other_schemes(person, kept, recorder, scheme):
    secret = kept(recorder.origin)
    person.lanyard("curl", "-sS", "--max-time", "1", f"{scheme}://{recorder.host}/", status=None)
    assert not carried(recorder.requests, secret)


def test_a_host_field_of_the_scripts(person, kept, recorder):
    secret = kept(recorder.origin)
    curl(person, "-H", "Host: other.example", recorder.origin)
    assert_nothing_of_ours(recorder.requests, secret)


def test_a_unix_socket(person, kept, second):
    secret = kept(second.origin)
    with Recorder(unix=person.inputs / "web") as recorder:
        assert curl(person, "--unix-socket", person.inputs / "web", second.origin) == "ok\n"
        assert_nothing_of_ours(recorder.requests, secret)


def test_tls_must_be_verified(person, kept, certificates, tls_recorder):
    secret = kept(tls_recorder.origin)
    said = person.lanyard("curl", "-sS", "-k", tls_recorder.origin)
    assert said.out == "ok\n" and "TLS" in said.err
    assert_nothing_of_ours(tls_recorder.requests, secret)
    assert curl(person, "--cacert", certificates.ca, tls_recorder.origin) == "ok\n"
    assert len(carried(tls_recorder.requests, secret)) == 1


def test_https_is_not_http(person, kept, recorder):
    secret = kept(f"https://{recorder.host}")
    assert curl(person, recorder.origin) == "ok\n"
    assert_nothing_of_ours(recorder.requests, secret)
    person.lanyard("explain", recorder.origin, status=3)


@pytest.fixture
def prefixed(person, recorder, leaks):
    """A bearer token for /api of a server."""
    secret = leaks.new("bearer")
    add(person, "api", f"{recorder.origin}/api", secret)
    return recorder, secret


@pytest.mark.parametrize("path", [
    "/apis", "/", "/API/x", "/api/../x", "/api/%2e%2e/x", "/api/.%2E/x", "/x/api/", "/api/%2E./x", "/api/./x", "/api/%2e/x",
    "/api/..", "/api/%2e%2e", "/%61pi/x", "//api/x", "/api/..%2fx", "/api/..%5cx", "/api/..\\x", "/api%2fx", "/api;x/y",
])  # fmt: skip
def test_paths_outside_a_prefix(person, prefixed, path):
    recorder, secret = prefixed
    curl(person, "--path-as-is", recorder.origin + path)
    assert_nothing_of_ours(recorder.requests, secret)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/x?y", "/api?x"])
def test_paths_inside_a_prefix(person, prefixed, path):
    recorder, secret = prefixed
    curl(person, recorder.origin + path)
    assert len(carried(recorder.requests, secret)) == 1


@pytest.mark.parametrize(
    "own",
    [["-H", "Authorization: Bearer its-own"], ["-u", "its:own"], ["--oauth2-bearer", "its-own"], ["--netrc-file"]],
    ids=["-H", "-u", "--oauth2-bearer", "netrc"],
)
def test_what_the_script_brings_wins(person, recorder, leaks, own):
    secret = leaks.new("bearer")
    add(person, "api", recorder.origin, secret)
    if own == ["--netrc-file"]:
        own = ["--netrc-file", person.keep("netrc", "machine 127.0.0.1 login its password own\n")]
    curl(person, *own, recorder.origin)
    assert not carried(recorder.requests, secret)
    assert "authorization" in recorder.requests[-1]["headers"]


def test_a_cookie_of_the_scripts_wins_over_ours_of_that_name(person, recorder, leaks):
    secret = leaks.new("cookie")
    add(person, "api", recorder.origin, secret, "cookie")
    curl(person, "-b", "sessionid=its-own", recorder.origin)
    assert recorder.requests[-1]["headers"]["cookie"] == "sessionid=its-own"
    curl(person, "-b", "other=1", recorder.origin)
    assert carried(recorder.requests[-1:], secret) and "other=1" in recorder.requests[-1]["headers"]["cookie"]


def test_two_equally_good(person, kept, recorder):
    secrets = [kept(recorder.origin, "one"), kept(recorder.origin, "two")]
    said = person.lanyard("curl", "-sS", recorder.origin)
    assert said.out == "ok\n" and "one" in said.err and "two" in said.err
    for secret in secrets:
        assert_nothing_of_ours(recorder.requests, secret)
    # curl's 42: aborted by a callback.
    person.lanyard("run", "--require", "--", "curl", "-sS", recorder.origin, status=42)
    person.lanyard("explain", recorder.origin, status=5)
    narrowed = person.lanyard("run", "--session", "two", "--", "curl", "-sS", recorder.origin)
    assert narrowed.out == "ok\n" and carried(recorder.requests, secrets[1])


def test_a_script_outlives_the_daemon(person, kept, recorder):
    """No daemon: nothing is attached, nothing breaks."""
    secret = kept(recorder.origin)
    script = f"lanyard daemon stop >/dev/null; curl -sS {recorder.origin}"
    assert person.lanyard("run", "--", "sh", "-c", script).out == "ok\n"
    assert_nothing_of_ours(recorder.requests, secret)


def test_explain_says_what_would_happen(person, kept, recorder, second):
    kept(recorder.origin)
    inside = json.loads(person.lanyard("explain", "--json", recorder.origin).out)
    assert inside["session"] == "api" and inside["rule"]
    outside = json.loads(person.lanyard("explain", "--json", second.origin, status=3).out)
    assert outside["session"] is None and outside["reason"]


@pytest.fixture(params=["explain", "run", "the library"])
def attached(request, person, recorder, leaks):
    """Whether a request gets the one session there is, with this LANYARD_SESSION."""
    secret = leaks.new("bearer")
    add(person, "k", recorder.origin, secret)

    def ask_with(value):
        named = {"LANYARD_SESSION": value}
        if request.param == "explain":
            return person.lanyard("explain", recorder.origin, env=named, status=None).status == 0
        recorder.requests.clear()
        if request.param == "run":
            person.lanyard("run", "--", "curl", "-sS", recorder.origin, env=named)
        else:
            library = {"LD_PRELOAD": str(person.programs / "liblanyard-preload.so"), "LANYARD_RUN": "say"}
            person.run("curl", "-sS", recorder.origin, env=named | library)
        assert len(recorder.requests) == 1
        return bool(carried(recorder.requests, secret))

    return ask_with


@pytest.mark.parametrize("value", [",", ",,,", "other", "other,"])
def test_a_session_variable_that_names_none_of_them_attaches_nothing(attached, value):
    assert attached("k") and attached("")
    assert not attached(value)


def test_a_script_with_a_session_of_its_own_leaves_ours_alone(person, site):
    """Its own cookie wins, gets nothing of ours beside it, and what comes back for it is not kept in our session."""
    login(person, site, "django", "s")
    for own in (["-b", "sessionid=bogus"], ["-H", "Cookie: sessionid=bogus"]):
        assert curl(person, *own, "-o", "/dev/null", "-w", "%{http_code}", site.me) == "401"
        assert site.requests("/api/me")[-1]["headers"]["cookie"] == "sessionid=bogus"
        assert json.loads(curl(person, site.me))["user"] == "alice"
    assert sessions(person)["s"]["state"] == "active"


def test_a_script_with_a_jar_of_its_own_keeps_its_cookies_itself(person, site):
    login(person, site, "django", "s")
    before = person.lanyard("show", "s", "--json").out
    jar = person.private / "tmp/jar"
    curl(person, "-c", jar, "-b", jar, "-o", "/dev/null", f"{site.origin}/accounts/login/")
    after = person.lanyard("show", "s", "--json").out
    assert json.loads(after)["cookies"] == json.loads(before)["cookies"]
    jar.unlink()


def test_require_says_that_nothing_was_sent(person, recorder):
    refused = person.lanyard("run", "--require", "--", "curl", "-sS", recorder.origin, status=42)
    assert "not sent: no session is for" in refused.err and "sent without" not in refused.err
    assert recorder.requests == []


def test_require_holds_for_a_run_inside(person, recorder):
    inner = ["lanyard", "curl", "-sS", recorder.origin]
    person.lanyard("run", "--require", "--", *inner, status=42)
    assert recorder.requests == []


@pytest.mark.parametrize("value", ["tok jwt", "tok;jwt", " ", " , ", "*", "a" * 65])
def test_a_session_that_cannot_be_named_is_a_limit_all_the_same(person, recorder, leaks, value):
    secret = leaks.new("bearer")
    add(person, "tok", recorder.origin, secret)
    said = curl(person, recorder.origin, env={"LANYARD_SESSION": value})
    assert said == "ok\n" and not carried(recorder.requests, secret)
    explained = person.lanyard("explain", recorder.origin, env={"LANYARD_SESSION": value}, status=3)
    assert "names no session" in explained.out


def test_blanks_around_a_name_are_none_of_it(person, recorder, leaks):
    secrets = {name: leaks.new("bearer") for name in ("one", "two")}
    for name, secret in secrets.items():
        add(person, name, recorder.origin, secret)
    curl(person, recorder.origin, env={"LANYARD_SESSION": " two "})
    assert carried(recorder.requests, secrets["two"]) and not carried(recorder.requests, secrets["one"])
