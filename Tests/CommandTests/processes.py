"""Which processes come from this test run, and what can be seen of them from outside.

pytest makes itself a subreaper: whatever a test starts, a daemon that has left its parent too, stays a descendant of
pytest, so that none can be overlooked and each one's end can be waited for.
"""

import contextlib
import ctypes
import os
import signal
import threading
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36

# Of /proc/net/tcp.
TCP_LISTEN = "0A"

# Long enough for a machine under load; nothing waits for it in a run that goes well.
DEADLINE = 20


def become_subreaper():
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def notice_signals():
    """A background job of a shell ignores these, and so would all that a test starts."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


def eventually(condition, what, deadline=DEADLINE):
    """Waits until the condition holds, and returns what it returned."""
    end = time.monotonic() + deadline
    while not (result := condition()):
        assert time.monotonic() < end, f"not within {deadline} s: {what}"
        time.sleep(0.01)
    return result


def _stat(pid):
    """(state, parent) of a process, or None if it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        return fields[0], int(fields[1])
    except (OSError, IndexError):
        return None


def is_running(pid):
    stat = _stat(pid)
    return stat is not None and stat[0] not in "ZX"


def descendants(but=()):
    """The pids of all that was started from here, without `but` and what those started."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (stat := _stat(name)):
            parents[int(name)] = stat[1]
    children = {}
    for pid, parent in parents.items():
        children.setdefault(parent, []).append(pid)
    found, pending = [], [os.getpid()]
    while pending:
        new = [pid for pid in children.get(pending.pop(), []) if pid not in but]
        found += new
        pending += new
    return found


def stop_between_requests(pid):
    """SIGSTOP; whether the process stays stopped, as it has no TCP connection."""
    os.kill(pid, signal.SIGSTOP)
    try:
        sockets = {os.readlink(entry.path)[8:-1] for entry in os.scandir(f"/proc/{pid}/fd") if _is_socket(entry.path)}
        rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    except (FileNotFoundError, ProcessLookupError):
        return True
    if any(row[9] in sockets and row[3] != TCP_LISTEN for row in rows):
        os.kill(pid, signal.SIGCONT)
        return False
    return True


def _is_socket(path):
    with contextlib.suppress(FileNotFoundError):
        return os.readlink(path).startswith("socket:")
    return False


def command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def wait_for_end(pid, deadline=DEADLINE):
    """Waits until the process has ended; its wait status, or None if it is not ours to reap."""

    def ended():
        try:
            reaped, status = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            return not is_running(pid) and (None,)
        return reaped == pid and (status,)

    return eventually(ended, f"process {pid} ends ({command_line(pid)})", deadline)[0]


def reap(but=()):
    """Takes leave of orphans that have ended; the test's own children must have been waited for."""
    for pid in descendants(but):
        if (stat := _stat(pid)) and stat == ("Z", os.getpid()):
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass


def kill_leftovers(but=()):
    """Ends what is still there; returns the command lines, which should be none."""
    try:
        eventually(lambda: reap(but) or not any(is_running(pid) for pid in descendants(but)), "", deadline=3)
    except AssertionError:
        pass
    left = [pid for pid in descendants(but) if is_running(pid)]
    names = [f"{pid} {command_line(pid)}" for pid in left]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for pid in left:
        wait_for_end(pid)
    return names


class Watch:
    """Looks again and again at argv and environment of every descendant, and keeps each different one."""

    # A look takes a few milliseconds; programs that live shorter than this are caught over the whole run.
    INTERVAL = 0.05

    def __init__(self):
        self.seen = {}
        # Servers, which know their passwords from their environment: neither searched nor taken for left over.
        self.excluded = set()
        # Daemons that outlive a test: searched like all others.
        self.lasting = set()
        # Held by whoever starts a server, until it is excluded.
        self.lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._stop.set()
        self._thread.join()

    def _run(self):
        while not self._stop.wait(self.INTERVAL):
            with self.lock:
                self._look()

    def _look(self):
        for pid in descendants(but=set(self.excluded)):
            for what in ("cmdline", "environ"):
                try:
                    with open(f"/proc/{pid}/{what}", "rb") as file:
                        self.seen.setdefault(file.read(), f"{what} of {pid}")
                except OSError:
                    # Gone, or not readable, as the daemon's environment is for a user who is not root.
                    pass
