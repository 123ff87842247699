"""Commands and what they take, and the rows of the table."""

import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
# Where the Makefile puts the C programs of this folder.
TOOLS = REPOSITORY / "build/bench"
PROGRAMS = REPOSITORY / "build"


@dataclass
class Row:
    """A line of the table; all but `reached` is text as it is printed."""

    what: str
    ours: str
    # Of what it is compared with.
    theirs: str = ""
    ratio: str = ""
    bar: str = ""
    # None where there is no bar.
    reached: bool | None = None


def tool(name, *arguments, **options):
    """Runs a program of this folder; what it printed, as a list of lines of numbers."""
    command = [TOOLS / name, *map(str, arguments)]
    out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, **options).stdout
    return [[float(number) for number in line.split()] for line in out.splitlines()]


def pairs(rounds, *commands, env, warm=2):
    """Runs commands in turns (pairs.c); for each command the list of its times in seconds, in the order of rounds.

    `warm` rounds before those are not counted: the first times belong to caches that are filled."""
    words = []
    for command in commands:
        words += [*command, "--"]
    lines = tool("pairs", warm + rounds, *words[:-1], env=env)[warm:]
    return [[nanoseconds / 1e9 for nanoseconds in column] for column in zip(*lines)]


def ratio(ours, theirs):
    """The median of the ratios of each round: what both of a pair meet falls out of it."""
    return statistics.median(mine / other for mine, other in zip(ours, theirs))


def compare(what, ours, theirs, bar, at_least=False, name=""):
    """A row of two lists of times in seconds; with `at_least`, how many times faster ours is."""
    by = ratio(theirs, ours) if at_least else ratio(ours, theirs)
    sign = "≥" if at_least else "≤"
    return Row(
        what, time(statistics.median(ours)), f"{name} {time(statistics.median(theirs))}".strip(),
        f"{by:.2f} ×", f"{sign} {bar} ×" if bar else "",
        None if not bar else by >= bar if at_least else by <= bar,
    )


def time(seconds):
    """For people, in three digits."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.2f} s"
