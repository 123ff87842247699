"""1,000 requests from one process with and without the preload library."""

from measure import PROGRAMS, TOOLS, compare, pairs
from people import person, server

ROUNDS = 100
REQUESTS = 1000


def rows():
    with person() as someone, server() as origin:
        someone.lanyard("add", "api", "--for", origin, "--bearer", input="the token of the api\n")
        program = [str(TOOLS / "requests"), str(REQUESTS), f"{origin}/api/orders"]
        plain, preloaded = pairs(
            ROUNDS, [*program, "Authorization: Bearer the token of the api"],
            [f"LD_PRELOAD={PROGRAMS / 'liblanyard-preload.so'}", "LANYARD_RUN=say", *program],
            env=someone.environment,
        )
        yield compare("1,000 requests of one process, preloaded", preloaded, plain, 1.02, name="with -H")
