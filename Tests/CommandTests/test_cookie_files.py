"""`lanyard import` and `export`: cookie files of curl, Python and people."""

import http.cookiejar
import json
import os
import re
import signal

import pytest
from processes import eventually, wait_for_end
from recorder import Handler, Recorder
from varlink_wire import AGENT, ask
from ways import curl, sessions

pytestmark = pytest.mark.vault

HEADING = "# Netscape HTTP Cookie File\n"
LATER = 2**31 - 1000


def line(name, value, domain="127.0.0.1", end=LATER, path="/", secure="FALSE", below="FALSE"):
    return "\t".join((domain, below, path, secure, str(end), name, value)) + "\n"


def listed(person, name="s"):
    return json.loads(person.lanyard("cookies", "list", name, "--json", "--reveal").out)


def take(person, file, *options, **more):
    return person.lanyard("import", "--netscape", person.keep("cookies.txt", file), "--name", "s", *options, **more)


class SettingServer(Handler):
    def mode_ok(self):
        lines = ["a=1; Path=/; Max-Age=5000; HttpOnly", "b=x y; Path=/p; Max-Age=5000", "c=; Path=/", '"q"="z"; Path=/']
        self.answer(200, "ok\n", headers=[("Set-Cookie", line) for line in lines])


def test_a_jar_of_curls_and_back(any_person):
    """What curl keeps of a server's cookies, it sends in the same way from our file."""
    with Recorder(handler=SettingServer) as server:
        jar, back = any_person.inputs / "jar", any_person.inputs / "back"
        any_person.run("curl", "-sS", "-c", jar, server.origin + "/p/x")
        any_person.lanyard("import", "--netscape", jar, "--name", "s", "--for", server.origin)
        exported = any_person.lanyard("export", "--netscape", "s")
        assert exported.err == "lanyard: a cookie file cannot say that an address is no domain: 4 cookies\n"
        back.write_text(exported.out)
        rows = [sorted(row for row in file.read_text().splitlines() if "\t" in row) for file in (jar, back)]
        assert rows[0] == rows[1] and len(rows[0]) == 4
        any_person.run("curl", "-sS", "-b", back, server.origin + "/p/y")
        curl(any_person, server.origin + "/p/y")
        sent = [set(re.split("; ", request["headers"]["cookie"])) for request in server.requests[-2:]]
        assert sent[0] == sent[1] == {"a=1", "b=x y", "c=", '"q"="z"'}


def test_a_jar_of_pythons_and_back(person):
    file = HEADING + "".join((
        line("a", "1"), line("b", "2", "www.example.com", path="/x"), line("c", "3", ".example.com", below="TRUE"),
        line("d", "", ".example.com", end="", below="TRUE", secure="TRUE"), "#HttpOnly_" + line("e", "5", "example.com"),
    ))
    take(person, file, "--for", "https://example.com")
    exported = person.inputs / "exported.txt"
    exported.write_text(person.lanyard("export", "--netscape", "s").out)
    jar = http.cookiejar.MozillaCookieJar(exported)
    # Python takes an end of 0, which is curl's word for none, for one in 1970.
    jar.load(ignore_discard=True, ignore_expires=True)
    assert {(c.domain, c.path, c.name, c.value or "", c.secure, c.expires) for c in jar} == {
        ("127.0.0.1", "/", "a", "1", False, LATER), ("www.example.com", "/x", "b", "2", False, LATER),
        (".example.com", "/", "c", "3", False, LATER), (".example.com", "/", "d", "", True, 0),
        ("example.com", "/", "e", "5", False, LATER)}
    jar.save(ignore_discard=True, ignore_expires=True)
    before = listed(person)
    person.lanyard("import", "--netscape", exported, "--name", "t", "--for", "https://example.com")
    after = listed(person, "t")
    assert sorted(map(str, before)) == sorted(map(str, after))


def test_damaged_lines_are_named_and_the_rest_is_read(person):
    file = (HEADING + line("a", "1") + "127.0.0.1 FALSE / FALSE 0 b 2\n" + line("c", "3", "com", below="TRUE")
            + line("d", "4", end="soon") + "\n" + line("e", "5", path="x") + line("f", "6")).encode()
    file += line("\xff", "7").encode("latin-1") + line("h", "8", secure="no").encode() + b"127.0.0.1\tFALSE\t/\tFA"
    (person.inputs / "bad.txt").write_bytes(file)
    done = person.lanyard("import", "--netscape", person.inputs / "bad.txt", "--name", "s", "--for", "http://127.0.0.1")
    assert [cookie["name"] for cookie in listed(person)] == ["a", "f"]
    assert done.err.splitlines() == [
        "lanyard: line 3 was skipped: it has not seven fields with tabs between them",
        "lanyard: line 4 was skipped: its first field is no host, or a domain that is nobody's own",
        "lanyard: line 5 was skipped: its fifth field, the end, is no number",
        "lanyard: line 7 was skipped: its third field, the path, does not begin with /",
        "lanyard: line 9 was skipped: no server could set such a cookie: its name, domain or path is not UTF-8",
        "lanyard: line 10 was skipped: its second and fourth field have to be TRUE or FALSE",
        "lanyard: line 11 was skipped: it has not seven fields with tabs between them",
    ]
    assert done.out.endswith('imported 2 cookies into "s"\n')


def test_a_value_is_any_bytes(person, recorder):
    """To the server, to a file and back, and to people and programs that read text alone."""
    file = (HEADING + line("a", "x\xff\x85", end=0) + line("b", "\u00e9", end=0)).encode("latin-1")
    (person.inputs / "bytes.txt").write_bytes(file)
    person.lanyard("import", "--netscape", person.inputs / "bytes.txt", "--name", "s", "--for", recorder.origin)
    person.run("sh", "-c", f"lanyard export --netscape s > {person.inputs}/again.txt")
    assert (person.inputs / "again.txt").read_bytes() == file
    person.kill_daemon()
    curl(person, recorder.origin)
    config = person.inputs / "config"
    person.run("sh", "-c", f"lanyard curl-config {recorder.origin}/ > {config}")
    person.run("curl", "-sS", "-K", config)
    assert [request["headers"]["cookie"] for request in recorder.requests] == ["a=x\xff\x85; b=\xe9"] * 2
    assert [(cookie["value_hex"], cookie["value_bytes"]) for cookie in listed(person)] == [("78ff85", 3), ("e9", 1)]
    for command in (("cookies", "list", "s", "--reveal"), ("show", "s", "--reveal")):
        assert "hexadecimal 78ff85" in person.lanyard(*command).out


def test_into_a_session_that_is_there(person, recorder):
    take(person, line("a", "1") + line("b", "2"), "--for", recorder.origin)
    assert take(person, line("b", "3") + line("c", "4")).out == 'imported 2 cookies into "s"\n'
    curl(person, recorder.origin)
    assert recorder.requests[-1]["headers"]["cookie"] == "a=1; b=3; c=4"
    assert "already" in take(person, line("d", "5"), "--for", recorder.origin, status=64).err
    assert len(listed(person)) == 3


def test_what_is_no_cookie_file_makes_no_session(person):
    take(person, "<html>\n", "--for", "http://127.0.0.1", status=64)
    take(person, line("a", "1"), status=3)
    person.lanyard("import", "--netscape", person.inputs / "nothing", "--name", "s", status=64)
    take(person, "a" * 300_000, "--for", "http://127.0.0.1", status=64)
    assert sessions(person) == {}
    take(person, "", "--for", "http://127.0.0.1")
    assert listed(person) == []


def test_a_long_file_comes_whole(person):
    """More than a message to the daemon holds, and not cut within a line; the numbers of lines go on."""
    file = HEADING + "".join(line(f"n{number}", "v" * 300, f"h{number % 7}.example.com") for number in range(4000))
    done = take(person, file + "broken\n", "--for", "https://*.example.com")
    assert "line 4002 was skipped" in done.err and "imported 4,000 cookies" in done.out
    exported = person.lanyard("export", "--netscape", "s").out
    assert sorted(exported.splitlines()) == sorted(file.splitlines())


def test_nothing_of_a_file_is_kept_before_its_last_part(person):
    """Not seen by others, and gone with its connection, the daemon or the store's key."""
    take(person, line("old", "1"), "--for", "https://example.com")
    where = {"session": "s", "for": []}
    with person.connect() as connection:
        for number in (1, 2):
            part = ask(
                connection, f"{AGENT}.ImportCookies", **where, file=line(f"n{number}", "1"), line=number, continues=True)
            assert part["parameters"] == {"damaged_count": 0, "damaged": []}
        assert [cookie["name"] for cookie in listed(person)] == ["old"]
        person.kill_daemon()
        assert [cookie["name"] for cookie in listed(person)] == ["old"]
    with person.connect() as connection:
        ask(connection, f"{AGENT}.ImportCookies", **where, file=line("n1", "1"), line=1, continues=True)
        person.lanyard("lock")
        person.lanyard("unlock")
        last = ask(connection, f"{AGENT}.ImportCookies", **where, file=line("n2", "1"), line=2)
        assert "nothing was imported" in last["parameters"]["message"]
    assert [cookie["name"] for cookie in listed(person)] == ["old"]


def test_a_kill_leaves_all_of_an_import_or_nothing(person):
    """The daemon dies as soon as the journal grows."""
    file = HEADING + "".join(line(f"n{number}", "v" * 900, f"h{number % 7}.example.com") for number in range(1500))
    take(person, line("old", "1"), "--for", "https://*.example.com")
    for number in range(4):
        pid, before = person.running_daemon(), person.journal.stat().st_size
        name = person.keep("cookies.txt", file.replace("\tn", f"\tr{number}-"))
        command = person.start("lanyard", "import", "--netscape", name, "--name", "s")
        eventually(lambda: person.journal.stat().st_size > before, "the change is on its way to the disk")
        os.kill(pid, signal.SIGKILL)
        wait_for_end(pid)
        said = person.finish(command)
        there = sum(cookie["name"].startswith(f"r{number}-") for cookie in listed(person))
        assert there in (0, 1500) and (said.status != 0 or there == 1500)


def test_a_file_that_is_too_much_changes_nothing(person):
    many = "".join(line(f"n{number}", "1", f"h{number % 1000}.example.com") for number in range(100_001))
    said = take(person, many, "--for", "https://*.example.com", status=64).err
    assert said.startswith("lanyard: the cookie file has more than 100,000 cookies, nothing was imported\n")
    said = take(person, "# a comment\n" * 1_500_000, "--for", "https://*.example.com", status=64).err
    assert said.startswith("lanyard: the cookie file is larger than 16 MiB, nothing was imported\n")
    assert sessions(person) == {}
    done = take(person, many[: many.rindex("h")].rpartition("\n")[0] + "\n", "--for", "https://*.example.com")
    assert "imported 100,000 cookies" in done.out and done.err == ""
    assert len(listed(person)) == 100_000


def test_what_has_no_room_is_said(person):
    done = take(person, "".join(line(f"n{number}", "1") for number in range(3010)), "--for", "http://127.0.0.1")
    assert "imported 3,000 cookies" in done.out
    assert done.err == "lanyard: 10 cookies had no room: a jar keeps 3,000 of a domain, the last of the file\n"
    assert {cookie["name"] for cookie in listed(person)} == {f"n{number}" for number in range(10, 3010)}


@pytest.mark.parametrize("name, value, why", [
    ("__Host-a", "1", "a name with __Secure- or __Host- is for https alone"),
    ("a", "x;y", "a value no ;"),
    ("a", "x" * 4096, "name and value have more than 4,096 bytes"),
    ("a", "x\x01", "it has a control character in it"),
    ("", "", "it has neither a name nor a value"),
])
def test_a_cookie_that_no_server_could_set_is_refused_with_its_reason(person, name, value, why):
    done = take(person, line("b", "1") + line(name, value), "--for", "http://127.0.0.1")
    assert done.err.startswith("lanyard: line 2 was skipped: no server could set such a cookie: ") and why in done.err
    person.lanyard("remove", "s")
    said = person.lanyard(
        "add", "s", "--for", "http://127.0.0.1", "--cookie-jar", input=line("b", "1") + line(name, value), status=64).err
    assert "line 2 of the cookie file is no cookie: " in said and why in said


def test_from_stdin_and_what_cannot_be_said(person):
    with Recorder() as server:
        server_lines = ["a=1; SameSite=Lax", "t=x\ty"]
        person.lanyard("import", "--netscape", "-", "--name", "s", "--for", server.origin, input=line("a", "0"))
        server.mode = "cookies"
        Handler.mode_cookies = lambda self: self.answer(200, headers=[("Set-Cookie", each) for each in server_lines])
        curl(person, server.origin)
        del Handler.mode_cookies
    done = person.lanyard("export", "--netscape", "s")
    assert done.out == HEADING + line("a", "1", end=0)
    assert done.err.splitlines() == [
        "lanyard: a cookie file cannot say their SameSite: 1 cookie",
        "lanyard: a cookie file cannot say that an address is no domain: 2 cookies",
        "lanyard: a cookie file cannot hold a tab: 1 cookie left out",
    ]
    assert "--netscape" in person.lanyard("export", "s", status=64).err


def test_what_has_ended_is_neither_kept_nor_counted(person):
    """Nor does it delete what is there, nor does the same cookie count twice."""
    take(person, HEADING + line("a", "1"), "--for", "http://127.0.0.1")
    said = take(person, line("a", "old", end=1) + line("b", "1") + line("b", "2"))
    assert "imported 1 cookie into" in said.out and said.err == "lanyard: 1 cookie had ended and is not kept\n"
    assert {cookie["name"]: cookie["value"] for cookie in listed(person)} == {"a": "1", "b": "2"}
