"""What a person sees who waits, and a script does not."""

import re
import threading

import pytest
from processes import eventually
from terminal import CTRL_C, at_terminal
from token_server import LOGIN, REFRESH

pytestmark = pytest.mark.vault


@pytest.fixture
def waiting(person, server):
    """A person with a session, whose next renewal the server holds up until `let_go` is set."""
    secret = server.password + "\n"
    login = ("login", server.origin + LOGIN, "--recipe", "simplejwt", "--user", "a", "--password-stdin", "--name", "s")
    person.lanyard(*login, input=secret)
    let_go = threading.Event()
    holding = threading.Event()

    def hold():
        with server.held(REFRESH):
            holding.set()
            let_go.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait()
    person.let_go = let_go.set
    yield person
    let_go.set()
    thread.join()


def test_a_terminal_shows_what_is_waited_for_and_how_long_at_most(waiting):
    status, shown = at_terminal(waiting, "lanyard", "refresh", "s", answers=[("left, Ctrl-C", lambda _: waiting.let_go())])
    assert status == 0
    line, result = shown.rsplit("\r\x1b[K", 1)
    assert re.search(r"\r[|/\\-] renewing, 0:5\d left, Ctrl-C to give up\x1b\[K", line)
    assert result.startswith('renewed "s"')
    assert all(len(part) < 80 for part in re.split(r"\r|\n", shown))


def test_ctrl_c_gives_up_and_the_renewal_goes_on(waiting, server):
    interrupted, shown = at_terminal(waiting, "lanyard", "refresh", "s", answers=[("left, Ctrl-C", CTRL_C)])
    assert interrupted == -2 and "renewing" in shown
    waiting.let_go()
    assert waiting.lanyard("token", "s").out
    assert len(server.requests(REFRESH)) == 1


def test_a_pipe_gets_none_of_it(waiting, server):
    process = waiting.start("lanyard", "refresh", "s")
    eventually(lambda: server.requests(REFRESH), "the renewal is under way")
    # Longer than a terminal would wait with it.
    threading.Event().wait(1.5)
    waiting.let_go()
    result = waiting.finish(process)
    assert (result.status, result.err) == (0, "") and result.out.startswith('renewed "s"')


def test_a_dumb_terminal_gets_none_of_it(waiting, server):
    def let_go_later():
        eventually(lambda: server.requests(REFRESH), "the renewal is under way")
        threading.Event().wait(1.5)
        waiting.let_go()

    thread = threading.Thread(target=let_go_later)
    thread.start()
    waiting.environment["TERM"] = "dumb"
    status, shown = at_terminal(waiting, "lanyard", "refresh", "s")
    thread.join()
    assert status == 0 and "\x1b" not in shown and "left" not in shown
