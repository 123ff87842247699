"""`store move`: all sessions arrive and work, or everything is where it was."""

import json
import os
import random
import signal
import time

import pytest
from keyring import Keyring
from processes import eventually, wait_for_end
from remembered import DEADLINE, items, within
from terminal import at_terminal
from ways import add, curl, login, sessions

pytestmark = pytest.mark.keyring

SEED = int(os.environ.get("LANYARD_TEST_SEED", random.randrange(1 << 32)))
OTHER = {"vault": "secret-service", "secret-service": "vault"}
PASSPHRASE = "LANYARD_PASSPHRASE_FILE"


def kind(person):
    return json.loads(person.lanyard("status", "--json").out)["store"]["kind"]


class Mover:
    """A person with a session of each kind, whose sessions are in `where`."""

    def __init__(self, person, where, site, server, recorder, leaks):
        self.person, self.keyring = person, person.keyring
        self.site, self.server, self.recorder = site, server, recorder
        person.environment |= {"LANYARD_STORE": where, PASSPHRASE: str(person.passphrase_file)}
        self.secret = leaks.new("bearer")
        add(person, "token", recorder.origin, self.secret)
        login(person, site, "django", "cookies")
        login(person, server, "simplejwt", "jwt")
        person.stop_daemon()
        person.environment["LANYARD_STORE"] = "auto"
        self.names = {"token", "cookies", "jwt"}

    def expect(self, where):
        """All sessions are there, work, and outlast a daemon that is killed."""
        for _ in range(2):
            assert set(sessions(self.person)) == self.names
            assert kind(self.person) == where
            assert self.person.lanyard("token", "token").out == self.secret + "\n"
            curl(self.person, self.recorder.origin)
            assert self.secret in self.recorder.requests[-1]["headers"]["authorization"]
            assert json.loads(curl(self.person, self.site.me))["way"] == "session"
            self.person.lanyard("refresh", "jwt")
            self.person.kill_daemon()
        assert not self.server.refused()

    def expect_only(self, where):
        """And nothing of it is in the other store."""
        self.expect(where)
        self.person.lanyard("list")
        if where == "vault":
            assert self.person.key_file.exists()
            assert self.keyring.items() == []
        else:
            assert not self.person.key_file.exists()
            eventually(lambda: set(items(self.person)) == self.names | {None}, "all are in the keyring")

    def move(self, to, **options):
        return self.person.lanyard("store", "move", to, **options)


@pytest.fixture(params=["vault", "secret-service"])
def mover(request, person, site, server, recorder, leaks):
    return Mover(person, request.param, site, server, recorder, leaks)


@pytest.fixture
def start(mover):
    return kind(mover.person)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_there_and_back(mover, start, times):
    where = start
    for _ in range(times):
        where = OTHER[where]
        place = "the vault" if where == "vault" else "your keyring"
        assert mover.move(where).out == f"3 sessions are in {place} now\n"
        mover.expect_only(where)
    mover.person.stop_daemon()
    mover.expect_only(where)


def test_changes_after_a_move(mover, start, leaks):
    """What happens after it is kept as if it had always been there; the first daemon runs on."""
    mover.move(OTHER[start])
    add(mover.person, "new", f"{mover.recorder.origin}/new", leaks.new("bearer"))
    mover.person.lanyard("remove", "token")
    mover.person.lanyard("refresh", "jwt")
    mover.person.kill_daemon()
    assert set(sessions(mover.person)) == {"new", "cookies", "jwt"}
    mover.person.lanyard("refresh", "jwt")
    assert not mover.server.refused()


def test_what_was_removed_does_not_come_back(mover, start):
    """Not with the items of an earlier time either."""
    mover.move(OTHER[start])
    mover.person.lanyard("remove", "token")
    mover.move(start)
    mover.move(OTHER[start])
    mover.person.kill_daemon()
    assert set(sessions(mover.person)) == {"cookies", "jwt"}


def test_where_it_is_already(mover, start):
    told = mover.move(start, status=64)
    assert "already" in told.err and "lanyard status" in told.err
    mover.expect_only(start)


def test_where_the_setting_names_another(mover, start):
    mover.person.stop_daemon()
    mover.person.environment["LANYARD_STORE"] = start
    told = mover.move(OTHER[start], status=7)
    assert "LANYARD_STORE" in told.err and "unset LANYARD_STORE" in told.err
    mover.expect_only(start)


def test_a_vault_made_at_a_terminal(mover, start, leaks):
    if start == "vault":
        mover.move("secret-service")
    del mover.person.environment[PASSPHRASE]
    typed = leaks.new("passphrase")
    answers = [("new passphrase", typed), ("once more", typed)]
    status, shown = at_terminal(mover.person, "lanyard", "store", "move", "vault", answers=answers)
    assert status == 0 and "are in the vault now" in shown
    mover.person.kill_daemon()
    status, shown = at_terminal(mover.person, "lanyard", "list", answers=[("passphrase of the vault", typed)])
    assert status == 0 and "jwt" in shown


def test_a_vault_for_which_nobody_can_be_asked(mover, start):
    if start == "vault":
        mover.move("secret-service")
    del mover.person.environment[PASSPHRASE]
    told = mover.move("vault", status=None)
    assert told.status != 0 and PASSPHRASE in told.err
    assert kind(mover.person) == "secret-service"


# Faults at the move.

INTO_KEYRING = [
    (Keyring.lock, Keyring.unlock, 6, "locked"),
    (Keyring.stop, Keyring.cont, 7, "does not answer"),
    (Keyring.kill, Keyring.restart, 7, "none on the session bus"),
    (Keyring.fill_disk, Keyring.free_disk, 7, "refused"),
    (Keyring.hide_collection, Keyring.show_collection, 7, "no default collection"),
    (Keyring.stop_bus, lambda keyring: (keyring.start_bus(), keyring.restart()), 7, "no session bus"),
]
NAMES = ["locked", "stopped", "killed", "disk full", "no collection", "no bus"]


@pytest.mark.parametrize("mover", ["vault"], indirect=True)
@pytest.mark.parametrize(("begin", "end", "status", "says"), INTO_KEYRING, ids=NAMES)
def test_into_a_keyring_that_takes_nothing(mover, begin, end, status, says):
    """The vault goes on; and when the fault is over the move can be made."""
    begin(mover.keyring)
    with within(DEADLINE, "the move"):
        told = mover.move("secret-service", status=status)
    assert says in told.err
    mover.expect("vault")
    end(mover.keyring)
    mover.expect_only("vault")
    mover.move("secret-service")
    mover.expect_only("secret-service")


@pytest.mark.parametrize("mover", ["secret-service"], indirect=True)
@pytest.mark.parametrize(("begin", "end", "status", "says"), INTO_KEYRING, ids=NAMES)
def test_out_of_a_keyring_that_cannot_be_used(mover, begin, end, status, says):
    """All is in memory and in the journal: the vault is made, and what stays in the keyring is said."""
    assert set(sessions(mover.person)) == mover.names
    begin(mover.keyring)
    with within(2 * DEADLINE, "the move"):
        told = mover.move("vault")
    assert "the keyring still holds what was there" in told.err and says in told.err
    mover.expect("vault")
    end(mover.keyring)
    mover.expect("vault")
    # What was left there is used up by a move back, and then deleted.
    mover.move("secret-service")
    mover.expect_only("secret-service")
    mover.move("vault")
    mover.expect_only("vault")


@pytest.mark.parametrize("mover", ["secret-service"], indirect=True)
def test_out_of_a_keyring_that_is_locked_from_the_start(mover):
    mover.keyring.restart_locked()
    told = mover.move("vault", status=6)
    assert "your keyring is locked" in told.err
    mover.keyring.unlock()
    mover.expect_only("secret-service")


@pytest.mark.parametrize("mover", ["vault"], indirect=True)
def test_a_keyring_that_did_not_keep_it(mover):
    """Some say "stored" before they have written: the vault is there until a start has read the key back."""
    mover.move("secret-service")
    mover.person.kill_daemon()
    mover.keyring.remove_items()
    assert mover.person.key_file.exists()
    mover.expect_only("vault")


@pytest.mark.parametrize("mover", ["secret-service"], indirect=True)
def test_what_was_left_in_a_keyring_brings_nothing_back(mover, leaks):
    """Its item was never seen by a start, and the session was removed in the vault."""
    add(mover.person, "removed", f"{mover.recorder.origin}/removed", leaks.new("bearer"))
    eventually(lambda: "removed" in items(mover.person), "the item is written")
    mover.keyring.kill()
    assert "still holds" in mover.move("vault").err
    mover.person.lanyard("remove", "removed")
    mover.keyring.restart()
    mover.move("secret-service")
    mover.person.kill_daemon()
    mover.expect_only("secret-service")


# Kills in the middle.


def test_kills_in_the_middle(mover, start, leaks):
    """The daemon, at any instant: the sessions are here or there, all of them, and the next move goes through. What is
    removed between two moves stays away, wherever an item of it was left."""
    print(f"seed: LANYARD_TEST_SEED={SEED}")
    chance = random.Random(SEED)
    where, took = start, {"vault": 1.0, "secret-service": 0.2}
    ended = []
    for number in range(24):
        to = OTHER[where]
        assert set(sessions(mover.person)) == mover.names
        pid = mover.person.daemon_pid()
        command = mover.person.start("lanyard", "store", "move", to)
        began, end = time.monotonic(), time.monotonic() + chance.uniform(0, 1.1 * took[to])
        while time.monotonic() < end and command.poll() is None:
            time.sleep(0.0005)
        took[to] = time.monotonic() - began if command.poll() is not None else 1.1 * took[to]
        os.kill(pid, signal.SIGKILL)
        wait_for_end(pid)
        status = mover.person.finish(command).status
        if number % 3 == 0:
            mover.keyring.restart()
        assert set(sessions(mover.person)) == mover.names
        where = kind(mover.person)
        assert status != 0 or where == to
        ended.append((status == 0, where == to))
        mover.person.lanyard("refresh", "jwt")
        assert mover.person.lanyard("token", "token").out == mover.secret + "\n"
        for name in mover.names - {"token", "cookies", "jwt"}:
            mover.person.lanyard("remove", name)
            mover.names.remove(name)
        add(mover.person, f"s{number}", f"{mover.recorder.origin}/{number}", leaks.new("bearer"))
        mover.names.add(f"s{number}")
    print(ended)
    mover.move(OTHER[where])
    mover.expect_only(OTHER[where])
    mover.move(where)
    mover.expect_only(where)
