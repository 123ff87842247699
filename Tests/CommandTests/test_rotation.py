"""A rotated refresh token is never lost, and nobody gets a token that the journal does not have."""

import contextlib
import json
import resource

import pytest
from endpoint import LOGIN, Endpoint
from processes import eventually
from ways import curl, sessions


@pytest.fixture
def endpoint(leaks):
    with Endpoint(leaks) as endpoint:
        yield endpoint


def start_refresh(person, endpoint, name):
    """`lanyard refresh` whose request has reached the endpoint."""
    before = len(endpoint.renewals)
    process = person.start("lanyard", "refresh", name)
    eventually(lambda: len(endpoint.renewals) > before, "the renewal reaches the endpoint")
    return process


@contextlib.contextmanager
def full_disk(person):
    """The daemon's files cannot grow; its journal is the largest of them."""
    pid = person.running_daemon()
    old = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (person.journal.stat().st_size, old[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, old)


def test_a_daemon_killed_during_the_exchange_says_what_was_lost(person, endpoint):
    """The intent was in the journal: the login that is needed is not blamed on the server."""
    endpoint.add(person, "s")
    with endpoint.holding():
        process = start_refresh(person, endpoint, "s")
        person.kill_daemon()
    person.finish(process)
    refused = person.lanyard("refresh", "s", status=4)
    assert "was cut off" in refused.err


def test_a_refresh_token_that_was_never_in_doubt_is_the_servers_to_refuse(person, endpoint):
    endpoint.add(person, "s")
    endpoint.spent.add(endpoint.given[0][1])
    refused = person.lanyard("refresh", "s", status=4)
    assert "no longer takes" in refused.err and "was cut off" not in refused.err
    # Once is enough: the server is not asked again.
    person.lanyard("refresh", "s", status=4)
    assert len(endpoint.renewals) == 1


def test_an_answer_that_was_lost_leaves_the_token_in_doubt(person, endpoint):
    endpoint.add(person, "s")
    endpoint.before_answer = lambda: endpoint.spent.add(endpoint.given[0][1]) or (502, ())
    person.lanyard("refresh", "s", status=9)
    endpoint.before_answer = lambda: None
    assert "was cut off" in person.lanyard("refresh", "s", status=4).err


def test_without_the_intent_in_the_journal_nothing_is_sent(person, endpoint):
    endpoint.add(person, "s")
    with full_disk(person):
        person.lanyard("refresh", "s", status=7)
    assert not endpoint.renewals
    person.lanyard("refresh", "s")
    assert len(endpoint.renewals) == 1


def test_nobody_gets_a_token_that_the_journal_does_not_have(person, endpoint):
    endpoint.add(person, "s", "--expires", "0")
    with contextlib.ExitStack() as stack:

        def fill():
            stack.enter_context(full_disk(person))
            endpoint.before_answer = lambda: None

        endpoint.before_answer = fill
        person.lanyard("refresh", "s", status=7)
        # The server decides about the old one.
        assert curl(person, endpoint.origin) == "ok\n"
        assert person.lanyard("token", "s", status=None).status != 0
        assert endpoint.used(0) and not endpoint.used(1)
    # There is room again, and the answer was kept: the endpoint is not asked twice.
    assert curl(person, endpoint.origin) == "ok\n"
    assert endpoint.used(1) and len(endpoint.renewals) == 1
    person.kill_daemon()
    assert person.lanyard("token", "s").out == endpoint.given[1][0] + "\n"


def test_a_stale_answer_is_dropped_after_a_new_login(person, endpoint):
    endpoint.log_in(person, "s")
    with endpoint.holding():
        stale = start_refresh(person, endpoint, "s")
        endpoint.log_in(person, "s")
    person.finish(stale)
    # Given out: by the first login, to the renewal, by the second login.
    newest = endpoint.given[2][0] + "\n"
    assert person.lanyard("token", "s").out == newest
    person.kill_daemon()
    assert person.lanyard("token", "s").out == newest


def test_a_stale_refusal_is_dropped_after_a_new_login(person, endpoint):
    endpoint.log_in(person, "s")
    endpoint.spent.add(endpoint.given[0][1])
    with endpoint.holding():
        stale = start_refresh(person, endpoint, "s")
        endpoint.log_in(person, "s")
    person.finish(stale)
    assert sessions(person)["s"]["state"] != "needs-login"


def test_a_stale_renewal_does_not_end_the_one_after_it(person, endpoint):
    """One in flight for each refresh token, even where an older one ends meanwhile."""
    endpoint.log_in(person, "s")
    with endpoint.holding() as held:
        stale = start_refresh(person, endpoint, "s")
        endpoint.log_in(person, "s")
        with endpoint.holding():
            current = start_refresh(person, endpoint, "s")
            held.set()
            person.finish(stale)
            joining = person.start("lanyard", "refresh", "s")
            # Served after the question above has come, or before: the renewal is under way in either case.
            person.lanyard("list")
    assert [person.finish(process).status for process in (current, joining)] == [0, 0]
    bodies = [json.loads(request["body"])["refresh"] for request in endpoint.renewals]
    assert len(set(bodies)) == len(bodies)


def test_an_answer_does_not_bring_a_removed_session_back(person, endpoint):
    endpoint.log_in(person, "s")
    with endpoint.holding():
        renewal = start_refresh(person, endpoint, "s")
        person.lanyard("remove", "s")
    assert person.finish(renewal).status != 0
    assert sessions(person) == {}
    person.kill_daemon()
    assert sessions(person) == {}


def test_a_pause_that_the_server_asks_for_is_kept(person, endpoint):
    endpoint.log_in(person, "s")
    endpoint.before_answer = lambda: (503, [("Retry-After", "600")])
    for _ in range(2):
        person.lanyard("refresh", "s", status=9)
    assert len(endpoint.renewals) == 1


def test_logout_revokes_what_a_renewal_under_way_brings(person, endpoint):
    endpoint.log_in(person, "s")
    with endpoint.holding():
        renewal = start_refresh(person, endpoint, "s")
        logout = person.start("lanyard", "logout", "s")
        # Both calls have come to the daemon by now, or the logout comes after the answer: it ends the same.
        person.lanyard("list")
    person.finish(renewal)
    assert person.finish(logout).status == 0
    revoked = [json.loads(request["body"]) for request in endpoint.requests if request["target"] == LOGIN + "blacklist/"]
    assert revoked == [{"refresh": endpoint.given[1][1]}]


def test_no_renewal_begins_during_a_logout(person, endpoint):
    """It would bring a token that nobody revokes."""
    endpoint.log_in(person, "s")
    with endpoint.holding():
        logout = person.start("lanyard", "logout", "s")
        eventually(lambda: len(endpoint.requests) == 2, "the logout reaches the endpoint")
        renewal = person.start("lanyard", "refresh", "s")
        assert person.finish(renewal).status != 0
    assert person.finish(logout).status == 0
    assert not endpoint.renewals


@pytest.mark.parametrize("options", [[], ["--expires", "0"]], ids=["no expiry", "expired"])
def test_a_session_that_needs_a_login_sends_nothing(person, endpoint, options):
    endpoint.add(person, "s", *options)
    endpoint.spent.add(endpoint.given[0][1])
    person.lanyard("refresh", "s", status=4)
    said = person.lanyard("curl", "-sS", endpoint.origin)
    assert said.out == "ok\n" and '"s"' in said.err
    assert not endpoint.used(0)
