"""What happens at once: stops, logins and logouts during a renewal, many renewals, a disk that fails.

Nothing is timed: the server's answers and the disk wait until the test lets them go (token_server.py, disk.py).
"""

import contextlib
import json
import os
import re
import signal
import time
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from processes import eventually, wait_for_end
from token_server import LOGIN, LOGOUT, REFRESH
from varlink_wire import AGENT, ask, call, come_round, message, receive
from ways import curl, login, sessions


def upcoming(person):
    """When each session is renewed by itself, in seconds since 1970; it may be less than two seconds later."""
    renewals = json.loads(person.lanyard("status", "--json").out)["next"]
    return {renewal["session"]: datetime.fromisoformat(renewal["at"]).timestamp() for renewal in renewals}


def start_renewal(person, server, name="s"):
    """`lanyard refresh`, whose request has come to the server, which holds up the answer."""
    before = len(server.requests(REFRESH))
    command = person.start("lanyard", "refresh", name)
    eventually(lambda: len(server.requests(REFRESH)) > before, "the renewal is at the server")
    return command


def place_of(origin):
    parts = urlsplit(origin)
    return {"scheme": parts.scheme, "host": parts.hostname, "port": parts.port, "path": "/"}


def attach_message(origin, *names):
    place = place_of(origin)
    question = {
        "program": "test", "ambient": False, "sessions": names, "hop": 0, "left": False, "start": place, "target": place, "method": "GET",
        "peer": "127.0.0.1", "peer_port": place["port"], "proxy": False, "verified": True, "host": None, "brought": [],
        "cookies": [],
    }  # fmt: skip
    return message(f"{AGENT}.Attach", **question)


def attach(connection, origin, *names):
    """What a request to this server gets."""
    connection.sendall(attach_message(origin, *names))
    return receive(connection)["parameters"]


# A server that does not rotate.


def test_a_refresh_token_that_stays_is_not_asked_for_without_end(person, new_server):
    """Its end comes near, and no renewal puts that off."""
    server = new_server(rotates=False, refresh_lifetime=5)
    login(person, server, "simplejwt", "s")
    due = upcoming(person)["s"]
    eventually(lambda: [request for request in server.requests(REFRESH) if request.taken], "it is renewed by itself")
    eventually(lambda: '"s"' in person.log.read_text(), "the log says so")
    # What is told is cut to whole seconds, and may be said of the next one.
    assert due <= time.time() + 1 and "s" not in upcoming(person)
    person.lanyard("refresh", "s")
    # In use: from now on the access token's end counts, which is minutes away.
    person.lanyard("token", "s")
    assert upcoming(person)["s"] > time.time() + 200
    ends = datetime.fromisoformat(call(person, "Show", session="s")["parameters"]["details"]["refresh"]["expires"])
    eventually(lambda: time.time() > ends.timestamp() + 1, "the refresh token ends")
    come_round(person)
    assert len(server.requests(REFRESH)) == 2


# Stops.


def is_pending(pid, signal_number):
    with open(f"/proc/{pid}/status") as file:
        masks = re.findall(r"^(?:Sig|Shd)Pnd:\s*(\w+)$", file.read(), re.M)
    return any(int(mask, 16) >> (signal_number - 1) & 1 for mask in masks)


def begin_stop(person, how):
    """Returns when the daemon takes no more callers."""
    pid = person.daemon_pid()
    if how == "SIGTERM":
        os.kill(pid, signal.SIGTERM)
        command = None
    else:
        command = person.start("lanyard", "daemon", "stop")
    eventually(lambda: person.daemon_pid() is None, "the stop has begun")
    return command


@pytest.mark.parametrize("first", ["SIGTERM", "daemon stop"])
def test_a_second_stop_does_not_cut_the_first_short(person, server, first):
    login(person, server, "simplejwt", "s")
    pid = person.running_daemon()
    with person.connect() as other:
        with server.held(REFRESH):
            renewal = start_renewal(person, server)
            stop = begin_stop(person, first)
            os.kill(pid, signal.SIGTERM)
            eventually(lambda: not is_pending(pid, signal.SIGTERM), "the daemon takes the signal")
            # The loop has come round since.
            ask(other, f"{AGENT}.Status")
        assert person.finish(renewal).status == 0
    assert wait_for_end(pid) == 0
    assert stop is None or person.finish(stop).status == 0
    person.lanyard("refresh", "s")
    assert [request.status for request in server.requests(REFRESH)] == [200, 200]


def test_calls_after_a_stop_has_begun_are_refused(person, server):
    """Nobody would wait for what they begin. What only looks is answered."""
    login(person, server, "simplejwt", "a")
    server.user = "bob"
    server.access_lifetime = 1
    login(person, server, "simplejwt", "b")
    eventually(lambda: sessions(person)["b"]["state"] == "expired", "b's token expires")
    pid = person.running_daemon()
    calls = [
        ("Refresh", {"session": "b"}),
        ("Token", {"of": "b"}),
        ("Login", {"session": "b", "for": [], "user": "bob", "password": server.password}),
        ("Discover", {"url": server.origin + LOGIN, "for": []}),
        ("Logout", {"session": "b"}),
        ("Remove", {"session": "b"}),
        ("Add", {"name": "c", "for": ["https://c.example"], "kind": "bearer", "secret": person.leaks.new("bearer")}),
    ]
    with person.connect() as other:
        with server.held(REFRESH):
            renewal = start_renewal(person, server, "a")
            begin_stop(person, "SIGTERM")
            for method, parameters in calls:
                answer = ask(other, f"{AGENT}.{method}", **parameters)
                assert answer and "ending" in answer["parameters"]["message"], method
            # A token that has ended and cannot be renewed now is sent as it is.
            assert attach(other, server.origin, "b")["reason"] == "attached"
            assert "pid" in ask(other, f"{AGENT}.Status")["parameters"]
        assert person.finish(renewal).status == 0
    assert wait_for_end(pid) == 0
    assert [request.user for request in server.requests(REFRESH)] == ["alice"]
    assert len(server.requests(LOGIN)) == 2 and not server.requests(LOGOUT)
    assert list(sessions(person)) == ["a", "b"]


def test_a_request_that_waits_for_a_renewal_gets_its_answer_before_the_end(person, new_server):
    server = new_server(access_lifetime=1)
    login(person, server, "simplejwt", "s")
    eventually(lambda: sessions(person)["s"]["state"] == "expired", "the token expires")
    server.access_lifetime = 300
    pid = person.running_daemon()
    with person.connect() as request:
        with server.held(REFRESH):
            request.sendall(attach_message(server.origin))
            eventually(lambda: server.requests(REFRESH), "the renewal is at the server")
            begin_stop(person, "SIGTERM")
        answer = receive(request)
    assert answer and answer["parameters"]["reason"] == "attached"
    assert server.user_of(answer["parameters"]["headers"][0]["value"].removeprefix("Bearer ")) == "alice"
    assert wait_for_end(pid) == 0


# A new login.


def test_cookies_for_an_older_login_are_dropped(person, site):
    login(person, site, "django", "d")
    with person.connect() as connection:

        def come_back(version, cookie):
            brought = {"version": version, "target": place_of(site.origin), "set_cookie": [cookie]}
            answer = ask(connection, f"{AGENT}.Received", session="d", **brought)
            assert "error" not in answer

        older = attach(connection, site.origin)
        person.lanyard("login", "d", "--password-stdin", input=site.password + "\n")
        current = attach(connection, site.origin)
        assert current["version"] > older["version"] and current["cookie"] != older["cookie"]
        # Django's answer to a session id it does not know any more.
        come_back(older["version"], 'sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/')
        assert attach(connection, site.origin)["cookie"] == current["cookie"]
        come_back(current["version"], "seen=yes; Path=/; Max-Age=1000")
        assert "seen=yes" in attach(connection, site.origin)["cookie"]
        # Its own version is not outdated by the cookies that came back meanwhile.
        come_back(current["version"], "also=yes; Path=/; Max-Age=1000")
    person.kill_daemon()
    assert json.loads(curl(person, site.me))["user"] == site.user
    with person.connect() as connection:
        cookie = attach(connection, site.origin)["cookie"]
    assert "seen=yes" in cookie and "also=yes" in cookie


def log_in_as_bob(person, server):
    return person.start("lanyard", "login", "s", "--user", "bob", "--password-stdin", input=server.password + "\n")


@pytest.mark.parametrize("first", ["login", "renewal"])
def test_a_renewal_does_not_overwrite_a_new_login(person, server, disk, first):
    """Both answers come while the disk is busy, and the one that came first is being written."""
    login(person, server, "simplejwt", "s")
    order = [LOGIN, REFRESH] if first == "login" else [REFRESH, LOGIN]
    with contextlib.ExitStack() as second_answer, contextlib.ExitStack() as disk_is_held:
        first_answer = second_answer.enter_context(contextlib.ExitStack())
        first_answer.enter_context(server.held(order[0]))
        second_answer.enter_context(server.held(order[1]))
        renewal = start_renewal(person, server)
        again = log_in_as_bob(person, server)
        eventually(lambda: server.requests(LOGIN)[-1].user == "bob", "the login is at the server")
        disk_is_held.enter_context(disk.held())
        first_answer.close()
        disk.wait_until_held()
        second_answer.close()
        eventually(lambda: server.requests(order[1])[-1].taken, "the daemon has the second answer")
        come_round(person)
    assert person.finish(again).status == 0
    person.finish(renewal)
    for _ in range(2):
        shown = call(person, "Show", session="s", reveal=True)["parameters"]
        assert shown["session"]["account"] == "bob" and shown["session"]["state"] == "active"
        assert server.alive.get(shown["details"]["refresh"]["token"]) == "bob"
        assert server.user_of(person.lanyard("token", "s").out.strip()) == "bob"
        person.kill_daemon()
        person.lanyard("refresh", "s")
    assert not server.refused()


# A logout.


def test_no_renewal_begins_during_a_logout(person, new_server):
    server = new_server(access_lifetime=5)
    login(person, server, "simplejwt", "s")
    person.lanyard("token", "s")
    due = upcoming(person)["s"]
    with server.held(LOGOUT):
        logout = person.start("lanyard", "logout", "s")
        eventually(lambda: server.requests(LOGOUT), "the logout is at the server")
        before = len(server.requests(REFRESH))
        # Whoever insists is refused; it is not put off until after the logout either.
        assert "error" in call(person, "Refresh", session="s")
        eventually(lambda: time.time() > due + 2, "a renewal would have been due")
        come_round(person)
    assert person.finish(logout).status == 0
    assert len(server.requests(REFRESH)) == before
    assert server.alive == {} and sessions(person) == {}


def test_a_logout_revokes_what_a_renewal_under_way_brings(person, server):
    login(person, server, "simplejwt", "s")
    with server.held(REFRESH):
        renewal = start_renewal(person, server)
        with person.connect() as connection:
            connection.sendall(message(f"{AGENT}.Logout", session="s"))
            come_round(person)
            assert not server.requests(LOGOUT)
    person.finish(renewal)
    eventually(lambda: sessions(person) == {}, "the session is forgotten")
    assert server.alive == {} and not server.refused()


# Many sessions at one server.


def test_a_server_that_hangs_holds_up_no_other(person, new_server):
    hanging, other = new_server(access_lifetime=10), new_server(access_lifetime=5)
    names = [f"h{number}" for number in range(20)]
    with hanging.held(REFRESH):
        for name in names:
            hanging.user = name
            login(person, hanging, "simplejwt", name)
            # In use: renewed ahead of time.
            call(person, "Token", of=name)
        eventually(lambda: len(hanging.requests(REFRESH)) >= 16, "as many hang as may")
        login(person, other, "simplejwt", "o")
        call(person, "Token", of="o")
        eventually(lambda: other.requests(REFRESH), "the other server's session is renewed by itself")
        # Expired, so that all of them have been due.
        eventually(lambda: sessions(person)[names[-1]]["state"] == "expired", "the last token expires")
        come_round(person)
        asking = [request.user for request in hanging.requests(REFRESH)]
        queued = [name for name in names if name not in asking]
        assert len(asking) == 16 and len(queued) == 4
        # One that waits for its turn, and that somebody asks for, does not wait any more.
        asked = start_renewal(person, hanging, queued[0])
        assert hanging.requests(REFRESH)[-1].user == queued[0]
    assert person.finish(asked).status == 0
    eventually(lambda: {request.user for request in hanging.requests(REFRESH)} == set(names), "all are renewed")
    for name in names:
        person.lanyard("refresh", name)
    assert not hanging.refused() and not other.refused()


# A disk that is full.


@pytest.fixture
def unwritten(person, server, disk):
    """A session whose renewed tokens the journal could not take; the disk is well again."""
    login(person, server, "simplejwt", "s")
    before = person.lanyard("token", "s").out
    with contextlib.ExitStack() as full:
        with server.held(REFRESH):
            renewal = start_renewal(person, server)
            full.enter_context(disk.full())
        failed = person.finish(renewal)
        assert failed.status != 0 and failed.err.startswith("lanyard: ")
        # Nobody gets a token that could be lost.
        assert person.lanyard("token", "s").out == before
    return before


@pytest.mark.parametrize("how", ["SIGTERM", "daemon stop"])
def test_what_could_not_be_written_is_written_at_a_clean_stop(person, server, unwritten, how):
    if how == "SIGTERM":
        assert person.stop_daemon() == 0
    else:
        person.lanyard("daemon", "stop")
    assert person.lanyard("token", "s").out != unwritten
    person.lanyard("refresh", "s")
    assert [request.status for request in server.requests(REFRESH)] == [200, 200]


def test_what_could_not_be_written_is_written_at_the_next_try(person, server, unwritten):
    person.lanyard("refresh", "s")
    # It is the answer that the server gave the first time.
    assert len(server.requests(REFRESH)) == 1
    person.kill_daemon()
    assert person.lanyard("token", "s").out != unwritten
    person.lanyard("refresh", "s")
    assert [request.status for request in server.requests(REFRESH)] == [200, 200]


def test_a_logout_revokes_what_could_not_be_written(person, server, unwritten):
    person.lanyard("logout", "s")
    assert server.alive == {} and not server.refused()
    assert sessions(person) == {}
