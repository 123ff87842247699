"""5,000 sessions of one server that are due at the same time, against the bare requests."""

import base64
import json
import time as clock

from measure import Row, time, tool
from people import add_sessions, fetch, person, server, start_daemon, write_questions

SESSIONS = 5000
# As many at once as the daemon makes against one server (Renewer.swift).
WIDTH = 16
# In milliseconds; of a server that is not on the same machine.
DELAY = 25
# In seconds: six times what it takes.
PATIENCE = 60


def rows():
    yield renewals(DELAY, 1.3)
    # Where nothing is waited for but the daemon and its disk.
    yield renewals(0, None)


def renewals(delay, bar):
    with person() as someone, server(delay) as origin:
        start_daemon(someone)
        add_sessions(
            someone, SESSIONS, secret=token_that_is_due() + "{number:08}", refresh_token="r-{number}-0",
            token_endpoint=f"{origin}/token", client_id="bench",
        )
        # From their first use on they are renewed ahead of their end.
        tool("load", someone.socket, write_questions(someone.inputs / "questions", range(SESSIONS)), 1, 0)
        count, distinct, ours = all_renewed(origin)
        # A new daemon reads the answers back.
        someone.kill_daemon()
        kept = json.loads(someone.lanyard("list", "--json").out)
        lost = SESSIONS - sum(session["state"] == "active" and session["expires"] is not None for session in kept)
        tool("renewals", SESSIONS, WIDTH, f"{origin}/token")
        bare = all_renewed(origin)[2]
    good = count == distinct == SESSIONS and lost == 0
    told = "" if good else f", {count} requests for {distinct} sessions, {lost} lost"
    by = ours / bare
    return Row(
        f"{SESSIONS:,} renewals due at once, a server of {delay} ms", time(ours) + told, f"requests alone {time(bare)}",
        f"{by:.2f} ×", f"≤ {bar} ×, once each" if bar else "", good and by <= bar if bar else None,
    )


def token_that_is_due():
    """The beginning of a JWT that was made an hour ago and ends in two minutes: it is due for three already."""
    now = int(clock.time())
    parts = {"alg": "HS256"}, {"iat": now - 3600, "exp": now + 120}
    return "".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") + "." for part in parts)


def all_renewed(origin):
    """What the server counted when all were renewed or the time was over: renewals, of how many sessions, and the seconds
    from the first request to the last answer."""

    def tally():
        return [int(word) for word in fetch(f"{origin}/tally").split()]

    end = clock.monotonic() + PATIENCE
    while tally()[0] < SESSIONS and clock.monotonic() < end:
        clock.sleep(0.1)
    count, distinct, took = tally()
    fetch(origin, "DELETE")
    return count, distinct, took / 1e9
