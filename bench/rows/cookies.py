"""Jars of cookies: matching a URL beside libcurl's own engine, reading Set-Cookie, the memory of a large one."""

import re
import statistics
import time
from pathlib import Path

from measure import Row, tool
from people import person, start_daemon

ROUNDS = 15
SIZES = (10, 1_000, 100_000)
LINES = 300_000
A_MINUTE = 60e9
JAR = 3_000
MIB = 1024


def rows():
    ours, theirs = ({size: [] for size in SIZES} for _ in range(2))
    # In turns, so that what the machine does meanwhile falls on both.
    for size in SIZES:
        for _ in range(3):
            ours[size] += [row[0] for row in tool("CookieBench", "match", size, ROUNDS)]
            theirs[size] += [row[0] for row in tool("cookies", size, ROUNDS)]
    medians = {size: (statistics.median(ours[size]), statistics.median(theirs[size])) for size in SIZES}
    for size, (mine, other) in medians.items():
        by = mine / other
        yield Row(
            f"cookies for a URL in a jar of {size:,}", f"{mine / 1e3:.1f} µs", f"libcurl's engine {other / 1e3:.1f} µs",
            f"{by:.2f} ×", "< 1 ×", by < 1)
    by = medians[SIZES[-1]][0] / medians[SIZES[0]][0]
    yield Row(
        f"the same in a jar of {SIZES[-1]:,}", f"{medians[SIZES[-1]][0] / 1e3:.1f} µs", f"in one of {SIZES[0]}",
        f"{by:.2f} ×", "≤ 2 ×", by <= 2)
    per_minute = A_MINUTE / statistics.median(tool("CookieBench", "parse", LINES)[0][0] for _ in range(3))
    yield Row(
        "Set-Cookie lines read in a minute", f"{per_minute / 1e6:.0f} million", bar="≥ 1 million",
        reached=per_minute >= 1e6)
    growth = memory_of_a_jar()
    yield Row(f"daemon: memory of a jar of {JAR:,}", f"{growth / MIB:.2f} MiB", bar="< 2 MiB", reached=growth < 2 * MIB)


def memory_of_a_jar():
    """How much more a daemon holds in KiB that has read it from its journal than one that has an empty one."""
    line = "h.example.com\tFALSE\t/\tTRUE\t4000000000\tname{0}\tvalue-of-a-session-{0}\n"
    held = []
    for count in (0, JAR):
        with person() as someone:
            start_daemon(someone)
            jar = "".join(line.format(number) for number in range(count))
            someone.lanyard("add", "jar", "--for", "https://h.example.com", "--cookie-jar", input=jar)
            someone.stop_daemon()
            someone.lanyard("list")
            # Until it has given back what reading took.
            time.sleep(3)
            rollup = Path(f"/proc/{someone.running_daemon()}/smaps_rollup").read_text()
            held.append(sum(int(re.search(rf"^{name}:\s+(\d+) kB", rollup, re.M)[1]) for name in ("Anonymous", "Swap")))
    return held[1] - held[0]
