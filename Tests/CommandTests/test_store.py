"""The vault and its journal: what damage does to it, and what a wrong passphrase does not."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from processes import eventually
from ways import add, curl, sessions

pytestmark = pytest.mark.vault


@pytest.fixture
def stored(person, recorder, leaks):
    """A person with three sessions, whose daemon has stopped."""
    for name in ("one", "two", "three"):
        add(person, name, f"{recorder.origin}/{name}", leaks.new("bearer"))
    person.stop_daemon()
    return person


def test_only_the_owner_can_read_it(stored):
    for path in (stored.journal, stored.key_file):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(stored.journal.parent).st_mode) == 0o700


def test_a_wrong_passphrase(stored, leaks):
    journal, key, right = stored.journal.read_bytes(), stored.key_file.read_bytes(), stored.passphrase_file.read_text()
    stored.keep("passphrase", leaks.new("wrong"))
    refused = stored.lanyard("list", status=6)
    assert "passphrase" in refused.err
    stored.lanyard("token", "one", status=6)
    stored.kill_daemon()
    assert (stored.journal.read_bytes(), stored.key_file.read_bytes()) == (journal, key)
    stored.keep("passphrase", right)
    assert set(sessions(stored)) == {"one", "two", "three"}


def test_no_passphrase_and_nobody_to_ask(stored):
    del stored.environment["LANYARD_PASSPHRASE_FILE"]
    refused = stored.lanyard("list", status=6)
    assert "locked" in refused.err


def test_a_passphrase_with_a_newline_at_its_end(stored):
    stored.keep("passphrase", stored.passphrase_file.read_text() + "\n")
    assert len(sessions(stored)) == 3


@pytest.mark.parametrize("lost", [1, 7, 40])
def test_a_torn_tail(stored, lost):
    content = stored.journal.read_bytes()
    stored.journal.write_bytes(content[:-lost])
    left = sessions(stored)
    assert {"one", "two"} <= set(left) <= {"one", "two", "three"}
    add(stored, "four", "https://api.example", stored.leaks.new("bearer"))
    stored.kill_daemon()
    assert set(sessions(stored)) == {*left, "four"}


def test_garbage_after_the_end(stored):
    with open(stored.journal, "ab") as file:
        file.write(b"\x00\x01\x02")
    assert set(sessions(stored)) == {"one", "two", "three"}


def test_a_flipped_bit(stored, recorder):
    """A record that does not authenticate is reported and kept aside, never skipped in silence."""
    content = bytearray(stored.journal.read_bytes())
    content[len(content) // 2] ^= 0x10
    stored.journal.write_bytes(content)
    before = {path.name for path in stored.journal.parent.iterdir()}
    left = set(sessions(stored))
    assert left < {"one", "two", "three"}
    status = stored.lanyard("status")
    assert "journal" in status.out + status.err
    assert {path.name for path in stored.journal.parent.iterdir()} > before
    for name in left:
        assert curl(stored, f"{recorder.origin}/{name}") == "ok\n"
        assert "authorization" in recorder.requests[-1]["headers"]


@pytest.mark.parametrize("where", [0, 1, 4, 16])
def test_a_flipped_bit_in_the_beginning(stored, where):
    """The header is there twice."""
    content = bytearray(stored.journal.read_bytes())
    content[where] ^= 0x01
    stored.journal.write_bytes(content)
    assert set(sessions(stored)) == {"one", "two", "three"}


def test_another_file_in_the_journals_place(stored):
    """What cannot be read as ours is refused by name, and left as it is."""
    stored.journal.write_bytes(b"not a journal of Lanyard's\n" * 100)
    refused = stored.lanyard("list", status=7)
    assert "journal" in refused.err
    assert stored.journal.read_bytes() == b"not a journal of Lanyard's\n" * 100


def test_a_flipped_bit_in_the_key_file(stored):
    content = bytearray(stored.key_file.read_bytes())
    content[-1] ^= 0x01
    stored.key_file.write_bytes(content)
    stored.lanyard("list", status=7)
    assert stored.key_file.read_bytes() == content


def test_another_store_than_the_recorded_one(stored):
    refused = stored.lanyard("list", env={"LANYARD_STORE": "secret-service"}, status=7)
    assert "vault" in refused.err


def test_a_second_writer(stored):
    """Another socket, the same journal: the second daemon must not write."""
    stored.lanyard("list")
    other = stored.private / "run/other"
    process = stored.start(stored.programs / "lanyardd", "--socket", other)
    # Else the command would start one of its own there.
    eventually(lambda: other.exists() or process.poll() is not None, "it listens, or has ended")
    refused = stored.run("lanyard", "list", env={"LANYARD_SOCKET": str(other)}, status=None)
    if process.poll() is None:
        process.terminate()
    said = stored.finish(process)
    assert refused.status in (7, 10)
    assert "store" in refused.err
    assert len(sessions(stored)) == 3


def test_every_change_survives_a_killed_daemon(person, recorder, leaks):
    person.killed = ("daemon",)
    for number in range(5):
        add(person, f"n{number}", f"{recorder.origin}/{number}", leaks.new("bearer"))
    person.lanyard("remove", "n2")
    assert set(sessions(person)) == {"n0", "n1", "n3", "n4"}


@pytest.fixture(scope="module")
def tracer(run_folder):
    library = run_folder / "trace.so"
    source = Path(__file__).parent / "trace.c"
    subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


def traced(person, tracer, *commands):
    """What a daemon of its own does to files, and when it answers, from its start through the commands to its end."""
    trace = person.private / "trace"
    trace.unlink(missing_ok=True)
    process = person.start(person.programs / "lanyardd", env={"LD_PRELOAD": str(tracer), "TRACE": str(trace)})
    eventually(person.socket.exists, "it listens")
    for command in commands:
        command()
    process.terminate()
    assert person.finish(process).status == 0
    return trace.read_text().splitlines()


def assert_durable_before_answers(trace):
    """What is written is synced before it takes another file's place, and both before anybody is answered."""
    unsynced = set()
    for line in trace:
        call, file, *name = line.split(" ")
        if call == "write":
            unsynced.add(file)
        elif call == "sync":
            unsynced.discard(file)
        elif call == "rename":
            assert not any(other.endswith(f"/{name[0]}.new") for other in unsynced), trace
            unsynced.add(file)
        elif call == "send":
            assert not unsynced, trace


def test_a_change_is_on_the_disk_before_it_is_acknowledged(person, tracer, leaks):
    secret = leaks.new("bearer")
    trace = traced(person, tracer, lambda: add(person, "one", "https://api.example", secret))
    assert "rename data/lanyard journal" in trace and "write lanyard/journal" in trace
    assert "rename data/lanyard vault.key" in trace and any(line.startswith("send ") for line in trace)
    assert_durable_before_answers(trace)


def test_a_journal_that_is_mended_is_on_the_disk_before_it_is_used(stored, tracer):
    content = bytearray(stored.journal.read_bytes())
    content[len(content) // 2] ^= 0x10
    stored.journal.write_bytes(content)
    trace = traced(stored, tracer, lambda: sessions(stored))
    assert "rename data/lanyard journal" in trace and any("journal.damaged" in line for line in trace)
    assert_durable_before_answers(trace)


def test_what_a_killed_daemon_left_is_on_the_disk_before_it_is_used(stored, tracer):
    """It may have been in the page cache alone."""
    trace = traced(stored, tracer, lambda: sessions(stored))
    first_answer = next(number for number, line in enumerate(trace) if line.startswith("send "))
    assert {"sync lanyard/journal", "sync data/lanyard"} <= set(trace[:first_answer])


def test_the_list_of_trusted_files_is_on_the_disk_before_it_counts(person, tracer):
    (person.private / "home/.lanyard").write_text('session = "one"\n')
    trace = traced(person, tracer, lambda: person.lanyard("trust"))
    assert "rename state/lanyard trusted" in trace
    assert_durable_before_answers(trace)


@pytest.mark.skipif(os.getuid() != 0, reason="takes two users")
@pytest.mark.parametrize("what, status", [("passphrase_file", None), ("journal folder", 7)])
def test_what_belongs_to_another_user_is_refused(stored, what, status):
    path = stored.passphrase_file if what == "passphrase_file" else stored.journal.parent
    os.chown(path, 65534, 65534)
    refused = stored.lanyard("list", status=status)
    assert refused.status in (6, 7) and str(path) in refused.err
    os.chown(path, 0, 0)
