"""GNOME Keyring on a bus of its own, in a folder of its own, with the faults that keyrings have.

In a test: `with Keyring() as keyring: … keyring.environment, keyring.lock(), keyring.kill(), keyring.restart()`.
As a program: `python3 keyring.py [--service none|locked|empty|activated]` prints its environment and `ready`, then
obeys each line of its standard input, a method's name, and answers `ok` or what is wrong. At the end of the input, or
at SIGTERM, all ends.
"""

import argparse
import contextlib
import ctypes
import os
import pathlib
import re
import resource
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

PASSWORD = "password of the keyring"
COLLECTION = "/org/freedesktop/secrets/collection/login"
DAEMON = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]

# Long enough for a machine under load; nothing waits for it in a run that goes well.
DEADLINE = 20

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <servicedir>{services}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""


def die_with_parent():
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Keyring:
    """`service`: `unlocked`; `locked`, the collection of an earlier run; `empty`, without a collection; `activated` by
    the bus when it is called, at first and after each kill, with the collection of an earlier run, locked; `none`."""

    def __init__(self, service="unlocked", parent=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="keyring-", dir=parent))
        self.socket = self.folder / "bus"
        self.keyrings = self.folder / "data" / "keyrings"
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.socket}",
        }
        # What a program needs to find this keyring.
        self.environment = {"DBUS_SESSION_BUS_ADDRESS": self._environment["DBUS_SESSION_BUS_ADDRESS"]}
        self._bus = self._daemon = None
        try:
            self.start_bus()
            if service == "empty":
                self._start(unlocked=False)
            elif service != "none":
                self._start(unlocked=True)
            if service in ("locked", "activated"):
                self.kill()
            if service == "locked":
                self._start(unlocked=False)
            elif service == "activated":
                self.allow_activation()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # What can happen to a keyring.

    def lock(self):
        self._call("org.freedesktop.Secret.Service.Lock", f"array:objpath:{COLLECTION}")

    def unlock(self):
        """Through the socket that the login (PAM) uses, without a prompt."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.folder / "keyring" / "control"))
            password = PASSWORD.encode()
            control.sendall(b"\0")
            control.sendall(struct.pack(f">III{len(password)}s", 12 + len(password), 1, len(password), password))
            answer = control.recv(8, socket.MSG_WAITALL)
        assert answer == struct.pack(">II", 8, 0), f"not unlocked: {answer}"

    def kill(self):
        """SIGKILL; returns when the bus has seen it."""
        os.kill(self._pid(), signal.SIGKILL)
        if self._daemon:
            self._daemon.wait()
            self._daemon = None
        self._eventually(lambda: not self._has_owner(), "the keyring is gone")

    def stop(self):
        """SIGSTOP; returns when no thread of it runs."""
        pid = self._pid()
        os.kill(pid, signal.SIGSTOP)
        self._eventually(lambda: self._is_stopped(pid), "the keyring is stopped")

    def cont(self):
        os.kill(self._pid(), signal.SIGCONT)

    def restart(self):
        """Killed, if it was not, and unlocked again."""
        self._restart(unlocked=True)

    def restart_locked(self):
        """As when a bus activates it: nothing is unlocked."""
        self._restart(unlocked=False)

    def fill_disk(self):
        """No file of the keyring's can be written."""
        resource.prlimit(self._pid(), resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def free_disk(self):
        resource.prlimit(self._pid(), resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def remove_items(self):
        """As another program would: all items of the default collection."""
        for path in self.items():
            self.delete_item(path)

    def delete_item(self, path):
        """As another program would."""
        self._send(path, "org.freedesktop.Secret.Item.Delete")

    def change_item(self, path, secret):
        """As another program would: its secret alone becomes another."""
        attributes = [text for attribute in self.attributes(path).items() for text in attribute]
        self._tool("store", "--label", self.label(path), *attributes, input=secret)

    def copy_item(self, path):
        """As an import or a merge of two keyrings would: an item like it, and one attribute more."""
        attributes = [text for attribute in self.attributes(path).items() for text in attribute]
        self._tool("store", "--label", self.label(path), *attributes, "copy", "1", input=self.secret(path))

    def hide_collection(self):
        """Killed, and started again without the person's keyrings."""
        self.kill()
        self.keyrings.rename(self.folder / "hidden")
        self._start(unlocked=False)

    def keep_files(self):
        """What it has written."""
        return {path: path.read_bytes() for path in self.keyrings.iterdir()}

    def put_back_files(self, files):
        """Killed before it had written anything since; restarted, unlocked."""
        self.kill()
        for path, content in files.items():
            path.write_bytes(content)
        self._start(unlocked=True)

    def show_collection(self):
        """They are there again, and unlocked."""
        self.kill()
        shutil.rmtree(self.keyrings, ignore_errors=True)
        (self.folder / "hidden").rename(self.keyrings)
        self._start(unlocked=True)

    def allow_activation(self):
        """From now on the bus starts the keyring where there is none."""
        self._add_service("org.freedesktop.secrets", [shutil.which(DAEMON[0]), *DAEMON[1:]])

    def hang_activation(self):
        """The keyring that the bus starts where there is none never appears on the bus."""
        self._add_service("org.freedesktop.secrets", self._HANGS)

    def hang_prompter(self):
        """A dialog that is asked for is neither shown nor refused: what is started for it never appears on the bus."""
        self._add_service("org.gnome.keyring.SystemPrompter", self._HANGS)

    # Something that ends with the bus.
    _HANGS = ["/usr/bin/env", "dbus-monitor", "interface='org.nobody'"]

    def start_bus(self):
        """A bus without a keyring."""
        services = self.folder / "services"
        services.mkdir(exist_ok=True)
        configuration = self.folder / "bus.conf"
        configuration.write_text(BUS.format(socket=self.socket, services=services))
        self._bus = self._spawn(["dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address"])
        self._bus.stdout.readline()

    def stop_bus(self):
        """The bus ends, and with it the keyring."""
        self._bus.kill()
        self._bus.wait()
        self.socket.unlink(missing_ok=True)
        if self._daemon:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None

    # What can be seen of it.

    def items(self):
        """The paths of the items in the default collection."""
        return re.findall(r'object path "([^"]+)"', self._property(COLLECTION, "Collection", "Items"))

    def attributes(self, path):
        """An item's attributes, as everybody on the bus sees them."""
        return dict(re.findall(r'string "([^"]*)"\s+string "([^"]*)"', self._property(path, "Item", "Attributes")))

    def is_locked(self):
        return "boolean true" in self._property(COLLECTION, "Collection", "Locked")

    def label(self, path):
        """An item's label, as everybody on the bus sees it."""
        return re.search(r'string "([^"]*)"', self._property(path, "Item", "Label")).group(1)

    def secret(self, path):
        """An item's secret, as any program of the person's can read it while the keyring is open."""
        attributes = [text for attribute in self.attributes(path).items() for text in attribute]
        return self._tool("lookup", *attributes)

    def close(self):
        if self._bus and self._bus.poll() is None and not self._daemon and self._has_owner():
            # The bus has started it.
            self.kill()
        for process in (self._daemon, self._bus):
            if process:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # How.

    def _restart(self, unlocked):
        if self._has_owner():
            self.kill()
        self._start(unlocked)

    def _start(self, unlocked):
        self._daemon = self._spawn(DAEMON + (["--unlock"] if unlocked else []))
        with contextlib.suppress(BrokenPipeError):
            self._daemon.stdin.write(PASSWORD if unlocked else "")
            self._daemon.stdin.close()
        self._eventually(self._has_owner, "the keyring answers")
        if unlocked:
            self._eventually(
                lambda: "boolean false" in self._property(COLLECTION, "Collection", "Locked"), "the keyring is open"
            )

    def _add_service(self, name, command):
        service = self.folder / "services" / f"{name}.service"
        service.write_text(f"[D-BUS Service]\nName={name}\nExec={shlex.join(command)}\n")
        self._send("/org/freedesktop/DBus", "org.freedesktop.DBus.ReloadConfig", to="org.freedesktop.DBus")

    def _spawn(self, command):
        # Python ignores SIGXFSZ, and so shall the keyring: then a file that is too large is an error of write().
        return subprocess.Popen(
            command, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, preexec_fn=die_with_parent, restore_signals=False,
        )

    def _send(self, path, method, *arguments, to="org.freedesktop.secrets"):
        command = ["dbus-send", "--print-reply", f"--dest={to}", path, method, *arguments]
        return subprocess.run(
            command, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
            timeout=DEADLINE,
        ).stdout

    def _tool(self, *arguments, input=None):
        # libsecret's own program.
        return subprocess.run(
            ["secret-tool", *arguments], env=self._environment, input=input, capture_output=True, text=True, check=True,
            timeout=DEADLINE,
        ).stdout

    def _call(self, method, *arguments):
        return self._send("/org/freedesktop/secrets", method, *arguments)

    def _property(self, path, interface, name):
        get = "org.freedesktop.DBus.Properties.Get"
        return self._send(path, get, f"string:org.freedesktop.Secret.{interface}", f"string:{name}")

    def _ask_bus(self, question):
        name = "string:org.freedesktop.secrets"
        bus = "org.freedesktop.DBus"
        return self._send("/org/freedesktop/DBus", f"{bus}.{question}", name, to=bus)

    def _has_owner(self):
        return "boolean true" in self._ask_bus("NameHasOwner")

    def _pid(self):
        return int(re.search(r"uint32 (\d+)", self._ask_bus("GetConnectionUnixProcessID")).group(1))

    @staticmethod
    def _is_stopped(pid):
        threads = pathlib.Path(f"/proc/{pid}/task").glob("*/stat")
        states = [stat.read_text().rpartition(")")[2].split()[0] for stat in threads]
        return all(state == "T" for state in states)

    @staticmethod
    def _eventually(condition, what):
        end = time.monotonic() + DEADLINE
        while not condition():
            assert time.monotonic() < end, f"not within {DEADLINE} s: {what}"
            time.sleep(0.005)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--service", choices=["unlocked", "locked", "empty", "activated", "none"], default="unlocked"
    )
    service = parser.parse_args().service
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Keyring(service) as keyring:
        print(*(f"{name}={value}" for name, value in keyring.environment.items()), sep="\n")
        print(f"folder={keyring.folder}", "ready", sep="\n", flush=True)
        for line in sys.stdin:
            try:
                method = line.strip()
                assert re.fullmatch("[a-z][a-z_]*", method) and method != "close", f"what is {method}?"
                getattr(keyring, method)()
                print("ok", flush=True)
            except Exception as error:
                print(f"{type(error).__name__}: {error}".replace("\n", " "), flush=True)


if __name__ == "__main__":
    main()
