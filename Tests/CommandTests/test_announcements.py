"""What a person is told while they do not look: on the desktop, and by their own commands."""

import contextlib
import subprocess

import pytest
from keyring import Keyring
from odd_site import OddSite
from processes import eventually

pytestmark = pytest.mark.vault


@pytest.fixture
def hook(person):
    """Sets a command that writes down its arguments and its environment; gives what it wrote."""
    return Hook(person)


class Hook:
    def __init__(self, person):
        self.person = person
        self.out = person.private / "tmp/hook"
        script = f'#!/bin/sh\nenv > {self.out}.env\necho "$0" "$@" >> {self.out}\n'
        self.program = person.keep("hook", script)
        self.program.chmod(0o700)

    def set(self, **commands):
        path = self.person.private / "config/lanyard/config.toml"
        path.parent.mkdir(exist_ok=True)
        lines = [f'{key.replace("_", "-")} = {[str(word) for word in words]}\n' for key, words in commands.items()]
        path.write_text("".join(lines))
        path.chmod(0o600)

    def lines(self):
        return self.out.read_text().splitlines() if self.out.exists() else []


def log_in(person, server, name):
    person.lanyard(
        *("login", server.origin + "/api/token/", "--recipe", "simplejwt", "--user", "alice", "--password-stdin"),
        *("--name", name),
        input=server.password + "\n",
    )


def test_a_command_is_run_when_a_session_needs_a_login(person, server, hook, leaks):
    hook.set(on_needs_login=[hook.program, "a b"])
    log_in(person, server, "first")
    log_in(person, server, "second")
    assert hook.lines() == []
    server.alive.clear()
    person.lanyard("refresh", "first", status=4)
    eventually(lambda: hook.lines() == [f"{hook.program} a b first needs-login"], "the command has run")
    assert not leaks.search([("environment", open(f"{hook.out}.env", "rb").read())])


def test_it_is_not_run_again_within_an_hour(person, server, hook):
    hook.set(on_needs_login=[hook.program])
    for _ in range(2):
        log_in(person, server, "first")
        server.alive.clear()
        person.lanyard("refresh", "first", status=4)
    log_in(person, server, "second")
    server.alive.clear()
    person.lanyard("refresh", "second", status=4)
    eventually(lambda: any("second" in line for line in hook.lines()), "the other session is told")
    assert [line.split()[1:] for line in hook.lines()] == [["first", "needs-login"], ["second", "needs-login"]]


def test_a_session_that_ends_by_itself_is_told(person, hook, leaks, recorder):
    hook.set(on_needs_login=[hook.program])
    person.lanyard(
        *("add", "short", "--for", recorder.origin, "--bearer", "--expires", "1"), input=leaks.new("bearer") + "\n"
    )
    eventually(lambda: [line.split()[1:] for line in hook.lines()] == [["short", "needs-login"]], "the end is told")


def test_a_session_that_the_site_ended_is_told(person, hook, leaks):
    hook.set(on_needs_login=[hook.program])
    with OddSite(leaks.new("password")) as odd:
        leaks.register_from(odd.issued)
        person.lanyard(
            *("login", odd.origin + "/sign-in", "--user", odd.user, "--password-stdin", "--name", "odd"),
            input=odd.password + "\n",
        )
        odd.end_all()
        person.lanyard("curl", "-sS", odd.origin + "/me")
        eventually(lambda: hook.lines(), "the end is told")


def test_what_needed_a_login_before_is_no_news(person, server, hook):
    log_in(person, server, "first")
    server.alive.clear()
    person.lanyard("refresh", "first", status=4)
    person.stop_daemon()
    hook.set(on_needs_login=[hook.program], on_renewed=[hook.program])
    person.lanyard("list")
    log_in(person, server, "second")
    person.lanyard("refresh", "second")
    eventually(lambda: hook.lines(), "a command has run")
    assert [line.split()[1:] for line in hook.lines()] == [["second", "active"]]


def test_no_shell_reads_the_command(person, server, hook):
    hook.set(on_renewed=[hook.program, "$HOME; touch x", "*"])
    log_in(person, server, "first")
    person.lanyard("refresh", "first")
    eventually(lambda: hook.lines() == [f"{hook.program} $HOME; touch x * first active"], "the command has run")


def test_a_command_that_fails_is_in_the_log(person, server, hook):
    hook.set(on_renewed=["/nonexistent/program"])
    log_in(person, server, "first")
    person.lanyard("refresh", "first")
    eventually(lambda: "/nonexistent/program could not be run for a session" in person.log.read_text(), "the log says so")
    hook.set(on_renewed=["false"])
    person.lanyard("daemon", "reload")
    log_in(person, server, "second")
    person.lanyard("refresh", "second")
    eventually(lambda: "false, which was run for a session, ended with status 1" in person.log.read_text(), "and that")


@contextlib.contextmanager
def notifications(address):
    """What is asked of the desktop on this bus, as text."""
    monitor = subprocess.Popen(
        ["dbus-monitor", "--address", address, "member=Notify"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    # Its own first message says that it listens.
    monitor.stdout.readline()
    try:
        yield monitor
    finally:
        monitor.terminate()
        monitor.wait()
        monitor.stdout.close()


@pytest.fixture
def at_a_desktop(new_person, run_folder):
    """A person with a session bus, whose sessions are in a vault."""
    person = new_person(keyring=Keyring(service="none", parent=run_folder))
    person.environment |= {"LANYARD_STORE": "vault", "LANYARD_PASSPHRASE_FILE": str(person.passphrase_file)}
    return person


def test_the_desktop_says_that_a_session_needs_a_login(at_a_desktop, new_server):
    server = new_server()
    log_in(at_a_desktop, server, "first")
    server.alive.clear()
    with notifications(at_a_desktop.environment["DBUS_SESSION_BUS_ADDRESS"]) as monitor:
        at_a_desktop.lanyard("refresh", "first", status=4)
        said = []
        while not any("lanyard login first" in line for line in said):
            said.append(monitor.stdout.readline())
    text = "".join(said)
    assert '"first" needs a login' in text and "org.freedesktop.Notifications" in text


def test_the_desktop_is_silent_where_that_is_set(at_a_desktop, new_server):
    hook = Hook(at_a_desktop)
    config = at_a_desktop.private / "config/lanyard"
    config.mkdir()
    (config / "config.toml").write_text(f'notify = false\non-needs-login = [{str(hook.program)!r}]\n')
    (config / "config.toml").chmod(0o600)
    server = new_server()
    log_in(at_a_desktop, server, "first")
    server.alive.clear()
    with notifications(at_a_desktop.environment["DBUS_SESSION_BUS_ADDRESS"]) as monitor:
        at_a_desktop.lanyard("refresh", "first", status=4)
        # The command comes after the desktop.
        eventually(lambda: hook.lines(), "the command has run")
        at_a_desktop.stop_daemon()
        monitor.terminate()
        assert "Notify" not in monitor.stdout.read()
