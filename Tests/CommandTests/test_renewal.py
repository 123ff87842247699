"""Tokens that expire, and a refresh token that is worth one use."""

import json
import time
from datetime import datetime

import pytest
from processes import eventually
from ways import curl, login, sessions

REFRESH = "/api/token/refresh/"


@pytest.fixture(scope="module")
def slow_site(new_site):
    """Access tokens live for 8 s, and a new one takes a second: longer than 50 calls need."""
    return new_site(access_lifetime=8, refresh_delay=1)


@pytest.fixture(scope="module")
def quick_site(new_site):
    return new_site(access_lifetime=2)


def wait_for_expiry(person, name):
    expires = datetime.fromisoformat(sessions(person)[name]["expires"]).timestamp()
    # Both sides count in whole seconds: for certain, it has expired when that second is over.
    eventually(lambda: time.time() > expires + 1, "the token expires")


@pytest.mark.parametrize("killed", [False, True], ids=["all kept", "all killed"])
def test_fifty_calls_after_expiry_make_one_refresh(person, slow_site, killed):
    login(person, slow_site, "simplejwt", "j")
    wait_for_expiry(person, "j")
    if killed:
        person.killed = ("daemon", "keyring") if person.keyring else ("daemon",)
        person.disturb()
        person.killed = ()
    before = len(slow_site.requests(REFRESH))
    command = ["lanyard", "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", slow_site.me]
    calls = [person.start(*command) for _ in range(50)]
    results = [person.finish(call) for call in calls]
    assert [(result.status, result.out) for result in results] == [(0, "200")] * 50
    refreshes = slow_site.requests(REFRESH)[before:]
    assert [refresh["status"] for refresh in refreshes] == [200]


def test_a_token_that_expired_is_renewed_by_the_next_call(any_person, quick_site):
    login(any_person, quick_site, "simplejwt", "j")
    for _ in range(3):
        wait_for_expiry(any_person, "j")
        assert json.loads(curl(any_person, quick_site.me)) == {"user": "alice", "way": "jwt"}


def test_every_rotation_survives_a_killed_daemon(any_person, site):
    """simplejwt puts the spent refresh token on its blacklist: each one must be in the journal before it is used."""
    login(any_person, site, "simplejwt", "j")
    tokens = set()
    for _ in range(5):
        any_person.lanyard("refresh", "j")
        tokens.add(any_person.lanyard("token", "j").out)
    assert len(tokens) == 5


def test_token_is_valid_as_long_as_asked(person, site):
    login(person, site, "simplejwt", "j")
    first = person.lanyard("token", "j").out
    assert person.lanyard("token", "j", "--min-ttl", "60").out == first
    # The site's tokens live for 300 s: one that is to live for 299 s has to be new.
    expires = datetime.fromisoformat(sessions(person)["j"]["expires"]).timestamp()
    eventually(lambda: time.time() > expires - 297, "less than 299 s are left")
    assert person.lanyard("token", "j", "--min-ttl", "299").out != first


def test_a_refresh_token_that_is_refused_needs_a_login(any_person, new_site, leaks):
    site = new_site(access_lifetime=2)
    login(any_person, site, "simplejwt", "j")
    refresh = next(token for token in reversed(site.issued()) if claims(token).get("token_type") == "refresh")
    site.post("/api/token/blacklist/", refresh=refresh)
    refused = any_person.lanyard("refresh", "j", status=4)
    assert "lanyard login j" in refused.err
    assert sessions(any_person)["j"]["state"] == "needs-login"
    wait_for_expiry(any_person, "j")
    refused = any_person.lanyard("token", "j", status=4)
    assert "lanyard login j" in refused.err
    any_person.lanyard("login", "j", "--password-stdin", input=site.password + "\n")
    assert json.loads(curl(any_person, site.me))["way"] == "jwt"


def test_a_server_that_is_down_costs_nothing(any_person, new_site):
    site = new_site()
    login(any_person, site, "simplejwt", "j")
    site.stop()
    refused = any_person.lanyard("refresh", "j", status=9)
    assert '"j"' in refused.err
    listed = sessions(any_person)["j"]
    assert listed["state"] in ("active", "expiring")


def test_what_cannot_renew_says_so(person, site):
    login(person, site, "drf-token", "t")
    assert '"t"' in person.lanyard("refresh", "t", status=None).err


def claims(token):
    """A JWT's claims; none for anything else."""
    import base64

    if token.count(".") != 2:
        return {}
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
