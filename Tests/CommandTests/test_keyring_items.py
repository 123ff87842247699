"""Items in the keyring that other programs delete, change or read."""

import re

import pytest
from processes import eventually
from remembered import expect_all, expect_service, items, lose_journal, store
from ways import add, login, sessions

pytestmark = pytest.mark.keyring


def test_an_item_that_the_person_deletes_is_a_removal(equipped):
    """Of a session that a start has seen in the keyring; the other goes on, and a new login is kept as ever."""
    expect_all(equipped)
    equipped.keyring.delete_item(items(equipped)["token"])
    # Not yet: what is in memory is not looked for at each step.
    expect_service(equipped)
    assert equipped.stop_daemon() == 0
    assert set(sessions(equipped)) == {"jwt"}
    equipped.lanyard("refresh", "jwt")
    equipped.kill_daemon()
    assert set(sessions(equipped)) == {"jwt"}
    add(equipped, "token", equipped.recorder.origin, equipped.secret)
    assert equipped.stop_daemon() == 0
    lose_journal(equipped)
    expect_all(equipped)


def test_a_login_after_an_item_was_deleted_is_kept(equipped):
    expect_all(equipped)
    equipped.keyring.delete_item(items(equipped)["jwt"])
    login(equipped, equipped.server, "simplejwt", "jwt")
    eventually(lambda: "jwt" in items(equipped), "the new login is in the keyring")
    equipped.kill_daemon()
    expect_all(equipped)


def test_an_item_that_is_lost_before_a_start_has_seen_it(equipped, leaks):
    """Some keyrings say "stored" before they have written: that is not taken for a removal."""
    add(equipped, "new", f"{equipped.recorder.origin}/new", leaks.new("bearer"))
    eventually(lambda: "new" in items(equipped), "the item is written")
    equipped.keyring.delete_item(items(equipped)["new"])
    equipped.kill_daemon()
    expect_all(equipped, "new")
    eventually(lambda: "new" in items(equipped), "it is written again")


@pytest.mark.parametrize("secret", ["", "nonsense", '{"lanyard":1}\n', "another's"])
def test_an_item_that_another_program_changes(equipped, secret):
    """The journal has the session."""
    expect_all(equipped)
    found = items(equipped)
    if secret == "another's":
        secret = equipped.keyring.secret(found["jwt"])
    equipped.keyring.change_item(found["token"], secret)
    expect_service(equipped)
    equipped.kill_daemon()
    expect_all(equipped)
    eventually(lambda: "token" in items(equipped), "the item is as it should be")
    assert equipped.stop_daemon() == 0
    lose_journal(equipped)
    expect_all(equipped)


def test_an_item_of_a_newer_lanyard(equipped):
    equipped.keyring.change_item(items(equipped)["token"], '{"lanyard":2}\n')
    refused = equipped.lanyard("list", status=7)
    assert "format 2" in refused.err and "use the Lanyard that wrote it" in refused.err
    assert store(equipped)[0] == "unavailable"


def test_an_item_put_back_from_a_backup_is_not_newer(equipped):
    """An old refresh token would be worth nothing: the journal's is used, whatever the keyring has."""
    expect_all(equipped)
    old = equipped.keyring.secret(items(equipped)["jwt"])
    equipped.lanyard("refresh", "jwt")
    assert equipped.stop_daemon() == 0
    equipped.keyring.change_item(items(equipped)["jwt"], old)
    expect_all(equipped)


def test_a_copy_of_an_item_does_not_bring_a_session_back(equipped):
    expect_all(equipped)
    equipped.keyring.copy_item(items(equipped)["token"])
    equipped.kill_daemon()
    expect_all(equipped)
    equipped.lanyard("remove", "token")
    eventually(lambda: len(equipped.keyring.items()) == 2, "both are deleted")
    for _ in range(2):
        equipped.kill_daemon()
        assert set(sessions(equipped)) == {"jwt"}


def test_a_deletion_that_the_keyring_forgets(equipped):
    """Some say "deleted" before they have written: the session stays away, and its item is deleted again."""
    expect_all(equipped)
    (path,) = (path for name, path in items(equipped).items() if name == "token")
    before = equipped.keyring.keep_files()
    equipped.lanyard("remove", "token")
    eventually(lambda: path not in equipped.keyring.items(), "the item is deleted")
    equipped.kill_daemon()
    equipped.keyring.put_back_files(before)
    assert path in equipped.keyring.items()
    assert set(sessions(equipped)) == {"jwt"}
    eventually(lambda: path not in equipped.keyring.items(), "the item is deleted again")
    equipped.kill_daemon()
    assert set(sessions(equipped)) == {"jwt"}


def test_the_key_is_gone(equipped):
    """The items alone are used; the journal is kept, under a name of its own that is told."""
    equipped.keyring.delete_item(items(equipped)[None])
    told = equipped.lanyard("list")
    assert "no longer has the journal's key" in told.err and "journal.keyless-" in told.err
    assert len(list(equipped.journal.parent.glob("journal.keyless-*"))) == 1
    expect_all(equipped)
    assert None in items(equipped)
    equipped.kill_daemon()
    assert equipped.lanyard("list").err == ""
    expect_all(equipped)


def test_the_key_goes_in_mid_life(equipped):
    expect_all(equipped)
    equipped.keyring.delete_item(items(equipped)[None])
    expect_service(equipped)
    assert equipped.stop_daemon() == 0
    expect_all(equipped)


def test_all_items_go_in_mid_life(equipped):
    """All that is there is in memory: it is used, and what changes is kept."""
    expect_all(equipped)
    equipped.keyring.remove_items()
    expect_service(equipped)
    login(equipped, equipped.server, "simplejwt", "jwt")
    eventually(lambda: "jwt" in items(equipped), "the login is in the keyring")
    equipped.kill_daemon()
    assert "jwt" in sessions(equipped)
    equipped.lanyard("refresh", "jwt")


def test_a_keyring_that_has_lost_everything(equipped):
    """It gets all again; and while it does, what is still missing is not taken for deleted."""
    expect_all(equipped)
    equipped.keyring.remove_items()
    equipped.keyring.restart()
    eventually(lambda: set(items(equipped)) == {None, "token", "jwt"}, "all is written again")
    equipped.keyring.delete_item(items(equipped)["token"])
    equipped.kill_daemon()
    expect_all(equipped)


# What can be read.


def test_what_can_be_read_while_it_is_locked(equipped):
    """A constant label, the schema's name, the application and a random id."""
    add(equipped, "nightingale", f"{equipped.recorder.origin}/florence", equipped.secret)
    eventually(lambda: len(equipped.keyring.items()) == 4, "the items are written")
    equipped.keyring.lock()
    assert len(equipped.keyring.items()) == 4
    for path in equipped.keyring.items():
        attributes = equipped.keyring.attributes(path)
        assert re.fullmatch("[0-9a-f]{32}", attributes.pop("id"))
        assert attributes == {"application": "lanyard", "xdg:schema": "io.lanyard.Item"}
        assert equipped.keyring.label(path) == "Lanyard"
    host = equipped.recorder.origin.partition("://")[2]
    files = [path for path in equipped.keyring.folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert not [text for text in ("nightingale", "florence", host, "alice") if text.encode() in path.read_bytes()]
    assert equipped.leaks.search_files(equipped.keyring.folder) == []
    assert equipped.leaks.search_files(equipped.private) == []
