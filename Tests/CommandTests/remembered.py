"""A person with two sessions that an earlier daemon has kept: what there is of them, and that they work."""

import contextlib
import json
import re
import time

from ways import curl, sessions

# No call to a keyring may take longer, in seconds, and no command of a person's; the rest is for a machine under load.
DEADLINE = 5 + 2

# A command that a keyring has nothing to do with takes a twentieth of it.
AT_ONCE = 2


@contextlib.contextmanager
def within(seconds, what=""):
    began = time.monotonic()
    yield
    took = time.monotonic() - began
    assert took < seconds, f"{what} took {took:.1f} s"


def store(person):
    """The store's state, and why."""
    told = json.loads(person.lanyard("status", "--json").out)["store"]
    return told["state"], told["reason"]


def behind(person):
    """What `status` says of sessions that the keyring has not got as they are; empty where it has."""
    return re.findall(".*newer here than in your keyring.*", person.lanyard("status").out)


def expect_all(person, *more):
    """Every session is there and works."""
    assert set(sessions(person)) == {"token", "jwt", *more}
    expect_service(person)


def expect_service(person):
    """What is in memory is used as ever."""
    for command in (["list"], ["explain", person.recorder.origin], ["show", "jwt"]):
        with within(AT_ONCE, command):
            person.lanyard(*command)
    with within(AT_ONCE, "curl"):
        assert curl(person, person.recorder.origin) == "ok\n"
    assert person.secret in person.recorder.requests[-1]["headers"]["authorization"]
    with within(AT_ONCE, "token"):
        assert person.lanyard("token", "token").out == person.secret + "\n"
    with within(AT_ONCE, "refresh"):
        person.lanyard("refresh", "jwt")
    assert not person.server.refused()


def lose_journal(person):
    """From here on the items are all there is."""
    person.kill_daemon()
    person.journal.unlink()


def items(person):
    """The path of each session's item, by the session's name; None for the journal's key."""
    found = {}
    for path in person.keyring.items():
        lines = [json.loads(line) for line in person.keyring.secret(path).splitlines()]
        assert lines[0]["lanyard"] == 1
        found[None if "key" in lines[0] else name_in(lines)] = path
    return found


def name_in(lines):
    return next(name for name in re.findall(r'"name": ?"([^"]+)"', json.dumps(lines)))
