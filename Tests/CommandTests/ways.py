"""The ways to log in that the tests go through, and what the site answers to each."""

import json

# recipe: (the page or endpoint that is named, the way in which the site then knows alice, the kind in `list --json`)
LOGINS = {
    "django": ("/accounts/login/", "session", "cookie"),
    "drf-token": ("/auth/token/login/", "token", "token"),
    "simplejwt": ("/api/token/", "jwt", "jwt"),
}

# option of `add`: (the header field that carries it, its value before the secret)
ADDED = {
    "bearer": (["--bearer"], "authorization", "Bearer "),
    "token": (["--token", "Token"], "authorization", "Token "),
    "header": (["--header", "X-Api-Key"], "x-api-key", ""),
    "cookie": (["--cookie", "sessionid"], "cookie", "sessionid="),
}


def login(person, site, recipe, name, options=(), **more):
    return person.lanyard(
        *("login", site.origin + LOGINS[recipe][0], "--recipe", recipe, "--user", site.user),
        *("--password-stdin", "--name", name, *options),
        **{"input": site.password + "\n"} | more,
    )


def add(person, name, origin, secret, kind="bearer", **options):
    return person.lanyard("add", name, "--for", origin, *ADDED[kind][0], input=secret + "\n", **options)


def sessions(person):
    """`list --json`, by name."""
    return {session["name"]: session for session in json.loads(person.lanyard("list", "--json").out)}


def curl(person, *arguments, **options):
    """`lanyard curl -sS …`; the answer's body as it came."""
    return person.lanyard("curl", "-sS", *arguments, **options).out


def carried(requests, secret):
    """Those of the requests that brought the secret, anywhere in their header or target."""
    return [request for request in requests if secret in json.dumps(request)]
