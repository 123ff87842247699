"""Programs of Debian's, and ways to use libcurl, that load or drive it differently."""

import sys

import pytest

from compiling import HERE, cc
from fake_agent import attached, nothing


def all_carried(server, count):
    assert [r.one("authorization") for r in server.requests] == ["Bearer ours"] * count


def test_php(run, agent, serve):
    server = serve()
    done = run("php", HERE / "fetch.php", server.url())
    assert (done.returncode, done.stdout, done.stderr) == (0, "okokok", "")
    all_carried(server, 3)
    assert all(r.one("x-own") == "1" for r in server.requests)
    assert agent.questions[0]["program"] == "php"


@pytest.mark.parametrize("python", ["/usr/bin/python3", sys.executable], ids=["Debian's", "PyPI's, with a newer libcurl"])
def test_pycurl(run, agent, serve, python):
    server = serve()
    done = run(python, HERE / "fetch.py", server.url())
    assert done.returncode == 0 and done.stderr == ""
    body, _, told = done.stdout.partition("\n")
    assert body == "ok" * 5 and "Authorization: ***\n" in told and "ours" not in told
    all_carried(server, 5)


def test_curl_cffi(run, agent, serve):
    """A redirect to another port, from a session that is for the first one alone."""
    other = serve()
    server = serve({"/go": (302, [("Location", other.url("/end"))], b"")})
    agent.answer = lambda message: [nothing("left") if message["parameters"].get("hop") else attached()]
    done = run(sys.executable, HERE / "fetch_cffi.py", server.url("/go"))
    assert (done.returncode, done.stderr) == (0, "")
    version, *bodies = done.stdout.splitlines()
    assert version.startswith("libcurl/8.") and "IMPERSONATE" in version and bodies == ["ok ok", "ok ok ok"] * 3
    all_carried(server, 15)
    assert [(r.one("authorization"), r.one("x-own")) for r in other.requests] == [(None, "1")] * 15


@pytest.fixture(scope="session")
def event_loop(tmp_path_factory):
    out = tmp_path_factory.mktemp("event_loop") / "event_loop"
    cc("-g", "-O1", "-Wall", "-Wextra", "-Werror", "-o", out, HERE / "event_loop.c", "-lcurl")
    return out


def test_a_loop_of_its_own_with_epoll(run, event_loop, agent, serve):
    server = serve()
    done = run(event_loop, server.url(), 40)
    assert (done.returncode, done.stderr) == (0, "")
    all_carried(server, 80)


def test_a_loop_of_its_own_where_nothing_is_attached(run, event_loop, agent, serve):
    server = serve()
    agent.answer = lambda message: [nothing()]
    assert run(event_loop, server.url(), 10).returncode == 0
    assert [r.one("authorization") for r in server.requests] == [None] * 20


def test_a_file_that_needs_no_libcurl_keeps_its_deep_binding(run, agent, tmp_path):
    (tmp_path / "a.c").write_text('const char *who(void) { return "module"; }\nconst char *ask(void) { return who(); }\n')
    (tmp_path / "b.c").write_text(
        '#define _GNU_SOURCE\n#include <dlfcn.h>\n#include <stdio.h>\n'
        'const char *who(void) { return "program"; }\n'
        'int main(int n, char **w) { (void)n; void *m = dlopen(w[1], RTLD_NOW | RTLD_DEEPBIND);\n'
        'const char *(*ask)(void) = (const char *(*)(void))dlsym(m, "ask"); puts(ask()); }\n')
    cc("-shared", "-fPIC", "-o", tmp_path / "a.so", tmp_path / "a.c")
    cc("-rdynamic", "-o", tmp_path / "b", tmp_path / "b.c")
    assert run(tmp_path / "b", tmp_path / "a.so").stdout == "module\n"


def test_the_callers_own_folders_are_searched(run, agent, tmp_path):
    """A name without a folder is found by the RUNPATH of whoever calls dlopen, not by the library's."""
    (tmp_path / "m").mkdir()
    (tmp_path / "a.c").write_text("int three(void) { return 3; }\n")
    (tmp_path / "b.c").write_text(
        '#include <dlfcn.h>\nint main(void) { void *m = dlopen("liblanyardtest.so", RTLD_NOW); return m == 0; }\n')
    cc("-shared", "-fPIC", "-o", tmp_path / "m" / "liblanyardtest.so", tmp_path / "a.c")
    cc("-o", tmp_path / "b", tmp_path / "b.c", f"-Wl,-rpath,{tmp_path}/m,--enable-new-dtags")
    assert run(tmp_path / "b").returncode == 0


@pytest.mark.parametrize("cut", [0, 1, 4, 16, 63, 64, 100, 500, 1000, 4000, 12000])
def test_files_that_are_no_modules(run, tmp_path, cut, agent):
    """A damaged file is the loader's to refuse, or to crash at: it is as without the library."""
    (tmp_path / "b.c").write_text(
        '#define _GNU_SOURCE\n#include <dlfcn.h>\n'
        'int main(int n, char **w) { (void)n; return dlopen(w[1], RTLD_NOW | RTLD_DEEPBIND) != 0; }\n')
    cc("-o", tmp_path / "b", tmp_path / "b.c")
    cc("-shared", "-fPIC", "-o", tmp_path / "whole.so", HERE / "plugin.c", "-l:libcurl.so.4")
    whole = (tmp_path / "whole.so").read_bytes()
    damaged = [whole[:cut]]
    # Numbers in the header that lead past the end.
    for at in (32, 40, 54, 56, cut):
        damaged.append(whole[:at] + b"\xff\xff" + whole[at + 2:])
    for content in damaged:
        (tmp_path / "damaged.so").write_bytes(content)
        with_us, without = (run(tmp_path / "b", tmp_path / "damaged.so", env=env).returncode
                            for env in ({}, {"LD_PRELOAD": None}))
        assert with_us == without
