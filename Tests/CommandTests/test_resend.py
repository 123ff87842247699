"""A token that the server refuses before its time: one renewal, and one resend where the body can be sent again."""

import json

import pytest
from processes import eventually
from token_server import REFRESH, RESOURCE
from ways import curl, login


@pytest.fixture
def revoked(person, server):
    """A person whose token was good once and is revoked; the server."""
    login(person, server, "simplejwt", "s")
    assert curl(person, server.origin + RESOURCE) == "ok\n"
    server.revoke_all()
    server.uses.clear()
    return server


def renewals(server):
    return [request.status for request in server.requests(REFRESH)]


def test_the_script_does_not_notice(person, revoked):
    said = person.lanyard("curl", "-sS", "--json", '{"a": 1}', revoked.origin + RESOURCE)
    assert (said.out, said.err) == ("ok\n", "")
    assert revoked.uses == [("POST", 401, b'{"a": 1}'), ("POST", 200, b'{"a": 1}')]
    assert renewals(revoked) == [200]


def test_a_hundred_refused_at_once_make_one_renewal(person, revoked):
    with revoked.held(REFRESH):
        calls = [person.start("lanyard", "curl", "-sS", revoked.origin + RESOURCE) for _ in range(100)]
        eventually(lambda: len(revoked.uses) == 100, "all have been refused")
    assert [person.finish(call).out for call in calls] == ["ok\n"] * 100
    assert renewals(revoked) == [200]
    assert sorted(status for _, status, _ in revoked.uses) == [200] * 100 + [401] * 100


def test_a_hundred_in_one_process(person, revoked):
    urls = [revoked.origin + RESOURCE] * 100
    assert curl(person, "-Z", "--parallel-immediate", "--parallel-max", "100", *urls) == "ok\n" * 100
    assert renewals(revoked) == [200]


def test_a_pipe_cannot_be_sent_again_and_the_next_request_is_right(person, revoked):
    said = person.run("sh", "-c", f"printf piped | lanyard curl -sS -T - {revoked.origin}{RESOURCE}")
    assert (said.out, said.err) == ("no\n", "")
    assert [use[:2] for use in revoked.uses] == [("PUT", 401)]
    assert curl(person, revoked.origin + RESOURCE) == "ok\n"
    assert renewals(revoked) == [200]
    assert [status for _, status, _ in revoked.uses] == [401, 200]


def test_a_server_that_refuses_whatever_it_gets_is_asked_once(person, revoked):
    url = revoked.origin + RESOURCE
    assert curl(person, url) == "ok\n"
    for _ in range(3):
        revoked.revoke_all()
        revoked.uses.clear()
        assert curl(person, "-d", "x=1", url) == "no\n"
        # Not a second time with the same token.
        assert len(revoked.uses) == 1
    assert renewals(revoked) == [200], "an answer makes the daemon ask once a minute"


def test_why_says_what_happened(person, revoked):
    curl(person, revoked.origin + RESOURCE)
    decisions = json.loads(person.lanyard("why", "4", "--json").out)
    assert [(decision["method"], decision["reason"]) for decision in decisions] == [
        ("GET", "attached"), ("GET", "refused"), ("renew", "renewed"), ("GET", "attached")]  # fmt: skip
    assert "s: the server refused it (401)" in person.lanyard("why").out


def test_reveal_shows_what_is_masked(person, server):
    login(person, server, "simplejwt", "s")
    token = person.lanyard("token", "s").out.strip()
    url = server.origin + RESOURCE
    assert token not in person.lanyard("run", "--", "curl", "-sSv", url).err
    assert f"Authorization: Bearer {token}" in person.lanyard("run", "--reveal", "--", "curl", "-sSv", url).err
