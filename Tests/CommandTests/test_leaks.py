"""That the search for secrets finds them; that programs under `lanyard run` do not see them; where they are in the
daemon's memory."""

import base64
import contextlib
import os
import re
import subprocess
import time
from urllib.parse import quote

import pytest
from leaks import Leaks
from processes import eventually
from varlink_wire import come_round
from ways import add, curl, login


@pytest.mark.parametrize(
    "form",
    [
        lambda secret: secret,
        lambda secret: f"before {secret} after",
        lambda secret: quote(secret, safe=""),
        lambda secret: secret.encode().hex(),
        *(lambda secret, lead=lead: base64.b64encode((lead + secret + "tail").encode()).decode() for lead in ("", "a", "ab")),
        lambda secret: base64.urlsafe_b64encode(f"alice:{secret}".encode()).decode().rstrip("="),
    ],
)
def test_the_search_finds_a_secret(tmp_path, form):
    leaks = Leaks()
    secret = leaks.new("can/ary?")
    (tmp_path / "folder").mkdir()
    file = tmp_path / "folder/file"
    file.write_text("nothing here")
    assert not leaks.search_files(tmp_path)
    file.write_text(form(secret))
    (found,) = leaks.search_files(tmp_path)
    assert str(file) in found and secret not in found


def test_the_watch_sees_argv_and_environment(watch):
    """With a canary that is no secret of anybody."""
    argument, variable = f"canary-{time.time()}", f"bird-{time.time()}"
    process = subprocess.Popen(["sh", "-c", "read -r _; : " + argument], env={"CANARY": variable}, stdin=subprocess.PIPE)
    for canary in (argument, variable):
        eventually(lambda: any(canary.encode() in content for content in list(watch.seen)), "the watch sees it")
    process.communicate()


def test_programs_under_run_see_no_secret(person, site, leaks):
    login(person, site, "simplejwt", "j")
    look = "cat /proc/self/environ /proc/self/cmdline /proc/$PPID/environ /proc/$PPID/cmdline; set; ls -l /proc/self/fd"
    out = person.lanyard("run", "--session", "j", "--", "sh", "-c", look).out
    assert "LD_PRELOAD" in out
    assert not leaks.search([("what a program sees", out.encode())])


def test_no_command_says_a_secret_unasked(person, site, leaks, recorder):
    login(person, site, "simplejwt", "j")
    login(person, site, "django", "d")
    add(person, "k", recorder.origin, leaks.new("api-key"), "header")
    said = [curl(person, "-b", "own=1", recorder.origin)]
    for command in (["list"], ["list", "--json"], ["status"], ["status", "--json"], ["explain", recorder.origin]):
        said.append(person.lanyard(*command, status=None).out)
    for name in "jdk":
        for options in ([], ["--json"]):
            result = person.lanyard("show", name, *options)
            said += [result.out, result.err]
    assert not leaks.search([("what commands print", "\n".join(said).encode())])


def unlocked_memory(pid):
    """(name, bytes) of each mapping that could be swapped out or be in a core dump."""
    with open(f"/proc/{pid}/smaps") as file:
        mappings = re.findall(r"^(\w+)-(\w+) r\S* \S+ \S+ \S+ *(.*)$(?:\n\w+:.*)*?\nVmFlags: (.*)$", file.read(), re.M)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end, name, flags in mappings:
            if {"lo", "dd"} <= set(flags.split()) or name == "[vsyscall]":
                continue
            memory.seek(int(start, 16))
            with contextlib.suppress(OSError):
                yield f"{start}-{end} {name} {flags}", memory.read(int(end, 16) - int(start, 16))


@pytest.mark.skipif(os.getuid() != 0, reason="the daemon's memory can be read by root alone")
def test_secrets_are_in_locked_memory_alone(person, server, leaks):
    tokens = [leaks.new("bearer") for _ in range(40)]
    for number, token in enumerate(tokens):
        add(person, f"t{number}", f"https://t{number}.example", token)
    login(person, server, "simplejwt", "s")
    person.lanyard("refresh", "s")
    person.lanyard("token", "s")
    come_round(person)
    searched = list(unlocked_memory(person.daemon_pid()))
    # What is no secret is found: the search sees the daemon's heap.
    assert any(b"t39.example" in content for _, content in searched)
    # Of a JWT its signature, which is what makes it a secret.
    secrets = [token.rpartition(".")[2] for token in [*tokens, server.password, *server.issued()]]
    found = [name for secret in secrets for name, content in searched if secret.encode() in content]
    assert not found, "\n".join(found)
