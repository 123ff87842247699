"""`lanyard token NAME` against a C program that does the least possible, and against its peers."""

import contextlib
import shutil
import statistics

from keyring import Keyring
from measure import TOOLS, Row, compare, pairs, time
from peers import oidc_agent, store_in_keyring
from people import person, server, start_daemon

ROUNDS = 300


def rows():
    with person() as someone, Keyring() as keyring, server() as origin, oidc_agent_or_none(origin) as oidc_token:
        start_daemon(someone)
        commands = {
            "floor": [str(TOOLS / "floor"), str(someone.socket), "first"],
            "ours": ["lanyard", "token", "first"],
        }
        if shutil.which("secret-tool"):
            commands["secret-tool"] = store_in_keyring(keyring)
        if oidc_token:
            commands["oidc-token"] = oidc_token
        times = dict(zip(commands, pairs(ROUNDS, *commands.values(), env=someone.environment)))
    what = "`lanyard token NAME`"
    yield compare(what, times["ours"], times["floor"], 3.0, name="C program")
    for peer, bar in ("secret-tool", 4), ("oidc-token", 1):
        if peer in times:
            yield compare(what, times["ours"], times[peer], bar, at_least=True, name=peer)
        else:
            yield Row(what, time(statistics.median(times["ours"])), f"{peer} is not there")


def oidc_agent_or_none(origin):
    return oidc_agent(origin) if shutil.which("oidc-agent") else contextlib.nullcontext()
