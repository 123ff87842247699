"""Settings: the file, its mistakes, and the environment, which wins."""

import json

import pytest
from terminal import at_terminal
from ways import add

pytestmark = pytest.mark.vault


def write(person, text, mode=0o600):
    path = person.private / "config/lanyard/config.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    "text, said",
    [
        ("# mine\nnotifi = true\n", ":2: there is no key notifi here; expected store, passphrase-file, notify,"),
        ('notify = "yes"\n', ":1: the value of notify makes no sense here; expected true or false"),
        ("\n\nstore =\n", ":3: this is no TOML: "),
        ('store = "vault\n', ":1: this is no TOML: a text is not closed by its quote on the same line"),
        ("store = vault\n", ":1: this is no TOML: a value is none; expected a text in quotes,"),
        ('on-renewed = "touch x"\n', ":1: the value of on-renewed makes no sense here; expected a command as a list"),
    ],
)
def test_a_daemon_does_not_start_with_a_mistake(person, text, said):
    path = write(person, text)
    refused = person.lanyard("status", status=10)
    assert f"the daemon does not start: {path}{said}" in refused.err
    assert refused.err.endswith("lanyard: mend it, then: lanyard daemon reload\n")
    assert f"{path}{said}" in person.log.read_text()
    assert person.daemon_pid() is None
    by_hand = person.run("lanyardd", status=1)
    assert f"{path}{said}" in by_hand.err


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_can_write_is_refused(person, mode):
    path = write(person, "notify = true\n", mode)
    assert f"{path} can be written by others" in person.lanyard("status", status=10).err


def test_the_file_opens_the_store(person, leaks, recorder):
    for name in ("LANYARD_STORE", "LANYARD_PASSPHRASE_FILE"):
        del person.environment[name]
    write(person, f'store = "vault"\npassphrase-file = "{person.passphrase_file}"\n')
    add(person, "s", recorder.origin, leaks.new("bearer"))
    person.stop_daemon()
    assert json.loads(person.lanyard("list", "--json").out)[0]["name"] == "s"


def test_the_environment_wins(person, leaks, recorder):
    write(person, 'store = "secret-service"\npassphrase-file = "/nowhere"\n')
    add(person, "s", recorder.origin, leaks.new("bearer"))
    assert json.loads(person.lanyard("status", "--json").out)["store"]["kind"] == "vault"


def test_a_variable_that_makes_no_sense(person):
    refused = person.lanyard("status", status=10, env={"LANYARD_NOTIFY": "maybe"})
    assert "LANYARD_NOTIFY is maybe; expected true or false" in refused.err


def test_reload_reads_again_or_leaves_all_as_it_is(person, leaks, recorder):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    pid = person.running_daemon()
    path = write(person, "notify = 1\n")
    refused = person.lanyard("daemon", "reload", status=64)
    assert f"{path}:1: the value of notify" in refused.err and "mend it, then: lanyard daemon reload" in refused.err
    # Until a reload succeeds, each place says so.
    kept = f"settings and recipes are those from before: {path}:1: the value of notify"
    assert f"warning    {kept}" in person.lanyard("status").out and f"warn  files        {kept}" in person.lanyard("doctor").out
    write(person, "notify = false\n")
    assert person.lanyard("daemon", "reload").out == "the daemon has read settings and recipes, and is up to date\n"
    assert person.daemon_pid() == pid
    assert "from before" not in person.lanyard("status").out + person.lanyard("doctor").out


def test_a_store_that_there_is_not(person, leaks, recorder):
    add(person, "s", recorder.origin, leaks.new("bearer"))
    person.stop_daemon()
    told = person.lanyard("status", env={"LANYARD_STORE": "disk"}).out
    assert "unavailable (there is no store disk, which the setting store names)" in told
    assert "mend: store = " in told


def test_a_runtime_folder_that_is_not_there(person):
    refused = person.lanyard("status", status=10, env={"XDG_RUNTIME_DIR": "/nonexistent"})
    assert "/nonexistent/lanyard" in refused.err and "set XDG_RUNTIME_DIR to a folder of your own" in refused.err


def test_a_page_is_as_wide_as_the_terminal(person, leaks, recorder):
    path = write(person, "notify = false\n")
    add(person, "s", recorder.origin, leaks.new("bearer"))
    path.write_text("notify = 1\n")
    person.lanyard("daemon", "reload", status=64)
    _, shown = at_terminal(person, "lanyard", "status")
    room = 80 - len("warning    ")
    lines = shown.splitlines()
    assert all(len(line) <= 80 or " " not in line[11:] for line in lines), shown
    warning = [line[11:] for line in lines[lines.index(next(line for line in lines if line.startswith("warning"))) :]]
    assert len(warning) > 1 and "expected true or false" in " ".join(warning) and len(warning[0]) <= room

def test_reload_with_another_passphrase_file_starts_anew(person, leaks, recorder):
    passphrase = person.passphrase_file.read_text()
    del person.environment["LANYARD_PASSPHRASE_FILE"]
    write(person, f'passphrase-file = "{person.passphrase_file}"\n')
    add(person, "s", recorder.origin, leaks.new("bearer"))
    pid = person.running_daemon()
    other = person.keep("other", passphrase)
    write(person, f'passphrase-file = "{other}"\n')
    person.lanyard("daemon", "reload")
    assert person.running_daemon() != pid
    person.passphrase_file.unlink()
    person.lanyard("list")
