"""From the first command after a login, which starts the daemon, to its answer: with 1,000 sessions, in either store."""

import statistics

from keyring import Keyring
from measure import Row, pairs, time, tool
from people import LARGE, add_sessions, eventually, person, start_daemon

SESSIONS = 1000
ROUNDS = 10


def rows():
    with person() as someone:
        took = starts(someone)
        kdf = statistics.median(tool("kdf")[0][0] for _ in range(ROUNDS)) / 1e9
    spent = statistics.median(took) - kdf
    what = f"start to first answer, {SESSIONS:,} sessions"
    yield Row(
        f"{what}, vault", f"{time(spent)}, KDF apart", f"KDF {time(kdf)}", "", "≤ 200 ms, KDF apart", spent <= 0.2
    )
    with Keyring() as keyring, person(keyring) as someone:
        spent = statistics.median(starts(someone))
    yield Row(f"{what}, GNOME Keyring", time(spent), "", "", "≤ 1 s", spent <= 1)


def starts(someone):
    start_daemon(someone)
    add_sessions(someone, SESSIONS, size=LARGE)
    if someone.keyring:
        # Its items follow the journal, the keyring writes all of them each time.
        eventually(lambda: len(someone.keyring.items()) > SESSIONS, "all are in the keyring", deadline=300)
    took = []
    for _ in range(ROUNDS):
        someone.stop_daemon()
        took += pairs(1, ["lanyard", "token", "first"], env=someone.environment, warm=0)[0]
    return took
