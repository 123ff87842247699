"""A login at Canaille, an OpenID provider whose pages are plain HTML; it lets no public client revoke."""

import json
import urllib.error
import urllib.request

import pytest
from canaille_server import CanailleServer
from form_browser import FormBrowser
from oauth_login import another_second, log_in
from ways import curl, sessions

NAME = "127.0.0.1"

# The server's own.
pytestmark = [pytest.mark.vault, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="session")
def canaille(run_folder, leaks):
    with CanailleServer(run_folder / "canaille", leaks.new("password")) as server:
        yield server


class CanailleBrowser(FormBrowser):
    """Canaille asks for the name first, then for the password, then for consent."""

    def authorize(self, url, allow=True):
        page = self.visit(url)
        page = self.submit(page, login=self.credentials["username"])
        page = self.submit(page, password=self.credentials["password"])
        return self.submit(page, answer="accept" if allow else "deny")


def test_whole(person, canaille):
    browser = CanailleBrowser(canaille.user, canaille.password)
    start = len(canaille.requests)
    result, page = log_in(person, browser.authorize, canaille.origin)
    assert f"{canaille.origin} is an OAuth server (RFC 8414)" in result.out
    assert "registered Lanyard there as a client with a secret (RFC 7591)" in result.out
    assert f'logged in as alice@example.org · session "{NAME}"' in result.out and "You are logged in" in page.text
    userinfo = canaille.origin + "/oauth/userinfo"
    seen = set()
    for _ in range(2):
        another_second()
        seen.add(person.lanyard("token", NAME).out)
        person.lanyard("refresh", NAME)
        assert json.loads(curl(person, userinfo))["sub"] == "alice"
    token = person.lanyard("token", NAME).out.strip()
    assert len(seen | {token + "\n"}) == 3
    shown = [request["fields"].get("refresh_token") for request in canaille.got("/oauth/token", start)]
    assert len(shown) == len(set(shown)) == 3
    told = person.lanyard("logout", NAME).out
    assert f"told {canaille.origin} to revoke the refresh token and the access token\n" in told
    assert "deleted the client that Lanyard had registered there\n" in told
    request = urllib.request.Request(userinfo, headers={"Authorization": f"Bearer {token}"})
    with pytest.raises(urllib.error.HTTPError, match="40[13]"):
        urllib.request.urlopen(request)
    assert sessions(person) == {}
