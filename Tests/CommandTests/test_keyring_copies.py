"""A keyring that is put back from a copy, and one that is locked while it is read."""

import json
import shutil

import pytest
from bus import BusBetween
from processes import eventually
from remembered import items
from ways import add, sessions

pytestmark = pytest.mark.keyring


@pytest.fixture
def bus(person):
    path = person.inputs / "bus"
    bus = BusBetween(person.keyring, path)
    person.environment["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={path}"
    yield bus
    bus.close()


def test_a_keyring_that_is_locked_while_it_is_read(person, bus, leaks):
    """What it then leaves out is neither gone nor removed, and its key is no reason to begin anew."""
    add(person, "keep", "https://a.example", leaks.new("bearer"))
    add(person, "gone", "https://b.example", leaks.new("bearer"))
    eventually(lambda: len(items(person)) == 3, "the items are written")
    person.keyring.lock()
    add(person, "newest", "https://c.example", leaks.new("bearer"))
    person.lanyard("remove", "gone")
    person.kill_daemon()
    person.keyring.unlock()
    bus.before("GetSecrets", person.keyring.lock)
    assert "locked" in person.lanyard("list", status=6).err
    assert bus.has_happened
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
    eventually(lambda: len(copied.keyring.items()) == 1, "only the key is left: its item is deleted again")


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
