"""`lanyard run`: the program is as if the shell had started it itself, with both of the commands."""

import contextlib
import os
import signal
import subprocess

import pytest
from processes import descendants, eventually, is_running
from terminal import CTRL_C, CTRL_Z, at_terminal
from ways import add, carried

pytestmark = pytest.mark.vault


@pytest.fixture(params=["lanyard", "lanyard-cli"])
def person(request, new_person):
    return new_person(name=request.param)


@pytest.fixture
def kept(person, recorder, leaks):
    secret = leaks.new("bearer")
    add(person, "s", recorder.origin, secret)
    return secret


def test_no_process_stands_between(person):
    """The program has the number that the shell has started, and its parent is the shell."""
    shell = 'lanyard run -- sh -c "echo \\$\\$ \\$PPID" & echo $! $$; wait'
    lines = sorted(person.run("sh", "-c", shell).out.splitlines())
    assert lines[0] == lines[1]


def test_what_is_preloaded_already_is_loaded_too(person, recorder, kept):
    result = person.lanyard(
        "run", "--", "sh", "-c", f'echo "$LD_PRELOAD"; curl -sS {recorder.origin}; grep -c libm.so /proc/self/maps',
        env={"LD_PRELOAD": "libm.so.6"},
    )
    preloaded, answer, maps = result.out.splitlines()
    ours, rest = preloaded.split(":")
    assert ours.endswith("/liblanyard-preload.so") and rest == "libm.so.6"
    assert answer == "ok" and int(maps) > 0 and result.err == ""
    assert len(carried(recorder.requests, kept)) == 1


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGPIPE])
def test_signals_reach_the_program(person, number):
    """Also those that a runtime has handlers for; the status says which it was."""
    process = person.start("lanyard", "run", "--", "sh", "-c", "echo ready; read x", stdin=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(number)
    assert person.finish(process).status == 128 + number


def test_signals_that_are_ignored_stay_so(person):
    """nohup lanyard run -- …"""
    process = person.start(
        "sh", "-c", "trap '' HUP PIPE; exec lanyard run -- sh -c 'kill -HUP $$; kill -PIPE $$; echo survived'")
    assert person.finish(process).out == "survived\n"


def test_a_stream_that_is_closed_stays_so(person):
    result = person.run("sh", "-c", "lanyard run -- sh -c '[ -e /proc/self/fd/0 ] || echo closed' <&-")
    assert result.out == "closed\n"


def _in_front(name):
    """Whether the terminal belongs to a program of this name now (proc(5): pgrp and tpgid)."""
    for pid in descendants():
        with contextlib.suppress(OSError), open(f"/proc/{pid}/stat") as file:
            head, _, rest = file.read().rpartition(")")
            fields = rest.split()
            if head.endswith("(" + name) and fields[2] == fields[5]:
                return True
    return False


def when_in_front(name, typed):
    def wait(_):
        eventually(lambda: _in_front(name), f"{name} has the terminal")
        return typed

    return wait


def test_a_shell_has_job_control(person, recorder, kept):
    """It stops a job and puts it to the front again, and Ctrl-C ends that job alone."""
    typed = [
        ("$ ", "cat"),
        ("cat\r\n", when_in_front("cat", CTRL_Z)),
        ("Stopped", "fg %1"),
        ("cat\r\n", when_in_front("cat", CTRL_C)),
        ("^C", f"curl -sS {recorder.origin}"),
        ("ok\r\n", "exit 7"),
    ]
    shell = ("env", "PS1=$ ", "TERM=xterm", "lanyard", "run", "--", "bash", "--norc", "-i")
    status, shown = at_terminal(person, *shell, answers=typed)
    assert status == 7 and "no job control" not in shown
    assert len(carried(recorder.requests, kept)) == 1


def test_a_full_screen_program_has_the_terminal(person):
    """It draws on the terminal's other screen, takes keys one by one, and leaves the terminal as it was."""
    vim = ("env", "TERM=xterm", "lanyard", "run", "--", "vim", "-u", "NONE", "note")
    status, shown = at_terminal(person, *vim, answers=[("~", "ihello\x1b:wq\r")])
    assert status == 0 and (person.private / "home/note").read_text() == "hello\n"
    assert "\x1b[?1049h" in shown and "\x1b[?1049l" in shown


REQUIRED = {
    "no match": ([], "not sent: no session is for"),
    "ambiguous": (["s", "t"], "are equally good"),
    "not that one": (["s"], "not sent: there is no session"),
    "gone": (["s"], "no daemon answers at"),
    "late": (["s"], "did not answer in time"),
}


@pytest.mark.parametrize("parallel", [[], ["-Z"]], ids=["easy", "multi"])
@pytest.mark.parametrize("case", REQUIRED)
def test_require_fails_where_nothing_is_attached(person, recorder, leaks, case, parallel):
    """curl's status is 42, one line says why, and the server sees no request; the script goes on to its end."""
    names, said = REQUIRED[case]
    for name in names:
        add(person, name, recorder.origin, leaks.new("bearer"))
    person.lanyard("daemon", "start")
    pid = person.running_daemon()
    meanwhile = {"gone": "lanyard daemon stop >/dev/null", "late": f"kill -STOP {pid}"}
    named = "LANYARD_SESSION=other" if case == "not that one" else ""
    script = f"{meanwhile.get(case, ':')}; {named} curl -sS {' '.join(parallel)} {recorder.origin}; echo $?"
    try:
        result = person.finish(person.start("lanyard", "run", "--require", "--", "sh", "-c", script))
    finally:
        if is_running(pid):
            os.kill(pid, signal.SIGCONT)
    status = int(result.out)
    assert status == 42 or parallel and status != 0
    assert result.err.count("lanyard: ") in (1, 2) and said in result.err
    assert recorder.requests == []


def test_require_without_a_daemon_runs_nothing(person, recorder):
    """125: a failure of Lanyard's own, before the program was started."""
    result = person.lanyard(
        "run", "--require", "--", "curl", "-sS", recorder.origin, status=125,
        env={"LANYARD_SOCKET": str(person.private / "no/such/folder/socket")},
    )
    assert result.out == "" and "lanyard: " in result.err
    assert recorder.requests == []


def test_without_a_daemon_it_runs_all_the_same(person, recorder):
    result = person.lanyard(
        "run", "--", "curl", "-sS", recorder.origin,
        env={"LANYARD_SOCKET": str(person.private / "no/such/folder/socket")},
    )
    assert result.out == "ok\n" and "lanyard: " in result.err
