"""lanyardd and the keyring are killed at random instants of logins, renewals and removals: no session is lost, and none
that was removed comes back."""

import collections
import contextlib
import os
import random
import signal
import time

import pytest
from processes import command_line, descendants, eventually, wait_for_end
from token_server import REFRESH
from ways import LOGINS, sessions

pytestmark = pytest.mark.keyring

SEED = int(os.environ.get("LANYARD_TEST_SEED", random.randrange(1 << 32)))
KILLS = 100
MOST_SESSIONS = 6


def kill_daemons():
    """SIGKILL, also to one that is about to listen."""
    pids = [pid for pid in descendants() if command_line(pid).split(" ")[0].endswith("lanyardd")]
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for pid in pids:
        wait_for_end(pid)


class Ledger:
    """What a person was told, and what may be: the sessions that there must be, and those that there must not."""

    def __init__(self):
        self.there = set()
        self.gone = set()
        # A login or a removal that nobody has acknowledged; the next look says how it ended, for good.
        self.open = set()
        # The server may have spent a refresh token whose successor nobody has.
        self.in_doubt = set()
        # How the actions ended.
        self.outcomes = collections.Counter()

    def names(self):
        return self.there | self.open

    def settle(self, listed):
        assert self.there <= listed, f"lost: {self.there - listed}"
        assert not self.gone & listed, f"back again: {self.gone & listed}"
        assert listed <= self.names(), f"from nowhere: {listed - self.names()}"
        for name in self.open:
            self.outcomes["not told, and " + ("there" if name in listed else "not there")] += 1
        self.gone |= self.open - listed
        self.there, self.open = listed, set()
        self.in_doubt &= listed


class Kills:
    def __init__(self, person, server, chance):
        self.person, self.server, self.chance = person, server, chance
        self.ledger = Ledger()
        self.numbers = iter(range(1, 10_000))
        # How long each action takes, in seconds: with a daemon that runs, and with one that is started for it. Each that
        # is not cut off measures it anew.
        self.took = collections.defaultdict(lambda: 0.1)

    def choose(self):
        there = sorted(self.ledger.there)
        actions = ["login"] * (len(there) < MOST_SESSIONS) + ["refresh", "refresh", "remove"] * bool(there)
        action = self.chance.choice(actions)
        name = f"s{next(self.numbers)}" if action == "login" else self.chance.choice(there)
        return action, name

    def start(self, action, name):
        if action == "login":
            self.server.user = name
            return self.person.start(
                *("lanyard", "login", self.server.origin + LOGINS["simplejwt"][0], "--recipe", "simplejwt"),
                *("--user", name, "--password-stdin", "--name", name),
                input=self.server.password + "\n",
            )
        return self.person.start("lanyard", action, name)

    def expect(self, action, name):
        """From here on nothing is sure about this session, until the command has said so."""
        if action == "refresh":
            self.spent = len(self.server.requests(REFRESH))
        else:
            self.ledger.there.discard(name)
            self.ledger.open.add(name)

    def note(self, action, name, status):
        self.ledger.outcomes[f"{action} {'done' if status == 0 else 'cut off'}"] += 1
        if action == "refresh":
            if status != 0:
                # The request may be on its way still. That the token was spent is the server's word: it refuses no other.
                self.ledger.in_doubt.add(name)
                self.ledger.outcomes["refresh token in doubt"] += len(self.server.requests(REFRESH)) > self.spent
        elif status == 0:
            self.ledger.open.discard(name)
            (self.ledger.there if action == "login" else self.ledger.gone).add(name)

    def round(self, restart):
        """One action, and the kills somewhere in it; then a look at what there is."""
        action, name = self.choose()
        runs = self.chance.random() < 0.7
        if runs:
            self.person.lanyard("status")
        self.expect(action, name)
        command = self.start(action, name)
        self.wait(command, (action, runs))
        self.kill()
        result = self.person.finish(command)
        self.note(action, name, result.status)
        restart()
        self.ledger.settle(set(sessions(self.person)))

    def wait(self, command, kind):
        """Until a random instant of the command, or of what the daemon still does after it."""
        began = time.monotonic()
        end = began + self.chance.uniform(0, 1.2 * self.took[kind])
        took = None
        while time.monotonic() < end:
            time.sleep(0.0005)
            if took is None and command.poll() is not None:
                took = self.took[kind] = time.monotonic() - began
                end = min(end, time.monotonic() + self.chance.uniform(0, 0.02))

    def kill(self):
        """Both, in either order; the daemon may be starting, and not listen yet."""
        for victim in self.chance.sample(["daemon", "keyring"], 2):
            if victim == "daemon":
                kill_daemons()
            else:
                self.person.keyring.kill()

    def use_all(self):
        """Each session's refresh token is worth something, but where the daemon has said that it may be lost."""
        for name in sorted(self.ledger.there):
            result = self.person.lanyard("refresh", name, status=None)
            if result.status == 0:
                self.ledger.in_doubt.discard(name)
                continue
            assert result.status == 4 and name in self.ledger.in_doubt, f"{name}: {result.status} {result.err}"
            assert "was cut off" in result.err
            self.ledger.outcomes["login needed"] += 1
            self.log_in_again(name)

    def log_in_again(self, name):
        self.server.user = name
        self.person.lanyard("login", name, "--password-stdin", input=self.server.password + "\n")
        self.ledger.in_doubt.discard(name)


def test_a_hundred_kills(person, server):
    print(f"seed: LANYARD_TEST_SEED={SEED}")
    chance = random.Random(SEED)
    kills = Kills(person, server, chance)

    def restart_unlocked():
        person.keyring.restart()

    def restart_locked():
        person.keyring.restart_locked()
        assert "your keyring is locked" in person.lanyard("list", status=6).err
        person.keyring.unlock()

    for number in range(KILLS):
        kills.round(restart_locked if number % 10 == 9 else restart_unlocked)
        if number % 5 == 4:
            kills.use_all()
    print(dict(kills.ledger.outcomes))
    # The keyring has what there is, and nothing else: without the journal it is the same.
    eventually(lambda: len(person.keyring.items()) == 1 + len(kills.ledger.there), "there is an item for each session")
    assert person.stop_daemon() == 0
    person.journal.unlink()
    kills.ledger.settle(set(sessions(person)))
    kills.use_all()
