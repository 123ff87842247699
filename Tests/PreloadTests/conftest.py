import os
import pathlib
import ssl
import subprocess
import tempfile

import pytest

from compiling import FLAGS, HERE, SOURCES, cc
from fake_agent import FakeAgent, attached
from nginx import Nginx
from recording_server import RecordingServer

@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The preload library: the one that LANYARD_PRELOAD names, else built here from its sources."""
    named = os.environ.get("LANYARD_PRELOAD")
    if named:
        return pathlib.Path(named).resolve()
    out = tmp_path_factory.mktemp("library") / "liblanyard-preload.so"
    cc("-shared", "-fPIC", *FLAGS, "-o", out, *sorted(SOURCES.glob("*.c")))
    return out


@pytest.fixture(scope="session")
def client(tmp_path_factory):
    out = tmp_path_factory.mktemp("client") / "client"
    cc("-g", "-O1", "-Wall", "-Wextra", "-Werror", "-o", out, HERE / "client.c", "-lcurl", "-lpthread")
    return out


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    """A certificate for 127.0.0.1 and localhost: (server context, path of the certificate)."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,DNS:sub.localhost,IP:127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "cert.pem"


@pytest.fixture(scope="module")
def http2(tls, tmp_path_factory):
    """nginx with TLS and HTTP/2; the tests of the programs want none to be left when they begin."""
    server = Nginx(tmp_path_factory.mktemp("nginx"), tls[1], tls[1].parent / "key.pem")
    yield server
    server.close()


@pytest.fixture
def tmp_path():
    """pytest's own is too deep for the address of a socket."""
    with tempfile.TemporaryDirectory(prefix="lanyard-tests-", dir="/tmp") as folder:
        yield pathlib.Path(folder)


@pytest.fixture
def closing():
    things = []
    yield things
    for thing in things:
        thing.close()


@pytest.fixture
def serve(closing):
    def make(*arguments, **options):
        server = RecordingServer(*arguments, **options)
        closing.append(server)
        return server

    return make


@pytest.fixture
def agent(tmp_path, closing):
    """One that attaches a bearer to everything, until `agent.answer` is set to something else."""
    made = FakeAgent(tmp_path / "agent", lambda message: [attached()] if "Attach" in message["method"]
                     else [{"parameters": {}}])
    closing.append(made)
    return made


@pytest.fixture
def run(library, tmp_path):
    """Runs a command with the library; `env` adds variables, and takes away those that are None."""

    def start(*command, env=None, text=True, timeout=60, **options):
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        variables = {
            "PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "LD_PRELOAD": str(library),
            "LANYARD_SOCKET": str(tmp_path / "agent"), "LANYARD_RUN": "say",
        }
        variables.update(env or {})
        variables = {name: value for name, value in variables.items() if value is not None}
        words = [part if isinstance(part, bytes) else str(part) for part in command]
        return subprocess.run(words, env=variables, text=text, capture_output=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, **options)

    return start


@pytest.fixture
def curl(run):
    def start(*arguments, **options):
        return run("curl", "-q", "-sS", "--no-progress-meter", *arguments, **options)

    return start


@pytest.fixture(scope="session")
def sanitized(tmp_path_factory):
    """Builds the client and the library's sources into one program, whose functions stand in front of libcurl's."""
    def build(sanitizers):
        out = tmp_path_factory.mktemp("sanitized") / "client"
        cc("-g", "-O1", f"-fsanitize={sanitizers}", "-o", out, HERE / "client.c", *sorted(SOURCES.glob("*.c")),
           "-lcurl", "-lpthread")
        return out

    return build


@pytest.fixture(scope="session")
def checked_for_memory(sanitized):
    return sanitized("address,undefined")


@pytest.fixture(params=["preloaded", "sanitized"])
def program(request, run, client):
    """Runs the client with the library preloaded, and built in with AddressSanitizer: an error or a leak fails."""
    if request.param == "preloaded":
        return lambda *arguments: run(client, *arguments)
    checked = request.getfixturevalue("checked_for_memory")
    return lambda *arguments: run(checked, *arguments, env={"LD_PRELOAD": None})
