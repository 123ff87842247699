"""Measures Lanyard and its peers in one run, and prints a table: `make bench`, `make bench ROWS=token,curl`.

How each number came about stands in its file in rows/. All is private and removed at the end: folders, buses, keyrings,
servers, daemons. Ratios are medians of the ratios of pairs that were run in turns.
"""

import argparse
import datetime
import importlib
import os
import platform
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import peers  # noqa: E402
from table import as_markdown, as_text  # noqa: E402

# In the order of the table.
ROWS = ["token", "curl", "requests", "attach", "renewals", "idle", "start", "stopped", "cookies"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", default="", metavar=",".join(ROWS), help="only these; all without it")
    parser.add_argument("--markdown", type=Path, help="writes the table there as well, in Markdown")
    options = parser.parse_args()
    names = [name for name in options.rows.split(",") if name] or ROWS
    if unknown := [name for name in names if name not in ROWS]:
        parser.error(f"there is no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    peers.install()
    load = os.getloadavg()[0]
    table = []
    for name in names:
        begun = time.monotonic()
        print(f"{name} …", end=" ", flush=True, file=sys.stderr)
        table += importlib.import_module(f"rows.{name}").rows()
        print(f"{time.monotonic() - begun:.0f} s", file=sys.stderr)
    print(as_text(table, conditions(load)))
    if options.markdown:
        options.markdown.write_text(as_markdown(table, conditions(load)))


def conditions(load):
    """Where and when, in a line. `load`: before the first row."""
    model = next((line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    return (
        f"{datetime.date.today().isoformat()} · {os.cpu_count()} cores, {model or platform.machine()} · "
        f"Linux {platform.release()} · load {load:.1f} before"
    )


if __name__ == "__main__":
    main()
