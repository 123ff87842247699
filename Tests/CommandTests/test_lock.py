"""`lock` and `unlock`: what the daemon forgets, and who may open the store again."""

import json
import os
import pty
import re
import select
import signal
import time

import pytest
from processes import eventually
from varlink_wire import AGENT, ask, message, receive
from ways import LOGINS, add, curl, login, sessions


def writable_memory(pid):
    """Every writable mapping of the process, in one piece each; root may look."""
    with open(f"/proc/{pid}/maps") as maps:
        mappings = [line.split() for line in maps]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for span, permissions, *_ in mappings:
            start, end = (int(text, 16) for text in span.split("-"))
            if "w" in permissions:
                memory.seek(start)
                yield f"{span} of the daemon", memory.read(end - start)


@pytest.fixture
def filled(person, site, recorder, leaks):
    """A person with a session of every kind, each used, one renewed; and the secrets that the daemon has for them."""
    secrets = {}
    for recipe in LOGINS:
        login(person, site, recipe, recipe)
        curl(person, site.me, env={"LANYARD_SESSION": recipe})
    person.lanyard("refresh", "simplejwt")
    for kind in ("bearer", "header", "cookie"):
        secrets[kind] = leaks.new(kind)
        add(person, kind, recorder.origin + "/" + kind, secrets[kind], kind)
        curl(person, f"{recorder.origin}/{kind}")
    secrets["password"] = site.password
    secrets["passphrase"] = person.passphrase_file.read_text()
    for name in ("django", "drf-token", "simplejwt"):
        shown = json.loads(person.lanyard("show", name, "--reveal", "--json").out)
        for part in (shown, shown.get("refresh", {})):
            if "token" in part:
                secrets[f"{name} {'refresh' if part is not shown else 'access'}"] = part["token"]
        for cookie in shown.get("cookies", []):
            secrets[f"{name} {cookie['name']}"] = cookie["value"]
    # A look at one session fills what was freed before with something else; all that counts is what is left at the end.
    return person, secrets


def found_in(memory, secrets):
    return sorted({name for name, secret in secrets.items() for _, content in memory if secret.encode() in content})


@pytest.mark.skipif(os.getuid() != 0, reason="only root may look into the daemon")
def test_lock_forgets_every_secret(filled):
    person, secrets = filled
    assert {"simplejwt access", "simplejwt refresh", "django sessionid", "drf-token access"} <= set(secrets)
    pid = person.daemon_pid()
    # The search finds what is there.
    assert {"bearer", "simplejwt refresh", "django sessionid"} <= set(found_in(list(writable_memory(pid)), secrets))
    person.lanyard("lock")
    assert person.daemon_pid() == pid
    assert found_in(list(writable_memory(pid)), secrets) == []
    person.lanyard("unlock")
    assert len(sessions(person)) == 6
