"""`.lanyard` files: what a folder says counts only as the person has seen it."""

import json
import os
import shutil

import pytest
from varlink_wire import call
from ways import add, carried

pytestmark = pytest.mark.vault


@pytest.fixture
def two(person, recorder, leaks):
    """Two sessions for one place, and a folder; the secret of each by its name."""
    secrets = {name: leaks.new("bearer") for name in ("work", "home")}
    for name, secret in secrets.items():
        add(person, name, recorder.origin, secret)
    person.project = person.private / "home/project"
    (person.project / "deep").mkdir(parents=True)
    person.secrets = secrets
    return person


def write(folder, text='session = "work"\n'):
    (folder / ".lanyard").write_text(text)
    return folder / ".lanyard"


def within(person, folder, *command, **options):
    env = options.pop("env", {})
    return person.finish(person.start(*command, env=env, cwd=folder, **options))


def trust(person, folder):
    result = within(person, folder, "lanyard", "trust")
    assert result.status == 0, result.err
    return result


def got(person, recorder, folder, *prefix, env=None):
    """Which session a request from the folder gets; what was said."""
    recorder.requests.clear()
    prefix = prefix or ("lanyard", "run", "--")
    result = within(person, folder, *prefix, "curl", "-sS", recorder.origin, env=env or {})
    assert (result.status, result.out) == (0, "ok\n"), result.err
    (request,) = recorder.requests
    names = [name for name, secret in person.secrets.items() if carried([request], secret)]
    return (names[0] if names else None), result.err


def test_a_clone_names_no_session(two, recorder):
    """It comes with a file that names another login: as if it were not there, for each who asks."""
    two.lanyard("set", "home", "default=true")
    write(two.project, 'session = "work"')
    assert got(two, recorder, two.project) == ("home", "")
    explained = json.loads(within(two, two.project, "lanyard", "explain", "--json", recorder.origin).out)
    assert explained["session"] == "home" and explained["rule"] == "default"
    assert two.secrets["home"] in within(two, two.project, "lanyard", "token", recorder.origin).out
    assert two.secrets["home"] in within(two, two.project, "lanyard", "curl-config", recorder.origin).out


def test_trusted_it_chooses_for_each_who_asks(two, recorder):
    write(two.project)
    trust(two, two.project)
    for folder in (two.project, two.project / "deep"):
        assert got(two, recorder, folder) == ("work", "")
        assert two.secrets["work"] in within(two, folder, "lanyard", "token", recorder.origin).out
        assert two.secrets["work"] in within(two, folder, "lanyard", "curl-config", recorder.origin).out
        explained = json.loads(within(two, folder, "lanyard", "explain", "--json", recorder.origin).out)
        assert explained["session"] == "work" and explained["rule"] == "file"
    assert got(two, recorder, two.private / "home")[0] is None
    # What is named by hand comes first, and a session's own name is not chosen by a folder.
    assert got(two, recorder, two.project, "lanyard", "run", "--session", "home", "--") == ("home", "")
    assert got(two, recorder, two.project, env={"LANYARD_SESSION": "home"}) == ("home", "")
    assert two.secrets["home"] in within(two, two.project, "lanyard", "token", "home").out


def test_it_outlasts_the_daemon(two, recorder):
    write(two.project)
    trust(two, two.project)
    two.kill_daemon()
    assert got(two, recorder, two.project) == ("work", "")


def test_a_change_takes_the_trust_away(two, recorder):
    """Also one that a program makes while it runs, and one of a byte in a comment; back as it was, it counts."""
    file = write(two.project)
    trust(two, two.project)
    write(two.project, 'session = "home"\n')
    name, said = got(two, recorder, two.project)
    assert name is None and "has changed since you trusted it" in said
    write(two.project, 'session = "work"\n#\n')
    assert got(two, recorder, two.project)[0] is None
    write(two.project)
    assert got(two, recorder, two.project) == ("work", "")
    file.unlink()
    assert got(two, recorder, two.project)[0] is None


def test_a_copy_elsewhere_is_not_trusted(two, recorder):
    write(two.project)
    trust(two, two.project)
    other = two.private / "home/other"
    shutil.copytree(two.project, other)
    assert got(two, recorder, other)[0] is None


def test_a_clone_below_does_not_hide_the_one_that_is_trusted(two, recorder):
    write(two.project)
    trust(two, two.project)
    write(two.project / "deep", 'session = "home"')
    assert got(two, recorder, two.project / "deep") == ("work", "")


@pytest.mark.parametrize("kind", ["a link", "a folder", "a FIFO", "too large", "no text", "another user's"])
def test_what_does_not_count(two, recorder, kind):
    """A link to a file that is trusted, among others: nothing hangs, and `trust` says why."""
    elsewhere = two.private / "home/elsewhere"
    elsewhere.mkdir()
    write(elsewhere)
    trust(two, elsewhere)
    path = two.project / ".lanyard"
    if kind == "a link":
        path.symlink_to(elsewhere / ".lanyard")
    elif kind == "a folder":
        path.mkdir()
    elif kind == "a FIFO":
        os.mkfifo(path)
    elif kind == "too large":
        path.write_text('session = "work"\n#' + "x" * 4096)
    elif kind == "no text":
        path.write_bytes(b'session = "work"\n#\x01')
    else:
        path.write_text('session = "work"\n')
        os.chown(path, 65534, 65534)
    assert got(two, recorder, two.project)[0] is None
    refused = within(two, two.project, "lanyard", "trust")
    assert refused.status == 64 and "does not count" in refused.err
    if kind == "a FIFO":
        # The search for secrets would wait for it.
        path.unlink()


def test_a_file_that_was_trusted_and_is_given_away(two, recorder):
    """The same content, by somebody who could write another."""
    file = write(two.project)
    trust(two, two.project)
    os.chown(file, 65534, 65534)
    assert got(two, recorder, two.project)[0] is None


def test_a_redirect_brings_in_no_session_that_a_file_names(two, recorder, hop, leaks):
    """Named by hand it would."""
    two.secrets["hop"] = leaks.new("bearer")
    add(two, "hop", hop.origin, two.secrets["hop"])
    write(two.project, 'session = ["hop", "work"]')
    trust(two, two.project)
    url = f"{hop.origin}/?to={recorder.origin}/"
    for env, expected in (({}, 0), ({"LANYARD_SESSION": "hop,work"}, 1)):
        recorder.requests.clear()
        assert within(two, two.project, "lanyard", "run", "--quiet", "--", "curl", "-sSL", url, env=env).status == 0
        assert len(carried(recorder.requests, two.secrets["work"])) == expected


def test_plain_curl_gets_marked_sessions_alone_there_too(two, recorder):
    write(two.project)
    trust(two, two.project)
    preload = {"LD_PRELOAD": str(two.programs / "liblanyard-preload.so")}
    assert got(two, recorder, two.project, "env", env=preload) == (None, "")
    two.lanyard("set", "work", "ambient=true")
    two.lanyard("set", "home", "ambient=true")
    assert got(two, recorder, two.project, "env", env=preload) == ("work", "")


def test_a_program_follows_its_own_folder(two, recorder):
    """One process that goes from folder to folder within a second: each request is from where it then is."""
    write(two.project)
    trust(two, two.project)
    (two.private / "home/other").mkdir()
    write(two.private / "home/other", 'session = "home"')
    trust(two, two.private / "home/other")
    script = (
        "import os, pycurl\n"
        "for folder in ('project', 'other', 'project/deep', '.'):\n"
        "    os.chdir(os.path.join(os.environ['HOME'], folder))\n"
        "    c = pycurl.Curl()\n"
        f"    c.setopt(c.URL, '{recorder.origin}')\n"
        "    c.setopt(c.WRITEFUNCTION, lambda data: None)\n"
        "    c.perform()\n"
    )
    result = two.lanyard("run", "--quiet", "--", "/usr/bin/python3", "-c", script)
    assert result.err == ""
    names = [[n for n, s in two.secrets.items() if carried([r], s)] for r in recorder.requests]
    assert names == [["work"], ["home"], ["work"], []]


def test_a_program_without_libcurl_looks_for_no_file(two):
    """And has no connection to the daemon: what `env` costs it is the loading of a library."""
    write(two.project)
    trace = two.private / "tmp/trace"
    preload = {"LD_PRELOAD": str(two.programs / "liblanyard-preload.so")}
    result = within(two, two.project, "strace", "-f", "-o", str(trace), "ls", env=preload)
    assert result.status == 0, result.err
    seen = trace.read_text()
    assert "liblanyard-preload.so" in seen
    assert "/.lanyard" not in seen and "socket(" not in seen and "lanyard/socket" not in seen


def test_the_list_is_the_owners_and_refused_where_others_could_write_it(two, recorder):
    write(two.project)
    trust(two, two.project)
    listed = two.private / "state/lanyard/trusted"
    assert listed.stat().st_mode & 0o777 == 0o600
    two.stop_daemon()
    listed.chmod(0o666)
    assert got(two, recorder, two.project)[0] is None
    assert within(two, two.project, "lanyard", "trust").status == 64
    listed.chmod(0o600)


@pytest.mark.parametrize("files", [
    "x", [{"path": "relative", "text": ""}], [{"path": "/a\nb", "text": ""}], [{"path": "/a", "text": "x" * 4097}],
    [{"path": "/a", "text": ""}] * 5, [{"path": "/a"}], [None],
])
def test_files_that_cannot_be(two, recorder, files):
    answer = call(two, "Explain", url=recorder.origin, sessions=[], files=files)
    assert answer["error"] == "org.varlink.service.InvalidParameter"
