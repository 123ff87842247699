"""JWTs in HttpOnly cookies (dj-rest-auth): from login to logout, and their renewal by the refresh cookie."""

import json

import pytest
from test_renewal import wait_for_expiry
from ways import curl, sessions

LOGIN, REFRESH = "/dj-rest-auth/login/", "/dj-rest-auth/token/refresh/"
ALICE = {"user": "alice", "way": "jwt-cookie"}


@pytest.fixture(scope="module")
def brief_site(new_site):
    return new_site(access_lifetime=3)


def login(person, site, *options):
    return person.lanyard(
        *("login", site.origin + LOGIN, "--user", site.user, "--password-stdin", "--name", "j", *options),
        input=site.password + "\n",
    )


def cookies(person):
    return {c["name"]: c for c in json.loads(person.lanyard("cookies", "list", "j", "--json", "--reveal").out)}


@pytest.mark.parametrize("options", [("--recipe", "dj-rest-auth"), ()], ids=["by name", "found out"])
def test_from_login_to_logout(any_person, site, options):
    assert "alice" in login(any_person, site, *options).out
    listed = sessions(any_person)["j"]
    assert (listed["kind"], listed["recipe"], listed["state"]) == ("cookie", "dj-rest-auth", "active")
    assert listed["expires"] is not None
    assert json.loads(curl(any_person, site.me)) == ALICE
    assert json.loads(curl(any_person, "-X", "POST", site.me)) == ALICE
    # The refresh token goes to renewals and the logout alone.
    assert "shop-auth=" in site.requests("/api/me")[-1]["headers"]["cookie"]
    assert "shop-again" not in site.requests("/api/me")[-1]["headers"]["cookie"]
    refresh = cookies(any_person)["shop-again"]["value"]
    any_person.lanyard("logout", "j")
    assert "shop-again" in site.requests("/dj-rest-auth/logout/")[-1]["headers"]["cookie"]
    assert site.requests("/dj-rest-auth/logout/")[-1]["status"] == 200
    assert curl(any_person, "-o", "/dev/null", "-w", "%{http_code}", site.me) == "401"
    again = ("-b", any_person.keep("jar", f"127.0.0.1\tFALSE\t/\tFALSE\t0\tshop-again\t{refresh}\n"))
    answer = any_person.run("curl", "-sS", *again, "-X", "POST", site.origin + REFRESH)
    assert json.loads(answer.out)["code"] == "token_not_valid", "the refresh token is on the blacklist"


def test_renewal_by_the_refresh_cookie(any_person, brief_site):
    login(any_person, brief_site)
    spent = {cookies(any_person)["shop-again"]["value"]}
    for _ in range(2):
        wait_for_expiry(any_person, "j")
        assert json.loads(curl(any_person, brief_site.me)) == ALICE
        spent.add(cookies(any_person)["shop-again"]["value"])
    assert len(spent) == 3, "rotated each time"
    # A cookie that a script set meanwhile is not lost by a renewal.
    any_person.lanyard("cookies", "set", "j", "theme", input="dark")
    any_person.lanyard("refresh", "j")
    assert cookies(any_person)["theme"]["value"] == "dark"


def test_a_renewal_that_is_refused_is_told(person, brief_site):
    login(person, brief_site)
    refresh = cookies(person)["shop-again"]["value"]
    jar = person.keep("jar", f"127.0.0.1\tFALSE\t/\tFALSE\t0\tshop-again\t{refresh}\n")
    person.run("curl", "-sS", "-b", jar, "-X", "POST", brief_site.origin + "/dj-rest-auth/logout/")
    wait_for_expiry(person, "j")
    refused = person.lanyard("refresh", "j", status=4)
    assert "needs a login" in refused.err
    assert sessions(person)["j"]["state"] == "needs-login"
    assert "needs a login" in person.lanyard("curl", "-sS", brief_site.me).err
