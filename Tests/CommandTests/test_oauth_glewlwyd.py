"""Logins at Glewlwyd, an OpenID provider that Debian has: slow_down, a 400 without a body for a spent token."""

import json
import time
import urllib.error
import urllib.request

import pytest
from chromium import Chromium
from glewlwyd_server import GlewlwydServer
from oauth_login import OAuthLogin, another_second, log_in
from processes import eventually
from ways import curl, sessions

NAME = "127.0.0.1"

pytestmark = pytest.mark.vault


@pytest.fixture(scope="session")
def glewlwyd(run_folder, leaks, watch):
    with watch.lock:
        server = GlewlwydServer(run_folder / "glewlwyd", leaks.new("password"))
        watch.excluded.add(server.pid)
    try:
        eventually(server.is_up, "Glewlwyd answers", deadline=60)
        server.set_up()
        yield server
    finally:
        server.stop()


def works(token, url):
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    try:
        return urllib.request.urlopen(request, timeout=30).status == 200
    except urllib.error.HTTPError:
        return False


def use_and_leave(person, glewlwyd):
    """The token is taken, two rotations bring new ones, and logout ends it; what logout said."""
    seen, start = set(), len(glewlwyd.requests)
    for _ in range(2):
        assert '"email":"alice@example.org"' in curl(person, glewlwyd.userinfo)
        seen.add(person.lanyard("token", NAME).out)
        another_second()
        person.lanyard("refresh", NAME)
    assert '"email":"alice@example.org"' in curl(person, glewlwyd.userinfo)
    seen.add(token := person.lanyard("token", NAME).out)
    assert len(seen) == 3 and works(token.strip(), glewlwyd.userinfo)
    assert "rotated 2 times" in person.lanyard("show", NAME).out
    shown = [request["fields"]["refresh_token"] for request in glewlwyd.got("/token", start)]
    assert len(shown) == len(set(shown)) == 2
    told = person.lanyard("logout", NAME).out
    assert not works(token.strip(), glewlwyd.userinfo)
    assert sessions(person) == {}
    return told


def test_browser(person, glewlwyd):
    result, page = log_in(person, glewlwyd.authorize, glewlwyd.issuer)
    assert f"{glewlwyd.issuer} is an OAuth server (RFC 8414)" in result.out
    assert "registered Lanyard there as a client with a secret (RFC 7591)" in result.out
    assert "logged in as alice@example.org" in result.out and "You are logged in" in page
    told = use_and_leave(person, glewlwyd)
    assert f"told {glewlwyd.issuer} to revoke the refresh token and the access token\n" in told
    assert "deleted the client that Lanyard had registered there\n" in told


def by_device(person, glewlwyd, client, *options, **more):
    login = OAuthLogin(person, glewlwyd.issuer, "--client-id", client, "--flow", "device", *options, **more).wait()
    assert login.url == glewlwyd.issuer + "/device"
    assert "deviceComplete" in glewlwyd.enter(login.url, login.code, client)
    assert "logged in as alice@example.org" in login.finish().out


def test_device(person, glewlwyd, leaks):
    secret = leaks.new("client-secret")
    client = glewlwyd.register("with-a-secret", secret)
    by_device(person, glewlwyd, client, "--client-secret-stdin", input=secret)
    told = use_and_leave(person, glewlwyd)
    assert f"told {glewlwyd.issuer} to revoke the refresh token and the access token\n" in told
    assert "deleted the client" not in told


def test_slow_down(person, glewlwyd):
    """Glewlwyd says slow_down to who asks too soon: the next question is later, and the login ends well."""
    client = glewlwyd.register("slow")
    start = len(glewlwyd.requests)
    polls = lambda: [json.loads(request["answer"]).get("error") for request in glewlwyd.got("/token", start)]
    # The first question arrives twice.
    glewlwyd.repeats = lambda request: int(request["path"] == "/api/oidc/token" and polls() == [])
    try:
        login = OAuthLogin(person, glewlwyd.issuer, "--client-id", client, "--flow", "device").wait()
        eventually(polls, "it asks")
        began = time.monotonic()
        glewlwyd.enter(login.url, login.code, client)
        login.finish()
    finally:
        glewlwyd.repeats = lambda request: 0
    assert polls() == ["slow_down", None]
    assert time.monotonic() - began >= 5


def test_revocation_that_is_not_for_public_clients(person, glewlwyd):
    """Glewlwyd revokes for clients with a secret alone: logout says what stays, and forgets the session."""
    client = glewlwyd.register("public")
    by_device(person, glewlwyd, client)
    token = person.lanyard("token", NAME).out.strip()
    told = person.lanyard("logout", NAME).out
    assert f"{glewlwyd.issuer} did not revoke all it gave" in told and "stays valid there until it ends" in told
    assert works(token, glewlwyd.userinfo) and sessions(person) == {}


def test_spent_refresh_token(person, glewlwyd):
    """A token that somebody else has spent: a 400 without a body says that a person has to log in."""
    client = glewlwyd.register("spent")
    by_device(person, glewlwyd, client)
    shown = json.loads(person.lanyard("show", NAME, "--json", "--reveal").out)
    glewlwyd.spend(shown["refresh"]["token"], client)
    refused = person.lanyard("refresh", NAME, status=4)
    answer = glewlwyd.got("/token")[-1]
    assert (answer["status"], answer["answer"]) == (400, "")
    assert "the server no longer takes its refresh token" in refused.err
    assert sessions(person)[NAME]["state"] == "needs-login"


def test_real_browser(person, glewlwyd, run_folder):
    """Chromium runs the provider's own pages, and comes back to the listener by itself."""

    def by_hand(url):
        browser.open(url)
        browser.type("#username", glewlwyd.user)
        browser.type("#password", glewlwyd.password)
        browser.click("button[type=submit]")
        browser.click("#grant-offline_access")
        browser.click(".btn-primary")
        browser.click(".btn-success")
        eventually(lambda: "You can close this page" in browser.text, "the login's last page")
        return browser.text

    with Chromium(run_folder / "chromium") as browser:
        result, page = log_in(person, by_hand, glewlwyd.issuer)
    assert "logged in as alice@example.org" in result.out and page == "You are logged in. You can close this page."
    assert '"email":"alice@example.org"' in curl(person, glewlwyd.userinfo)
    person.lanyard("logout", NAME)
