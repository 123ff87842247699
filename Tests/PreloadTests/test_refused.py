"""A 401 with a Bearer challenge: libcurl sends the request once more, with the renewed token, where it can."""

import pytest

from fake_agent import attached, nothing

CHALLENGE = [("WWW-Authenticate", 'Bearer realm="api"')]


def guarded(fields=CHALLENGE):
    """An answer that takes the renewed token alone."""
    return lambda request: (200, [], b"ok") if request.one("authorization") == "Bearer new" else (401, fields, b"no")


@pytest.fixture
def site(serve):
    return serve({"/": guarded(), "/put": guarded()})


@pytest.fixture
def renewing(agent):
    """An agent with a token that is refused, and another once it was told so."""

    def answer(message):
        if message["method"].endswith("Received"):
            return [{"parameters": {}}]
        again = message["parameters"].get("refused") == 7
        return [attached(headers=[("Authorization", "Bearer new" if again else "Bearer old")], version=8 if again else 7,
                         renews=True)]

    agent.answer = answer
    return agent


def sent(site):
    return [(r.method, r.one("authorization"), r.body) for r in site.requests]


def test_it_is_sent_again_with_the_renewed_token(curl, renewing, site):
    done = curl(site.url("/"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "ok", "")
    assert sent(site) == [("GET", "Bearer old", b""), ("GET", "Bearer new", b"")]
    assert [m["method"].rsplit(".")[-1] for m in renewing.messages] == ["Attach", "Received", "Attach"]
    assert [(q.get("refused"), q["hop"], q["left"]) for q in renewing.questions] == [(None, 0, False), (7, 0, False)]
    assert (renewing.received[0]["status"], renewing.received[0]["version"]) == (401, 7)


def test_bodies_that_can_be_sent_again(curl, renewing, site, tmp_path):
    (tmp_path / "file").write_bytes(b"f" * 100_000)
    for options, method, body in (
        (["-d", "a=1"], "POST", b"a=1"), (["--json", "{}"], "POST", b"{}"), (["-I"], "HEAD", b""),
        (["-X", "DELETE"], "DELETE", b""), (["-T", tmp_path / "file"], "PUT", b"f" * 100_000),
        (["-Z", "-T", tmp_path / "file"], "PUT", b"f" * 100_000),
        (["--fail-with-body", "-d", "a=1"], "POST", b"a=1"),
    ):
        site.requests.clear()
        done = curl(*options, site.url("/put"))
        assert done.returncode == 0, (options, done.stderr)
        assert sent(site) == [(method, "Bearer old", body), (method, "Bearer new", body)], options


def test_bodies_that_cannot(curl, renewing, site, tmp_path):
    """Nothing is armed: the script sees the 401, as it would without the library, and no error of libcurl's."""
    (tmp_path / "file").write_bytes(b"f" * 20)
    for options, method, body in ((["-F", f"f=@{tmp_path}/file"], "POST", None),
                                  (["-C", "5", "-T", tmp_path / "file"], "PUT", b"f" * 15)):
        site.requests.clear()
        done = curl(*options, site.url("/put"))
        assert (done.returncode, done.stdout) == (0, "no"), done.stderr
        assert [(r.method, r.one("authorization")) for r in site.requests] == [(method, "Bearer old")]
        assert body is None or site.requests[0].body == body


def test_an_upload_from_a_pipe(run, renewing, site):
    done = run("sh", "-c", 'printf piped | curl -q -sS -T - "$1"', "sh", site.url("/put"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "no", "")
    assert sent(site) == [("PUT", "Bearer old", b"piped")]
    assert renewing.received[0]["status"] == 401, "the daemon knows, so the next request is right"


def test_never_twice(curl, renewing, serve):
    site = serve({"/": (401, CHALLENGE, b"no")})
    done = curl("-w", "%{http_code}", site.url("/"), site.url("/"))
    assert done.stdout == "no401no401"
    assert [r.one("authorization") for r in site.requests] == ["Bearer old", "Bearer new"] * 2


def test_a_transfer_that_is_none_of_ours_after_one_that_was(run, client, renewing, site):
    """One handle. That it was refused once libcurl remembers of it for good, and sends nothing again any more."""
    ours, plan = renewing.answer, iter([True, False, True, False, False])
    renewing.answer = lambda message: (
        ours(message) if "refused" in message["parameters"] or message["method"].endswith("Received") or next(plan)
        else [nothing()])
    run(client, "between", site.url("/")).check_returncode()
    assert [r.one("authorization") for r in site.requests] == [
        "Bearer old", "Bearer new", None, "Bearer old", "Basic bWU6c2VjcmV0", None]
    assert renewing.received[-1]["status"] == 401


def test_none_where_redirects_are_followed(curl, renewing, serve):
    """libcurl would keep back a user that a redirect names until it is asked. The daemon knows of the 401 all the same."""
    site = serve({"/": guarded(), "/go": (302, [("Location", "/")], b"")})
    assert curl("-L", site.url("/go")).stdout == "no"
    assert [(r.path, r.one("authorization")) for r in site.requests] == [("/go", "Bearer old"), ("/", "Bearer old")]
    assert renewing.received[-1]["status"] == 401


@pytest.mark.parametrize("challenge", [
    'Basic realm="x"', 'Digest realm="x", nonce="n", qop="auth"', "Negotiate", 'DPoP algs="ES256"', None,
])
def test_other_challenges(curl, renewing, serve, challenge):
    site = serve({"/": guarded([("WWW-Authenticate", challenge)] if challenge else [])})
    assert curl(site.url("/")).stdout == "no"
    assert sent(site) == [("GET", "Bearer old", b"")]


def test_nothing_of_ours_no_resend(curl, agent, site):
    """Where no session is attached, or none that renews, libcurl does as it would without the library."""
    for answer in (nothing(), attached(headers=[("Authorization", "Bearer old")]),
                   attached(headers=[("X-Api-Key", "k")], renews=True), attached(headers=[], cookie="a=1", renews=True)):
        agent.answer = lambda message: [answer] if "Attach" in message["method"] else [{"parameters": {}}]
        for options in ([], ["-d", "a=1"], ["-L"]):
            site.requests.clear()
            assert curl(*options, site.url("/")).stdout == "no"
            assert len(site.requests) == 1, (answer, options)


def test_a_renewal_that_fails(curl, renewing, site):
    """The request is on its way again by then: it goes without."""
    answers = renewing.answer
    renewing.answer = lambda message: [nothing("needs-login")] if "refused" in message["parameters"] else answers(message)
    assert curl(site.url("/")).stdout == "no"
    assert [r.one("authorization") for r in site.requests] == ["Bearer old", None]


def test_what_the_script_brings_is_sent_as_it_says(curl, renewing, serve, tmp_path):
    site = serve({"/": guarded([("WWW-Authenticate", "Basic")]), "/go": (302, [("Location", "")], b"")})
    answers = renewing.answer
    renewing.answer = lambda message: ([nothing("brought")] if message["parameters"].get("brought") else answers(message))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    basic = "Basic bWU6c2VjcmV0"
    userinfo = site.url("/", "me:secret@127.0.0.1")
    site.answers["/go"] = (302, [("Location", userinfo)], b"")
    for words in (["-u", "me:secret", site.url("/")], [userinfo], ["--netrc", site.url("/")],
                  ["--anyauth", "-u", "me:secret", site.url("/")]):
        site.requests.clear()
        assert curl(*words).stdout == "no"
        assert site.requests[-1].one("authorization") == basic, words
    site.requests.clear()
    assert curl("-L", site.url("/go")).stdout == "no"
    assert site.requests[-1].one("authorization") == basic, "also what a redirect names"


def test_a_hundred_at_once(curl, renewing, site):
    done = curl("-Z", "--parallel-immediate", "--parallel-max", "100", *[site.url("/")] * 100)
    assert done.stdout == "ok" * 100
    assert [r.one("authorization") for r in site.requests].count("Bearer new") == 100
    assert len(site.requests) == 200


def test_the_handle_is_as_the_script_left_it(program, renewing, site):
    done = program("refused", site.url("/"))
    assert (done.returncode, done.stderr) == (0, "")
    assert [r.one("authorization") for r in site.requests] == ["Bearer old", "Bearer new", None]
