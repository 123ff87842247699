"""Programs that use libcurl in their own ways (client.c): they see what they would see without the library."""

import subprocess
import threading

import pytest

from compiling import HERE, cc
from fake_agent import RENEWING, attached, nothing


def ok(done):
    assert (done.returncode, done.stderr) == (0, "")


def carried(requests):
    return [(r.one("authorization"), r.one("x-mine"), r.one("x-also"), r.one("cookie")) for r in requests]


def test_reuse_clone_and_reset(program, agent, serve):
    server = serve()
    agent.answer = lambda message: [attached(cookie="ours=1")]
    ok(program("reuse", server.url()))
    attached_to = ("Bearer ours", "1", "2", "mine=1; ours=1")
    script_only = (None, "1", "2", "mine=1")
    assert carried(server.requests) == [
        attached_to, script_only, attached_to, script_only,
        ("Bearer ours", None, None, "ours=1"), (None, None, None, None)]
    assert [q["cookies"] for q in agent.questions] == [["mine"], []], "the clone's question was the same"


def test_the_same_url_again_under_other_options(program, agent, serve):
    server = serve()
    agent.answer = lambda message: [nothing()]
    ok(program("again", server.url("/a/../b?secret=1")))
    plain = ("/b", [])
    assert [(q["target"]["path"], q["brought"]) for q in agent.questions] == [
        plain, plain, ("/other", []), ("/a/../b", []), plain, ("/b", ["authorization"]), ("/b", ["authorization"]),
        plain, plain, plain]
    assert all(q["target"] == q["start"] for q in agent.questions)
    assert all(q["target"]["port"] == server.port for q in agent.questions)


def test_the_same_redirect_again(run, client, agent, serve):
    there = serve()
    here = serve({"/go": (302, [("Location", there.url("/end"))], b"")})
    agent.answer = lambda message: [nothing("left" if message["parameters"]["hop"] else "no-match")]
    ok(run(client, "follow", here.url("/go"), 2))
    assert [(q["hop"], q["start"]["path"], q["target"]["path"], q["target"]["port"]) for q in agent.questions] == [
        (0, "/go", "/go", here.port), (1, "/go", "/end", there.port)] * 2


def test_own_prereq_callback(program, agent, serve):
    server = serve()
    ok(program("prereq", server.url()))
    assert [r.one("authorization") for r in server.requests] == ["Bearer ours", None, "Bearer ours"]


def test_changes_in_the_middle_of_a_transfer(program, agent, serve):
    server = serve()
    ok(program("middle", server.url()))
    assert [(r.one("authorization"), r.one("x-late")) for r in server.requests] == [
        ("Bearer ours", None), (None, None), (None, "1")]


def test_a_callback_set_between_hops(program, agent, serve):
    server = serve({"/": (302, [("Location", "/end")], b"")})
    ok(program("late", server.url()))
    assert [r.one("authorization") for r in server.requests] == ["Bearer ours", "Bearer ours"]
    assert [q["target"]["path"] for q in agent.questions] == ["/", "/end"], "the second hop is asked about"


def test_forks(program, agent, serve):
    server = serve()
    ok(program("forks", server.url()))
    assert [r.one("authorization") for r in server.requests] == ["Bearer ours"] * 3
    assert [r.one("user-agent") for r in server.requests] == [None, "child", None]
    assert agent.connections == 2, "the child does not speak on its parent's connection"


def test_multi(program, agent, serve):
    server = serve()
    ok(program("multi", server.url()))
    assert [r.one("authorization") for r in server.requests] == ["Bearer ours"] * 4 + [None] * 3


def test_descriptors_closed_by_the_program(program, agent, serve):
    server = serve()
    agent.answer = lambda message: [attached(), nothing()][len(agent.questions) % 2:][:1]
    ok(program("closes", server.url()))


def test_errors_stay_libcurls_own(run, client, serve):
    ok(run(client, "null", serve().url()))


def test_fifty_threads_do_not_wait_for_one_renewal(run, client, agent, serve):
    server = serve()
    renewed = threading.Event()
    waiting = threading.Semaphore(0)

    def answer(message):
        brought = message["parameters"]["brought"]
        assert brought == ["x-thread"]
        waiting.release()
        return [RENEWING, renewed, attached()]

    def release():
        for _ in range(50):
            waiting.acquire(timeout=20)
        renewed.set()

    agent.answer = answer
    threading.Thread(target=release, daemon=True).start()
    ok(run(client, "threads", server.url(), 50))
    assert len(server.requests) == 200
    assert all(r.one("authorization") == "Bearer ours" for r in server.requests)
    assert sorted(r.one("x-thread") for r in server.requests) == sorted(str(i) for i in range(50) for _ in range(4))


def test_a_thread_that_is_cancelled(run, client, agent, serve):
    ok(run(client, "cancel", serve().url()))


def test_threads_do_not_race(run, sanitized, agent, serve):
    server = serve()
    # ThreadSanitizer wants its addresses where they are without randomization.
    ok(run("setarch", "-R", sanitized("thread"), "threads", server.url(), 20, env={"LD_PRELOAD": None}))
    assert all(r.one("authorization") == "Bearer ours" for r in server.requests) and len(server.requests) == 80


def test_a_port_option_is_the_port(run, client, agent, serve):
    server, other = serve(), serve()
    server.answers["/go"] = (302, [("Location", "/end")], b"")
    done = run(client, "with", other.url("/go"), f"port={server.port}", "follow=1")
    assert done.returncode == 0 and "cannot be asked about" in done.stderr
    assert [q["target"]["port"] for q in agent.questions] == [server.port]
    assert [r.one("authorization") for r in server.requests] == ["Bearer ours", None], "a redirect's cannot be told"


def test_verification(run, client, agent, serve, tls):
    context, certificate = tls
    server = serve(tls=context)
    cases = {"follow=0": True, "verify-host=0": False, "verify-peer=0": False, "tls-callback=1": False}
    for option, verified in cases.items():
        ok(run(client, "with", server.url(), f"ca={certificate}", option))
        assert agent.questions[-1]["verified"] is verified, option


def test_unified_headers_do_not_take_ours_to_a_proxy(run, client, agent, serve, tls):
    context, certificate = tls
    proxy, end = serve(), serve(tls=context)
    first = serve({"/go": (302, [("Location", end.url("/end", "localhost"))], b"")})
    agent.answer = lambda message: [attached(headers=[("X-Api-Key", "ours")])]
    ok(run(client, "with", first.url("/go"), f"ca={certificate}", f"proxy={proxy.url()}", "no-proxy=127.0.0.1",
           "follow=1", "header-option=0", "header=X-Mine: 1"))
    assert [(r.method, r.one("x-api-key")) for r in proxy.requests] == [("CONNECT", None)]
    assert first.requests[0].one("x-api-key") == end.requests[0].one("x-api-key") == "ours"


def test_the_library_needs_libc_alone(library):
    needed = [line for line in subprocess.run(["readelf", "-dW", library], check=True, capture_output=True,
                                              text=True).stdout.splitlines() if "NEEDED" in line]
    assert len(needed) == 1 and "[libc.so.6]" in needed[0]


def test_only_the_overridden_functions_are_visible(library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    assert sorted(line.split()[-1] for line in lines.splitlines()) == sorted(
        ["__asan_default_options", "curl_easy_cleanup", "curl_easy_duphandle", "curl_easy_init", "curl_easy_perform", "curl_easy_reset",
         "curl_easy_setopt", "curl_multi_add_handle", "curl_multi_cleanup", "curl_multi_info_read",
         "curl_multi_remove_handle", "dlopen"])


@pytest.mark.parametrize("options", [None, "detect_leaks=0"])
@pytest.mark.parametrize("sanitizer", ["address", "thread", "undefined", "leak"])
def test_a_program_built_with_a_sanitizer(run, agent, serve, tmp_path, sanitizer, options):
    """ASan's runtime wants to be the first library, whatever the script has in ASAN_OPTIONS."""
    server = serve()
    agent.answer = lambda message: [attached(cookie="ours=1")]
    cc(f"-fsanitize={sanitizer}", "-g", "-o", tmp_path / "client", HERE / "client.c", "-l:libcurl.so.4", "-lpthread")
    # As above.
    ok(run("setarch", "-R", tmp_path / "client", "reuse", server.url(), env={"ASAN_OPTIONS": options}))
    assert server.requests[0].one("authorization") == "Bearer ours"


def test_a_program_without_libcurl_is_untouched(run, agent):
    assert run("/bin/echo", "x").stdout == "x\n" and agent.messages == []


def test_modules_that_load_libcurl_late_each_its_own(run, agent, serve, tmp_path):
    server = serve()
    modules = []
    for name in ("libcurl.so.4", "libcurl-gnutls.so.4"):
        modules.append(tmp_path / f"{name}-module.so")
        cc("-shared", "-fPIC", "-o", modules[-1], HERE / "plugin.c", f"-l:{name}")
    cc("-o", tmp_path / "loader", HERE / "loader.c")
    ok(run(tmp_path / "loader", server.url(), *modules, *modules))
    assert ["GnuTLS" in r.one("user-agent") for r in server.requests] == [False, True] * 2
    assert all(r.one("authorization") == "Bearer ours" for r in server.requests)


def test_a_program_of_another_c_library(run, tmp_path):
    """It starts, and does what it does: nothing that the library needs is glibc's alone."""
    (tmp_path / "hello.c").write_text('#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n')
    subprocess.run(["musl-gcc", "-o", tmp_path / "hello", tmp_path / "hello.c"], check=True)
    done = run(tmp_path / "hello")
    assert (done.returncode, done.stdout, done.stderr) == (0, "hello\n", "")


# What the library may need of libc. One that is not here is a reason to think: is it in glibc 2.34, is it in musl, is it
# safe between fork and exec, does it keep the program's state (locale, environment, signals, errno)?
NEEDED = """
__errno_location __progname calloc clock_gettime close connect dl_iterate_phdr dladdr dlclose dlopen dlsym environ
explicit_bzero free fstat fwrite getauxval getcwd getenv geteuid getpwuid_r getsockopt inet_pton lstat malloc memchr memcmp
memcpy memmove mmap munmap open poll program_invocation_short_name pthread_mutex_lock pthread_mutex_unlock pthread_once
read recv send setsockopt snprintf socket stat stderr strcasecmp strchr strcmp strcspn strdup strlen strncasecmp strncmp
strncpy strndup strrchr strspn strstr strtol write
""".split()
# Not needed to start: missing in another C library.
WEAK = """
_ITM_deregisterTMCloneTable _ITM_registerTMCloneTable __cxa_finalize __gmon_start__ __register_atfork gnu_get_libc_version
""".split()


def test_what_the_library_needs_of_libc(library):
    lines = subprocess.run(["nm", "-D", "--undefined-only", library], check=True, capture_output=True, text=True).stdout
    found = {(line.split()[-1].split("@")[0], line.split()[-2] == "w") for line in lines.splitlines()}
    assert {name for name, weak in found if not weak} - set(NEEDED) - {"__environ"} == set()
    assert {name for name, weak in found if weak} - set(WEAK) == set()
    assert not any(name.endswith("_chk") for name, _ in found), "fortified: another C library has none of these"


def test_the_library_is_small(library, tmp_path):
    subprocess.run(["strip", "-o", tmp_path / "stripped.so", library], check=True)
    assert (tmp_path / "stripped.so").stat().st_size < 60_000


@pytest.mark.parametrize("what", ["reuse", "multi", "forks", "refused", "told"])
def test_nothing_that_valgrind_would_say(run, client, agent, serve, what):
    server = serve()
    agent.answer = lambda message: [attached(cookie="a=1", renews=True)] if "Attach" in message["method"] else [
        {"parameters": {}}]
    done = run("valgrind", "-q", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite",
               client, what, server.url("/"), env={"LANYARD_RUN": "say"}, timeout=300)
    assert (done.returncode, "==" in done.stderr) == (0, False), done.stderr
