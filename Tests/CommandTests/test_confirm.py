"""Sessions that ask before a program gets them: who has to be asked about, by what, and for how long an answer holds."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest
from keyring import Keyring
from processes import eventually
from ways import add, carried, curl

pytestmark = pytest.mark.vault

COMPILED = ["pkg-config", "--cflags", "--libs", "gio-2.0"]


class Job:
    """A terminal or job of its own: a shell that leads a session of the kernel's and runs what it is told.

    Left behind, it is led by nobody: what began the session has ended, as after a logout, and the shell goes on."""

    def __init__(self, person, left_behind=False):
        self._shell = subprocess.Popen(
            ["sh", "-c", "exec 3<&0; sh <&3 3<&- &"] if left_behind else ["sh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env=person.environment,
            cwd=person.private / "home",
        )
        self.pid = self._shell.pid

    def run(self, command):
        """What the command printed, on both."""
        self._shell.stdin.write(f"{command} < /dev/null; echo; echo END\n")
        self._shell.stdin.flush()
        lines = []
        while (line := self._shell.stdout.readline()) != "END\n":
            assert line, f"the shell has ended: {lines}"
            lines.append(line)
        return "".join(lines)

    def end(self):
        if self._shell.stdin.closed:
            return
        self._shell.stdin.close()
        self._shell.wait(timeout=30)
        self._shell.stdout.close()


@pytest.fixture
def new_job():
    jobs = []

    def make(person, **kind):
        jobs.append(Job(person, **kind))
        return jobs[-1]

    yield make
    for job in jobs:
        job.end()


@pytest.fixture
def asking(person, recorder, leaks):
    """A person with a session that asks."""
    person.secret = leaks.new("bearer")
    person.origin = recorder.origin
    person.carried = lambda: len(carried(recorder.requests, person.secret))
    add(person, "work", recorder.origin, person.secret)
    person.lanyard("set", "work", "confirm=true")
    return person


def waiting(person):
    return json.loads(person.lanyard("confirm", "--json").out)


def test_consent_is_for_one_terminal_and_ends_with_it(asking, new_job):
    one, other = new_job(asking), new_job(asking)
    command = f"lanyard run -- sh -c 'curl -sS {asking.origin}'"
    assert '"work" waits for your consent' in one.run(command)
    assert '"work" waits for your consent' in other.run(command)
    assert asking.carried() == 0
    assert [(wish["session"], wish["leader"], wish["leader_program"]) for wish in waiting(asking)] == [
        ("work", one.pid, "sh"),
        ("work", other.pid, "sh"),
    ]
    said = asking.lanyard("confirm", "work", status=5).err
    assert f"sh {one.pid}, sh {other.pid}" in said and "--process PID" in said
    asking.lanyard("confirm", "work", "--process", str(one.pid))
    assert "consent" not in one.run(command) and asking.carried() == 1
    assert '"work" waits for your consent' in other.run(command) and asking.carried() == 1
    one.end()
    third = new_job(asking)
    assert '"work" waits for your consent' in third.run(command)
    # What waits goes with its terminal, too.
    other.end()
    assert [wish["leader"] for wish in waiting(asking)] == [third.pid]


def test_what_a_leader_left_running_is_one_program_with_all_that_it_starts(asking, new_job):
    job, other = new_job(asking, left_behind=True), new_job(asking)
    shell = int(job.run("echo $$").split()[0])
    command = f"lanyard run -- sh -c 'curl -sS {asking.origin}'"
    assert '"work" waits for your consent' in job.run(command)
    assert [wish["leader"] for wish in waiting(asking)] == [shell]
    asking.lanyard("confirm", "work")
    assert "consent" not in job.run(command) and asking.carried() == 1
    assert '"work" waits for your consent' in other.run(command) and asking.carried() == 1


def test_a_program_that_leaves_its_terminal_is_asked_about_anew(asking, new_job):
    job = new_job(asking)
    job.run(f"lanyard curl -sS {asking.origin}")
    asking.lanyard("confirm", "work")
    assert "consent" not in job.run(f"lanyard curl -sS {asking.origin}")
    assert '"work" waits for your consent' in job.run(f"setsid -w lanyard curl -sS {asking.origin}")
    assert asking.carried() == 1


def test_each_way_to_a_secret_asks(asking, new_job, leaks):
    cookie = leaks.new("cookie")
    asking.lanyard("add", "jar", "--for", "https://jar.example.com", "--cookie", "sid", input=cookie)
    asking.lanyard("set", "jar", "confirm=true")
    job = new_job(asking)
    ways = {
        "work": ["token work", f"token {asking.origin}", f"curl-config {asking.origin}", "show work --reveal"],
        "jar": ["cookies list jar --reveal", "show jar --reveal", "export --netscape jar", "curl-config https://jar.example.com/"],
    }
    for name, commands in ways.items():
        for command in commands:
            said = job.run(f"lanyard {command} || echo status $?")
            assert f'"{name}" waits for your consent' in said and f"lanyard confirm {name}" in said, command
            assert "status 8" in said and asking.secret not in said and cookie not in said, command
    assert "waits for your consent" in job.run(f"lanyard explain {asking.origin}")
    # What has no secret in it is shown.
    assert "Bearer token" in job.run("lanyard show work") and "sid" in job.run("lanyard cookies list jar")
    asking.lanyard("confirm", "work")
    asking.lanyard("confirm", "jar")
    for name, commands in ways.items():
        for command in commands:
            assert {"work": asking.secret, "jar": cookie}[name] in job.run(f"lanyard {command}"), command


def test_require_does_not_send(asking, new_job):
    said = new_job(asking).run(f"lanyard run --require -- curl -sS {asking.origin}")
    assert 'not sent: "work" waits for your consent' in said


def test_a_refusal_holds_until_it_is_taken_back(asking, new_job):
    job = new_job(asking)
    command = f"lanyard curl -sS {asking.origin}"
    job.run(command)
    asking.lanyard("confirm", "work", "--refuse")
    assert 'you have refused "work"' in job.run(command)
    assert [(wish["leader"], wish["refused"]) for wish in waiting(asking)] == [(job.pid, True)]
    asking.lanyard("confirm", "work", "--process", str(job.pid + 1), status=3)
    said = asking.lanyard("confirm", "work", status=3).err
    assert f"refused it to sh {job.pid}" in said and f"lanyard confirm work --process {job.pid}\n" in said
    assert f"lanyard confirm work --process {job.pid}\n" in asking.lanyard("confirm").out
    assert "you have refused" in job.run(command) and asking.carried() == 0
    asking.lanyard("confirm", "work", "--process", str(job.pid))
    assert "work" not in job.run(command) and asking.carried() == 1 and waiting(asking) == []
    asking.lanyard("set", "work", "confirm=true")
    assert '"work" waits for your consent' in job.run(command)
    asking.lanyard("set", "work", "confirm=false")
    assert "work" not in job.run(command) and asking.carried() == 2 and waiting(asking) == []


def test_consent_is_for_those_that_wait_and_not_for_those_that_were_refused_before(asking, new_job):
    refused, other, waits = (new_job(asking) for _ in range(3))
    command = f"lanyard curl -sS {asking.origin}"
    for job in (refused, other):
        job.run(command)
    asking.lanyard("confirm", "work", "--refuse")
    said = asking.lanyard("confirm", "work", status=3).err
    assert f"refused it to sh {refused.pid}, sh {other.pid}" in said and "lanyard confirm work --process PID" in said
    waits.run(command)
    assert [wish["refused"] for wish in waiting(asking)] == [False, True, True]
    asking.lanyard("confirm", "work")
    assert "consent" not in waits.run(command) and asking.carried() == 1
    assert "you have refused" in refused.run(command)
    asking.lanyard("confirm", "work", "--process", str(refused.pid))
    assert "refused" not in refused.run(command) and asking.carried() == 2
    # What was refused goes with its terminal, too.
    other.end()
    assert waiting(asking) == []


def test_consent_meant_for_a_terminal_that_has_ended_goes_to_none_that_was_refused(asking, new_job):
    refused, ended = new_job(asking), new_job(asking)
    command = f"lanyard curl -sS {asking.origin}"
    refused.run(command)
    asking.lanyard("confirm", "work", "--refuse")
    ended.run(command)
    ended.end()
    asking.lanyard("confirm", "work", status=3)
    assert "you have refused" in refused.run(command) and asking.carried() == 0


def test_the_setting_outlasts_the_daemon_and_consent_does_not(asking, new_job):
    job = new_job(asking)
    command = f"lanyard curl -sS {asking.origin}"
    job.run(command)
    asking.lanyard("confirm", "work")
    assert "consent" not in job.run(command)
    asking.stop_daemon()
    assert '"work" waits for your consent' in job.run(command) and asking.carried() == 1


def test_others_are_not_asked_about(asking, recorder, leaks):
    secret = leaks.new("bearer")
    add(asking, "free", recorder.origin + "/free", secret)
    curl(asking, recorder.origin + "/free")
    assert len(carried(recorder.requests, secret)) == 1 and waiting(asking) == []


# At a desktop.


@pytest.fixture(scope="module")
def desktop_program(tmp_path_factory):
    """A notification service that presses the button it is told to, or has none."""
    folder = tmp_path_factory.mktemp("desktop")
    options = subprocess.run(COMPILED, capture_output=True, text=True, check=True).stdout.split()
    source = Path(__file__).parent / "notifications.c"
    subprocess.run(["cc", "-Wall", "-Werror", "-o", folder / "notifications", source, *options], check=True)
    return folder / "notifications"


@pytest.fixture
def at_a_desktop(new_person, run_folder, desktop_program):
    person = new_person(keyring=Keyring(service="none", parent=run_folder))
    person.environment |= {"LANYARD_STORE": "vault", "LANYARD_PASSPHRASE_FILE": str(person.passphrase_file)}
    services = []

    def serve(button):
        service = subprocess.Popen(
            [desktop_program, button], stdout=subprocess.PIPE, text=True, env=os.environ | person.keyring.environment
        )
        services.append(service)
        assert service.stdout.readline() == "ready\n"
        return service

    person.serve = serve
    yield person
    for service in services:
        service.send_signal(signal.SIGTERM)
        service.wait()
        service.stdout.close()


@pytest.mark.parametrize(("button", "ending"), [("allow", ""), ("refuse", 'you have refused "work"')])
def test_the_desktop_asks(at_a_desktop, new_job, recorder, leaks, button, ending):
    desktop = at_a_desktop.serve(button)
    add(at_a_desktop, "work", recorder.origin, leaks.new("bearer"))
    at_a_desktop.lanyard("set", "work", "confirm=true")
    job = new_job(at_a_desktop)
    job.run(f"lanyard curl -sS {recorder.origin}")
    asked = desktop.stdout.readline()
    assert 'may a program use "work"?' in asked and "curl" in asked and f"sh {job.pid}" in asked
    eventually(lambda: all(wish["refused"] for wish in waiting(at_a_desktop)), "the answer has come")
    said = job.run(f"lanyard curl -sS {recorder.origin}")
    assert ending in said and ("lanyard:" in said) == (ending != "")


def test_a_desktop_without_buttons_tells_the_command(at_a_desktop, new_job, recorder, leaks):
    desktop = at_a_desktop.serve("none")
    add(at_a_desktop, "work", recorder.origin, leaks.new("bearer"))
    at_a_desktop.lanyard("set", "work", "confirm=true")
    new_job(at_a_desktop).run(f"lanyard curl -sS {recorder.origin}")
    assert "lanyard confirm work" in desktop.stdout.readline()
    assert len(waiting(at_a_desktop)) == 1
