"""What the doctor finds, and the mend it names."""

import json
import os
import re
import shutil
import subprocess

import pytest
from processes import eventually
from ways import add, login, sessions

pytestmark = pytest.mark.vault


def findings(person, *program, status=0):
    """By subject: result, text and mend."""
    printed = person.lanyard("doctor", "--json", *(["--", *program] if program else []), status=status).out
    return {found["subject"]: (found["result"], found["text"], found["mend"]) for found in json.loads(printed)}


def test_all_is_well(person, recorder, leaks):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    found = findings(person)
    assert {subject: result for subject, (result, _, _) in found.items() if subject != "linger"} == dict.fromkeys(
        ("folders", "daemon", "vault", "clock", "preload"), "ok"
    )
    assert str(person.socket) in found["daemon"][1] and "1 session" in found["vault"][1]
    curl_version = subprocess.run(["curl", "--version"], capture_output=True, text=True).stdout
    assert re.search(r"libcurl/(\S+)", curl_version).group(1) in found["preload"][1]
    shown = person.lanyard("doctor").out
    assert re.search(r"^ok    preload +works with \S*/curl", shown, re.M) and "fail" not in shown
    assert not [name for name in os.listdir(person.private / "run") if name.startswith("lanyard-doctor")]


@pytest.mark.keyring
def test_a_keyring(new_person, backend):
    person = new_person()
    kind = "keyring" if person.keyring else "vault"
    assert findings(person)[kind][0] == "ok"
    if not person.keyring:
        return
    person.kill_daemon()
    person.keyring.lock()
    result, text, mend = findings(person, status=1)["keyring"]
    assert (result, "locked" in text) == ("fail", True) and "lanyard unlock" in mend


@pytest.mark.keyring
def test_a_keyring_that_is_locked_when_nothing_is_due(person, recorder, leaks):
    """Nobody has told the daemon: it looks when it is asked, and each place says the same."""
    if not person.keyring:
        return
    add(person, "s", recorder.origin, leaks.new("bearer"))
    eventually(lambda: len(person.keyring.items()) == 2, "the session is in the keyring")
    person.keyring.lock()
    words = "your keyring is locked; your sessions go on, and changes wait in the journal; to open it: lanyard unlock"
    assert f"warning    {words}\n" in person.lanyard("status").out
    assert findings(person)["keyring"][:2] == ("warn", words)
    person.keyring.unlock()
    assert "warning" not in person.lanyard("status").out and findings(person)["keyring"][0] == "ok"


def test_a_locked_store(person):
    person.lanyard("lock")
    result, text, mend = findings(person, status=1)["vault"]
    assert (result, text, mend) == ("fail", "you have locked the store", "lanyard unlock")


def test_a_recipe_with_a_mistake(person):
    folder = person.private / "config/lanyard/recipes"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text("kind = 'form'\ncolour = 'red'\n")
    result, text, mend = findings(person)["files"]
    assert result == "warn" and "mine.toml:2:" in text and mend.endswith("lanyard daemon reload")


def test_folders_that_others_may_enter(person, recorder, leaks):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    person.journal.parent.chmod(0o755)
    result, text, mend = findings(person, status=1)["folders"]
    assert result == "fail" and str(person.journal.parent) in text and mend.startswith("chmod 700 ")


def test_a_daemon_that_does_not_start(person):
    """The socket's folder is somebody else's to enter."""
    person.socket.parent.mkdir()
    person.socket.parent.chmod(0o755)
    result, text, mend = findings(person, status=1)["daemon"]
    assert result == "fail" and str(person.socket.parent) in text and "chmod 700" in mend


def test_a_session_that_needs_a_login(person, new_site):
    site = new_site(access_lifetime=1, refresh_lifetime=1)
    login(person, site, "simplejwt", "j")
    eventually(lambda: sessions(person)["j"]["state"] == "needs-login", "the tokens end")
    assert findings(person)["session"] == ("warn", '"j" needs a login', "lanyard login j")


def test_a_preload_library_that_is_gone(nobody):
    (nobody.programs / "liblanyard-preload.so").unlink()
    result, text, _ = findings(nobody, status=1)["preload"]
    assert result == "fail" and "liblanyard-preload.so" in text


# Programs.


def test_curl_and_git_are_served(lasting):
    for program in ("curl", "git"):
        [(result, text, _)] = findings(lasting, program).values()
        assert result == "ok" and "libcurl" in text


def compiled(folder, name, *options):
    source = folder / "program.c"
    source.write_text("int main(void) { return 0; }\n")
    subprocess.run(["cc", "-o", folder / name, source, *options], check=True)
    return folder / name


@pytest.mark.parametrize(
    "options, mode, words",
    [
        (["-static"], 0o755, "is a static program"),
        ([], 0o755, "does not use libcurl"),
        ([], 0o4755, "privileges"),
        ([], 0o2755, "privileges"),
    ],
)
def test_programs_that_are_not_served(lasting, tmp_path, options, mode, words):
    program = compiled(tmp_path, "gh", *options)
    program.chmod(mode)
    [(result, text, mend)] = findings(lasting, str(program), status=1).values()
    assert result == "fail" and words in text and mend == "GH_TOKEN=$(lanyard token NAME) gh …"


def test_a_program_that_is_there_to_start_others(lasting):
    [(result, text, _)] = findings(lasting, "sh").values()
    assert result == "ok" and "does not use libcurl itself" in text and "each program it starts" in text


def test_the_program_is_not_run(lasting, tmp_path):
    ran = tmp_path / "ran"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch {ran}\n")
    script.chmod(0o755)
    [(result, text, _)] = findings(lasting, str(script)).values()
    assert result == "ok" and "/bin/sh" in text and not ran.exists()


@pytest.mark.parametrize("name", ["git", "tool"])
def test_nothing_that_comes_with_the_program_is_run(lasting, tmp_path, name):
    """Neither a file called git nor the loader that the file names."""
    ran = tmp_path / "ran"
    loader = tmp_path / "ld-linux-x86-64.so.2"
    loader.write_text(f"#!/bin/sh\ntouch {ran}\n")
    loader.chmod(0o777)
    program = compiled(tmp_path, name, f"-Wl,--dynamic-linker={loader}")
    program.chmod(0o777)
    [(result, _, _)] = findings(lasting, str(program), status=1).values()
    assert result == "fail" and not ran.exists()


def test_what_is_no_program(lasting, tmp_path):
    assert "not found" in findings(lasting, "no-such-program", status=1)["no-such-program"][1]
    text_file = tmp_path / "notes"
    text_file.write_text("just a text\n")
    text_file.chmod(0o755)
    [(result, text, _)] = findings(lasting, str(text_file), status=1).values()
    assert result == "fail" and "neither" in text


@pytest.mark.parametrize("name, content, mode, said", [
    ("absent", None, None, "is not there"), ("plain", "#!/bin/sh\n", 0o644, "is not executable"),
    ("folder", None, 0o755, "is a folder"), ("script", "#!/no/such -x\n", 0o755, "is a script for /no/such, which is not there"),
    ("script", "#!/usr/bin/env -S nosuch -x\n", 0o755, "is a script for nosuch, which is not there"),
    ("script", "#! /usr/bin/env sh\n", 0o755, None), ("script", "#!/bin/sh -e", 0o755, None),
])
def test_what_cannot_be_run(lasting, tmp_path, name, content, mode, said):
    path = tmp_path / name
    if content:
        path.write_text(content)
    elif mode:
        path.mkdir()
    if mode:
        path.chmod(mode)
    [(result, text, mend)] = findings(lasting, str(path), status=1 if said else 0).values()
    assert (result, text, bool(mend)) == ("fail", said, True) if said else result == "ok" and "is a script" in text


def test_a_program_of_another_machine(lasting, tmp_path):
    program = shutil.copy(shutil.which("true"), tmp_path / "true")
    with open(program, "r+b") as file:
        # e_machine, System V ABI: SPARC.
        file.seek(18)
        file.write(b"\x02\x00")
    [(result, text, _)] = findings(lasting, str(program), status=1).values()
    assert result == "fail" and "another kind of machine" in text
