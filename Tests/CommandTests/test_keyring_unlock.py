"""Opening a keyring that is locked: by a login, in its dialog, with its password at a terminal."""

import pytest
from keyring import PASSWORD
from processes import eventually
from remembered import AT_ONCE, DEADLINE, expect_all, store, within
from terminal import at_terminal
from ways import curl, sessions

pytestmark = pytest.mark.keyring


def test_a_login_to_the_desktop_is_noticed(equipped):
    """GNOME Keyring sends no signal then: the daemon looks by the clock, and when somebody asks."""
    equipped.keyring.restart_locked()
    equipped.lanyard("list", status=6)
    equipped.keyring.unlock()

    def attached():
        assert curl(equipped, equipped.recorder.origin) == "ok\n"
        return "authorization" in equipped.recorder.requests[-1]["headers"]

    eventually(attached, "a script has its session again", deadline=5)


def test_a_dialog_that_cannot_be_shown(equipped):
    """There is a display, as far as the command knows, and the keyring cannot show anything on it."""
    equipped.keyring.restart_locked()
    with within(DEADLINE, "unlock"):
        status, shown = at_terminal(equipped, "env", "DISPLAY=:99", "lanyard", "unlock")
    assert status == 6
    assert "asks for its password in a window of its own" in shown
    assert "its dialog was closed, or could not be shown" in shown and "lanyard unlock" in shown
    assert store(equipped)[0] == "locked"
    equipped.keyring.unlock()
    expect_all(equipped)


def test_a_dialog_that_nobody_answers(equipped):
    """It holds up no other command, and is not needed any more when the keyring is opened otherwise."""
    equipped.keyring.restart_locked()
    equipped.keyring.hang_prompter()
    equipped.lanyard("list", status=6)
    asked = equipped.start("setsid", "script", "-qec", "lanyard unlock", "/dev/null", env={"DISPLAY": ":99"})
    eventually(lambda: "in a window of its own" in store(equipped)[1], "the keyring asks")
    for command in (["list"], ["token", "token"]):
        with within(AT_ONCE, command):
            equipped.lanyard(*command, status=6)
    equipped.keyring.unlock()
    expect_all(equipped)
    assert equipped.finish(asked).status == 0


# With its password, where there is no display.

ASKED = "password of your keyring"


@pytest.fixture
def locked(equipped):
    """The sessions are in a keyring that is locked; nothing was asked of the daemon yet."""
    equipped.keyring.restart_locked()
    return equipped


@pytest.mark.parametrize("program", ["lanyard", "lanyard-cli"])
def test_unlock_at_a_terminal(locked, program):
    status, shown = at_terminal(locked, program, "list")
    assert status == 6 and "your keyring is locked" in shown and ASKED not in shown
    status, shown = at_terminal(locked, program, "unlock", answers=[(ASKED, PASSWORD)])
    assert status == 0 and "the store is open" in shown
    assert PASSWORD not in shown
    expect_all(locked)
    # It is the keyring itself that is open.
    locked.kill_daemon()
    expect_all(locked)


def test_a_wrong_password_is_asked_for_again(locked, leaks):
    answers = [(ASKED, leaks.new("wrong")), ("does not open", PASSWORD)]
    status, shown = at_terminal(locked, "lanyard", "unlock", answers=answers)
    assert status == 0 and shown.count(ASKED) == 2
    expect_all(locked)


def test_a_password_that_stays_wrong(locked, leaks):
    answers = [(ASKED, leaks.new("wrong"))] + 2 * [("does not open", leaks.new("wrong"))]
    status, shown = at_terminal(locked, "lanyard", "unlock", answers=answers)
    assert status == 6 and shown.count(ASKED) == 3
    assert store(locked)[0] == "locked"


def test_unlock_where_nobody_can_be_asked(locked):
    told = locked.lanyard("unlock", status=6)
    assert "nobody can be asked here" in told.err and "lanyard unlock" in told.err


def test_unlock_where_nothing_has_to_be_asked(locked):
    locked.keyring.unlock()
    status, shown = at_terminal(locked, "lanyard", "unlock")
    assert status == 0 and ASKED not in shown


# `lock` while the keyring is open.


def test_after_lock_the_open_keyring_is_not_read(equipped):
    expect_all(equipped)
    equipped.lanyard("lock")
    for way in ("same daemon", "killed", "stopped", "keyring locked and unlocked", "keyring restarted"):
        if way == "killed":
            equipped.kill_daemon()
        if way == "stopped":
            equipped.stop_daemon()
        if way == "keyring locked and unlocked":
            equipped.keyring.lock()
            equipped.keyring.unlock()
        if way == "keyring restarted":
            equipped.keyring.restart()
        told = equipped.lanyard("list", status=6)
        assert told.err == "lanyard: you have locked the store\nlanyard: run: lanyard unlock\n"
        status, shown = at_terminal(equipped, "lanyard", "token", "token")
        assert status == 6 and ASKED not in shown
        assert store(equipped) == ("locked", "you have locked it")
        assert curl(equipped, equipped.recorder.origin) == "ok\n"
        assert "authorization" not in equipped.recorder.requests[-1]["headers"]
    # The person's keyring is not ours to lock.
    assert not equipped.keyring.is_locked()
    equipped.lanyard("unlock")
    expect_all(equipped)


def test_lock_and_then_the_keyring_is_locked_too(locked):
    locked.lanyard("lock")
    status, shown = at_terminal(locked, "lanyard", "unlock", answers=[(ASKED, PASSWORD)])
    assert status == 0
    expect_all(locked)


def test_unlock_fails_and_lock_stays(locked):
    """`unlock` that could not open it has not undone `lock`."""
    locked.lanyard("lock")
    locked.lanyard("unlock", status=6)
    locked.keyring.unlock()
    assert "you have locked the store" in locked.lanyard("list", status=6).err
    locked.lanyard("unlock")
    assert set(sessions(locked)) == {"token", "jwt"}
