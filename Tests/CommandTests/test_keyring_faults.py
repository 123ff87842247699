"""What can happen to a keyring, and what a person then sees: a row of a table for each (README.md has it as a whole).

What is in memory goes on as if nothing were; what the keyring misses meanwhile it has when the fault is over, without
anybody's doing."""

import contextlib
import json
import re
import time
from dataclasses import dataclass
from typing import Callable

import pytest
from keyring import Keyring
from processes import eventually
from terminal import at_terminal
from ways import add, curl, login, sessions

pytestmark = pytest.mark.keyring

# No call to a keyring may take longer, in seconds, and no command of a person's; the rest is for a machine under load.
DEADLINE = 5 + 2

# A command that a keyring has nothing to do with takes a twentieth of it.
AT_ONCE = 2


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


@pytest.fixture
def equipped(person, recorder, server, leaks):
    """A person with a token and a session that renews, both known to an earlier daemon."""
    person.recorder, person.server, person.secret = recorder, server, leaks.new("bearer")
    add(person, "token", recorder.origin, person.secret)
    login(person, server, "simplejwt", "jwt")
    assert person.stop_daemon() == 0
    return person


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


# A row each, at a start and in mid-life.


def test_at_a_start(equipped, fault):
    fault.begin(equipped.keyring)
    with within(DEADLINE, "list"):
        told = equipped.lanyard("list", status=fault.status)
    assert fault.says in told.err and fault.mend in told.err
    with within(AT_ONCE, "status"):
        assert store(equipped)[0] == fault.state
    for command in ([] if fault.status == 0 else (["token", "token"], ["show", "jwt"], ["list"])):
        with within(DEADLINE, command):
            assert fault.says in equipped.lanyard(*command, status=fault.status).err
    if fault.status:
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
    fault.end(equipped.keyring)
    equipped.lanyard("unlock")
    expect_all(equipped, "new")
    fault.begin(equipped.keyring)
    add(equipped, "last", f"{equipped.recorder.origin}/last", leaks.new("bearer"))
    with within(DEADLINE, "the stop"):
        assert equipped.stop_daemon() == 0
    fault.end(equipped.keyring)
    expect_all(equipped, "new", "last")


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


# Unlocking by the keyring itself.


def test_a_login_to_the_desktop_is_noticed(equipped):
    """GNOME Keyring sends no signal then: the daemon looks by the clock, and when somebody asks."""
    equipped.keyring.restart_locked()
    equipped.lanyard("list", status=6)
    equipped.keyring.unlock()

    def attached():
        assert curl(equipped, equipped.recorder.origin) == "ok\n"
        return "authorization" in equipped.recorder.requests[-1]["headers"]

    eventually(attached, "a script has its session again", deadline=5)


def test_a_dialog_that_cannot_be_shown(equipped):
    """There is a display, as far as the command knows, and the keyring cannot show anything on it."""
    equipped.keyring.restart_locked()
    with within(DEADLINE, "unlock"):
        status, shown = at_terminal(equipped, "env", "DISPLAY=:99", "lanyard", "unlock")
    assert status == 6
    assert "asks for its password in a window of its own" in shown
    assert "its dialog was closed, or could not be shown" in shown and "lanyard unlock" in shown
    assert store(equipped)[0] == "locked"
    equipped.keyring.unlock()
    expect_all(equipped)


def test_a_dialog_that_nobody_answers(equipped):
    """It holds up no other command, and is not needed any more when the keyring is opened otherwise."""
    equipped.keyring.restart_locked()
    equipped.keyring.hang_prompter()
    equipped.lanyard("list", status=6)
    asked = equipped.start("setsid", "script", "-qec", "lanyard unlock", "/dev/null", env={"DISPLAY": ":99"})
    eventually(lambda: "in a window of its own" in store(equipped)[1], "the keyring asks")
    for command in (["list"], ["token", "token"]):
        with within(AT_ONCE, command):
            equipped.lanyard(*command, status=6)
    equipped.keyring.unlock()
    expect_all(equipped)
    assert equipped.finish(asked).status == 0


# Items that other programs delete or change.


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


def test_an_item_that_the_person_deletes_is_a_removal(equipped):
    """Of a session that a start has seen in the keyring; the other goes on, and a new login is kept as ever."""
    expect_all(equipped)
    equipped.keyring.delete_item(items(equipped)["token"])
    # Not yet: what is in memory is not looked for at each step.
    expect_service(equipped)
    assert equipped.stop_daemon() == 0
    assert set(sessions(equipped)) == {"jwt"}
    equipped.lanyard("refresh", "jwt")
    equipped.kill_daemon()
    assert set(sessions(equipped)) == {"jwt"}
    add(equipped, "token", equipped.recorder.origin, equipped.secret)
    assert equipped.stop_daemon() == 0
    lose_journal(equipped)
    expect_all(equipped)


def test_a_login_after_an_item_was_deleted_is_kept(equipped):
    expect_all(equipped)
    equipped.keyring.delete_item(items(equipped)["jwt"])
    login(equipped, equipped.server, "simplejwt", "jwt")
    eventually(lambda: "jwt" in items(equipped), "the new login is in the keyring")
    equipped.kill_daemon()
    expect_all(equipped)


def test_an_item_that_is_lost_before_a_start_has_seen_it(equipped, leaks):
    """Some keyrings say "stored" before they have written: that is not taken for a removal."""
    add(equipped, "new", f"{equipped.recorder.origin}/new", leaks.new("bearer"))
    eventually(lambda: "new" in items(equipped), "the item is written")
    equipped.keyring.delete_item(items(equipped)["new"])
    equipped.kill_daemon()
    expect_all(equipped, "new")
    eventually(lambda: "new" in items(equipped), "it is written again")


@pytest.mark.parametrize("secret", ["", "nonsense", '{"lanyard":1}\n', "another's"])
def test_an_item_that_another_program_changes(equipped, secret):
    """The journal has the session."""
    expect_all(equipped)
    found = items(equipped)
    if secret == "another's":
        secret = equipped.keyring.secret(found["jwt"])
    equipped.keyring.change_item(found["token"], secret)
    expect_service(equipped)
    equipped.kill_daemon()
    expect_all(equipped)
    eventually(lambda: "token" in items(equipped), "the item is as it should be")
    assert equipped.stop_daemon() == 0
    lose_journal(equipped)
    expect_all(equipped)


def test_an_item_of_a_newer_lanyard(equipped):
    equipped.keyring.change_item(items(equipped)["token"], '{"lanyard":2}\n')
    refused = equipped.lanyard("list", status=7)
    assert "format 2" in refused.err and "use the Lanyard that wrote it" in refused.err
    assert store(equipped)[0] == "unavailable"


def test_an_item_put_back_from_a_backup_is_not_newer(equipped):
    """An old refresh token would be worth nothing: the journal's is used, whatever the keyring has."""
    expect_all(equipped)
    old = equipped.keyring.secret(items(equipped)["jwt"])
    equipped.lanyard("refresh", "jwt")
    assert equipped.stop_daemon() == 0
    equipped.keyring.change_item(items(equipped)["jwt"], old)
    expect_all(equipped)


def test_the_key_is_gone(equipped):
    """The items alone are used; the journal is kept, under a name of its own that is told."""
    equipped.keyring.delete_item(items(equipped)[None])
    told = equipped.lanyard("list")
    assert "no longer has the journal's key" in told.err and "journal.keyless-" in told.err
    assert len(list(equipped.journal.parent.glob("journal.keyless-*"))) == 1
    expect_all(equipped)
    assert None in items(equipped)
    equipped.kill_daemon()
    assert equipped.lanyard("list").err == ""
    expect_all(equipped)


def test_the_key_goes_in_mid_life(equipped):
    expect_all(equipped)
    equipped.keyring.delete_item(items(equipped)[None])
    expect_service(equipped)
    assert equipped.stop_daemon() == 0
    expect_all(equipped)


def test_all_items_go_in_mid_life(equipped):
    """All that is there is in memory: it is used, and what changes is kept."""
    expect_all(equipped)
    equipped.keyring.remove_items()
    expect_service(equipped)
    login(equipped, equipped.server, "simplejwt", "jwt")
    eventually(lambda: "jwt" in items(equipped), "the login is in the keyring")
    equipped.kill_daemon()
    assert "jwt" in sessions(equipped)
    equipped.lanyard("refresh", "jwt")


def test_a_keyring_that_has_lost_everything(equipped):
    """It gets all again; and while it does, what is still missing is not taken for deleted."""
    expect_all(equipped)
    equipped.keyring.remove_items()
    equipped.keyring.lock()
    equipped.keyring.unlock()
    eventually(lambda: set(items(equipped)) == {None, "token", "jwt"}, "all is written again")
    equipped.keyring.delete_item(items(equipped)["token"])
    equipped.kill_daemon()
    expect_all(equipped)


# What can be read.


def test_what_can_be_read_while_it_is_locked(equipped):
    """A constant label, the schema's name, the application and a random id."""
    add(equipped, "nightingale", f"{equipped.recorder.origin}/florence", equipped.secret)
    eventually(lambda: len(equipped.keyring.items()) == 4, "the items are written")
    equipped.keyring.lock()
    assert len(equipped.keyring.items()) == 4
    for path in equipped.keyring.items():
        attributes = equipped.keyring.attributes(path)
        assert re.fullmatch("[0-9a-f]{32}", attributes.pop("id"))
        assert attributes == {"application": "lanyard", "xdg:schema": "io.lanyard.Item"}
        assert equipped.keyring.label(path) == "Lanyard"
    host = equipped.recorder.origin.partition("://")[2]
    files = [path for path in equipped.keyring.folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not [text for text in ("nightingale", "florence", host, "alice") if text.encode() in path.read_bytes()]
    assert equipped.leaks.search_files(equipped.keyring.folder) == []
    assert equipped.leaks.search_files(equipped.private) == []
