"""The `.lanyard` files of the working directory, as the library tells the agent of them."""

import os

import pytest

from compiling import HERE, cc
from fake_agent import attached

@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    (folder / "a/b/c/d/e").mkdir(parents=True)
    return folder


def write(folder, text):
    (folder / ".lanyard").write_text(text)
    return {"path": str(folder / ".lanyard"), "text": text}


@pytest.fixture
def told(curl, agent, serve):
    """What the agent is told of them by a request from a folder."""
    server = serve()

    def ask(folder, **options):
        done = curl(server.url(), cwd=folder, **options)
        assert (done.returncode, done.stderr) == (0, "")
        return agent.questions[-1].get("files")

    return ask


def test_none_are_told_where_there_are_none(told, home):
    assert told(home / "a") is None
    assert told("/") is None


def test_the_nearest_come_first_up_to_the_home(told, home):
    write(home.parent, "above")
    files = [write(home / "a/b", 'session = "\u00e9\\"\n\t'), write(home / "a", ""), write(home, "x" * 4096)]
    assert told(home / "a/b/c") == files
    assert told(home / "a") == files[1:]
    assert told(home) == files[2:]


def test_four_at_most(told, home):
    folders = [home / "a/b/c/d/e", home / "a/b/c/d", home / "a/b/c", home / "a/b", home / "a"]
    files = [write(folder, str(index)) for index, folder in enumerate(folders)]
    assert told(folders[0]) == files[:4]


def test_files_that_are_all_escapes_leave_room_for_the_question(told, home):
    folders = [home / "a/b/c", home / "a/b", home / "a"]
    files = [write(folder, '"' * 4096) for folder in folders]
    assert told(folders[0]) == files[:1]


@pytest.mark.parametrize("anywhere, asked", [(True, 1), (False, 2), (None, 2)])
def test_a_kept_answer_in_another_folder(run, agent, serve, home, anywhere, asked):
    """It is good there for as long as no folder's file matters."""
    server = serve()
    write(home / "a", "x")
    agent.answer = lambda message: [attached(**({} if anywhere is None else {"anywhere": anywhere}))]
    script = (
        "import os, pycurl\n"
        "c = pycurl.Curl()\n"
        f"c.setopt(c.URL, '{server.url()}')\n"
        "c.setopt(c.WRITEFUNCTION, lambda data: None)\n"
        "for folder in ('.', 'a'):\n"
        "    os.chdir(folder)\n"
        "    c.perform()\n"
    )
    run("/usr/bin/python3", "-c", script, cwd=home).check_returncode()
    assert [r.one("authorization") for r in server.requests] == ["Bearer ours"] * 2
    assert len(agent.questions) == asked


def test_a_kept_answer_that_ends_while_it_is_looked_at(run, agent, serve, home, library, tmp_path):
    """What was asked in another folder is not asked here, with the files of that one."""
    cc("-shared", "-fPIC", "-o", tmp_path / "steps.so", HERE / "clock_steps.c")
    server = serve()
    write(home, "x")
    here = [write(home / "a", "y"), {"path": str(home / ".lanyard"), "text": "x"}]
    agent.answer = lambda message: [attached(anywhere=True)]
    script = (
        "import ctypes, os, pycurl\n"
        "c = pycurl.Curl()\n"
        f"c.setopt(c.URL, '{server.url()}')\n"
        "c.setopt(c.WRITEFUNCTION, lambda data: None)\n"
        "c.perform()\n"
        "os.chdir('a')\n"
        "ctypes.c_long.in_dll(ctypes.CDLL(None), 'clock_step').value = 600\n"
        "c.perform()\n"
    )
    env = {"LD_PRELOAD": f"{tmp_path}/steps.so:{library}"}
    run("/usr/bin/python3", "-c", script, cwd=home, env=env).check_returncode()
    assert server.requests[1].one("authorization") == "Bearer ours"
    assert all(question["files"] == here for question in agent.questions[1:])


def test_what_is_named_by_hand_needs_no_file(told, home):
    write(home, "x")
    assert told(home, env={"LANYARD_SESSION": "s"}) is None


@pytest.mark.parametrize("kind", ["a link", "a folder", "a FIFO", "too large", "no text", "a link to nothing"])
def test_what_is_no_such_file_is_not_told(told, home, kind):
    path = home / "a/.lanyard"
    if kind == "a link":
        (home / "other").write_text("x")
        path.symlink_to(home / "other")
    elif kind == "a folder":
        path.mkdir()
    elif kind == "a FIFO":
        os.mkfifo(path)
    elif kind == "too large":
        path.write_text("x" * 4097)
    elif kind == "no text":
        path.write_bytes(b"x\0y")
    else:
        path.symlink_to("nowhere")
    assert told(home / "a") is None
    above = write(home, "x")
    assert told(home / "a") == [above]


def test_in_a_folder_that_is_gone(told, home, run, serve, agent):
    server = serve()
    done = run("sh", "-c", f'mkdir "$HOME/gone"; cd "$HOME/gone"; rmdir "$HOME/gone"; curl -q -sS {server.url()}')
    assert (done.returncode, done.stdout) == (0, "ok")
    assert "files" not in agent.questions[-1]
