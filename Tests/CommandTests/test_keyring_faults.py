"""What can happen to a keyring, and what a person then sees: a row of a table for each (README.md has it as a whole).

What is in memory goes on as if nothing were; what the keyring misses meanwhile it has when the fault is over, without
anybody's doing."""

import json
import time
from dataclasses import dataclass
from typing import Callable

import pytest
from keyring import Keyring
from processes import eventually
from remembered import AT_ONCE, DEADLINE, behind, expect_all, expect_service, lose_journal, store, within
from ways import add

pytestmark = pytest.mark.keyring


@dataclass
class Fault:
    name: str
    begin: Callable[[Keyring], None]
    end: Callable[[Keyring], None]
    # What `list` says where the daemon starts in it: the exit status, what is wrong, and the mend.
    status: int
    says: str
    mend: str
    # What `status` says where it comes in mid-life: why the keyring has not got all.
    behind: str

    @property
    def state(self):
        return {0: "open", 6: "locked", 7: "unavailable"}[self.status]


def without_bus(keyring):
    keyring.stop_bus()
    keyring.start_bus()


def bus_and_keyring(keyring):
    keyring.start_bus()
    keyring.restart()


def activated(keyring):
    """The next call starts it, locked."""
    keyring.allow_activation()
    keyring.kill()


FAULTS = [
    Fault("locked", Keyring.lock, Keyring.unlock, 6, "your keyring is locked", "lanyard unlock", "it is locked"),
    Fault("activated locked", activated, Keyring.unlock, 6, "your keyring is locked", "lanyard unlock", "it is locked"),
    Fault(
        "restarted locked", Keyring.restart_locked, Keyring.unlock, 6, "your keyring is locked", "lanyard unlock",
        "it is locked",
    ),
    Fault(
        "no collection", Keyring.hide_collection, Keyring.show_collection, 7, "no default collection", "put it back",
        "no default collection",
    ),
    Fault(
        "killed", Keyring.kill, Keyring.restart, 7, "there is none on the session bus", "start GNOME Keyring",
        "there is none on the session bus",
    ),
    Fault(
        "stopped", Keyring.stop, Keyring.cont, 7, "your keyring does not answer", "tries again by itself",
        "does not answer",
    ),
    Fault(
        "no bus", Keyring.stop_bus, bus_and_keyring, 7, "there is no session bus", "log in to the desktop",
        "there is no session bus",
    ),
    Fault(
        "a bus without a service", without_bus, Keyring.restart, 7, "there is none on the session bus",
        "start GNOME Keyring", "there is none on the session bus",
    ),
    # It can be read.
    Fault("disk full", Keyring.fill_disk, Keyring.free_disk, 0, "", "", "your keyring refused"),
]  # fmt: skip


@pytest.fixture(params=FAULTS, ids=[fault.name for fault in FAULTS])
def fault(request):
    return request.param


# A row each, at a start and in mid-life.


def test_at_a_start(equipped, fault):
    fault.begin(equipped.keyring)
    with within(DEADLINE, "list"):
        told = equipped.lanyard("list", status=fault.status)
    assert fault.says in told.err and fault.mend in told.err
    with within(AT_ONCE, "status"):
        assert store(equipped)[0] == fault.state
    if fault.status:
        with within(DEADLINE, "token"):
            assert fault.says in equipped.lanyard("token", "token", status=fault.status).err
        with within(AT_ONCE, "curl"):
            sent = equipped.lanyard("curl", "-sS", equipped.recorder.origin)
        assert sent.out == "ok\n" and fault.state in sent.err
        assert "authorization" not in equipped.recorder.requests[-1]["headers"]
    fault.end(equipped.keyring)
    expect_all(equipped)


@pytest.mark.parametrize("fault", FAULTS[:-1], ids=[fault.name for fault in FAULTS[:-1]])
def test_it_is_seen_without_a_command_that_the_fault_is_over(equipped, fault):
    fault.begin(equipped.keyring)
    equipped.lanyard("list", status=fault.status)
    fault.end(equipped.keyring)
    # `status` only looks at what the daemon knows.
    eventually(lambda: store(equipped)[0] == "open", "the daemon opens its store", deadline=40)
    expect_all(equipped)


def test_in_mid_life(equipped, fault, leaks):
    expect_all(equipped)
    fault.begin(equipped.keyring)
    expect_service(equipped)
    with within(AT_ONCE, "add"):
        add(equipped, "new", f"{equipped.recorder.origin}/new", leaks.new("bearer"))
    assert store(equipped)[0] == "open"
    eventually(lambda: any(fault.behind in line for line in behind(equipped)), "it is said what is wrong")
    expect_service(equipped)
    # Not even a daemon that is killed has lost anything.
    fault.end(equipped.keyring)
    eventually(lambda: not behind(equipped), "the keyring has caught up", deadline=40)
    assert equipped.stop_daemon() == 0
    lose_journal(equipped)
    expect_all(equipped, "new")


def test_a_keyring_that_is_stopped_slows_nothing_down(equipped, leaks):
    """The best of ten, each time; the keyring is behind with an item."""

    def took(*command):
        times = []
        for _ in range(10):
            began = time.monotonic()
            equipped.lanyard(*command)
            times.append(time.monotonic() - began)
        return min(times)

    commands = [("curl", "-sS", equipped.recorder.origin), ("token", "token"), ("list",), ("refresh", "jwt")]
    before = {command: took(*command) for command in commands}
    equipped.keyring.stop()
    add(equipped, "new", f"{equipped.recorder.origin}/new", leaks.new("bearer"))
    for command in commands:
        during = took(*command)
        print(f"{command[0]}: {before[command] * 1000:.1f} ms, {during * 1000:.1f} ms with the keyring stopped")
        assert during < 1.5 * before[command] + 0.01
    equipped.keyring.cont()


def test_a_daemon_killed_in_it(equipped, fault, leaks):
    """What only the journal has is not lost, nor does what was removed come back."""
    expect_all(equipped)
    add(equipped, "old", f"{equipped.recorder.origin}/old", leaks.new("bearer"))
    fault.begin(equipped.keyring)
    add(equipped, "new", f"{equipped.recorder.origin}/new", leaks.new("bearer"))
    equipped.lanyard("remove", "old")
    expect_service(equipped)
    equipped.kill_daemon()
    equipped.lanyard("list", status=fault.status)
    fault.end(equipped.keyring)
    expect_all(equipped, "new")
    equipped.kill_daemon()
    expect_all(equipped, "new")


def test_the_daemon_ends_in_it(equipped, fault, leaks):
    """A clean stop and `lock` wait for the keyring no longer than any other call."""
    expect_all(equipped)
    fault.begin(equipped.keyring)
    add(equipped, "new", f"{equipped.recorder.origin}/new", leaks.new("bearer"))
    with within(DEADLINE, "lock"):
        equipped.lanyard("lock")
    with within(DEADLINE, "unlock"):
        assert fault.says in equipped.lanyard("unlock", status=fault.status).err
    fault.end(equipped.keyring)
    equipped.lanyard("unlock")
    expect_all(equipped, "new")
    fault.begin(equipped.keyring)
    add(equipped, "last", f"{equipped.recorder.origin}/last", leaks.new("bearer"))
    with within(DEADLINE, "the stop"):
        assert equipped.stop_daemon() == 0
    fault.end(equipped.keyring)
    expect_all(equipped, "new", "last")


def test_a_keyring_whose_start_hangs(equipped):
    """The bus starts it, and it never appears there."""
    equipped.keyring.kill()
    equipped.keyring.hang_activation()
    with within(DEADLINE, "list"):
        told = equipped.lanyard("list", status=7)
    assert "your keyring does not answer" in told.err and "tries again by itself" in told.err
    assert store(equipped)[0] == "unavailable"
    equipped.keyring.restart()
    expect_all(equipped)


# The first start of all: where the sessions are to be.


@pytest.mark.parametrize(
    ("happens", "status", "kind", "after"),
    [
        (Keyring.lock, 6, "secret-service", Keyring.unlock),
        (Keyring.stop, 7, "secret-service", Keyring.cont),
        (Keyring.fill_disk, 7, "secret-service", Keyring.free_disk),
        (Keyring.kill, 0, "vault", Keyring.restart),
        (Keyring.stop_bus, 0, "vault", bus_and_keyring),
        (Keyring.hide_collection, 0, "vault", Keyring.show_collection),
    ],
    ids=["locked", "stopped", "disk full", "killed", "no bus", "no collection"],
)
def test_the_choice_of_a_store(person, recorder, leaks, happens, status, kind, after):
    """What merely cannot be used now is not passed over; and what was chosen once stays."""
    person.environment |= {"LANYARD_STORE": "auto", "LANYARD_PASSPHRASE_FILE": str(person.passphrase_file)}
    happens(person.keyring)
    with within(DEADLINE, "list"):
        person.lanyard("list", status=status)
    after(person.keyring)
    add(person, "s", recorder.origin, leaks.new("bearer"))
    for _ in range(2):
        assert json.loads(person.lanyard("status", "--json").out)["store"]["kind"] == kind
        assert person.key_file.exists() == (kind == "vault")
        person.kill_daemon()
        person.lanyard("list")
