"""curl's own credential advisories, by their number: what went wrong in libcurl does not with what Lanyard attaches.

Asserted on what the servers received. Where libcurl of the day still errs, ours holds: the daemon was asked about that
very hop, and the header list and the Cookie line are that request's alone.
"""

import re
import socket
import threading
from urllib.parse import quote

import pytest
from recorder import Recorder
from ways import add, carried, curl

pytestmark = pytest.mark.vault

KINDS = ["bearer", "header", "cookie"]


@pytest.fixture
def other():
    with Recorder() as recorder:
        yield recorder


def none_of_ours(requests, *secrets):
    assert requests, "the request did arrive"
    return not any(carried(requests, secret) for secret in secrets)


@pytest.fixture(params=KINDS)
def kept(request, person, hop, leaks):
    """A credential of each kind for a server that redirects: its secret."""
    secret = leaks.new(request.param)
    add(person, "s", hop.origin, secret, request.param)
    return secret


# Redirects


@pytest.mark.parametrize("option", ["-L", "--location-trusted"])
def test_cve_2018_1000007_and_cve_2022_27776_a_header_or_cookie_at_another_port(person, hop, other, kept, option):
    curl(person, option, "-H", "X-Own: 1", f"{hop.origin}/?to={other.origin}/x")
    assert len(carried(hop.requests, kept)) == 1 and none_of_ours(other.requests, kept)
    assert other.requests[0]["headers"]["x-own"] == "1", "the script's own goes where libcurl sends it"


def test_cve_2022_27774_another_protocol(person, hop, kept, tls_recorder, certificates):
    curl(person, "-L", "--cacert", certificates.ca, f"{hop.origin}/?to={tls_recorder.origin}/x")
    assert len(carried(hop.requests, kept)) == 1 and none_of_ours(tls_recorder.requests, kept)


@pytest.mark.parametrize("referer", [";auto", "http://own.example/;auto"])
def test_cve_2021_22876_and_cve_2026_9546_the_referer(person, hop, other, kept, referer):
    curl(person, "-L", "-e", referer, f"{hop.origin}/?to={other.origin}/x", "--next", "-sS", f"{other.origin}/y")
    assert none_of_ours(other.requests, kept)
    assert "referer" not in other.requests[1]["headers"]


def test_cve_2025_14524_a_bearer_at_another_protocol(person, hop, leaks):
    """IMAP takes CURLOPT_XOAUTH2_BEARER, which the resend after a 401 is armed with, for a session that renews."""
    secret = leaks.new("bearer")
    renewing = ("--bearer", "--refresh-token", "--token-endpoint", f"{hop.origin}/token", "--client-id", "c")
    person.lanyard("add", "s", "--for", hop.origin, *renewing, input=f"{secret}\n{leaks.new('refresh')}\n")
    said = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"* OK IMAP4rev1\r\n")
                while line := connection.recv(4096):
                    said.append(line)
                    tag = line.split()[0]
                    more = b"* CAPABILITY IMAP4rev1 AUTH=OAUTHBEARER AUTH=XOAUTH2 SASL-IR\r\n" if b"CAPABILITY" in line else b""
                    connection.sendall(more + tag + b" OK\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        # Where a user stands in the URL that the script names, nothing is armed at all.
        to = quote(f"imap://user@127.0.0.1:{listener.getsockname()[1]}/")
        person.lanyard("curl", "-sS", "-L", "--proto-redir", "=all", f"{hop.origin}/?quoted={to}", status=None)
        thread.join(30)
    # With a bearer libcurl would not log in by name.
    assert b"LOGIN user" in b"".join(said) and secret.encode() not in b"".join(said)


def test_cve_2015_3153_and_cve_2026_6253_what_a_proxy_gets(person, hop, other, kept):
    curl(person, "-p", "-x", other.origin, hop.origin)
    with Recorder() as second:
        curl(person, "-x", second.origin, hop.origin)
        assert none_of_ours(other.requests + second.requests, kept)
    assert [request["method"] for request in other.requests] == ["CONNECT", "GET"]
    # The server itself as the proxy: address and port are the URL's, and it is a proxy all the same.
    curl(person, "-x", hop.origin, hop.origin)
    assert none_of_ours(hop.requests, kept)


def test_cve_2026_3784_and_cve_2026_9079_a_proxy_between_two_requests(person, hop, other, kept):
    direct, proxied = f"{hop.origin}/a", f"{hop.origin}/b"
    curl(person, direct, "--next", "-sS", "-x", f"http://me:own@{other.host}", proxied, "--next", "-sS", direct)
    assert len(carried(hop.requests, kept)) == 2 and none_of_ours(other.requests, kept)
    assert all("proxy-authorization" not in request["headers"] for request in hop.requests)


# netrc


def netrc(person, text):
    return ["--netrc-file", person.keep("netrc", text)]


def test_cve_2024_11053_and_cve_2025_0167_netrc_and_a_redirect(person, hop, other, kept):
    """The script's netrc wins where it names the host, and what it has for none of them brings ours nowhere."""
    url = f"{hop.origin}/?to={other.origin}/x"
    for text in ("machine 127.0.0.1 login its password own\n", "default login its password own\n", "default\n"):
        curl(person, "-L", *netrc(person, text), url)
        assert none_of_ours(hop.requests + other.requests, kept), text
    other.requests.clear()
    curl(person, "-L", *netrc(person, "machine elsewhere.example login its password own\n"), url)
    assert len(carried(hop.requests, kept)) == 1 and none_of_ours(other.requests, kept)


def test_cve_2026_3783_a_redirect_to_a_host_with_a_netrc_entry(person, hop, other, kept):
    """The session is for that host too, and what the script has for it wins there."""
    target = f"http://localhost:{other.port}/x"
    person.lanyard("set", "s", f"for+=http://localhost:{other.port}")
    entry = "machine localhost login its password own\n"
    curl(person, "-L", "-n", *netrc(person, entry), f"{hop.origin}/?to={target}")
    assert len(carried(hop.requests, kept)) == 1 and none_of_ours(other.requests, kept)


def test_cve_2026_8926_a_user_in_the_url(person, hop, kept):
    curl(person, *netrc(person, "machine 127.0.0.1 login its password own\n"), f"http://another@{hop.host}/")
    assert none_of_ours(hop.requests, kept)


# Cookies


def jar(person, recorder, *lines, hosts):
    """Keeps a session with these cookies, for these hosts at the recorder's port; whoever asks them reaches it."""
    places = [word for host in hosts for word in ("--for", f"http://{host}:{recorder.port}")]
    text = "# Netscape HTTP Cookie File\n" + "".join("\t".join(line) + "\n" for line in lines)
    return person.lanyard("add", "jar", *places, "--cookie-jar", input=text, status=None)


def ask(person, recorder, host, path="/"):
    url = f"http://{host}:{recorder.port}{path}"
    person.lanyard("curl", "-sS", "--resolve", f"{host}:{recorder.port}:127.0.0.1", url, status=None)
    return recorder.requests[-1]["headers"].get("cookie")


def line(domain, name="n", value="v", tail="TRUE"):
    return (domain, tail, "/", "FALSE", "0", name, value)


@pytest.mark.parametrize("domain, host", [
    pytest.param(".example.com", "notexample.com", id="CVE-2013-1944 tail match without a dot"),
    pytest.param(".0.0.1", "127.0.0.1", id="CVE-2014-3613 a part of an address"),
    pytest.param(".com", "example.com", id="CVE-2014-3620 a top-level domain"),
    pytest.param(".com.", "example.com.", id="CVE-2022-27779 a suffix with a dot behind it"),
    pytest.param(".co.uk.", "example.co.uk.", id="CVE-2026-8924 the same, of two labels"),
    pytest.param(".CO.UK", "example.co.uk", id="CVE-2023-46218 a suffix in upper case"),
    pytest.param(".Co.Uk", "EXAMPLE.CO.UK", id="CVE-2023-46218 in mixed case"),
])  # fmt: skip
def test_cookies_of_domains_that_are_not_the_hosts(person, recorder, domain, host):
    """A jar that holds such a line is refused, or it is sent to nobody; the host's own cookie is."""
    own = host.lower()
    jar(person, recorder, line(domain), line(own, "own", "1", "FALSE"), hosts=[own])
    sent = ask(person, recorder, host)
    assert sent in (None, "own=1"), sent


def test_cookies_of_domains_that_are_the_hosts(person, recorder):
    jar(person, recorder, line(".example.com"), hosts=["www.example.com"])
    assert ask(person, recorder, "www.example.com") == "n=v"


@pytest.mark.parametrize("domain, host", [
    ("example.com", "notexample.com"), ("0.0.1", "127.0.0.1"), ("com", "example.com"), ("CO.UK", "example.co.uk"),
    ("co.uk.", "example.co.uk."),
])  # fmt: skip
def test_set_cookie_for_such_domains(person, recorder, domain, host):
    """The same, where a server sets it for others."""
    recorder.mode = "set-cookie"
    jar(person, recorder, line(host, "own", "1", "FALSE"), hosts=[host, "other." + domain.strip(".").lower()])
    ask(person, recorder, host, f"/?set=evil=1;Domain={domain}")
    ask(person, recorder, host, "/?set=good=1")
    assert ask(person, recorder, host) == "own=1; good=1"


def test_cve_2022_35252_control_codes(person, recorder):
    recorder.mode = "set-cookie"
    jar(person, recorder, line("127.0.0.1", "own", "1", "FALSE"), hosts=["127.0.0.1"])
    for code in ("%01", "%08", "%1f", "%7f"):
        ask(person, recorder, "127.0.0.1", f"/?set=evil{code}=1")
        ask(person, recorder, "127.0.0.1", f"/?set=evil=1{code}")
    assert ask(person, recorder, "127.0.0.1") == "own=1"


def test_cve_2022_32205_a_flood_of_cookies(person, recorder):
    """What a server may set makes no request too large for other servers of the session, or for itself."""
    recorder.mode = "set-cookie"
    jar(person, recorder, line("127.0.0.1", "own", "1", "FALSE"), hosts=["127.0.0.1"])
    for name in "ab":
        ask(person, recorder, "127.0.0.1", f"/?set={name}*={'x' * 60}")
    sent = ask(person, recorder, "127.0.0.1")
    assert sent and len(sent) <= 16 * 1024 and recorder.requests[-1]["target"] == "/"


@pytest.mark.parametrize("cut", [4096, 4097, 5000])
def test_cve_2016_8615_a_line_that_is_too_long(person, recorder, cut):
    """What begins where a reader may cut it off is not another host's cookie."""
    head = "\t".join(line("first.example.com", "n", "", "FALSE"))
    tail = "\t".join(line("other.example.com", "stolen", "1"))
    hosts = ["first.example.com", "other.example.com"]
    said = jar(person, recorder, (head + "x" * (cut - len(head)) + tail,), hosts=hosts)
    assert "stolen" not in (ask(person, recorder, "other.example.com") or ""), said.err


def test_cve_2026_6276_a_host_field_does_not_stay(person, recorder):
    """A Host of the script's own on one request says nothing of the next one over the same connection."""
    jar(person, recorder, line("127.0.0.1", "own", "1", "FALSE"), hosts=["127.0.0.1"])
    curl(person, "-H", "Host: other.example", recorder.origin, "--next", "-sS", recorder.origin)
    assert [request["headers"].get("cookie") for request in recorder.requests] == [None, "own=1"]


# One connection, several callers


def test_cve_2014_0015_cve_2015_3143_cve_2016_0755_and_cve_2022_22576_connections_are_shared_credentials_are_not(
    person, recorder, leaks
):
    one, two = leaks.new("bearer"), leaks.new("bearer")
    add(person, "one", f"{recorder.origin}/one", one)
    add(person, "two", f"{recorder.origin}/two", two)
    urls = [f"{recorder.origin}/{path}" for path in ("one", "two", "none", "one", "none")]
    said = person.lanyard("curl", "-v", *urls)
    assert "Re-using existing connection" in said.err
    fields = [request["headers"].get("authorization") for request in recorder.requests]
    assert fields == [f"Bearer {one}", f"Bearer {two}", None, f"Bearer {one}", None]
    assert one not in said.err and two not in said.err and re.search(r"Authorization: \*\*\*", said.err)


def test_cve_2026_11856_a_challenge_of_another_origin(person, hop, other, leaks):
    """A 401 behind a redirect makes nothing follow there."""
    secret = leaks.new("bearer")
    add(person, "s", hop.origin, secret)
    other.mode = "challenge"
    person.lanyard("curl", "-sS", "-L", f"{hop.origin}/?to={other.origin}/x")
    assert len(other.requests) == 1 and none_of_ours(other.requests, secret)
