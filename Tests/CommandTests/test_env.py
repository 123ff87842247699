"""`lanyard env`: plain curl in a shell, for sessions marked ambient."""

import os
import signal
import time

import pytest
from varlink_wire import call
from ways import add, carried

pytestmark = pytest.mark.vault

# How each shell evaluates it, and what it says LD_PRELOAD is then.
SHELLS = {
    "bash": ('eval "$(lanyard env{})"', 'echo "${LD_PRELOAD-unset}"'),
    "zsh": ('eval "$(lanyard env{})"', 'echo "${LD_PRELOAD-unset}"'),
    "fish": ("lanyard env{} | source", 'set -q LD_PRELOAD; and echo "$LD_PRELOAD"; or echo unset'),
}


@pytest.fixture
def ambient(person, recorder, leaks):
    """A session that is marked."""
    secret = leaks.new("bearer")
    add(person, "s", recorder.origin, secret)
    person.lanyard("set", "s", "ambient=true")
    return secret


def in_shell(person, shell, *lines, preload=None, **options):
    options["env"] = {"SHELL": f"/usr/bin/{shell}"} | ({"LD_PRELOAD": preload} if preload else {})
    # Its own rc files are none: the home is empty.
    return person.run(shell, "-c", "\n".join(lines), **options)


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_evaluates_it(person, recorder, ambient, shell):
    on, value = SHELLS[shell]
    url = recorder.origin + "/from-" + shell
    result = in_shell(
        person, shell, on.format(""), f"curl -sS {url}", on.format(" --off"), f"curl -sS {url}", value
    )
    assert result.out == "ok\nok\nunset\n" and result.err == ""
    requests = [request for request in recorder.requests if request["target"] == f"/from-{shell}"]
    assert carried(requests, ambient) == requests[:1]


@pytest.mark.parametrize("before", ["libm.so.6", "libm.so.6:librt.so.1", "libm.so.6 librt.so.1"])
@pytest.mark.parametrize("shell", SHELLS)
def test_what_was_preloaded_before_is_as_it_was_afterwards(person, shell, before):
    on, value = SHELLS[shell]
    lines = [on.format(""), on.format(""), value, on.format(" --off"), value, on.format(" --off"), value]
    twice, *after = in_shell(person, shell, *lines, preload=before).out.splitlines()
    library, rest = twice.split(":", 1)
    assert library.endswith("/liblanyard-preload.so") and rest == before
    assert after == [before, before]


def environment(person):
    """What a shell has after it evaluated `lanyard env`."""
    out = person.lanyard("env", "--shell", "bash").out
    return {"LD_PRELOAD": out.splitlines()[0].removeprefix("export LD_PRELOAD=").strip("'")}


def test_a_daemon_that_hangs_costs_a_quarter_of_a_second(person, recorder, ambient):
    plain = environment(person)
    pid = person.running_daemon()
    os.kill(pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        result = person.run("curl", "-sS", recorder.origin, env=plain)
        # Under `run` it would have been two seconds.
        assert time.monotonic() - begun < 1.5
    finally:
        os.kill(pid, signal.SIGCONT)
    assert (result.out, result.err) == ("ok\n", "")
    assert carried(recorder.requests, ambient) == []


def test_no_daemon_is_started_by_plain_curl(person, recorder, ambient):
    plain = environment(person)
    person.lanyard("daemon", "stop")
    result = person.run("curl", "-sS", recorder.origin, env=plain)
    assert (result.out, result.err) == ("ok\n", "")
    assert person.daemon_pid() is None
    # But by `env` itself.
    environment(person)
    assert person.daemon_pid() is not None


def test_of_several_sessions_only_those_that_are_marked(person, recorder, ambient, leaks):
    """Also where the unmarked one fits better, or is named."""
    other = leaks.new("bearer")
    add(person, "other", recorder.origin + "/deep", other)
    plain = environment(person)
    for extra in ({}, {"LANYARD_SESSION": "other"}):
        result = person.run("curl", "-sS", recorder.origin + "/deep/er", env=plain | extra)
        assert (result.out, result.err) == ("ok\n", "")
    assert carried(recorder.requests, other) == []
    assert len(carried(recorder.requests, ambient)) == 1
    # A redirect brings it in as little.
    person.run("curl", "-sSL", recorder.origin + "/deep/er", env=plain | {"LANYARD_SESSION": "other,s"})
    assert carried(recorder.requests, other) == []


def test_a_mark_outlasts_the_daemon(person, recorder, ambient):
    plain = environment(person)
    person.kill_daemon()
    person.lanyard("daemon", "start")
    person.run("curl", "-sS", recorder.origin, env=plain)
    assert len(carried(recorder.requests, ambient)) == 1


def test_the_library_says_whether_it_is_under_run(person, recorder, leaks):
    """`why` has the reason for each."""
    add(person, "s", recorder.origin, leaks.new("bearer"))
    person.run("curl", "-sS", recorder.origin, env=environment(person))
    person.lanyard("curl", "-sS", recorder.origin)
    decisions = call(person, "Why")["parameters"]["decisions"]
    assert [decision["reason"] for decision in decisions] == ["not-ambient", "attached"]


def test_a_path_that_ld_so_cannot_take(person):
    """Installed into a folder with a space in its name: nothing is printed that a shell would evaluate."""
    folder = person.inputs / "a folder"
    folder.mkdir()
    for name in ("lanyard", "lanyard-cli", "lanyardd", "liblanyard-preload.so"):
        os.link(person.programs / name, folder / name)
    result = person.run(folder / "lanyard", "env", "--shell", "bash", status=1)
    assert result.out == "" and "cannot be preloaded" in result.err
