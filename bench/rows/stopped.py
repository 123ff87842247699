"""`lanyard curl` for a session in memory while GNOME Keyring is stopped (SIGSTOP), and while it is not."""

from keyring import Keyring
from measure import compare, pairs
from people import person, server

ROUNDS = 60


def rows():
    with Keyring() as keyring, person(keyring) as someone, server() as origin:
        someone.lanyard("add", "api", "--for", origin, "--bearer", input="the token of the api\n")
        command = ["lanyard", "curl", "-sS", f"{origin}/api/orders"]
        stopped, well = [], []
        for _ in range(ROUNDS):
            well += pairs(1, command, env=someone.environment)[0]
            keyring.stop()
            stopped += pairs(1, command, env=someone.environment)[0]
            keyring.cont()
    # What is measured twice differs by a few per cent.
    yield compare("`lanyard curl URL`, GNOME Keyring stopped", stopped, well, 1.05, name="not stopped")
