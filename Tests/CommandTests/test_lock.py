"""`lock` and `unlock`: what the daemon forgets, what it does not lose, and who opens the store again."""

import json
import os
import time

import pytest
from leaks import forms
from processes import eventually
from recorder import Recorder
from terminal import at_terminal
from varlink_wire import AGENT, ask, message, receive
from ways import LOGINS, add, curl, login, sessions

REFRESH = "/api/token/refresh/"


def store(person):
    """The store's state, and why."""
    told = json.loads(person.lanyard("status", "--json").out)["store"]
    return told["state"], told["reason"]


def writable_memory(pid):
    """What is in the writable mappings of the process; root may look."""
    with open(f"/proc/{pid}/maps") as maps:
        mappings = [line.split() for line in maps]
    content = []
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for span, permissions, *_ in mappings:
            start, end = (int(text, 16) for text in span.split("-"))
            if "w" in permissions:
                memory.seek(start)
                content.append(memory.read(end - start))
    return b"\0".join(content)


def found(pid, secrets):
    """The names of those secrets that are in the daemon's memory, in any form."""
    memory = writable_memory(pid)
    return {name for name, secret in secrets.items() if any(form in memory for form in forms(secret))}


def bring_every_kind(person, site, recorder, leaks):
    """Sessions of every kind, each used, one renewed; returns all that is secret about them."""
    before = len(site.issued())
    for recipe in LOGINS:
        login(person, site, recipe, recipe)
        curl(person, site.me, env={"LANYARD_SESSION": recipe})
    person.lanyard("refresh", "simplejwt")
    person.lanyard("token", "simplejwt")
    secrets = {"password": site.password, "passphrase": person.passphrase_file.read_text()}
    for kind in ("bearer", "header", "cookie"):
        secrets[kind] = leaks.new(kind)
        add(person, kind, f"{recorder.origin}/{kind}", secrets[kind], kind)
        curl(person, f"{recorder.origin}/{kind}")
    for number, issued in enumerate(site.issued()[before:]):
        secrets[f"issued {number}"] = issued
        if issued.count(".") == 2:
            secrets[f"signature {number}"] = issued.rpartition(".")[2]
    return secrets


@pytest.mark.skipif(os.getuid() != 0, reason="only root may look into the daemon")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_secret_is_forgotten(person, scheme, request, certificates, recorder, leaks):
    site = request.getfixturevalue("site" if scheme == "http" else "tls_site")
    person.environment["CURL_CA_BUNDLE"] = str(certificates.ca)
    secrets = bring_every_kind(person, site, recorder, leaks)
    pid = person.daemon_pid()
    # The search finds them where they are: the credentials of six sessions, a refresh token among them.
    assert {"bearer", "header", "cookie"} <= found(pid, secrets) and len(found(pid, secrets)) >= 8
    person.lanyard("lock")
    assert person.daemon_pid() == pid
    assert found(pid, secrets) == set()
    person.lanyard("unlock")
    assert person.daemon_pid() == pid
    assert json.loads(curl(person, site.me, env={"LANYARD_SESSION": "simplejwt"}))["way"] == "jwt"
    # The same for what was read from the journal, and shown.
    listed = sessions(person)
    assert len(listed) == 6
    for name in listed:
        person.lanyard("show", name, "--reveal")
    person.lanyard("lock")
    assert person.daemon_pid() == pid
    assert found(pid, secrets) == set()


@pytest.mark.skipif(os.getuid() != 0, reason="only root may look into the daemon")
def test_a_login_under_way_is_ended_and_forgotten(person, leaks):
    secrets = {"password": leaks.new("password")}
    with Recorder("hang") as silent:
        command = ("lanyard", "login", f"{silent.origin}/api/token/", "--recipe", "simplejwt", "--user", "alice")
        under_way = person.start(*command, "--password-stdin", input=secrets["password"] + "\n")
        eventually(lambda: silent.requests, "the login is under way")
        assert found(person.daemon_pid(), secrets) == {"password"}
        person.lanyard("lock")
        assert found(person.daemon_pid(), secrets) == set()
        ended = person.finish(under_way)
    assert ended.status == 6 and "lanyard unlock" in ended.err


def test_a_renewal_under_way_is_waited_for(person, new_site):
    """Its refresh token is worth one use: what the server answers must not be lost, and is nobody's before unlock."""
    site = new_site(refresh_delay=1)
    login(person, site, "simplejwt", "j")
    before = person.journal.stat().st_size
    asked = person.start("lanyard", "token", "j", "--min-ttl", "100000")
    eventually(lambda: person.journal.stat().st_size > before, "the intent to renew is in the journal")
    assert site.requests(REFRESH) == []
    person.lanyard("lock")
    assert [request["status"] for request in site.requests(REFRESH)] == [200]
    assert person.finish(asked).status == 6
    person.lanyard("unlock")
    shown = json.loads(person.lanyard("show", "j", "--json").out)
    assert shown["refresh"]["rotations"] == 1
    person.lanyard("refresh", "j")


def test_a_renewal_that_hangs_is_given_up(person, leaks):
    with Recorder("hang") as silent:
        options = ("--bearer", "--refresh-token", "--token-endpoint", f"{silent.origin}/token", "--client-id", "c")
        tokens = leaks.new("bearer"), leaks.new("refresh")
        person.lanyard("add", "s", "--for", silent.origin, *options, input="\n".join(tokens) + "\n")
        renewal = person.start("lanyard", "refresh", "s")
        eventually(lambda: silent.requests, "the renewal is under way")
        began = time.monotonic()
        person.lanyard("lock")
        assert 9 < time.monotonic() - began < 15
        assert person.finish(renewal).status == 6
    person.lanyard("unlock")
    assert json.loads(person.lanyard("show", "s", "--json", "--reveal").out)["refresh"]["token"] == tokens[1]


def test_only_unlock_opens_it(person, recorder, leaks):
    """Not the passphrase file, not another command, not a daemon that is started anew."""
    secret = leaks.new("bearer")
    add(person, "s", recorder.origin, secret)
    person.lanyard("lock")
    for way in ("same daemon", "killed", "stopped"):
        if way == "killed":
            person.kill_daemon()
        if way == "stopped":
            person.lanyard("daemon", "stop")
        assert store(person) == ("locked", "you have locked it")
        for command in (["list"], ["token", "s"], ["show", "s"], ["refresh", "s"], ["explain", recorder.origin]):
            refused = person.lanyard(*command, status=6)
            assert refused.err == "lanyard: you have locked the store\nlanyard: run: lanyard unlock\n"
        sent = person.lanyard("curl", "-sS", recorder.origin)
        assert sent.out == "ok\n" and "the store is locked" in sent.err and "lanyard unlock" in sent.err
        assert "authorization" not in recorder.requests[-1]["headers"]
    person.lanyard("unlock")
    assert store(person)[0] == "open"
    assert person.lanyard("token", "s").out.strip() == secret
    # From here on it is as ever.
    person.kill_daemon()
    assert person.lanyard("token", "s").out.strip() == secret


def test_a_daemon_killed_between_lock_and_unlock_loses_nothing(person, recorder, leaks):
    secrets = {}
    for round_number in range(4):
        name = f"s{round_number}"
        secrets[name] = leaks.new("bearer")
        add(person, name, f"{recorder.origin}/{name}", secrets[name])
        person.lanyard("lock")
        person.kill_daemon()
        person.lanyard("unlock")
        person.kill_daemon()
        assert {name: person.lanyard("token", name).out.strip() for name in sessions(person)} == secrets


def test_lock_saves_the_last_use(person, recorder, leaks):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    assert sessions(person)["s"]["last_use"] is None
    curl(person, recorder.origin)
    person.lanyard("lock")
    person.kill_daemon()
    person.lanyard("unlock")
    assert sessions(person)["s"]["last_use"] is not None


def test_the_daemon_stays_the_only_writer(person, recorder, leaks):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    person.lanyard("lock")
    other = person.private / "run/other"
    process = person.start(person.programs / "lanyardd", "--socket", other)
    eventually(other.exists, "it listens")
    refused = person.run("lanyard", "list", env={"LANYARD_SOCKET": str(other)}, status=None)
    process.terminate()
    person.finish(process)
    assert refused.status in (7, 10) and "another lanyardd" in refused.err


def test_lock_twice_and_without_a_daemon(person):
    person.lanyard("lock")
    person.lanyard("lock")
    assert store(person)[0] == "locked"
    person.lanyard("unlock")
    person.lanyard("unlock")
    assert store(person)[0] == "open"


# A vault without a passphrase file, at a terminal.


@pytest.fixture
def by_hand(person, recorder, leaks):
    """A person with a session who types the passphrase."""
    add(person, "s", recorder.origin, leaks.new("bearer"))
    person.stop_daemon()
    del person.environment["LANYARD_PASSPHRASE_FILE"]
    person.passphrase = person.passphrase_file.read_text()
    return person


@pytest.mark.vault
def test_a_command_asks_where_the_daemon_merely_started_locked(by_hand):
    status, shown = at_terminal(by_hand, "lanyard", "list", answers=[("passphrase of the vault", by_hand.passphrase)])
    assert status == 0 and "active" in shown


@pytest.mark.vault
@pytest.mark.parametrize("program", ["lanyard", "lanyard-cli"])
def test_no_command_asks_after_lock(by_hand, program):
    at_terminal(by_hand, "lanyard", "list", answers=[("passphrase of the vault", by_hand.passphrase)])
    by_hand.lanyard("lock")
    for command in (["list"], ["token", "s"], ["show", "s"]):
        status, shown = at_terminal(by_hand, program, *command)
        assert status == 6 and "you have locked the store" in shown and "lanyard unlock" in shown
    status, shown = at_terminal(by_hand, program, "curl", "-sS", "file:///dev/null")
    assert status == 0 and "passphrase" not in shown
    status, shown = at_terminal(by_hand, "lanyard", "unlock", answers=[("passphrase of the vault", by_hand.passphrase)])
    assert status == 0 and "the store is open" in shown
    assert list(sessions(by_hand)) == ["s"]


@pytest.mark.vault
def test_unlock_asks_again_after_a_wrong_passphrase_and_where_nobody_is_says_so(by_hand, leaks):
    by_hand.lanyard("lock")
    answers = [("passphrase of", leaks.new("wrong")), ("does not open", by_hand.passphrase)]
    status, shown = at_terminal(by_hand, "lanyard", "unlock", answers=answers)
    assert status == 0 and "the store is open" in shown
    by_hand.lanyard("lock")
    refused = by_hand.lanyard("unlock", status=6)
    assert "nobody can be asked" in refused.err
    assert store(by_hand) == ("locked", "you have locked it")


# At the socket.


def test_unlock_without_a_passphrase(person):
    person.lanyard("lock")
    with person.connect() as connection:
        refused = ask(connection, f"{AGENT}.List")
        assert refused["error"] == f"{AGENT}.StoreLocked"
        assert refused["parameters"]["lock"] == "by_hand"
        assert "error" not in ask(connection, f"{AGENT}.Unlock")
        assert "error" not in ask(connection, f"{AGENT}.Unlock")
        assert ask(connection, f"{AGENT}.List")["parameters"]["sessions"] == []


def test_locks_and_unlocks_at_once_end_in_order(person, recorder, leaks):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    with person.connect() as first, person.connect() as second:
        for _ in range(20):
            first.sendall(message(f"{AGENT}.Lock") + message(f"{AGENT}.Unlock"))
            second.sendall(message(f"{AGENT}.Unlock") + message(f"{AGENT}.Lock"))
            for connection in (first, first, second, second):
                assert "error" not in receive(connection)
    person.lanyard("unlock")
    assert list(sessions(person)) == ["s"]
