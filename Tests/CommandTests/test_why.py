"""`lanyard why`: what was decided, bounded, and without what must not be in it."""

import ctypes
import json
import os

import pytest
from endpoint import Endpoint
from varlink_wire import AGENT, ask, call
from ways import add, curl

pytestmark = pytest.mark.vault

# How many decisions are kept.
MOST = 1000


def decisions(person, *arguments):
    return json.loads(person.lanyard("why", *arguments, "--json").out)


def question(recorder, **changes):
    target = {"scheme": "http", "host": "127.0.0.1", "port": recorder.port, "path": "/"}
    return {
        "program": "test", "sessions": [], "hop": 0, "left": False, "start": target, "target": target, "method": "GET",
        "peer": "127.0.0.1", "peer_port": recorder.port, "proxy": False, "verified": True, "host": None, "brought": [],
        "cookies": [], "required": False,
    } | changes  # fmt: skip


def test_program_pid_and_path_but_no_query_and_no_secret(person, recorder, leaks):
    secret = leaks.new("bearer")
    add(person, "s", recorder.origin, secret)
    process = person.start("lanyard", "curl", "-sS", recorder.origin + "/a/b?key=in-the-query")
    person.finish(process)
    [decision] = decisions(person)
    assert decision | {"time": None} == {
        "time": None, "program": "curl", "pid": process.pid, "method": "GET", "url": recorder.origin + "/a/b",
        "session": "s", "reason": "attached",
    }  # fmt: skip
    out = person.lanyard("why").out
    assert secret not in out and "in-the-query" not in out


def test_the_last_thousand_are_kept(person, recorder, leaks):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    with person.connect() as connection:
        for number in range(MOST + 25):
            asked = question(recorder)
            asked["target"] = asked["target"] | {"path": f"/{number}"}
            assert ask(connection, f"{AGENT}.Attach", **asked)["parameters"]["session"] == "s"
    kept = decisions(person, str(MOST))
    paths = [decision["url"].rpartition("/")[2] for decision in kept]
    assert paths == [str(number) for number in range(25, MOST + 25)]
    assert len(decisions(person)) == 20
    last = person.lanyard("why", "2").out.splitlines()
    assert last[2].startswith("2 of the last 1,000 since ") and last[2].endswith("; earlier ones are forgotten")
    # One message that was not asked to come in parts has no more than fits.
    assert len(call(person, "Why")["parameters"]["decisions"]) == 200


def test_what_is_long_is_cut(person, recorder, leaks):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    with person.connect() as connection:
        asked = question(recorder)
        asked["target"] = asked["target"] | {"path": "/" + "long" * 8000}
        ask(connection, f"{AGENT}.Attach", **asked)
    [decision] = decisions(person)
    assert len(decision["url"]) < 300 and decision["url"].endswith("…")


def test_the_name_is_the_kernels_and_moves_no_cursor(person, recorder, leaks):
    """Not what the caller says it is; a process may give itself any name."""
    add(person, "s", recorder.origin, leaks.new("bearer"))
    ours = ctypes.CDLL(None)
    before = open("/proc/self/comm").read().rstrip("\n")
    # PR_SET_NAME
    ours.prctl(15, b"\x1b[2Jevil\xc2\x9b\r", 0, 0, 0)
    try:
        with person.connect() as connection:
            ask(connection, f"{AGENT}.Attach", **question(recorder, program="innocent"))
    finally:
        ours.prctl(15, before.encode(), 0, 0, 0)
    [decision] = decisions(person)
    assert decision["pid"] == os.getpid()
    assert decision["program"] == "[2Jevil"
    assert "innocent" not in person.lanyard("why").out


def test_a_redirect_that_left_and_what_a_script_brought(person, recorder, hop, leaks):
    add(person, "s", hop.origin, leaks.new("bearer"))
    curl(person, "-L", f"{hop.origin}/?to={recorder.origin}/x")
    curl(person, "-u", "me:mine", hop.origin + "/?to=/", env={"LANYARD_SESSION": "s"})
    first, second, third = decisions(person)
    assert (first["session"], first["reason"]) == ("s", "attached")
    assert (second["session"], second["reason"], second["url"]) == (None, "left", recorder.origin + "/x")
    assert (third["session"], third["reason"]) == (None, "brought")
    out = person.lanyard("why").out
    assert 'nothing: a redirect left the protection space of "s"' in out


def test_renewals(person, leaks):
    with Endpoint(leaks) as endpoint:
        endpoint.add(person, "s")
        person.lanyard("refresh", "s")
        endpoint.before_answer = lambda: (500, [])
        person.lanyard("refresh", "s", status=9)
        renewed, failed = decisions(person)
    assert renewed["program"] == "lanyardd" and renewed["pid"] == person.daemon_pid()
    assert (renewed["method"], renewed["url"], renewed["session"]) == ("renew", endpoint.tell, "s")
    assert (renewed["reason"], failed["reason"]) == ("renewed", "not-renewed")
    assert "s: not renewed: " in person.lanyard("why", "1").out


def test_cookies_that_had_no_room(person, recorder, leaks):
    jar = "".join(f"127.0.0.1\tFALSE\t/\tFALSE\t0\tc{n}\t{'v' * 3000}\n" for n in range(7))
    person.lanyard("add", "s", "--for", recorder.origin, "--cookie-jar", input=jar)
    curl(person, recorder.origin)
    assert "s (its 2 oldest cookies had no room)" in person.lanyard("why").out
