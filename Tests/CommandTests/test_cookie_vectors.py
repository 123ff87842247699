"""Tests/Vectors/set-cookie.jsonl and cookies-more.jsonl end to end: a server's Set-Cookie lines, then the Cookie it gets."""

import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from recorder import Handler, Recorder
from ways import curl

pytestmark = pytest.mark.vault

VECTORS = Path(__file__).parent.parent / "Vectors"
# file: how many of its rows cannot be sent
FILES = {"set-cookie.jsonl": 2, "cookies-more.jsonl": 0}
# What the standard's text says instead; VectorTests.contradicted has the sections.
CONTRADICTED = {"0028": "foo", "name0025": "==a=bar"}
# Some of the cookies ended in 2019.
THEN = "@2018-06-01 00:00:00"


class Server(Handler):
    """Sets the cookies of the row that `?` names, and redirects to where they are looked at."""

    def mode_ok(self):
        row = self.server.recorder.rows.get(urlsplit(self.path).query)
        if row is None:
            return self.answer(200, "ok\n")
        lines = [("Set-Cookie", line) for line in row["set_cookie"]]
        self.answer(302, headers=[*lines, ("Location", row["to"])])


def can_be_sent(row):
    """libcurl refuses an answer with a NUL, and a line of an answer cannot hold its end."""
    return not set("\0\r\n") & set("".join(row["set_cookie"]))


@pytest.fixture
def then(person):
    """A person whose clock stands in June 2018."""
    preload = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    clock = {"LD_PRELOAD": str(preload), "FAKETIME": THEN, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    person.start(person.programs / "lanyardd", env=clock, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    person.running_daemon()
    return person


@pytest.mark.parametrize("file", FILES)
def test_rows(then, file):
    all_rows = [json.loads(line) for line in (VECTORS / file).read_text().splitlines()]
    rows = {row["id"]: row for row in all_rows if can_be_sent(row)}
    assert len(all_rows) - len(rows) == FILES[file]
    then.lanyard(
        *("add", "c", "--for", "http://home.example.org:8888", "--for", "http://*.example.org:8888", "--cookie-jar"),
        input="",
    )
    wrong = []
    with Recorder(handler=Server) as server:
        server.rows = rows
        for name, row in rows.items():
            curl(then, "-L", "--connect-to", f"::{server.host}", row["from"])
            wanted = CONTRADICTED.get(name, row["cookie"])
            got = server.requests[-1]["headers"].get("cookie", "")
            if got != wanted:
                wrong.append((name, row["set_cookie"], wanted, got))
            then.lanyard("cookies", "clear", "c")
    assert wrong == []


def test_each_hop_is_merged_before_the_next(person):
    """Cookies of a chain of redirects through subdomains arrive at its end; those of a host beyond it do not."""
    inside = {
        "one": {"set_cookie": ["a=1; Domain=example.org"], "to": "http://www.example.org:8888/?two"},
        "two": {"set_cookie": ["b=2", "c=3; Domain=example.org"], "to": "http://home.example.org:8888/?three"},
        "three": {"set_cookie": ["a=0; Domain=example.org; Max-Age=0"], "to": "http://home.example.org:8888/"},
        "away": {"set_cookie": ["d=4; Domain=example.org"], "to": "http://example.net:8888/?back"},
        "back": {"set_cookie": ["e=5"], "to": "http://home.example.org:8888/?late"},
        "late": {"set_cookie": ["f=6; Domain=example.org"], "to": "http://home.example.org:8888/"},
    }
    person.lanyard("add", "c", "--for", "http://*.example.org:8888", "--cookie-jar", input="")
    with Recorder(handler=Server) as server:
        server.rows = inside
        to = ("-L", "--connect-to", f"::{server.host}")
        curl(person, *to, "http://home.example.org:8888/?one")
        assert [request["headers"].get("cookie") for request in server.requests] == [None, "a=1", "a=1; c=3", "c=3"]
        curl(person, *to, "http://home.example.org:8888/?away")
        # The hops after the one that left carried no session: what they set is not its own.
        assert [request["headers"].get("cookie") for request in server.requests[4:]] == ["c=3", None, None, None]
    listed = json.loads(person.lanyard("cookies", "list", "c", "--json").out)
    assert {cookie["name"] for cookie in listed} == {"b", "c", "d"}


@pytest.mark.parametrize("pattern", ["http://*.com:8888", "http://*.co.uk:8888", "https://*.github.io", "https://*.uk"])
def test_a_pattern_does_not_reach_a_public_suffix(person, pattern):
    person.lanyard("add", "c", "--for", pattern, "--cookie-jar", input="", status=64)


def test_a_request_that_is_not_sent_fills_no_jar(person, recorder):
    person.lanyard("add", "c", "--for", recorder.origin, "--cookie-jar", input="")
    failed = person.lanyard("run", "--require", "--", "curl", "-sS", recorder.origin, status=42)
    assert "has no cookie" in failed.err and recorder.requests == []
