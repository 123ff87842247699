"""The fixtures: a person with a home of their own, the servers, and the search for secrets."""

import contextlib
import itertools
import os
import shutil
import ssl
import sys
import tempfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "Servers"))

from disk import Disk, compile_disk  # noqa: E402
from keyring import Keyring  # noqa: E402
from leaks import Leaks  # noqa: E402
from person import Person  # noqa: E402
from processes import Watch, become_subreaper, kill_leftovers  # noqa: E402
from recorder import Recorder  # noqa: E402
from sites import Certificates, Site  # noqa: E402
from token_server import TokenServer  # noqa: E402
from ways import add, curl, login, sessions  # noqa: E402

PROGRAMS = Path(os.environ.get("LANYARD_BUILD", REPOSITORY / "build")).resolve()

# sun_path holds 107 bytes; under a person's folder come "/p/run/lanyard/socket" and a number.
LONGEST_FOLDER = 107 - 40

# nobody: any user who is not root and owns nothing else.
NOBODY = 65534


@pytest.fixture(scope="session", autouse=True)
def run_folder():
    """The folder of this run: in the clone, unless sockets in it would have too long a name."""
    inside = REPOSITORY / ".build/tests"
    if len(str(inside)) <= LONGEST_FOLDER:
        inside.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="", dir=inside))
    else:
        folder = Path(tempfile.mkdtemp(prefix="lanyard-tests-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def leaks():
    return Leaks()


@pytest.fixture(scope="session", autouse=True)
def watch(leaks, run_folder):
    """Over the whole run: no secret in argv or in an environment."""
    become_subreaper()
    watch = Watch()
    watch.start()
    yield watch
    watch.stop()
    if leaks.search([("", b"\0\0".join(watch.seen))]):
        found = leaks.search((f"{name}: {content[:60]!r}", content) for content, name in watch.seen.items())
        raise AssertionError("\n".join(found))


@pytest.fixture(scope="session")
def _numbers():
    return itertools.count(1)


def pytest_configure(config):
    config.addinivalue_line("markers", "vault: about the vault, or nothing that a store has to do with")
    config.addinivalue_line("markers", "keyring: about the keyring")


def pytest_generate_tests(metafunc):
    """What is said about sessions is tried with either store."""
    if "backend" in metafunc.fixturenames:
        marked = [name for name in ("vault", "keyring") if metafunc.definition.get_closest_marker(name)]
        metafunc.parametrize("backend", marked or ["vault", "keyring"], indirect=True)


@pytest.fixture
def backend(request):
    """Where the sessions of a test's persons are."""
    return request.param


@contextlib.contextmanager
def persons(run_folder, leaks, watch, numbers, backend="vault"):
    """Makes persons; at the end their daemons stop cleanly, nothing of them runs on, and no file holds a secret."""
    made = []

    def make(**options):
        if backend == "keyring":
            options.setdefault("keyring", Keyring(parent=run_folder))
        person = Person(run_folder / str(next(numbers)), PROGRAMS, leaks, **options)
        made.append(person)
        return person

    yield make
    complaints = [complaint for person in made for complaint in person.leave()]
    left = kill_leftovers(but=watch.excluded | watch.lasting)
    assert not complaints + left, "\n".join(complaints + [f"still running: {name}" for name in left])


@pytest.fixture
def new_person(run_folder, leaks, watch, _numbers, backend):
    with persons(run_folder, leaks, watch, _numbers, backend) as make:
        yield make


@pytest.fixture
def person(new_person):
    return new_person()


@pytest.fixture(scope="module")
def lasting(run_folder, leaks, watch, _numbers):
    """A person for all tests of a module that leave them as they were; they have one session, "before"."""
    with persons(run_folder, leaks, watch, _numbers) as make, Recorder() as recorder:
        person = make()
        person.recorder = recorder
        add(person, "before", recorder.origin, leaks.new("bearer"))
        watch.lasting.add(person.running_daemon())
        yield person
        watch.lasting.clear()


@pytest.fixture
def unharmed(lasting):
    """That person; after the test the daemon is the same and works, and the store is as it was."""
    pid = lasting.running_daemon()
    yield lasting
    left = list(sessions(lasting))
    for name in left:
        if name != "before":
            # The next test starts with what this one should have left.
            lasting.lanyard("remove", name)
    assert lasting.daemon_pid() == pid
    assert left == ["before"]
    assert curl(lasting, lasting.recorder.origin) == "ok\n"
    assert "authorization" in lasting.recorder.requests[-1]["headers"]


@pytest.fixture
def equipped(person, recorder, server, leaks):
    """A person with a token and a session that renews, both known to an earlier daemon."""
    person.recorder, person.server, person.secret = recorder, server, leaks.new("bearer")
    add(person, "token", recorder.origin, person.secret)
    login(person, server, "simplejwt", "jwt")
    assert person.stop_daemon() == 0
    return person


@pytest.fixture(params=[(), ("daemon", "keyring")], ids=["all kept", "all killed"])
def any_person(request, new_person):
    """A person whose daemon is left alone, and one whose daemon, and keyring where it is their store, get SIGKILL before
    every command; the keyring is there again then, and unlocked."""
    person = new_person()
    person.killed = request.param if person.keyring else request.param[:1]
    return person


@pytest.fixture
def nobody(leaks, watch):
    """A person who is not root, with programs of their own, in a folder that they can reach."""
    uid = NOBODY if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="ly-", dir="/tmp"))
    folder.chmod(0o755)
    programs = folder / "programs"
    programs.mkdir()
    for name in ("lanyard", "lanyard-cli", "lanyardd", "liblanyard-preload.so"):
        shutil.copy(PROGRAMS / name, programs)
    (folder / "1").mkdir()
    person = Person(folder / "1", programs, leaks, uid=uid)
    yield person
    complaints = person.leave()
    left = kill_leftovers(but=watch.excluded | watch.lasting)
    shutil.rmtree(folder)
    assert not complaints + left, "\n".join(complaints + left)


@pytest.fixture(scope="session")
def new_site(run_folder, leaks, watch, _numbers):
    """Starts Django sites with the options asked for; they live until the end of the run."""
    sites = []

    def make(**options):
        site = Site(run_folder / f"site-{next(_numbers)}", leaks, watch, **options)
        sites.append(site)
        return site

    yield make
    for site in sites:
        site.stop()


@pytest.fixture(scope="session")
def site(new_site):
    """The site most tests use; its tokens outlive the run."""
    return new_site()


@pytest.fixture(scope="session")
def certificates(run_folder):
    return Certificates(run_folder / "certificates")


@pytest.fixture(scope="session")
def tls_site(new_site, certificates):
    """The same site on https, with a certificate by an authority that only --cacert makes known."""
    return new_site(tls=certificates)


@pytest.fixture(params=["open to others", "a link"])
def folder_for_others(request, person):
    """The person's runtime folder, which somebody else may have made or may enter."""
    folder = person.socket.parent
    if request.param == "a link":
        (person.inputs / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(person.inputs / "elsewhere")
    else:
        folder.mkdir()
        folder.chmod(0o755)
    return folder


@pytest.fixture
def recorder():
    """Another server, which writes down what it receives."""
    with Recorder() as recorder:
        yield recorder


@pytest.fixture
def tls_recorder(certificates):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    with Recorder(tls=context) as recorder:
        yield recorder


@pytest.fixture
def hop():
    """A server that sends every request on to ?to=…."""
    with Recorder("redirect") as recorder:
        yield recorder


@pytest.fixture
def new_server(person, leaks):
    """Starts token servers; at the end they let go of all answers, before the person's daemon is stopped."""
    with contextlib.ExitStack() as stack:

        def make(**options):
            server = stack.enter_context(TokenServer(leaks.new("password"), **options))
            leaks.register_from(server.issued)
            return server

        yield make


@pytest.fixture
def server(new_server):
    return new_server()


@pytest.fixture(scope="session")
def disk_library(run_folder):
    return compile_disk(run_folder)


@pytest.fixture
def disk(person, disk_library):
    """The disk of a daemon that runs."""
    disk = Disk(person, disk_library)
    disk.start_daemon()
    return disk
