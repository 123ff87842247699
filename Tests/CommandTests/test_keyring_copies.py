"""A keyring that is put back from a copy, and one that is locked while it is read."""

import json
import shutil
import socket
import threading

import pytest
from processes import eventually
from remembered import items
from ways import add, sessions

pytestmark = pytest.mark.keyring


class LockingBus:
    """A bus in front of the keyring's own: before a GetSecrets goes on, the keyring is locked, once."""

    def __init__(self, keyring, path):
        self.keyring = keyring
        self.armed = False
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        while True:
            try:
                ours, _ = self._listener.accept()
            except OSError:
                return
            theirs = socket.socket(socket.AF_UNIX)
            theirs.connect(str(self.keyring.socket))
            for source, target in ((ours, theirs), (theirs, ours)):
                threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source, target):
        while True:
            try:
                data = source.recv(1 << 20)
                if self.armed and b"GetSecrets" in data:
                    self.armed = False
                    self.keyring.lock()
                target.sendall(data)
            except OSError:
                data = b""
            if not data:
                break
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


@pytest.fixture
def locking(person):
    path = person.inputs / "bus"
    bus = LockingBus(person.keyring, path)
    person.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={path}"
    yield bus
    bus.close()


def test_a_keyring_that_is_locked_while_it_is_read(person, locking, leaks):
    """What it then leaves out is neither gone nor removed, and its key is no reason to begin anew."""
    add(person, "keep", "https://a.example", leaks.new("bearer"))
    add(person, "gone", "https://b.example", leaks.new("bearer"))
    eventually(lambda: len(items(person)) == 3, "the items are written")
    person.keyring.lock()
    add(person, "newest", "https://c.example", leaks.new("bearer"))
    person.lanyard("remove", "gone")
    person.kill_daemon()
    person.keyring.unlock()
    locking.armed = True
    assert "locked" in person.lanyard("list", status=6).err
    assert not locking.armed
    person.keyring.unlock()
    assert set(sessions(person)) == {"keep", "newest"}
    assert not [path for path in person.journal.parent.iterdir() if "keyless" in path.name]


@pytest.fixture
def copied(person, leaks, run_folder):
    """A person with the session "a", and a copy of their keyring from then."""
    add(person, "a", "https://a.example", leaks.new("bearer"))
    eventually(lambda: "a" in items(person), "the item is written")
    person.stop_daemon()
    sessions(person)
    person.stop_daemon()
    copy = person.inputs / "keyrings"
    shutil.copytree(person.keyring.keyrings, copy)

    def put_back():
        person.stop_daemon()
        person.keyring.kill()
        shutil.copytree(copy, person.keyring.keyrings, dirs_exist_ok=True)
        person.keyring.restart()

    person.put_back = put_back
    return person


def test_a_session_that_was_removed_does_not_come_back_with_a_copy(copied):
    copied.lanyard("remove", "a")
    copied.stop_daemon()
    assert sessions(copied) == {}
    copied.put_back()
    assert sessions(copied) == {}
    eventually(lambda: set(items(copied)) == {None}, "its item is deleted again")


def test_of_two_with_one_name_each_keeps_what_it_has(copied, leaks):
    """The first one's removal is forgotten by the journal, and its item comes back."""
    old = copied.lanyard("token", "a").out
    copied.stop_daemon()
    copied.keyring.delete_item(items(copied)["a"])
    copied.journal.unlink()
    new = leaks.new("bearer")
    add(copied, "a", "https://a.example", new)
    copied.put_back()
    names = {copied.lanyard("token", name).out for name in ("a", "a-2")}
    first = copied.lanyard("token", "a").out
    assert names == {old, new + "\n"}
    for _ in range(5):
        copied.stop_daemon()
        assert copied.lanyard("token", "a").out == first


def test_cookies_that_are_set_after_an_item_was_deleted_are_kept(person, leaks):
    jar = f"#HttpOnly_b.example\tFALSE\t/\tTRUE\t0\tsid\t{leaks.new('cookie')}\n"
    person.lanyard("add", "b", "--for", "https://b.example", "--cookie-jar", input=jar)
    eventually(lambda: "b" in items(person), "the item is written")
    person.stop_daemon()
    assert set(sessions(person)) == {"b"}
    person.keyring.delete_item(items(person)["b"])
    person.keyring.lock()
    person.lanyard("cookies", "set", "b", "extra", input=leaks.new("cookie"))
    person.kill_daemon()
    person.keyring.unlock()
    assert set(sessions(person)) == {"b"}
    cookies = json.loads(person.lanyard("cookies", "list", "b", "--json").out)
    assert {cookie["name"] for cookie in cookies} == {"sid", "extra"}
