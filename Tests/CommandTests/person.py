"""A person with a home of their own, who types commands."""

import os
import shutil
import signal
import socket
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

from processes import eventually, is_running, stop_between_requests, wait_for_end

# A command that takes longer hangs; the slowest ones wait for a server that does not answer.
COMMAND_DEADLINE = 90


@dataclass
class Result:
    status: int
    out: str
    err: str


class Person:
    """Folders that nobody else uses, and the programs run in them.

    `private` holds all that Lanyard may write; it is searched for secrets. `inputs` holds what the person brings:
    the passphrase and files with passwords. With a keyring, which is then theirs alone, the sessions are in it, and
    without one in a vault.
    """

    def __init__(self, folder, programs, leaks, uid=None, name="lanyard", keyring=None):
        self.folder = Path(folder)
        self.programs = Path(programs)
        self.leaks = leaks
        self.uid = uid
        self.keyring = keyring
        self.private = self.folder / "p"
        self.inputs = self.folder / "inputs"
        # What is killed before every command: "daemon", "keyring".
        self.killed = ()
        for path in (self.private, self.inputs, *(self.private / sub for sub in ("home", "run", "data", "state"))):
            self._make_folder(path)
        for sub in ("config", "tmp"):
            self._make_folder(self.private / sub)
        self.passphrase_file = self.keep("passphrase", leaks.new("passphrase"))
        self.environment = self._environment(name)

    def _make_folder(self, path):
        path.mkdir(parents=True, mode=0o700)
        self._give(path)

    def _give(self, path):
        if self.uid is not None:
            os.chown(path, self.uid, self.uid)

    def _environment(self, name):
        """What the person's shell exports; nothing of the test runner's own environment comes along."""
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        # `lanyard` may be a link to lanyard-cli: to a person they are one command.
        (bin_folder / "lanyard").symlink_to(self.programs / name)
        store = {"LANYARD_STORE": "vault", "LANYARD_PASSPHRASE_FILE": str(self.passphrase_file)}
        if self.keyring:
            store = {"LANYARD_STORE": "secret-service", **self.keyring.environment}
        return store | {
            "PATH": f"{bin_folder}:{self.programs}:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.private / "home"),
            "TMPDIR": str(self.private / "tmp"),
            "XDG_RUNTIME_DIR": str(self.private / "run"),
            "XDG_DATA_HOME": str(self.private / "data"),
            "XDG_STATE_HOME": str(self.private / "state"),
            "XDG_CONFIG_HOME": str(self.private / "config"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "GIT_TERMINAL_PROMPT": "0",
        }

    @property
    def socket(self):
        return self.private / "run/lanyard/socket"

    @property
    def journal(self):
        return self.private / "data/lanyard/journal"

    @property
    def key_file(self):
        return self.private / "data/lanyard/vault.key"

    @property
    def log(self):
        return self.private / "state/lanyard/lanyardd.log"

    def keep(self, name, content):
        """A file of the person's own, outside the folders that are searched."""
        path = self.inputs / name
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(content)
        self._give(path)
        return path

    def start(self, *command, input=None, env=None, **options):
        """Starts a command with its stdout and stderr in pipes; stdin is empty unless `input` says more."""
        if self.uid is not None:
            options |= {"user": self.uid, "group": self.uid, "extra_groups": []}
        streams = {
            "stdin": subprocess.DEVNULL if input is None else subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        process = subprocess.Popen(
            [str(part) for part in command],
            env=self.environment | (env or {}),
            **{"cwd": self.private / "home"} | streams | options,
        )
        if input is not None:
            try:
                process.stdin.write(input.encode() if isinstance(input, str) else input)
                process.stdin.close()
            except BrokenPipeError:
                pass
            process.stdin = None
        return process

    def finish(self, process):
        try:
            out, err = process.communicate(timeout=COMMAND_DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise AssertionError(f"still running after {COMMAND_DEADLINE} s: {process.args}") from None
        # 128+N for a signal, as a shell says it.
        status = process.returncode if process.returncode >= 0 else 128 - process.returncode
        return Result(status, out.decode(errors="replace"), err.decode(errors="replace"))

    def run(self, *command, status=0, input=None, env=None):
        """Runs a command and checks its exit status; with `status=None` any will do."""
        self.disturb()
        result = self.finish(self.start(*command, input=input, env=env))
        assert status is None or result.status == status, (
            f"{' '.join(map(str, command))}\nexited {result.status}, not {status}\n{result.out}{result.err}{self._log_tail()}"
        )
        return result

    def lanyard(self, *arguments, **options):
        return self.run("lanyard", *arguments, **options)

    def _log_tail(self):
        if not self.log.exists():
            return ""
        return "\nthe daemon's log ends:\n" + "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def connect(self):
        """A connection to the daemon, as any program of this person could make one."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(COMMAND_DEADLINE)
        connection.connect(str(self.socket))
        return connection

    def daemon_pid(self):
        """Who listens at the socket; None if nobody does."""
        try:
            with self.connect() as connection:
                peer = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        return struct.unpack("3i", peer)[0]

    def running_daemon(self):
        """The daemon's pid, once it listens."""
        return eventually(self.daemon_pid, "a daemon listens at the socket")

    def disturb(self):
        """What happens before every command."""
        if "daemon" in self.killed:
            self.kill_daemon(at_rest=True)
        if "keyring" in self.killed:
            self.keyring.restart()

    def kill_daemon(self, at_rest=False):
        """SIGKILL: it gets no chance to tidy up.

        At rest: not while it waits for a server. A renewal whose answer is lost may need a login, which is told and tested
        elsewhere.
        """
        if pid := self.daemon_pid():
            if at_rest:
                eventually(lambda: stop_between_requests(pid), "the daemon waits for no server")
            os.kill(pid, signal.SIGKILL)
            wait_for_end(pid)

    def stop_daemon(self):
        """SIGTERM; the wait status, or None if there was no daemon."""
        if pid := self.daemon_pid():
            if is_running(pid):
                os.kill(pid, signal.SIGTERM)
            return wait_for_end(pid)

    def leave(self):
        """The end of a test: what the daemon leaves behind holds no secret. Returns what is wrong."""
        complaints = []
        try:
            if (status := self.stop_daemon()) not in (None, 0):
                complaints.append(f"the daemon did not stop cleanly: wait status {status}{self._log_tail()}")
        except AssertionError as failure:
            complaints.append(str(failure))
            self.kill_daemon()
        complaints += self.leaks.search_files(self.private)
        if self.keyring:
            complaints += self.leaks.search_files(self.keyring.folder)
            self.keyring.close()
        shutil.rmtree(self.folder)
        return complaints
