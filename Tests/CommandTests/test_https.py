"""The same site over https, with an authority that the person's environment makes known, as it does for curl."""

import json

import pytest
from ways import LOGINS, curl, login, sessions


@pytest.fixture
def trusting(person, certificates):
    """A person whose curl and daemon know the authority."""
    person.environment["CURL_CA_BUNDLE"] = str(certificates.ca)
    return person


@pytest.mark.parametrize("recipe", LOGINS)
def test_login_to_logout(trusting, tls_site, recipe):
    login(trusting, tls_site, recipe, "s")
    assert json.loads(curl(trusting, tls_site.me))["way"] == LOGINS[recipe][1]
    # Over https Django wants a Referer of its own origin beside the CSRF token.
    assert json.loads(curl(trusting, "-X", "POST", "-d", "a=b", tls_site.me))["way"] == LOGINS[recipe][1]
    trusting.lanyard("refresh", "s", status=0 if recipe == "simplejwt" else 4)
    trusting.lanyard("logout", "s")
    assert curl(trusting, "-o", "/dev/null", "-w", "%{http_code}", tls_site.me) == "401"


def test_a_certificate_that_does_not_verify(person, tls_site):
    before = len(tls_site.requests("/api/token/"))
    refused = login(person, tls_site, "simplejwt", "s", status=9)
    assert "certificate" in refused.err and sessions(person) == {}
    assert len(tls_site.requests("/api/token/")) == before


def test_a_secure_cookie_does_not_go_over_plain_http(trusting, tls_site, site):
    login(trusting, tls_site, "django", "s")
    # The same host, another port and scheme: outside of the protection space.
    curl(trusting, site.me)
    assert "cookie" not in site.requests("/api/me")[-1]["headers"]


def test_a_certificate_for_another_name(trusting, tls_recorder):
    """Of an authority that is trusted: the name alone is wrong. libcurl takes every name below localhost for this host."""
    refused = trusting.lanyard(
        *("login", f"https://other.localhost:{tls_recorder.port}/api/token/", "--recipe", "simplejwt"),
        *("--user", "alice", "--password-stdin"),
        input=trusting.leaks.new("password") + "\n",
        status=9,
    )
    assert "certificate" in refused.err
    assert not tls_recorder.requests
