"""The daemon under a service manager, which is played here: the socket it passes, and what it is told."""

import contextlib
import os
import shutil
import signal
import socket
import sys
import time

import pytest
from processes import eventually, wait_for_end
from terminal import at_terminal
from ways import add, sessions

# What systemd does between fork and exec: the socket as descriptor 3, and whom it is for.
PASS = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3); "
    "os.environ |= {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': sys.argv[2]}; "
    "os.execv(sys.argv[3], sys.argv[3:])"
)


def start_with(person, passed, count="1", **options):
    """Starts lanyardd as a service manager does."""
    command = (sys.executable, "-c", PASS, passed.fileno(), count, person.programs / "lanyardd")
    return person.start(*command, pass_fds=[passed.fileno()], **options)


@pytest.fixture
def activated(person):
    """A person whose socket a service manager listens at."""
    person.socket.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(person.socket))
        person.socket.chmod(0o600)
        listener.listen()
        person.listener = listener
        yield person


def test_the_socket_is_taken_and_left(activated):
    """Callers who come while no daemon runs are served by the next one."""
    for _ in range(2):
        waiting = activated.start("lanyard", "list", "--json")
        process = start_with(activated, activated.listener)
        listed = activated.finish(waiting)
        assert (listed.status, listed.out) == (0, "[]\n"), listed.err
        process.terminate()
        assert activated.finish(process).status == 0
        assert activated.socket.exists()


def test_sessions_survive_from_one_activation_to_the_next(activated, leaks):
    for stop in (signal.SIGTERM, signal.SIGKILL):
        process = start_with(activated, activated.listener)
        add(activated, f"s{stop}", "https://api.example", leaks.new("bearer"))
        process.send_signal(stop)
        activated.finish(process)
    process = start_with(activated, activated.listener)
    assert list(sessions(activated)) == ["s15", "s9"]
    process.terminate()
    activated.finish(process)


@pytest.mark.parametrize("passed", ["two sockets", "no listener", "no socket"])
def test_what_is_no_socket_to_serve_on(activated, passed):
    with contextlib.ExitStack() as stack:
        if passed == "no socket":
            descriptor = stack.enter_context(open("/dev/null"))
        elif passed == "no listener":
            descriptor = stack.enter_context(socket.socket(socket.AF_UNIX))
        else:
            descriptor = activated.listener
        process = start_with(activated, descriptor, "2" if passed == "two sockets" else "1")
        ended = activated.finish(process)
    assert ended.status == 1 and "service manager" in ended.err


def test_a_socket_for_another_process_is_left_alone(person):
    """The variables of a service that this process merely descends from."""
    process = person.start(person.programs / "lanyardd", env={"LISTEN_PID": "1", "LISTEN_FDS": "1"})
    assert person.running_daemon() == process.pid
    # It serves, and so minds signals.
    person.lanyard("list")
    process.terminate()
    assert person.finish(process).status == 0


class Manager:
    """Who listens at NOTIFY_SOCKET."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(20)

    def next(self):
        """The next message, as a dictionary."""
        return dict(line.split("=", 1) for line in self.socket.recv(4096).decode().splitlines())

    def is_silent(self):
        self.socket.setblocking(False)
        try:
            return not self.socket.recv(4096)
        except BlockingIOError:
            return True


@pytest.fixture(params=["path", "abstract"])
def manager(request, person):
    name = str(person.private / "run/notify") if request.param == "path" else f"\0lanyard-test-{os.getpid()}"
    manager = Manager(name)
    manager.address = name.replace("\0", "@")
    yield manager
    manager.socket.close()


def test_the_manager_is_told(person, manager):
    process = person.start(person.programs / "lanyardd", env={"NOTIFY_SOCKET": manager.address})
    assert manager.next() == {"READY": "1", "STATUS": "the store is open"}
    # Who is ready can be asked.
    assert person.daemon_pid() == process.pid
    person.lanyard("lock")
    assert manager.next() == {"STATUS": "the store is locked"}
    person.lanyard("unlock")
    assert manager.next() == {"STATUS": "the store is open"}
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    person.lanyard("daemon", "reload")
    reloading = manager.next()
    assert reloading.keys() == {"RELOADING", "MONOTONIC_USEC"} and reloading["RELOADING"] == "1"
    assert before <= int(reloading["MONOTONIC_USEC"]) <= time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    assert manager.next() == {"READY": "1", "STATUS": "the store is open"}
    process.terminate()
    assert manager.next()["STOPPING"] == "1"
    assert person.finish(process).status == 0


def test_a_daemon_that_a_command_starts_is_no_service(person, manager):
    """A script in a service of its own starts it: READY would be said in that service's name."""
    person.lanyard("list", env={"NOTIFY_SOCKET": manager.address})
    person.lanyard("lock")
    person.lanyard("daemon", "stop")
    assert manager.is_silent()


@pytest.mark.parametrize("address", ["/nowhere/notify", "@nobody-listens", "vsock:2:1", "relative", "/" + "x" * 200])
def test_a_manager_that_is_not_there(person, address):
    process = person.start(person.programs / "lanyardd", env={"NOTIFY_SOCKET": address})
    assert person.running_daemon() == process.pid
    # It serves, and so minds signals.
    person.lanyard("list")
    process.terminate()
    assert person.finish(process).status == 0


def test_hangup_is_ignored(person):
    person.lanyard("list")
    pid = person.daemon_pid()
    os.kill(pid, signal.SIGHUP)
    person.lanyard("list")
    assert person.daemon_pid() == pid


# daemon reload


@pytest.fixture
def upgradable(new_person, run_folder, leaks):
    """A person with programs of their own, which can be replaced."""
    person = new_person()
    programs = person.folder / "programs"
    programs.mkdir()
    for name in ("lanyard", "lanyard-cli", "lanyardd", "liblanyard-preload.so"):
        shutil.copy(person.programs / name, programs)
    for link in (person.folder / "bin").iterdir():
        link.unlink()
        link.symlink_to(programs / "lanyard")
    person.environment["PATH"] = person.environment["PATH"].replace(str(person.programs), str(programs))
    person.programs = programs
    add(person, "s", "https://api.example", leaks.new("bearer"))
    return person


def upgrade(person):
    """Another file in the place of the daemon's program, as an installation puts it there."""
    shutil.copy(person.programs / "lanyardd", person.programs / "new")
    os.rename(person.programs / "new", person.programs / "lanyardd")


CHANGED = "another lanyardd is installed than the one that runs: stopping it, starting that\n"


def test_reload_of_the_same_program(upgradable):
    pid = upgradable.daemon_pid()
    assert upgradable.lanyard("daemon", "reload").out == "the daemon has read settings and recipes, and is up to date\n"
    assert upgradable.daemon_pid() == pid


def test_reload_of_another_program(upgradable):
    pid = upgradable.daemon_pid()
    upgrade(upgradable)
    assert upgradable.lanyard("daemon", "reload").out == CHANGED + "the daemon runs anew\n"
    assert wait_for_end(pid) in (0, None)
    assert upgradable.running_daemon() != pid
    assert upgradable.lanyard("daemon", "reload").out == "the daemon has read settings and recipes, and is up to date\n"
    assert list(sessions(upgradable)) == ["s"]


@pytest.mark.vault
def test_reload_says_that_a_vault_opened_by_hand_is_locked(upgradable):
    upgradable.stop_daemon()
    del upgradable.environment["LANYARD_PASSPHRASE_FILE"]
    answers = [("passphrase of the vault", upgradable.passphrase_file.read_text())]
    assert at_terminal(upgradable, "lanyard", "list", answers=answers)[0] == 0
    upgrade(upgradable)
    out = upgradable.lanyard("daemon", "reload").out
    assert out == CHANGED + "the daemon runs anew; your vault is locked now, to open it: lanyard unlock\n"
    upgradable.lanyard("list", status=6)
    assert at_terminal(upgradable, "lanyard", "list", answers=answers)[0] == 0


def test_reload_does_not_unlock(upgradable):
    upgradable.lanyard("lock")
    upgrade(upgradable)
    assert upgradable.lanyard("daemon", "reload").out == CHANGED + "the daemon runs anew\n"
    assert "you have locked the store" in upgradable.lanyard("list", status=6).err
    upgradable.lanyard("unlock")
    assert list(sessions(upgradable)) == ["s"]


def test_reload_where_the_program_is_gone(upgradable):
    pid = upgradable.daemon_pid()
    os.unlink(upgradable.programs / "lanyardd")
    refused = upgradable.lanyard("daemon", "reload", status=1)
    assert "no lanyardd at" in refused.err and upgradable.daemon_pid() == pid


def test_reload_without_a_daemon(person):
    assert person.lanyard("daemon", "reload").out == "no daemon was running\n"
    assert person.daemon_pid() is None
