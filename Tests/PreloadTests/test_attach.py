"""What an unmodified curl sends, asserted on what the servers received, and what the agent was asked."""

import socket
import threading

from fake_agent import RENEWING, attached, nothing
from recording_server import pump


def by_target(answers, otherwise=None):
    """Answers by port of the target."""
    def answer(message):
        if message["method"].endswith("Received"):
            return [{"parameters": {}}]
        return [answers.get(message["parameters"]["target"]["port"], otherwise or nothing())]
    return answer


def test_the_question_describes_the_request(curl, agent, serve):
    server = serve()
    done = curl("-X", "PUT", "-H", "X-One: 1", "-H", "Accept:", "-H", "X-Empty;", "-d", "x",
                f"http://127.1:{server.port}/a/../b%20c?secret=1#f", env={"LANYARD_SESSION": "one,two"})
    assert (done.returncode, done.stdout, done.stderr) == (0, "ok", "")
    target = {"scheme": "http", "host": "127.0.0.1", "port": server.port, "path": "/b%20c"}
    assert agent.messages == [{
        "method": "io.lanyard.Agent.Attach", "more": True,
        "parameters": {
            "protocol": 1, "program": "curl", "sessions": ["one", "two"], "hop": 0, "left": False,
            "start": target, "target": target, "method": "PUT", "peer": "127.0.0.1", "peer_port": server.port,
            "connect_to": False,
            "proxy": False, "verified": True, "host": None,
            "brought": ["x-one", "accept", "x-empty"], "cookies": [], "ambient": False, "required": False,
        },
    }]
    request, = server.requests
    assert request.one("authorization") == "Bearer ours"
    assert request.one("x-one") == "1" and request.one("x-empty") == "" and request.one("accept") is None


def test_a_program_that_nobody_runs_is_a_plain_one(curl, agent, serve):
    """In a shell with `lanyard env`: the daemon is told, and attaches only what is meant for it."""
    server = serve()
    agent.answer = lambda message: [nothing("not-ambient", notice=["not said"])]
    done = curl(server.url(), env={"LANYARD_RUN": None})
    assert (done.stdout, done.stderr) == ("ok", "")
    assert [question["ambient"] for question in agent.questions] == [True]


def test_post_put_and_head_keep_their_bodies(curl, agent, serve, tmp_path):
    server = serve()
    (tmp_path / "body").write_bytes(b"b" * 100000)
    assert curl("-d", "a=1", server.url(), "--next", "-sS", "-T", tmp_path / "body", server.url("/put"),
                "--next", "-sS", "-I", server.url()).returncode == 0
    assert [(r.method, r.one("content-length")) for r in server.requests] == [
        ("POST", "3"), ("PUT", "100000"), ("HEAD", None)]
    assert all(r.one("authorization") == "Bearer ours" for r in server.requests)


def test_several_fields_and_a_cookie(curl, agent, serve):
    server = serve()
    agent.answer = lambda message: [attached(headers=[("X-CSRFToken", "t"), ("X-Api-Key", "k")], cookie="a=1; b=2")]
    curl(server.url())
    request, = server.requests
    assert (request.one("x-csrftoken"), request.one("x-api-key"), request.one("cookie")) == ("t", "k", "a=1; b=2")


def test_no_match_is_said_once_and_harms_nothing(curl, agent, serve):
    server = serve()
    agent.answer = lambda message: [nothing(notice=["nothing is attached: no session is for it"])]
    done = curl(server.url(), server.url("/two"))
    assert done.stdout == "okok" and done.returncode == 0
    assert done.stderr == "lanyard: nothing is attached: no session is for it\n"
    assert all(r.one("authorization") is None for r in server.requests)
    for env in ({"LANYARD_RUN": "quiet"}, {"LANYARD_RUN": None}):
        assert curl(server.url(), env=env).stderr == ""


def test_what_the_script_brings_is_reported(curl, agent, serve, tmp_path):
    server = serve()
    cases = [
        (["-H", "Authorization: Basic x"], "Basic x"),
        (["-u", "me:secret"], "Basic bWU6c2VjcmV0"),
        (["--oauth2-bearer", "mine"], "Bearer mine"),
    ]
    agent.answer = lambda message: [nothing("brought")]
    for options, sent in cases:
        curl(*options, server.url())
        assert agent.questions[-1]["brought"] == ["authorization"], options
        assert server.requests[-1].one("authorization") == sent
    curl(f"http://me:secret@127.0.0.1:{server.port}/")
    assert agent.questions[-1]["brought"] == ["authorization"]
    assert agent.questions[-1]["target"]["host"] == "127.0.0.1"
    curl("-e", "http://x.example/", server.url())
    assert agent.questions[-1]["brought"] == ["referer"]


def test_an_answer_never_takes_the_place_of_the_scripts_field(curl, agent, serve):
    server = serve()
    agent.answer = lambda message: [attached(headers=[("x-api-key", "ours"), ("X-Other", "ours")])]
    curl("-H", "X-Api-Key: mine", server.url())
    assert server.requests[0].all("x-api-key") == ["mine"]
    assert server.requests[0].all("x-other") == ["ours"]


def test_netrc_counts_only_where_it_names_the_host(curl, agent, serve, tmp_path):
    server = serve()
    netrc = tmp_path / "netrc"

    def brought(content, *options):
        netrc.write_bytes(content)
        curl(*options, "--netrc-file", netrc, server.url())
        return agent.questions[-1]["brought"]

    assert brought(b"machine other.example login a password 127.0.0.1\n") == []
    assert brought(b"machine 127.0.0.1 login a password b\n") == ["authorization"]
    assert brought(b"# machine 127.0.0.1\n") == []
    assert brought(b"machine\n127.0.0.1\nlogin a\npassword b\n") == ["authorization"]
    assert brought(b"machine x login default password default\n") == []
    assert brought(b"default login a password b\n") == ["authorization"]
    assert brought(b"macdef m\nmachine 127.0.0.1\n\n") == []
    assert brought(b"#" * 200000) == ["authorization"], "past curl's limits the script's wins"
    curl("--netrc", server.url())
    assert agent.questions[-1]["brought"] == [], "without ~/.netrc the option is no credential"
    (tmp_path / "home" / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    curl("--netrc", server.url())
    assert agent.questions[-1]["brought"] == ["authorization"]
    curl(server.url())
    assert agent.questions[-1]["brought"] == []


def test_cookies_of_the_scripts_are_named_and_kept(curl, agent, serve, tmp_path):
    server = serve()
    agent.answer = lambda message: [attached(headers=[], cookie="ours=1")]
    curl("-b", "mine=1; also=2", server.url())
    assert agent.questions[-1]["cookies"] == ["mine", "also"]
    assert server.requests[-1].one("cookie") == "mine=1; also=2; ours=1"
    curl("-H", "Cookie: mine=1;", server.url())
    assert agent.questions[-1]["cookies"] == ["mine"] and agent.questions[-1]["brought"] == []
    assert server.requests[-1].one("cookie") == "mine=1; ours=1"
    curl("-H", "Cookie:", server.url())
    assert agent.questions[-1]["brought"] == ["cookie"]
    assert server.requests[-1].one("cookie") is None


def test_the_scripts_cookie_engine_is_neither_switched_on_nor_fed(curl, agent, serve, tmp_path):
    server = serve({"/set": (200, [("Set-Cookie", "theirs=1")], b"")})
    jar = tmp_path / "jar"
    jar.write_text("# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t0\tkept\tv\n"
                   "other.example\tFALSE\t/\tFALSE\t0\telsewhere\tv\n")
    agent.answer = lambda message: [attached(headers=[], cookie="ours=1")]
    curl("-b", jar, "-c", jar, server.url())
    assert agent.questions[-1]["cookies"] == ["kept"]
    assert server.requests[-1].one("cookie") == "kept=v; ours=1"
    assert "ours" not in jar.read_text()
    curl(server.url("/set"), server.url())
    assert server.requests[-1].one("cookie") == "ours=1"


def test_a_host_field_is_reported(curl, agent, serve):
    server = serve()
    curl("-H", "Host: evil.example", server.url())
    assert agent.questions[-1]["host"] == "evil.example"
    curl("-H", "Host:", server.url())
    assert agent.questions[-1]["host"] == ""
    curl("-H", "Host: a", "-H", "Host: b", server.url())
    assert agent.questions[-1]["host"] == ""


def test_a_redirect_is_asked_about_anew_and_loses_what_was_attached(curl, agent, serve):
    there = serve()
    here = serve({"/go": (302, [("Location", there.url("/end"))], b"")})
    ours = attached(headers=[("Authorization", "Bearer a"), ("X-Api-Key", "k")], cookie="c=1")
    agent.answer = by_target({here.port: ours}, nothing("left"))
    for option in ("-L", "--location-trusted"):
        curl(option, "-H", "X-Mine: 1", "-b", "mine=1", here.url("/go"))
        first, second = here.requests[-1], there.requests[-1]
        assert (first.one("authorization"), first.one("x-api-key"), first.one("cookie")) == (
            "Bearer a", "k", "mine=1; c=1")
        assert (second.one("authorization"), second.one("x-api-key")) == (None, None)
        assert "c=1" not in (second.one("cookie") or "") and second.one("x-mine") == "1"
        question = agent.questions[-1]
        assert (question["hop"], question["left"]) == (1, False)
        assert (question["start"]["path"], question["target"]["path"]) == ("/go", "/end")


def test_a_hop_that_left_is_remembered(curl, agent, serve):
    there = serve()
    here = serve({"/go": (302, [("Location", there.url("/back"))], b"")})
    there.answers["/back"] = (302, [("Location", here.url("/end"))], b"")
    for answer in (nothing("left"), nothing("unverified"), b"garbage\0"):
        agent.answer = by_target({there.port: answer}, attached())
        curl("-L", here.url("/go"))
        assert [q["left"] for q in agent.questions[-3:]] == [False, False, True]
    agent.answer = by_target({there.port: nothing("no-cookie")}, attached())
    curl("-L", here.url("/go"))
    assert agent.questions[-1]["left"] is False
    curl(here.url("/go"), "-L", "--next", "-sS", here.url("/end"))
    assert agent.questions[-1]["left"] is False, "each transfer begins anew"


def test_another_origin_inside_of_the_session_gets_it(curl, agent, serve):
    there = serve()
    here = serve({"/go": (302, [("Location", there.url("/end"))], b"")})
    agent.answer = by_target({}, attached(cookie="c=1"))
    curl("-L", here.url("/go"))
    assert (there.requests[0].one("authorization"), there.requests[0].one("cookie")) == ("Bearer ours", "c=1")
    # A cookie of the script's must not follow along: libcurl's own rule stays in force.
    curl("-L", "-H", "Cookie: mine=1", here.url("/go"))
    assert "mine" not in (there.requests[1].one("cookie") or "")


def test_userinfo_wins_on_every_hop(curl, agent, serve):
    here = serve()
    here.answers["/go"] = (302, [("Location", "/end")], b"")
    agent.answer = by_target({}, nothing("brought"))
    curl("-L", f"http://me:secret@127.0.0.1:{here.port}/go")
    assert [q["brought"] for q in agent.questions] == [["authorization"], ["authorization"]]


def test_set_cookie_is_reported_for_hops_that_carried_a_session(curl, agent, serve):
    there = serve({"/end": (200, [("Set-Cookie", "evil=1")], b"")})
    here = serve({
        "/in": (302, [("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2"), ("Location", "/out")], b""),
        "/out": (302, [("Set-Cookie", "c=3"), ("Location", there.url("/end"))], b""),
        "/last": (200, [("Set-Cookie", "d=4")], b""),
        "/bad": (200, [("Set-Cookie", "x" * 9000), ("Set-Cookie", "e=\x01"), ("Set-Cookie", "f=6")], b""),
    })
    agent.answer = by_target({here.port: attached("mine")}, nothing("left"))
    curl("-L", here.url("/in"))
    assert [(r["session"], r["target"]["path"], r["set_cookie"]) for r in agent.received] == [
        ("mine", "/in", ["a=1; Path=/", "b=2"]), ("mine", "/out", ["c=3"])]
    assert [m["method"].rsplit(".")[-1] for m in agent.messages] == [
        "Attach", "Received", "Attach", "Received", "Attach"], "the next hop's question comes behind the cookies"
    curl(here.url("/last"), here.url("/bad"), "-Z", "--parallel-max", "1")
    assert [r["set_cookie"] for r in agent.received[2:]] == [["d=4"], ["f=6"]]
    agent.answer = by_target({}, nothing())
    curl(here.url("/last"))
    assert len(agent.received) == 4


def test_set_cookie_that_is_no_text_is_reported_as_its_bytes(curl, agent, serve):
    server = serve({"/": (200, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=\xe9"), ("Set-Cookie", "c=3")], b"")})
    agent.answer = by_target({server.port: attached("mine")}, nothing())
    curl(server.url("/"))
    (told,) = agent.received
    assert told["set_cookie_hex"] == [value.hex() for value in (b"a=1", b"b=\xe9", b"c=3")] and "set_cookie" not in told


def test_what_is_reported(curl, agent, serve):
    there = serve({"/end": (200, [("Set-Cookie", "b=2")], b"")})
    here = serve({"/go": (302, [("Set-Cookie", "a=1"), ("Location", there.url("/end"))], b"")})
    agent.answer = by_target({here.port: attached("mine", version=12), there.port: attached("mine", version=2**63 - 1)})
    curl("-L", here.url("/go"))
    target = {"scheme": "http", "host": "127.0.0.1"}
    start = {**target, "port": here.port, "path": "/go"}
    assert agent.received == [
        {"protocol": 1, "session": "mine", "version": 12, "target": start, "start": start,
         "cookies": [], "status": 302, "location": there.url("/end"), "set_cookie": ["a=1"]},
        {"protocol": 1, "session": "mine", "version": 2**63 - 1, "target": {**target, "port": there.port, "path": "/end"},
         "start": start, "cookies": [], "set_cookie": ["b=2"]}]
    without = attached("mine")
    del without["parameters"]["version"]
    agent.answer = by_target({}, without)
    curl(there.url("/end"))
    assert agent.received[-1]["version"] == 0, "an agent that names none"


def test_an_empty_jar_is_filled(curl, agent, serve):
    server = serve({"/": (200, [("Set-Cookie", "a=1")], b"")})
    empty = nothing("no-cookie")
    empty["parameters"] |= {"session": "mine", "version": 3}
    agent.answer = by_target({}, empty)
    curl(server.url("/"))
    assert server.requests[0].one("cookie") is None
    assert [(r["session"], r["version"], r["set_cookie"]) for r in agent.received] == [("mine", 3, ["a=1"])]


def test_which_statuses_are_reported(curl, agent, serve):
    """Those by which a site may say that a session has ended; nothing where no session was carried."""
    statuses = (200, 304, 307, 401, 403, 404, 500)
    server = serve({f"/{status}": (status, [("Location", "/in")] if status == 307 else [], b"") for status in statuses})
    agent.answer = by_target({}, attached("mine"))
    for status in statuses:
        curl(server.url(f"/{status}"))
    assert [(r["status"], r.get("location")) for r in agent.received] == [
        (307, "/in"), (401, None), (403, None), (404, None)]
    agent.answer = by_target({}, nothing())
    curl(server.url("/401"))
    assert len(agent.received) == 4


def test_parallel_transfers(curl, agent, serve):
    server = serve()
    done = curl("-Z", "--parallel-immediate", *[server.url(f"/{i}") for i in range(20)])
    assert done.returncode == 0 and done.stderr == ""
    assert sorted(r.path for r in server.requests) == sorted(f"/{i}" for i in range(20))
    assert all(r.one("authorization") == "Bearer ours" for r in server.requests)
    assert len(agent.questions) == 20


def test_next_separates(curl, agent, serve):
    server, other = serve(), serve()
    agent.answer = by_target({server.port: attached()}, nothing())
    curl("-H", "X-Mine: 1", server.url(), "--next", "-sS", other.url())
    assert server.requests[0].one("authorization") == "Bearer ours"
    assert (other.requests[0].one("authorization"), other.requests[0].one("x-mine")) == (None, None)
    assert agent.questions[1]["brought"] == []


def test_a_proxy_is_seen(curl, agent, serve):
    proxy, server = serve(), serve()
    agent.answer = lambda message: [nothing("proxy") if message["parameters"]["proxy"] else attached()]
    url = server.url()
    used = [
        (["--proxy", proxy.url()], {}),
        ([], {"http_proxy": proxy.url()}),
        ([], {"all_proxy": proxy.url()}),
        ([], {"ALL_PROXY": proxy.url(), "http_proxy": ""}),
        ([], {"http_proxy": proxy.url(), "no_proxy": "27.0.0.1,x127.0.0.1"}),
        (["--proxy", proxy.url(), "--noproxy", "example.com"], {"no_proxy": "*"}),
        (["--preproxy", "socks5://127.0.0.1:1", "--proxy", proxy.url()], {}),
    ]
    for options, env in used:
        curl(*options, url, env=env)
    assert all(q["proxy"] for q in agent.questions) and len(proxy.requests) == len(used) - 1
    assert all(r.one("authorization") is None for r in proxy.requests)
    count = len(agent.questions)
    unused = [
        ([], {"HTTP_PROXY": proxy.url()}),
        (["--proxy", ""], {"http_proxy": proxy.url()}),
        (["--noproxy", "*"], {"http_proxy": proxy.url()}),
        (["--noproxy", "127.0.0.1"], {"http_proxy": proxy.url()}),
        ([], {"http_proxy": proxy.url(), "no_proxy": "a.example, 127.0.0.1"}),
        ([], {"https_proxy": proxy.url()}),
    ]
    for options, env in unused:
        curl(*options, url, env=env)
        assert not agent.questions[-1]["proxy"], (options, env)
    assert len(agent.questions) == count + len(unused)
    assert all(r.one("authorization") == "Bearer ours" for r in server.requests)


def test_a_socks_proxy_is_seen(curl, agent, serve, closing):
    server = serve()
    listener = socket.create_server(("127.0.0.1", 0))
    closing.append(listener)

    def relay():
        # RFC 1928 without authentication; the address asked for is IPv4.
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.recv(100)
            client.sendall(b"\x05\x00")
            client.recv(100)
            client.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            there = socket.create_connection(("127.0.0.1", server.port))
            for pair in ((client, there), (there, client)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=relay, daemon=True).start()
    address = f"socks5://127.0.0.1:{listener.getsockname()[1]}"
    for options, env in ((["--socks5", address[9:]], {}), (["--preproxy", address], {}), ([], {"all_proxy": address})):
        assert curl(*options, server.url(), env=env).stdout == "ok"
        assert agent.questions[-1]["proxy"] is True


def test_nothing_reaches_the_connect_of_a_proxy(curl, agent, serve, tls):
    context, certificate = tls
    proxy = serve()
    server = serve(tls=context)
    first = serve({"/go": (302, [("Location", server.url("/end"))], b"")})
    agent.answer = by_target({}, attached(headers=[("X-Api-Key", "k"), ("Authorization", "Bearer a")], cookie="c=1"))
    done = curl("-L", "--cacert", certificate, "--proxy", proxy.url(), "--noproxy", "sub.localhost", "--proxy-header",
                "X-Proxy: 1", "--resolve", f"sub.localhost:{first.port}:127.0.0.1",
                first.url("/go", "sub.localhost"), env={"no_proxy": None})
    assert done.returncode == 0, done.stderr
    connect, = proxy.requests
    assert connect.method == "CONNECT"
    assert [connect.one(n) for n in ("x-api-key", "authorization", "cookie")] == [None, None, None]
    assert [q["proxy"] for q in agent.questions] == [False, True]
    assert first.requests[0].one("x-api-key") == "k"


def test_the_transport_is_described(curl, agent, serve, tls, tmp_path):
    context, certificate = tls
    server = serve(tls=context)
    unix = tmp_path / "http.sock"
    local = serve(unix=unix)
    curl("--cacert", certificate, server.url())
    assert agent.questions[-1]["verified"] is True and agent.questions[-1]["target"]["scheme"] == "https"
    assert server.requests[-1].one("authorization") == "Bearer ours"
    curl("-k", server.url())
    assert agent.questions[-1]["verified"] is False
    curl("--unix-socket", unix, "http://127.0.0.1/")
    assert agent.questions[-1]["peer"] is None and len(local.requests) == 1
    other = serve()
    curl("--connect-to", f"127.0.0.1:80:127.0.0.1:{other.port}", "http://127.0.0.1/")
    assert (agent.questions[-1]["target"]["port"], agent.questions[-1]["peer_port"]) == (80, other.port)
    curl("--resolve", f"api.example.com:{other.port}:127.0.0.1", f"http://api.example.com:{other.port}/")
    assert (agent.questions[-1]["target"]["host"], agent.questions[-1]["peer"]) == ("api.example.com", "127.0.0.1")


def test_a_detour_over_plain_http_is_told(curl, agent, serve, tls):
    context, certificate = tls
    server, secure = serve(), serve(tls=context)

    def peer(url, *options, to=server):
        assert curl("--connect-to", f"::127.0.0.1:{to.port}", *options, url).stdout == "ok"
        return agent.questions[-1]["peer"]

    for host in ("api.example.com", "localhost.example", "xlocalhost", "127.example", "128.0.0.1", "localhost."):
        assert peer(f"http://{host}:{server.port}/") == "127.0.0.1" and agent.questions[-1]["connect_to"], host
    for host in ("localhost", "LOCALHOST", "api.localhost", "127.0.0.1", "127.2", "[::1]"):
        assert peer(f"http://{host}:{server.port}/", "-g") == "127.0.0.1", host
        assert agent.questions[-1]["connect_to"] is False, host
    assert peer("https://localhost/", "--cacert", certificate, to=secure) == "127.0.0.1"
    resolve = ["--resolve", f"api.example.com:{server.port}:127.0.0.1"]
    curl("--connect-to", f"other.example::127.0.0.1:{server.port}", *resolve, f"http://api.example.com:{server.port}/")
    assert agent.questions[-1]["connect_to"] is True, "a list for another host counts too"
    curl(*resolve, f"http://api.example.com:{server.port}/")
    assert agent.questions[-1]["peer"] == "127.0.0.1" and agent.questions[-1]["connect_to"] is False


def test_urls_are_read_as_libcurl_reads_them(curl, agent, serve):
    server, other = serve(), serve()
    curl("-g", f"http://127.0.0.1:{other.port}\\@127.0.0.1:{server.port}/x")
    assert len(server.requests) == 1 and agent.questions[-1]["target"]["port"] == server.port
    curl("--resolve", f"xn--mnchen-3ya.example:{server.port}:127.0.0.1", f"http://MÜNCHEN.example:{server.port}/")
    assert agent.questions[-1]["target"]["host"] == "xn--mnchen-3ya.example"
    curl("--path-as-is", server.url("/a/../b"))
    assert agent.questions[-1]["target"]["path"] == "/a/../b" and server.requests[-1].path == "/a/../b"
    curl("--request-target", "/other?q", server.url("/mine"))
    assert agent.questions[-1]["target"]["path"] == "/other" and server.requests[-1].path == "/other?q"
    count = len(agent.messages)
    curl("--request-target", "*", server.url("/mine"))
    assert len(agent.messages) == count, "what is no path cannot be asked about"


def test_a_host_with_a_zone_cannot_be_asked_about(curl, agent, serve):
    server = serve()
    for host in ("[::1%251]", "[fe80::1%25lo]"):
        done = curl("-g", "--connect-to", f"::127.0.0.1:{server.port}", f"http://{host}:{server.port}/")
        assert done.stdout == "ok" and "cannot be asked about" in done.stderr, host
    assert agent.messages == [] and len(server.requests) == 2


def test_other_schemes_are_not_asked_about(curl, agent, tmp_path):
    (tmp_path / "file").write_text("content")
    assert curl(f"file://{tmp_path}/file", env={"LANYARD_RUN": "say,require"}).stdout == "content"
    assert agent.messages == []


def test_git(run, agent, serve, tmp_path):
    refs = b"001e# service=git-upload-pack\n0000" + b"003e" + b"1" * 40 + b" refs/heads/main\0\n" + b"0000"
    kind = [("Content-Type", "application/x-git-upload-pack-advertisement")]
    server = serve({"/repo.git/info/refs": (200, kind, refs)})
    done = run("git", "ls-remote", server.url("/repo.git"), env={"GIT_TERMINAL_PROMPT": "0"})
    assert server.requests[0].one("authorization") == "Bearer ours", done.stderr
    assert agent.questions[0]["program"] == "git-remote-http"
    assert "authorization" not in agent.questions[0]["brought"], "git always sets CURLOPT_NETRC"
    assert done.stdout == "1" * 40 + "\trefs/heads/main\n", done.stderr
    assert server.requests[0].one("git-protocol") == "version=2", "git's own fields stay"


def test_a_renewal_is_waited_for(curl, agent, serve):
    server = serve()
    renewed = threading.Event()
    threading.Timer(0.6, renewed.set).start()
    agent.answer = lambda message: [RENEWING, renewed, attached()]
    curl(server.url(), env={"LANYARD_RUN": None})
    assert server.requests[0].one("authorization") == "Bearer ours"


def test_a_script_that_keeps_its_own_cookies_is_not_reported(curl, agent, serve, tmp_path):
    server = serve({"/": (200, [("Set-Cookie", "a=1")], b"")})
    agent.answer = by_target({server.port: attached("mine")})
    for own in (["-c", tmp_path / "jar"], ["-b", "/dev/null"]):
        curl(*own, server.url("/"))
    assert agent.received == []
    curl("-b", "theirs=1", server.url("/"))
    assert agent.received[-1]["cookies"] == ["theirs"]
