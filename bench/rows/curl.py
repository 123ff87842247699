"""`lanyard curl URL`, and `curl URL` in a shell with `lanyard env`, against `curl -H … URL`; HTTPie's sessions; what such a
shell costs a program that has no use for libcurl."""

import shutil
import statistics

from measure import PROGRAMS, Row, compare, pairs, time
from people import person, server

ROUNDS = 300
# HTTPie takes as long as fifty of the others.
HTTPIE_ROUNDS = 12


def rows():
    with person() as someone, server() as origin:
        someone.lanyard("add", "api", "--for", origin, "--bearer", input="the token of the api\n")
        url = f"{origin}/api/orders"
        by_hand = ["curl", "-sS", "-H", "Authorization: Bearer the token of the api", url]
        ambient, how = environment_of(someone)
        commands = by_hand, ["lanyard", "curl", "-sS", url], [*ambient, "curl", "-sS", url]
        for command in commands:
            assert someone.run("env", *command).out == "ok\n", "not logged in"
        times = pairs(ROUNDS, *commands, env=someone.environment)
        yield compare("`lanyard curl URL`", times[1], times[0], 1.25, name="curl -H")
        yield compare(f"`curl URL`, {how}", times[2], times[0], 1.05, name="curl -H")
        yield httpie(someone, url)
        yield program_without_libcurl(someone, ambient)


def environment_of(someone):
    """What `lanyard env` exports, as NAME=VALUE words; where there is no such command yet, what it will."""
    someone.lanyard("set", "api", "ambient=true", status=None)
    said = someone.lanyard("env", "--shell", "bash", status=None)
    if said.status != 0:
        return [f"LD_PRELOAD={PROGRAMS / 'liblanyard-preload.so'}"], "the library preloaded by hand"
    show = ["bash", "-c", 'eval "$1"; env -0', "bash", said.out]
    exported = someone.run(*show).out.split("\0")
    before = {f"{name}={value}" for name, value in someone.environment.items()}
    ours = [word for word in exported if word.startswith(("LD_PRELOAD=", "LANYARD_")) and word not in before]
    return ours, "in a shell with `lanyard env`"


def httpie(someone, url):
    if not shutil.which("http"):
        return Row("HTTPie with a session", "", "HTTPie is not there")
    http = ["http", "--ignore-stdin", "--session=bench"]
    someone.run(*http, "GET", url, "Authorization: Bearer the token of the api")
    times = pairs(HTTPIE_ROUNDS, [*http, "GET", url], ["lanyard", "curl", "-sS", url], env=someone.environment)
    return compare("`lanyard curl URL`", times[1], times[0], None, at_least=True, name="HTTPie session")


def program_without_libcurl(someone, ambient):
    alone, preloaded = pairs(ROUNDS, ["true"], [*ambient, "true"], env=someone.environment)
    more = statistics.median(loaded - plain for loaded, plain in zip(preloaded, alone))
    return Row(
        "`true`, in a shell with `lanyard env`", f"{time(more)} more", f"alone {time(statistics.median(alone))}", "",
        "≤ 100 µs more", more <= 100e-6,
    )
