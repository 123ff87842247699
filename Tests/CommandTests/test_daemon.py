"""One daemon a person: how it starts, how it ends, and who cannot look into it."""

import json
import os
import signal
import stat
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


def test_a_second_daemon_leaves_the_first_ones_socket(person):
    person.lanyard("list")
    pid = person.running_daemon()
    second = person.finish(person.start(person.programs / "lanyardd"))
    assert second.status == 1 and str(person.socket) in second.err
    assert person.daemon_pid() == pid


def test_what_it_makes_is_the_owners_alone(person):
    """Under a umask that would leave it open."""
    person.run("sh", "-c", "umask 0; exec lanyard list")
    made = [person.socket, person.socket.parent, person.log, person.log.parent, person.journal, person.journal.parent]
    modes = {path.name: stat.S_IMODE(os.stat(path).st_mode) for path in made}
    assert all(mode & 0o077 == 0 for mode in modes.values()), modes
    with open(f"/proc/{person.daemon_pid()}/status") as file:
        assert "Umask:\t0077\n" in file


def test_it_makes_no_socket_in_a_folder_that_is_not_private(person, folder_for_others):
    refused = person.finish(person.start(person.programs / "lanyardd"))
    assert refused.status == 1 and str(folder_for_others) in refused.err
    assert not person.socket.exists()


@pytest.mark.parametrize("name", ["log", "lock"])
def test_a_link_in_the_place_of_its_files_is_not_followed(person, name):
    """Whoever could put it there would have the daemon write to a file of their choice."""
    place = {"log": person.log, "lock": person.socket.parent / "socket.lock"}[name]
    place.parent.mkdir(mode=0o700)
    target = person.inputs / "target"
    place.symlink_to(target)
    person.lanyard("list", status=None)
    assert not target.exists()


def test_keys_of_its_connections_are_not_written_down(person, certificates, tls_recorder):
    """Whatever a shell exports for debugging."""
    person.environment["CURL_CA_BUNDLE"] = str(certificates.ca)
    keys = person.inputs / "keys"
    login = ("login", tls_recorder.origin + "/api/token/", "--recipe", "simplejwt", "--user", "a", "--password-stdin")
    person.lanyard(*login, input=person.leaks.new("password"), env={"SSLKEYLOGFILE": str(keys)}, status=9)
    assert tls_recorder.requests and not keys.exists()


def test_status(person):
    add(person, "s", "https://api.example", person.leaks.new("bearer"))
    status = json.loads(person.lanyard("status", "--json").out)
    assert status["pid"] == person.daemon_pid() and status["socket"] == str(person.socket)
    assert status["store"]["kind"] == person.environment["LANYARD_STORE"] and status["store"]["state"] == "open"
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
    # Swift's backtraces show what registers point to.
    assert "crash" not in (nobody.private / "state/lanyard/lanyardd.log").read_text()


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


LISTEN = """
import os, socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o666)
listener.listen()
print("ready", flush=True)
print(listener.accept()[0].recv(100))
"""


@pytest.mark.skipif(os.getuid() != 0, reason="takes two users")
def test_a_daemon_of_another_user_is_told_nothing(nobody):
    """At a socket that the person named, whose folder they answer for."""
    path = nobody.private / "run/theirs"
    listener = nobody.start("/usr/bin/python3", "-c", LISTEN, path)
    assert listener.stdout.readline() == b"ready\n"
    command = [nobody.programs / "lanyard", "list"]
    as_root = subprocess.run(
        command, env=nobody.environment | {"LANYARD_SOCKET": str(path)}, capture_output=True, text=True
    )
    assert as_root.returncode == 8 and str(nobody.uid) in as_root.stderr
    assert nobody.finish(listener).out == "b''\n"


@pytest.mark.skipif(os.getuid() != 0, reason="takes two users")
def test_a_runtime_folder_of_another_user(nobody):
    nobody.socket.parent.mkdir(mode=0o700)
    os.chown(nobody.socket.parent, nobody.uid, nobody.uid)
    command = [nobody.programs / "lanyard", "list"]
    as_root = subprocess.run(command, env=nobody.environment, capture_output=True, text=True)
    assert as_root.returncode == 8 and str(nobody.socket.parent) in as_root.stderr
    assert not list(nobody.socket.parent.iterdir())
