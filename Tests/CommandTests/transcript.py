"""Transcripts: sessions at a terminal, in text files that read as documentation.

Lines that start in the first column are prose, for people. Indented by four spaces stands what happens:

    $ lanyard list
    NAME      KIND              FOR            STATE    EXPIRES
    shop      session cookie    $SERVER        active   in …

- `$ ` begins a command; a line that ends in `\\` goes on in the next, which begins with `> `.
- What follows is all that the command writes, stdout and stderr as they come.
- `…` stands for any text within a line; a line that is only `…` for any number of lines.
- Two spaces or more stand for two or more: columns are as wide as what is in them.
- `$SERVER` and the other variables that the shell knows stand for their values, in capitals, in what is expected too.
- `[exit 4]` closes a command that must exit with 4; without it the status must be 0.

All commands of a file run in one `sh`, whose stdin is empty.
"""

import os
import re
import selectors
import subprocess
import time
from dataclasses import dataclass, field

INDENT = "    "
DEADLINE = 60


@dataclass
class Step:
    line: int
    command: str
    expected: list = field(default_factory=list)
    status: int = 0


def parse(text):
    """The steps of a transcript."""
    steps = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith(INDENT):
            continue
        line = line[len(INDENT) :]
        if line.startswith("$ "):
            steps.append(Step(number, line[2:]))
        elif line.startswith("> ") and steps[-1].command.endswith("\\"):
            steps[-1].command += "\n" + line[2:]
        elif closing := re.fullmatch(r"\[exit (\d+)\]", line):
            steps[-1].status = int(closing[1])
        else:
            steps[-1].expected.append(line)
    return steps


def pattern(expected, variables):
    """The regular expression that the output must match as a whole."""
    lines = []
    for line in expected:
        if line == "…":
            lines.append(r"(?:.*\n)*?")
            continue
        filled = re.sub(r"\$([A-Z_]+)", lambda found: variables.get(found[1], found[0]), line)
        escaped = r"[^\n]*?".join(re.escape(part) for part in filled.split("…"))
        lines.append(re.sub(r"(\\ ){2,}", " {2,}", escaped) + r"\n")
    return re.compile("".join(lines))


class Shell:
    """One `sh`. Commands reach it through a FIFO: they are in nobody's argv, and stdin stays empty."""

    def __init__(self, person, variables):
        fifo = person.inputs / "commands"
        os.mkfifo(fifo, 0o600)
        self._process = subprocess.Popen(
            ["/bin/sh", fifo],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=person.environment | variables,
            cwd=person.private / "home",
        )
        self._commands = open(fifo, "w")
        self._count = 0

    def run(self, command):
        """(output, status)"""
        self._count += 1
        mark = f"-- end of command {self._count} --"
        self._commands.write(f"{command}\nprintf '\\n%s%s\\n' '{mark}' $?\n")
        self._commands.flush()
        output = self._read_until(re.compile(rf"\n{mark}(\d+)\n$".encode()))
        text, _, status = output.decode(errors="replace").rpartition("\n" + mark)
        return text, int(status)

    def _read_until(self, end):
        output = b""
        deadline = time.monotonic() + DEADLINE
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not end.search(output):
                ready = selector.select(deadline - time.monotonic())
                assert ready, f"nothing more after {DEADLINE} s; so far: {output.decode(errors='replace')}"
                chunk = os.read(self._process.stdout.fileno(), 65536)
                assert chunk, f"the shell ended: {output.decode(errors='replace')}"
                output += chunk
        return output

    def close(self):
        self._commands.close()
        self._process.stdout.close()
        if self._process.wait(timeout=20) < 0:
            raise AssertionError("the shell was killed")


def play(path, person, variables, before_each):
    """Runs a transcript; fails at the first step whose output or status is another."""
    shell = Shell(person, variables)
    try:
        for step in parse(path.read_text()):
            before_each()
            output, status = shell.run(step.command)
            if output and not output.endswith("\n"):
                output += "\n"
            if not pattern(step.expected, variables).fullmatch(output) or status != step.status:
                raise AssertionError(
                    f"{path.name}:{step.line}: $ {step.command}\n"
                    f"expected:\n{_listing(step.expected, step.status)}\n"
                    f"was:\n{_listing(output.splitlines(), status)}"
                )
    finally:
        shell.close()


def _listing(lines, status):
    return "\n".join(INDENT + line for line in [*lines, *([f"[exit {status}]"] if status else [])])
