"""One daemon a person: how it starts, how it ends, and who cannot look into it."""

import json
import os
import signal
import subprocess

import pytest
from processes import command_line, descendants, eventually, is_running, reap, wait_for_end
from varlink_wire import AGENT, ask
from ways import add, sessions

# A core was written: WCOREDUMP.
CORE_DUMPED = 0x80


def daemons(watch):
    return [
        pid
        for pid in descendants(watch.excluded)
        if is_running(pid) and os.path.basename(command_line(pid).partition(" ")[0]) == "lanyardd"
    ]


def test_ten_commands_at_once_start_one_daemon(person, watch):
    calls = [person.start("lanyard", "list", "--json") for _ in range(10)]
    results = [person.finish(call) for call in calls]
    assert [(result.status, result.out.strip()) for result in results] == [(0, "[]")] * 10
    eventually(lambda: reap(watch.excluded) or len(daemons(watch)) == 1, "one daemon is left")
    assert daemons(watch) == [person.daemon_pid()]


def test_two_daemons_at_the_same_instant_end_as_one(person, watch):
    started = [person.start(person.programs / "lanyardd") for _ in range(2)]
    eventually(lambda: any(process.poll() is not None for process in started), "one of them ends")
    left = [process for process in started if process.poll() is None]
    assert len(left) == 1
    assert person.running_daemon() == left[0].pid
    person.lanyard("list")
    left[0].terminate()
    for process in started:
        person.finish(process)
    assert left[0].returncode == 0


def test_status(person):
    add(person, "s", "https://api.example", person.leaks.new("bearer"))
    status = json.loads(person.lanyard("status", "--json").out)
    assert status["pid"] == person.daemon_pid() and status["socket"] == str(person.socket)
    assert status["store"]["kind"] == "vault" and status["store"]["state"] == "open"
    assert status["sessions"] == 1 and status["version"]
    assert str(person.daemon_pid()) in person.lanyard("status").out


@pytest.mark.parametrize("how", ["SIGTERM", "daemon stop"])
def test_a_clean_stop(person, how):
    add(person, "s", "https://api.example", person.leaks.new("bearer"))
    pid = person.running_daemon()
    if how == "SIGTERM":
        os.kill(pid, signal.SIGTERM)
    else:
        person.lanyard("daemon", "stop")
    assert wait_for_end(pid) == 0
    assert person.daemon_pid() is None
    assert list(sessions(person)) == ["s"]


def test_daemon_start(person):
    person.lanyard("daemon", "start")
    pid = person.running_daemon()
    person.lanyard("daemon", "start")
    assert person.daemon_pid() == pid


def test_a_socket_file_that_a_killed_daemon_left(person):
    person.lanyard("list")
    person.kill_daemon()
    assert person.socket.exists()
    person.lanyard("list")


def test_in_the_foreground_at_a_socket_of_its_own(person):
    socket = person.private / "run/other"
    process = person.start(person.programs / "lanyardd", "--socket", socket)
    eventually(socket.exists, "it listens")
    assert json.loads(person.lanyard("list", "--json", env={"LANYARD_SOCKET": str(socket)}).out) == []
    process.terminate()
    assert person.finish(process).status == 0


def test_no_daemon_to_start(person):
    """Where it cannot run, a command says so within its five seconds."""
    refused = person.lanyard("list", env={"XDG_RUNTIME_DIR": str(person.private / "run/missing/folder")}, status=10)
    assert refused.err.startswith("lanyard: ")


# As a user who is not root: root may look into everything.


def as_nobody(person, *command):
    """Runs a command as that user, outside the sandbox of their environment."""
    return person.finish(person.start(*command))


ATTACH = (
    "import ctypes, os, sys; libc = ctypes.CDLL(None, use_errno=True); "
    "sys.exit(0 if libc.ptrace(0x4206, int(sys.argv[1]), 0, 0) == 0 else ctypes.get_errno())"
)


def test_nobody_looks_into_the_daemon(nobody):
    nobody.lanyard("list")
    pid = nobody.running_daemon()
    for name in ("mem", "environ", "maps"):
        assert as_nobody(nobody, "head", "-c1", f"/proc/{pid}/{name}").status == 1
    # PTRACE_SEIZE: EPERM.
    assert as_nobody(nobody, "/usr/bin/python3", "-c", ATTACH, pid).status == 1
    # The same user's other processes can be read: it is the daemon that forbids it.
    with subprocess.Popen(["sleep", "60"], **({"user": nobody.uid, "group": nobody.uid} if nobody.uid else {})) as other:
        eventually(lambda: command_line(other.pid) == "sleep 60", "sleep runs")
        assert as_nobody(nobody, "head", "-c1", f"/proc/{other.pid}/environ").status == 0
        other.kill()


@pytest.mark.parametrize("signal_number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGQUIT])
def test_no_core(nobody, signal_number):
    nobody.lanyard("list")
    pid = nobody.running_daemon()
    with open(f"/proc/{pid}/limits") as file:
        limit = next(line for line in file if line.startswith("Max core file size"))
    assert limit.split()[4:6] == ["0", "0"]
    os.kill(pid, signal_number)
    assert not (wait_for_end(pid) or 0) & CORE_DUMPED


@pytest.mark.skipif(os.getuid() != 0, reason="takes two users")
def test_another_user_is_not_served(nobody):
    """Root gets through the file modes: the uid check is what stops it, at both ends."""
    nobody.lanyard("list")
    with nobody.connect() as connection:
        try:
            answer = ask(connection, f"{AGENT}.Status")
        except (BrokenPipeError, ConnectionResetError):
            answer = None
        assert answer is None
    command = [nobody.programs / "lanyard", "list"]
    as_root = subprocess.run(command, env=nobody.environment, capture_output=True, text=True)
    assert as_root.returncode == 8 and as_root.stdout == ""
