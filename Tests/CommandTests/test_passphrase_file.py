"""A command that has a passphrase file, and a daemon that has none or could not use it."""

import json
import os

import pytest
from terminal import at_terminal
from varlink_wire import AGENT, ask
from ways import add, sessions

pytestmark = pytest.mark.vault

COMMANDS = (["list"], ["token", "s"], ["show", "s"], ["token", "s", "--header"], ["unlock"])


@pytest.fixture
def apart(person, recorder, leaks):
    """A person with a session, whose daemon was started without the file that `by_file` names."""
    person.secret = leaks.new("bearer")
    add(person, "s", recorder.origin, person.secret)
    person.stop_daemon()
    person.by_file = {"LANYARD_PASSPHRASE_FILE": person.environment.pop("LANYARD_PASSPHRASE_FILE")}
    person.lanyard("daemon", "start")
    return person


@pytest.mark.parametrize("program", ["lanyard", "lanyard-cli"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_it_opens_a_locked_store(apart, program, command):
    if command != ["unlock"]:
        assert "vault is locked" in apart.run(program, *command, status=6).err
    opened = apart.run(program, *command, env=apart.by_file)
    assert opened.err == ""
    # From here on it is open to all.
    assert list(sessions(apart)) == ["s"]


@pytest.mark.parametrize("program", ["lanyard", "lanyard-cli"])
@pytest.mark.parametrize("command", (["curl"], ["run", "--", "curl"]), ids=" ".join)
def test_it_opens_a_locked_store_for_requests(apart, program, command, recorder):
    sent = apart.run(program, *command, "-sS", recorder.origin, env=apart.by_file)
    assert (sent.out, sent.err) == ("ok\n", "")
    assert recorder.requests[-1]["headers"]["authorization"] == f"Bearer {apart.secret}"


def test_a_path_from_where_the_person_stands(apart):
    path = os.path.relpath(apart.passphrase_file, apart.private / "home")
    apart.lanyard("list", env={"LANYARD_PASSPHRASE_FILE": path})
    assert list(sessions(apart)) == ["s"]


def test_it_goes_before_the_terminal(apart):
    apart.environment |= apart.by_file
    status, shown = at_terminal(apart, "lanyard", "list")
    assert status == 0 and "active" in shown


def test_it_makes_the_first_vault(person):
    by_file = {"LANYARD_PASSPHRASE_FILE": person.environment.pop("LANYARD_PASSPHRASE_FILE")}
    assert "no vault yet" in person.lanyard("token", "s", status=6).err
    assert not person.key_file.exists()
    assert json.loads(person.lanyard("list", "--json", env=by_file).out) == []
    assert person.key_file.exists()


def test_a_wrong_one_is_said_and_opens_nothing(apart, leaks):
    wrong = apart.keep("wrong", leaks.new("wrong"))
    refused = apart.lanyard("list", env={"LANYARD_PASSPHRASE_FILE": str(wrong)}, status=6)
    assert "does not open your vault" in refused.err
    assert "vault is locked" in apart.lanyard("list", status=6).err


def test_the_callers_comes_before_the_daemons_own(person, recorder, leaks):
    """The daemon could open the vault with its own: what the caller names is what is used."""
    add(person, "s", recorder.origin, leaks.new("bearer"))
    person.lanyard("lock")
    wrong = person.keep("wrong", leaks.new("wrong"))
    refused = person.lanyard("unlock", env={"LANYARD_PASSPHRASE_FILE": str(wrong)}, status=6)
    assert "does not open your vault" in refused.err
    assert json.loads(person.lanyard("status", "--json").out)["store"]["state"] == "locked"
    person.lanyard("unlock")
    assert list(sessions(person)) == ["s"]


@pytest.mark.parametrize("is_new", [True, False], ids=["no vault yet", "a vault"])
@pytest.mark.parametrize("command", (["list"], ["unlock"]), ids=" ".join)
def test_a_file_that_others_can_read_and_then_cannot(person, recorder, leaks, is_new, command):
    if not is_new:
        add(person, "s", recorder.origin, leaks.new("bearer"))
        person.stop_daemon()
    person.passphrase_file.chmod(0o644)
    refused = person.lanyard("list", status=6)
    assert str(person.passphrase_file) in refused.err and "chmod 600" in refused.err
    daemon = person.daemon_pid()
    told = json.loads(person.lanyard("status", "--json").out)["store"]
    assert told["state"] == "locked" and str(person.passphrase_file) in told["reason"]
    person.passphrase_file.chmod(0o600)
    person.lanyard(*command)
    assert person.daemon_pid() == daemon
    assert list(sessions(person)) == ([] if is_new else ["s"])


def test_requests_once_it_is_mended(apart, recorder):
    apart.environment |= apart.by_file
    apart.stop_daemon()
    apart.passphrase_file.chmod(0o644)
    sent = apart.lanyard("curl", "-sS", recorder.origin)
    assert sent.out == "ok\n" and "the store is locked" in sent.err
    assert "authorization" not in recorder.requests[-1]["headers"]
    apart.passphrase_file.chmod(0o600)
    assert apart.lanyard("curl", "-sS", recorder.origin).err == ""
    assert recorder.requests[-1]["headers"]["authorization"] == f"Bearer {apart.secret}"


@pytest.mark.parametrize("program", ["lanyard", "lanyard-cli"])
def test_after_lock_only_unlock_opens_with_it(apart, program, recorder):
    apart.lanyard("lock")
    for command in COMMANDS[:-1]:
        assert "you have locked the store" in apart.run(program, *command, env=apart.by_file, status=6).err
    apart.run(program, "curl", "-sS", recorder.origin, env=apart.by_file)
    assert "authorization" not in recorder.requests[-1]["headers"]
    apart.run(program, "unlock", env=apart.by_file)
    assert list(sessions(apart)) == ["s"]


def test_at_the_socket(apart):
    path = apart.by_file["LANYARD_PASSPHRASE_FILE"]
    apart.passphrase_file.chmod(0o620)
    with apart.connect() as connection:
        for parameters in (
            {"passphrase_file": "inputs/passphrase"},
            {"passphrase_file": path, "passphrase": "x"},
            {"passphrase_file": ""},
        ):
            refused = ask(connection, f"{AGENT}.Unlock", create=False, **parameters)
            assert refused["error"] == "org.varlink.service.InvalidParameter"
        for named in (path, "/dev/zero", "/nowhere", str(apart.inputs)):
            refused = ask(connection, f"{AGENT}.Unlock", passphrase_file=named, create=False)
            assert refused["error"] == f"{AGENT}.StoreLocked" and named in refused["parameters"]["message"]
        # What another caller's file is like says nothing about the store.
        refused = ask(connection, f"{AGENT}.List")
        assert "vault is locked" in refused["parameters"]["message"]
        apart.passphrase_file.chmod(0o600)
        for _ in range(2):
            assert "error" not in ask(connection, f"{AGENT}.Unlock", passphrase_file=path, create=False)
