"""What a daemon with 1,000 sessions takes when nothing is asked of it."""

import re
import time
from pathlib import Path

from measure import Row
from people import LARGE, add_sessions, person, start_daemon

SESSIONS = 1000
MINUTE = 60
# In seconds: a deadline of the start that was met in time still has its timer, which goes off once and in vain.
REST = 5


def rows():
    with person() as someone:
        start_daemon(someone)
        add_sessions(someone, SESSIONS, size=LARGE)
        # One that has read them from its journal, as after a login; asked for one, so that it has.
        someone.stop_daemon()
        someone.lanyard("token", "first")
        pid = someone.running_daemon()
        time.sleep(REST)
        before = wake_ups(pid)
        time.sleep(MINUTE)
        woken = wake_ups(pid) - before
        resident, anonymous = memory(pid)
    what = f"daemon, {SESSIONS:,} sessions of {LARGE:,} bytes"
    yield Row(f"{what}: anonymous memory", f"{anonymous:.1f} MiB", bar="≤ 10 MiB", reached=anonymous <= 10)
    yield Row(f"{what}: RSS", f"{resident:.1f} MiB", bar="≤ 30 MiB", reached=resident <= 30)
    yield Row(f"{what}: wake-ups in an idle minute", str(woken), bar="0", reached=woken == 0)


def wake_ups(pid):
    """How often its threads went to sleep of themselves: as often as they were woken."""
    statuses = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/status")]
    return sum(int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M)[1]) for status in statuses)


def memory(pid):
    """RSS and anonymous memory in MiB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return [int(re.search(rf"^{name}:\s+(\d+) kB", rollup, re.M)[1]) / 1024 for name in ("Rss", "Anonymous")]
