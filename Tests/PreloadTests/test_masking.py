"""What is attached shows as *** where libcurl tells of a transfer."""

import pytest

from fake_agent import attached, nothing

SECRET = "s3cr3t-" + "x" * 40
COOKIE = f"sid={SECRET}; b=2"


@pytest.fixture
def kept(agent):
    agent.answer = lambda message: [
        attached(headers=[("Authorization", f"Bearer {SECRET}"), ("X-Csrf", SECRET), ("X-Short", "7")], cookie=COOKIE)
    ] if "Attach" in message["method"] else [{"parameters": {}}]
    return agent


def assert_masked(told, server):
    """The server got it; of what was told no part of it is there, and the rest is as it was."""
    assert server.requests[-1].one("authorization") == f"Bearer {SECRET}"
    assert SECRET not in told and "s3cr" not in told
    assert "GET /a HTTP/1.1" in told and "User-Agent: " in told


@pytest.mark.parametrize("options", [["-v"], ["-v", "-Z"], ["--trace-ascii", "-"], ["-v", "-d", "a=7"], ["-v", "-T", "/dev/null"]])
def test_curl_tells_of_stars(curl, kept, serve, options):
    server = serve()
    done = curl(*options, "-X", "GET", "-b", "mine=1", server.url("/a"))
    told = done.stdout + done.stderr
    assert_masked(told, server)
    lines = [line for line in told.replace("\r", "").split("\n")]
    for shown in ("Authorization: ***", "X-Csrf: ***", "X-Short: ***", "Cookie: mine=1; ***"):
        assert any(line.endswith(shown) for line in lines), shown
    assert server.requests[0].one("cookie") == f"mine=1; {COOKIE}"


def test_a_trace_in_hexadecimal(curl, kept, serve):
    server = serve()
    told = curl("--trace", "-", server.url("/a")).stdout
    octets = "".join(line[6:54] for line in told.splitlines() if line[4:6] == ": ").replace(" ", "")
    head = bytes.fromhex(octets)
    assert_masked(head.decode(errors="replace"), server)
    assert b"\r\nAuthorization: ***\r\n" in head


def test_the_scripts_own_is_shown(curl, kept, serve):
    server = serve()
    kept.answer = lambda message: [nothing("brought")]
    told = curl("-v", "-H", "Authorization: Bearer mine", "-b", "a=1", server.url("/a")).stderr
    assert "> Authorization: Bearer mine" in told and "> Cookie: a=1" in told and "***" not in told


def test_reveal(curl, kept, serve):
    server = serve()
    told = curl("-v", server.url("/a"), env={"LANYARD_RUN": "say,reveal"}).stderr
    assert f"> Authorization: Bearer {SECRET}" in told and "***" not in told


def test_a_redirect_and_a_resend(curl, agent, serve):
    there = serve()
    server = serve({"/a": lambda request: (302, [("Location", there.url("/a"))], b"")})
    agent.answer = lambda message: [
        attached(headers=[("Authorization", f"Bearer {SECRET}-{message['parameters']['hop']}")])
    ] if "Attach" in message["method"] else [{"parameters": {}}]
    told = curl("-v", "-L", server.url("/a")).stderr
    assert SECRET not in told and told.count("> Authorization: ***") == 2
    assert there.requests[0].one("authorization") == f"Bearer {SECRET}-1"


def test_long_values_and_long_heads(curl, kept, serve):
    """libcurl cuts what it tells, and may send a head in parts."""
    server = serve()
    long = "".join(f"{i:05}" for i in range(3000))
    kept.answer = lambda message: [attached(headers=[("X-Key", long)], cookie=f"c={long}")]
    told = curl("-v", server.url("/a")).stderr
    assert server.requests[0].one("x-key") == long and server.requests[0].one("cookie") == f"c={long}"
    assert "0001200013" not in told and "> X-Key: ***" in told and "> Cookie: ***" in told


def test_programs_that_are_told(program, kept, serve):
    """By a callback of their own, by libcurl's own printing, and again by their own after the transfer."""
    server = serve()
    done = program("told", server.url("/a"))
    assert done.returncode == 0, done.stderr
    assert "s3cr" not in done.stderr and done.stderr.count("Authorization: ***") == 1
    assert len(server.requests) == 4 and server.requests[1].one("authorization") == f"Bearer {SECRET}"


@pytest.mark.parametrize("options", [["-v"], ["--trace-ascii", "-"], ["-v", "-Z"]])
def test_http2(curl, kept, http2, tls, options):
    done = curl("--http2", "--cacert", tls[1], *options, http2.url("/a"))
    told = done.stdout + done.stderr
    assert "HTTP/2 200" in told and "authorization: ***" in told.lower()
    assert SECRET not in told and "s3cr" not in told
    assert http2.got() == [f"HTTP/2.0 /a Bearer {SECRET} {COOKIE}"]
