"""What servers and people get wrong: a clear error, the documented status, the daemon well, the store as it was."""

import socket

import pytest
from processes import eventually
from recorder import Recorder
from varlink_wire import AGENT, ask
from ways import LOGINS, add, curl, login, sessions


def failed_login(person, url, recipe, leaks, status):
    secret = leaks.new("password")
    result = person.lanyard(
        *("login", url, "--recipe", recipe, "--user", "alice", "--password-stdin", "--name", "s"),
        input=secret + "\n",
        status=status,
    )
    assert result.err.startswith("lanyard: ") and len(result.err) < 2000
    assert secret not in result.out + result.err
    return result


@pytest.mark.parametrize("recipe", LOGINS)
def test_a_wrong_password(unharmed, site, leaks, recipe):
    failed_login(unharmed, site.origin + LOGINS[recipe][0], recipe, leaks, status=4)


def test_a_wrong_password_leaves_the_session_as_it_was(person, site):
    login(person, site, "django", "s")
    login(person, site, "django", "s", input="not the password\n", status=4)
    assert '"way":"session"' in curl(person, site.me)


FAULTS = {
    "django": ["no-form", "no-cookie", "wide-cookie", "huge", "close", "server-error"],
    "drf-token": ["ok", "not-json", "deep-json", "huge", "crlf-token", "close", "server-error"],
    "simplejwt": ["ok", "not-json", "deep-json", "huge", "crlf-token", "close", "server-error"],
}


@pytest.mark.parametrize("recipe, mode", [(recipe, mode) for recipe, modes in FAULTS.items() for mode in modes])
def test_a_server_with_a_fault(unharmed, leaks, recipe, mode):
    with Recorder(mode) as faulty:
        result = failed_login(unharmed, faulty.origin + LOGINS[recipe][0], recipe, leaks, status=9)
        assert "127.0.0.1" in result.err
        assert faulty.requests


def test_a_huge_answer_is_not_read_to_its_end(unharmed, leaks):
    with Recorder("huge") as faulty:
        failed_login(unharmed, f"{faulty.origin}/api/token/", "simplejwt", leaks, status=9)
        eventually(lambda: faulty.cut_short, "the server notices that nobody reads on")


def test_a_server_that_never_answers(unharmed, leaks):
    with Recorder("hang") as faulty:
        failed_login(unharmed, f"{faulty.origin}/api/token/", "simplejwt", leaks, status=9)


def test_a_host_that_does_not_exist(unharmed, leaks):
    assert "nowhere.invalid" in failed_login(unharmed, "https://nowhere.invalid/", "django", leaks, status=9).err


def test_a_port_where_nobody_listens(unharmed, leaks):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    failed_login(unharmed, f"http://127.0.0.1:{port}/api/token/", "simplejwt", leaks, status=9)


@pytest.mark.parametrize("recipe", LOGINS)
def test_a_certificate_that_does_not_verify(unharmed, tls_recorder, leaks, recipe):
    failed_login(unharmed, tls_recorder.origin + LOGINS[recipe][0], recipe, leaks, status=9)
    assert not tls_recorder.requests


@pytest.mark.parametrize(
    "name",
    ["", "..", "../x", "a/../b", "a//b", "/a", "a/", ".a", "a/.", "a b", "a\nb", "a\tb", "ä", "a:b", "*", "x" * 65],
)
def test_names_that_cannot_be(unharmed, recorder, leaks, name):
    result = add(unharmed, name, recorder.origin, leaks.new("bearer"), status=64)
    assert result.err.startswith("lanyard: ") or "rror" in result.err
    assert "\n" not in name or name not in result.err


@pytest.mark.parametrize("name", ["work/django", "a@b.example", "A_b-c.d", "x" * 64])
def test_names_that_can(person, recorder, leaks, name):
    add(person, name, recorder.origin, leaks.new("bearer"))
    assert list(sessions(person)) == [name]


@pytest.mark.parametrize("secret", ["two\r\nlines", "two\nlines", "carriage\rreturn", "nul\0byte", "", "\n"])
@pytest.mark.parametrize("kind", [["--bearer"], ["--header", "X-Api-Key"], ["--cookie", "sessionid"], ["--basic", "a"]])
def test_secrets_that_cannot_be(unharmed, recorder, secret, kind):
    unharmed.lanyard("add", "bad", "--for", recorder.origin, *kind, input=secret + "\n", status=64)


@pytest.mark.parametrize(
    "space",
    ["", "nonsense", "ftp://files.example", "http://", "http://a b/", "https://user:pw@host.example", "https://*.com",
     "https://h.example:0x50", "https://h.example:99999", "https://h.example\n.evil.example", "file:///etc/passwd"],
)  # fmt: skip
def test_protection_spaces_that_cannot_be(unharmed, leaks, space):
    add(unharmed, "bad", space, leaks.new("bearer"), status=64)


@pytest.mark.parametrize("header", ["", "X Api", "X:Y", "X\r\nY", "ü"])
def test_header_names_that_cannot_be(unharmed, recorder, leaks, header):
    unharmed.lanyard(
        *("add", "bad", "--for", recorder.origin, "--header", header), input=leaks.new("key") + "\n", status=64
    )


def test_a_name_that_is_taken(unharmed, recorder, leaks):
    add(unharmed, "before", recorder.origin, leaks.new("bearer"), status=64)


@pytest.mark.parametrize(
    "command, status",
    [
        (["no-such-command"], 64),
        (["list", "--no-such-option"], 64),
        (["login"], 64),
        (["token", "nobody"], 3),
        (["show", "nobody"], 3),
        (["refresh", "nobody"], 3),
        (["logout", "nobody"], 3),
        (["remove", "nobody"], 3),
        (["explain", "https://elsewhere.example/"], 3),
        (["explain", "nonsense\\"], 64),
        (["run", "--session", "nobody", "--", "true"], 125),
        (["run", "--", "no-such-program"], 127),
        (["run", "--", "/etc/passwd"], 126),
        (["run", "--", "sh", "-c", "exit 17"], 17),
        (["run", "--", "sh", "-c", "kill -9 $$"], 137),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_statuses(unharmed, command, status):
    unharmed.lanyard(*command, status=status)


def test_curls_own_status_and_streams(unharmed, recorder):
    assert unharmed.lanyard("curl", "-sS", "http://127.0.0.1:1/", status=7).out == ""
    echoed = unharmed.lanyard("curl", "-sS", "--data-binary", "@-", recorder.origin, input=b"\0\xff body")
    assert echoed.out == "ok\n" and recorder.requests[-1]["body"] == "\0\xff body"


@pytest.mark.parametrize("mode", [0o640, 0o604])
@pytest.mark.vault
def test_a_passphrase_file_that_others_can_read(person, mode):
    person.passphrase_file.chmod(mode)
    refused = person.lanyard("list", status=None)
    assert refused.status in (6, 7) and str(person.passphrase_file) in refused.err


def test_a_password_does_not_go_over_plain_http(unharmed, leaks):
    """Not even the name is looked up; `--for http://…` in full is the person's word for it."""
    url = "http://plain.invalid/api/token/"
    assert "http://plain.invalid" in failed_login(unharmed, url, "simplejwt", leaks, status=8).err
    said = unharmed.lanyard(
        *("login", url, "--recipe", "simplejwt", "--user", "alice", "--password-stdin", "--for", "http://plain.invalid"),
        input=leaks.new("password") + "\n",
        status=9,
    )
    assert "plain.invalid" in said.err


def test_a_refresh_token_does_not_go_over_plain_http(unharmed, recorder, leaks):
    unharmed.lanyard(
        *("add", "bad", "--for", recorder.origin, "--bearer", "--refresh-token"),
        *("--token-endpoint", "http://plain.invalid/token", "--client-id", "c"),
        input=f"{leaks.new('access')}\n{leaks.new('refresh')}\n",
        status=8,
    )


def test_a_netrc_is_nothing_to_the_daemon(person, recorder, leaks):
    """It would send a password of the person's beside the login."""
    netrc = person.private / "home/.netrc"
    netrc.write_text("machine 127.0.0.1 login its password own\n")
    failed_login(person, f"{recorder.origin}/api/token/", "simplejwt", leaks, status=9)
    assert recorder.requests and "authorization" not in recorder.requests[0]["headers"]


def test_cookies_are_taken_from_the_sessions_own_places(person, recorder, leaks):
    """Whoever may speak to the socket cannot fill a jar from elsewhere."""
    jar = leaks.new("cookie")
    add(person, "s", recorder.origin, jar, "cookie")
    person.running_daemon()
    target = {"scheme": "http", "host": "127.0.0.1", "port": recorder.port, "path": "/"}
    elsewhere = target | {"port": 1}
    with person.connect() as connection:
        for place, value in [(elsewhere, "foreign=1"), (target, "own=1")]:
            told = {"session": "s", "version": 1, "target": place, "cookies": [], "set_cookie": [value]}
            ask(connection, f"{AGENT}.Received", protocol=1, **told)
    curl(person, recorder.origin)
    cookie = recorder.requests[-1]["headers"]["cookie"]
    assert "own=1" in cookie and "foreign=1" not in cookie
