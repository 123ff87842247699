"""A command at a terminal of its own, and the person who answers its questions."""

import fcntl
import os
import pty
import select
import termios
import time

from processes import eventually

DEADLINE = 30
CTRL_C = "\x03"
CTRL_Z = "\x1a"


def at_terminal(person, *command, answers=()):
    """Runs a command whose stdin, stdout and stderr are a terminal. Each of the `answers`, secrets, is (what is
    asked, what is typed then), or (what is shown, what is called with all that was shown; what it returns is typed). Returns (exit status, all that the terminal showed)."""
    ours, theirs = pty.openpty()
    process = person.start(
        *command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    shown, seen, waiting, deadline = b"", 0, list(answers), time.monotonic() + DEADLINE
    while True:
        ready = select.select([ours], [], [], max(0, deadline - time.monotonic()))[0]
        if not ready:
            process.kill()
            process.wait()
            raise AssertionError(f"{command} is still running; it showed: {shown.decode(errors='replace')}")
        try:
            chunk = os.read(ours, 4096)
        except OSError:
            # EIO: nobody has the terminal open any more.
            chunk = b""
        if not chunk:
            break
        shown += chunk
        if waiting and waiting[0][0].encode() in shown[seen:]:
            seen = len(shown)
            reaction = waiting.pop(0)[1]
            if callable(reaction):
                reaction = reaction(shown.decode(errors="replace"))
                if reaction is None:
                    continue
            if reaction in (CTRL_C, CTRL_Z):
                os.write(ours, reaction.encode())
                continue
            # What is typed before the program has switched the echo off is discarded.
            eventually(lambda: not termios.tcgetattr(ours)[3] & termios.ECHO, "the terminal stops echoing")
            os.write(ours, reaction.encode() + b"\n")
    os.close(ours)
    status = process.wait(timeout=DEADLINE)
    assert not waiting, f"not asked: {waiting[0][0]}; shown: {shown.decode(errors='replace')}"
    return status, shown.decode(errors="replace").replace("\r\n", "\n")
