"""Logins at django-oauth-toolkit, from an address and nothing else to a token that is refused after logout."""

import json
import signal
import urllib.error
import urllib.parse
import urllib.request

import pytest
from form_browser import FormBrowser
from oauth_login import OAuthLogin, log_in
from processes import eventually
from ways import curl, sessions


@pytest.fixture(scope="session")
def oauth_site(new_site):
    """The site as an OAuth server."""
    return new_site(oauth="yes")


@pytest.fixture
def api(oauth_site):
    return oauth_site.origin + "/oauth/me"


@pytest.fixture
def browser(oauth_site):
    return FormBrowser(oauth_site.user, oauth_site.password)


def since(site, number, path):
    return [request for request in site.requests()[number:] if request["path"] == path]


def renew_twice(person, site, name, api):
    """Two rotations; the tokens that were shown for them are all different, and the last access token works."""
    before = len(site.requests())
    seen = {person.lanyard("token", name).out}
    for _ in range(2):
        person.lanyard("refresh", name)
        seen.add(person.lanyard("token", name).out)
        assert '"user":"alice"' in curl(person, api)
    shown = [request["form"]["refresh_token"] for request in since(site, before, "/token/")]
    assert len(seen) == 3 and len(set(shown)) == 2
    return seen


def leave(person, site, name, api):
    token = person.lanyard("token", name).out.strip()
    before = len(site.requests())
    told = person.lanyard("logout", name).out
    revoked = [request["form"]["token_type_hint"] for request in since(site, before, "/revoke_token/")]
    assert revoked == ["refresh_token", "access_token"]
    request = urllib.request.Request(api, headers={"Authorization": f"Bearer {token}"})
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request)
    assert sessions(person) == {}
    return told, before


def test_browser(person, oauth_site, browser, api):
    before = len(oauth_site.requests())
    result, page = log_in(person, browser.authorize, api)
    lines = result.out.splitlines()
    assert lines[0] == f"{oauth_site.host} says: log in at {oauth_site.origin} (RFC 9728)"
    assert lines[1] == "registered Lanyard there as a public client (RFC 7591)"
    assert lines[-2].startswith('logged in as alice · session "127.0.0.1" · for ' + oauth_site.origin + " · token 5 min")
    assert page.status == 200 and "You can close this page" in page.text
    asked = since(oauth_site, before, "/authorize/")[0]["query"]
    assert "code_challenge_method=S256" in asked and "nonce=" in asked and "state=" in asked
    form = since(oauth_site, before, "/token/")[0]["form"]
    assert form["grant_type"] == "authorization_code" and len(form["code_verifier"]) == 43
    assert form["resource"] == oauth_site.origin
    # A browser that comes back once more meets nobody.
    with pytest.raises(OSError):
        browser.visit(browser.back)
    assert '"user":"alice"' in curl(person, api)
    renew_twice(person, oauth_site, "127.0.0.1", api)
    told, number = leave(person, oauth_site, "127.0.0.1", api)
    assert f"told {oauth_site.origin} to revoke the refresh token and the access token\n" in told
    assert "deleted the client that Lanyard had registered there\n" in told
    deleted = [request for request in oauth_site.requests()[number:] if request["method"] == "DELETE"]
    assert [request["status"] for request in deleted] == [204]


def test_device(person, oauth_site, browser, api):
    before = len(oauth_site.requests())
    login = OAuthLogin(person, api).wait()
    assert login.url == oauth_site.origin + "/device/"
    # It asks while nobody has entered anything.
    eventually(lambda: len(since(oauth_site, before, "/token/")) > 1, "the command asks a second time")
    assert "Authorized" in browser.enter(login.url, login.code).words
    assert 'session "127.0.0.1"' in login.finish().out
    assert '"user":"alice"' in curl(person, api)
    renew_twice(person, oauth_site, "127.0.0.1", api)
    told, _ = leave(person, oauth_site, "127.0.0.1", api)
    assert "deleted the client" in told


def test_device_refused(person, oauth_site, browser, api):
    login = OAuthLogin(person, api, "--flow", "device").wait()
    browser.enter(login.url, login.code, allow=False)
    assert "access was denied there" in login.finish(4).err
    assert sessions(person) == {}


def test_person_says_no(person, browser, api):
    result, page = log_in(person, lambda url: browser.authorize(url, allow=False), api, status=4)
    assert "access was denied there" in result.err and "did not work" in page.text
    assert sessions(person) == {}


def register(site, **metadata):
    """A client that the person has registered themselves."""
    return site.post("/register/", **{"client_name": "mine"} | metadata)


def test_client_credentials(person, oauth_site, leaks):
    place = oauth_site.origin + "/oauth/client"
    client = register(oauth_site, grant_types=["client_credentials"], token_endpoint_auth_method="client_secret_basic")
    before = len(oauth_site.requests())
    person.lanyard(
        *("login", place, "--flow", "client-credentials", "--client-id", client["client_id"]),
        *("--client-secret-stdin", "--scope", "read", "--no-interactive", "--name", "robot"),
        input=client["client_secret"] + "\n",
    )
    asked = since(oauth_site, before, "/token/")[0]
    assert asked["headers"]["authorization"].startswith("Basic ") and "client_secret" not in asked["form"]
    assert client["client_id"] in curl(person, place)
    first = person.lanyard("token", "robot").out
    person.lanyard("refresh", "robot")
    assert person.lanyard("token", "robot").out != first
    assert client["client_id"] in curl(person, place)
    # The secret is kept: the same login again needs nobody.
    person.lanyard("login", "robot", "--no-interactive")
    assert client["client_id"] in curl(person, place)
    person.lanyard("logout", "robot")
    assert client["client_id"] not in curl(person, place)


def test_own_client(person, oauth_site, browser, api):
    """--client-id: nothing is registered, and nothing deleted."""
    client = register(
        oauth_site, redirect_uris=["http://127.0.0.1/callback"], grant_types=["authorization_code"],
        token_endpoint_auth_method="none",
    )
    before = len(oauth_site.requests())
    log_in(person, browser.authorize, api, "--client-id", client["client_id"], "--scope", "read")
    assert '"scope":"read"' in curl(person, api)
    person.lanyard("logout", "127.0.0.1")
    methods = {(request["method"], request["path"]) for request in oauth_site.requests()[before:]}
    assert not any(path.startswith("/register") for _, path in methods)


def test_login_again(person, oauth_site, browser, api):
    """The same client, the same session; and the same address by its URL is the same session too."""
    log_in(person, browser.authorize, api)
    before = len(oauth_site.requests())
    for again in ("127.0.0.1", api):
        result, _ = log_in(person, browser.authorize, again)
        assert "registered" not in result.out and 'session "127.0.0.1"' in result.out
    assert since(oauth_site, before, "/register/") == []
    assert list(sessions(person)) == ["127.0.0.1"]
    assert '"user":"alice"' in curl(person, api)


def test_no_interactive(person, oauth_site, api):
    """It fails at once, and leaves no client behind."""
    before = len(oauth_site.requests())
    failed = person.lanyard("login", api, "--no-interactive", status=4)
    assert "nobody can be asked" in failed.err
    assert since(oauth_site, before, "/register/") == []


@pytest.mark.vault
def test_interrupted(person, oauth_site, api):
    """Ctrl-C: the listener closes and the client goes."""
    login = OAuthLogin(person, api, "--flow", "browser").wait()
    before = len(oauth_site.requests())
    login.hurry(signal.SIGINT)
    login.finish(130)
    eventually(
        lambda: [request for request in oauth_site.requests()[before:] if request["method"] == "DELETE"],
        "the client is deleted",
    )
    with pytest.raises(OSError):
        FormBrowser("", "").visit(login.redirect_uri)
    assert sessions(person) == {}


@pytest.mark.vault
def test_xdg_open(person, oauth_site, browser, api):
    """With a display the browser is opened, with the very address that is shown, and not under the preload library."""
    opened = person.inputs / "opened"
    script = person.folder / "bin/xdg-open"
    script.write_text(f'#!/bin/sh\necho "$1 ${{LD_PRELOAD-none}}" > {opened}.part; mv {opened}.part {opened}\n')
    script.chmod(0o755)
    login = OAuthLogin(person, api, env={"DISPLAY": ":7"}).wait()
    assert "opening your browser; if it does not open:\n" in login.lines
    eventually(opened.exists, "the browser is opened")
    assert opened.read_text().split() == [login.url, "none"]
    browser.authorize(login.url)
    login.finish()


@pytest.mark.vault
def test_twenty_at_once(person, oauth_site, browser, api):
    """One of them opens the browser; all end well."""
    log_in(person, browser.authorize, api)
    opened = person.inputs / "opened"
    script = person.folder / "bin/xdg-open"
    script.write_text(f"#!/bin/sh\necho x >> {opened}\n")
    script.chmod(0o755)
    before = len(oauth_site.requests())
    logins = [OAuthLogin(person, "127.0.0.1", env={"DISPLAY": ":7"}) for _ in range(20)]
    first = []
    joined = "this login is already under way in your browser; waiting for it too\n"
    for login in logins:
        for line in login._process.stdout:
            login.lines.append(line.decode())
            if line.decode() == joined:
                break
            if line.startswith(b"  http"):
                first.append(line.decode().strip())
                break
    assert len(first) == 1
    browser.authorize(first[0])
    for login in logins:
        assert "logged in as alice" in login.finish().out
    assert opened.read_text() == "x\n"
    assert len(since(oauth_site, before, "/token/")) == 1


def revoke(person, site):
    """Behind Lanyard's back: the refresh token is spent."""
    details = json.loads(person.lanyard("show", "127.0.0.1", "--json", "--reveal").out)
    fields = {"token": details["refresh"]["token"], "client_id": details["oauth"]["client_id"]}
    urllib.request.urlopen(site.origin + "/revoke_token/", urllib.parse.urlencode(fields).encode()).close()


@pytest.mark.vault
def test_requests_open_no_browser(person, oauth_site, browser, api):
    """A session that needs a login: curl, run and token say so, and nothing else happens."""
    log_in(person, browser.authorize, api)
    script = person.folder / "bin/xdg-open"
    script.write_text(f"#!/bin/sh\necho x >> {person.inputs}/opened\n")
    script.chmod(0o755)
    display = {"DISPLAY": ":7"}
    revoke(person, oauth_site)
    person.lanyard("refresh", "127.0.0.1", status=4, env=display)
    person.lanyard("token", "127.0.0.1", "--min-ttl", "3600", status=4, env=display)
    person.lanyard("curl", "-sS", api, env=display)
    person.lanyard("run", "--", "curl", "-sS", api, env=display)
    assert not (person.inputs / "opened").exists()
