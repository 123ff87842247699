"""`lanyard run --ephemeral`: a daemon for one program, which keeps nothing."""

import signal
import subprocess

import pytest
from processes import command_line, descendants, eventually
from test_oauth_flows import oauth_site, register  # noqa: F401
from ways import add, carried

pytestmark = pytest.mark.vault


@pytest.fixture
def job(person, oauth_site, leaks):
    """The command line of a CI job at a real OAuth server: `job(*program)`; the place, and the client that it is."""
    client = register(oauth_site, grant_types=["client_credentials"], token_endpoint_auth_method="client_secret_basic")
    secret = person.keep("client-secret", client["client_secret"] + "\n")

    def command(*program, options=()):
        return [
            *("lanyard", "run", "--ephemeral", "--login", command.place, "--client-id", command.client),
            *("--client-secret-file", secret, "--scope", "read", *options, "--", *program),
        ]

    command.place, command.client, command.secret = oauth_site.origin + "/oauth/client", client["client_id"], secret
    return command


def files(person):
    return {path for path in person.private.rglob("*") if not path.is_dir()}


def folders(person):
    return list(person.private.glob("run/lanyard/run-*"))


def daemons(person):
    ours = str(person.private)
    return [pid for pid in descendants() if "--ephemeral" in (line := command_line(pid)) and f"--socket {ours}" in line]


def all_is_gone(person):
    eventually(lambda: not daemons(person), "the daemon has ended")
    return not folders(person)


def test_a_job(person, job):
    """The session is there for all that the program starts, and nothing else is: no file, no daemon of the person's."""
    before = files(person)
    script = f'curl -sS {job.place}; lanyard list; lanyard status; find "$XDG_RUNTIME_DIR" -type d -printf "%m %P\n"'
    result = person.run(*job("sh", "-c", script))
    assert job.client in result.out and "memory" in result.out
    assert result.err.startswith("lanyard: logged in")
    assert "700 lanyard/run-" in result.out and not person.socket.exists()
    assert all_is_gone(person)
    assert files(person) == before


def test_no_process_stands_between(person, job):
    shell = " ".join(map(str, job("sh", "-c", '"echo \\$\\$ \\$PPID"', options=["--quiet"])))
    out = person.run("sh", "-c", f"{shell} & echo $! $$; wait").out.splitlines()
    assert out[0] == out[1]
    assert all_is_gone(person)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_a_program_that_is_killed(person, job, number):
    process = person.start(*job("sh", "-c", "echo ready; read x"), stdin=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n" and len(daemons(person)) == 1
    process.send_signal(number)
    assert person.finish(process).status == 128 + number
    assert all_is_gone(person)


def test_a_secret_that_is_refused_runs_nothing(person, job):
    job.secret.write_text("not-the-secret\n")
    result = person.run(*job("echo", "ran"), status=125)
    assert result.out == "" and "lanyard: " in result.err
    assert all_is_gone(person)


def test_a_file_that_others_can_write_is_refused(person, job):
    job.secret.chmod(0o622)
    result = person.run(*job("echo", "ran"), status=125)
    assert result.out == "" and "can be written by others" in result.err
    assert all_is_gone(person)


def test_a_password_from_stdin(person, site):
    result = person.run(
        *("lanyard", "run", "--ephemeral", "--login", site.origin + "/api/token/", "--recipe", "simplejwt"),
        *("--user", site.user, "--password-stdin", "--require", "--", "curl", "-sS", site.me),
        input=site.password + "\n",
    )
    assert '"user":"alice"' in result.out.replace(" ", "")
    assert all_is_gone(person)


def test_an_authority_of_ones_own(person, tls_site, certificates):
    line = [
        *("lanyard", "run", "--ephemeral", "--login", tls_site.origin + "/api/token/", "--recipe", "simplejwt"),
        *("--user", tls_site.user, "--password-stdin", "--require"),
    ]
    program = ["--", "curl", "-sS", "--cacert", certificates.ca, tls_site.me]
    assert "TLS failed" in person.run(*line, *program, input=tls_site.password + "\n", status=125).err
    result = person.run(*line, "--ca", certificates.ca, *program, input=tls_site.password + "\n")
    assert '"user":"alice"' in result.out.replace(" ", "")
    assert all_is_gone(person)


def test_what_a_ci_system_leaves_in_a_file(person, recorder, leaks):
    """Without a login: the program adds it itself, to the daemon of its own."""
    token = leaks.new("bearer")
    path = person.keep("id-token", token)
    script = f"lanyard add ci --for {recorder.origin} --bearer < {path} && exec curl -sS {recorder.origin}"
    result = person.run("lanyard", "run", "--ephemeral", "--", "sh", "-c", script)
    assert result.out.endswith("ok\n") and len(carried(recorder.requests, token)) == 1
    assert all_is_gone(person)


def test_the_persons_own_sessions_are_another_matter(person, recorder, leaks):
    secret = leaks.new("bearer")
    add(person, "mine", recorder.origin, secret)
    result = person.run("lanyard", "run", "--ephemeral", "--", "sh", "-c", f"lanyard list; curl -sS {recorder.origin}")
    assert "mine" not in result.out and carried(recorder.requests, secret) == []
    assert all_is_gone(person)


@pytest.mark.parametrize("command", [["lock"], ["store", "move", "vault"]])
def test_what_needs_a_store_is_refused(person, command):
    result = person.run("lanyard", "run", "--ephemeral", "--", "lanyard", *command, status=64)
    assert "keeps nothing" in result.err
    assert all_is_gone(person)


def test_without_a_home(person, job):
    """As in many a container."""
    env = {"HOME": "", "XDG_DATA_HOME": "", "XDG_STATE_HOME": "", "XDG_CONFIG_HOME": ""}
    assert job.client in person.run(*job("curl", "-sS", job.place), env=env).out
    assert all_is_gone(person)


@pytest.mark.parametrize("options, said", [
    (["--login", "https://x.example"], "go with --ephemeral"),
    (["--client-id", "x"], "go with --ephemeral"),
    (["--ephemeral", "--client-id", "x"], "--login URL"),
    (["--ephemeral", "--login", "https://x.example"], "nobody is asked"),
    (["--ephemeral", "--login", "https://x.example", "--client-secret-file", "/x"], "goes with --client-id"),
])
def test_options_that_do_not_go_together(person, options, said):
    result = person.run("lanyard", "run", *options, "--", "echo", "ran", status=125)
    assert result.out == "" and said in result.err


def test_what_is_trusted_in_it_is_trusted_in_it_alone(person, job):
    before = files(person)
    script = "echo 'session = \"x\"' > .lanyard; lanyard trust && lanyard trust --list; rm .lanyard"
    result = person.run(*job("sh", "-c", script))
    assert ".lanyard" in result.out and all_is_gone(person)
    assert files(person) == before


@pytest.mark.parametrize("command", [["list"], ["status"], ["unlock"]], ids=" ".join)
def test_its_socket_after_its_end(person, command):
    socket = person.lanyard("run", "--ephemeral", "--", "sh", "-c", "echo $LANYARD_SOCKET").out.strip()
    assert all_is_gone(person)
    said = person.lanyard(*command, env={"LANYARD_SOCKET": socket}, status=10).err
    assert "--ephemeral" in said and "unset LANYARD_SOCKET" in said and not folders(person)
