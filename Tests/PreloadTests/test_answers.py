"""The reader of the agent's answers: what it takes, and that it refuses all else whole."""

import json
import subprocess

import pytest

from compiling import HERE, SOURCES, cc
from fake_agent import RENEWING, attached, nothing


@pytest.fixture(scope="session")
def reader(tmp_path_factory):
    out = tmp_path_factory.mktemp("reader") / "json_check"
    cc("-g", "-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=all",
       "-I", SOURCES, "-o", out, HERE / "json_check.c",
       *(SOURCES / name for name in ("answer.c", "json.c", "utf8.c", "buffer.c")))
    return out


@pytest.fixture
def read(reader):
    def start(data, *arguments):
        if not isinstance(data, bytes):
            data = data.encode() if isinstance(data, str) else json.dumps(data).encode()
        done = subprocess.run([reader, *arguments], input=data, capture_output=True, timeout=60)
        assert done.returncode == 0 and done.stderr == b"", done.stderr
        return done.stdout.decode().splitlines()

    return start


def with_value(escaped):
    return ('{"parameters":{"session":"s","headers":[{"name":"X","value":"%s"}],"cookie":null,"reason":"attached",'
            '"notice":[],"renewing":false}}' % escaped)


def test_answers(read):
    assert read(attached("s", [("A", "1"), ("B-c", 'q"\\/ä€😀')], "a=1", ["line one", "two"])) == [
        "session s", "reason attached", "cookie a=1", "field A: 1", 'field B-c: q"\\/ä€😀', "notice line one", "notice two",
        "continues 0 renewing 0 version 7"]
    assert read(nothing("left"))[:2] == ["session -", "reason left"]
    assert read(RENEWING)[-1] == "continues 1 renewing 1 version 0"
    assert read(" { } ") == ["session -", "reason ", "cookie -", "continues 0 renewing 0 version 0"]


def test_a_cookie_line_that_is_no_text(read):
    answer = attached("s")
    answer["parameters"] |= {"cookie": None, "cookie_hex": b"a=\xc3\xa9\tb\xc2\x85c".hex()}
    # U+0085, which JSON texts are refused with, ends a line for Python.
    assert read(answer)[2:4] == ["cookie a=\u00e9\tb", "c"]


@pytest.mark.parametrize("digits", ["6", "0g", "6G", "613d0d0a", "00", "7f", "61 62"])
def test_digits_that_are_none_or_stand_for_a_control_character(read, digits):
    answer = attached("s")
    answer["parameters"] |= {"cookie": None, "cookie_hex": digits}
    assert read(answer) == ["refused"]
    answer["parameters"] |= {"cookie": "a=1", "cookie_hex": "613d31"}
    assert read(answer) == ["refused"]


def test_errors_attach_nothing(read):
    error = {"error": "io.lanyard.Agent.StoreLocked", "parameters": {"message": "the store is locked"}}
    assert read(error) == ["session -", "reason io.lanyard.Agent.StoreLocked", "cookie -", "notice the store is locked",
                           "continues 0 renewing 0 version 0"]
    assert read({**attached(), **{"error": "x"}})[0] == "session -"
    assert read(dict(reversed(error.items()))) == read(error)


def test_escapes(read):
    assert read(with_value("\\u0041\\u00e4\\u20ac\\ud83d\\ude00\\t\\\"\\\\\\/"))[3] == 'field X: Aä€😀\t"\\/'


@pytest.mark.parametrize("value", [
    "\\u000d\\u000aX: y", "\\r", "\\n", "\\b", "\\f", "\\u0000", "\\u0001", "\\u001b[2J", "\\u007f", "\\u009b", "a\nb", "a\rb",
    "a\tb", "a\x00b", "a\x7fb", "\xc2\x9b".encode("latin1").decode("utf8"),
    "\\x41", "\\'", "\\", "\\u12", "\\u12G4", "\\U0041", "\\u+041",
    "\\ud800", "\\udc00", "\\ud800\\u0041", "\\ud800\\ud800", "\\ud800x", "\\udc00\\ud800", "\\ud83d\\u", "\\ud83d\\",
], ids=ascii)
def test_values_that_are_refused(read, value):
    assert read(with_value(value)) == ["refused"]


@pytest.mark.parametrize("value", [b"\xff", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80", b"\xf4\x90\x80\x80",
                                   b"\xc3", b"\xe2\x82", b"\x80"])
def test_what_is_not_utf8_is_refused(read, value):
    assert read(with_value("@").encode().replace(b"@", value)) == ["refused"]


@pytest.mark.parametrize("message", [
    "", " ", "null", "true", "1", "[]", '"x"', "{", "}", "{]", "{,}", "{}{}", "{}x", "{} 1", '{"a"}', '{"a":}', '{"a":1,}',
    '{"a":1 "b":2}', "{a:1}", "{'a':1}", '{"a":01}', '{"a":1.}', '{"a":.5}', '{"a":+1}', '{"a":1e}', '{"a":-}', '{"a":0x1}',
    '{"a":tru}', '{"a":nul}', '{"a":TRUE}', '{"a":NaN}', '{"a":[1,]}', '{"a":[,1]}', '{"a":[1 2]}', '{"a":"x}', '{"a":"x',
    '{"parameters":[]}', '{"parameters":{"session":1}}', '{"parameters":{"headers":{}}}', '{"parameters":{"renewing":"no"}}',
    '{"parameters":{"notice":[1]}}', '{"continues":1}', '{"parameters":{},"parameters":{}}',
    '{"parameters":{"session":"a","session":"b"}}', '{"parameters":{"headers":[],"headers":[]}}',
    '{"parameters":{"session":null,"headers":[{"name":"A","value":"1"}]}}', '{"parameters":{"session":null,"cookie":"a=1"}}',
    '{"parameters":{"session":"s","headers":[{"name":"A"}]}}', '{"parameters":{"session":"s","headers":[{"value":"A"}]}}',
    '{"parameters":{"session":"s","headers":[{"name":"A","value":"1","more":2}]}}',
    '{"parameters":{"session":"s","headers":[{"name":"A","name":"B","value":"1"}]}}',
    "\ufeff{}", "/**/{}", '{"a":' + "[" * 15 + "]" * 15 + ',"b":' + "[" * 16 + "]" * 16 + "}",
    "[" * 100000, '{"a":' * 100000, '{"a":' + "[" * 100000 + "]" * 100000 + "}",
], ids=lambda message: ascii(message[:40]))
def test_messages_that_are_refused(read, message):
    assert read(message) == ["refused"]


@pytest.mark.parametrize("name", ["", " ", "a b", "a:", "ä", "a\\u0041(", "a/b", "a\\\"", "a\\t"])
def test_field_names_that_are_no_tokens(read, name):
    text = with_value("v").replace('"X"', f'"{name}"')
    assert read(text) == ["refused"]


@pytest.mark.parametrize("version, read_as", [
    ("0", 0), ("1", 1), (" 42 ", 42), ("null", 0), ("9223372036854775807", 2**63 - 1), ("9223372036854775808", None),
    ("99999999999999999999999", None), ("01", None), ("00", None), ("-1", None), ("1.0", None), ("1e3", None), ('"1"', None),
    ("", None), ("true", None), ("nul", None), ("1,\"version\":1", None), ("[]", None),
])
def test_versions(read, version, read_as):
    lines = read('{"parameters":{"session":"s","version":%s,"reason":"attached"}}' % version)
    assert lines[-1] == ("refused" if read_as is None else f"continues 0 renewing 0 version {read_as}")


def test_too_many_fields(read):
    assert len(read(attached(headers=[("A", "1")] * 32))) == 36
    assert read(attached(headers=[("A", "1")] * 33)) == ["refused"]


def test_depth_within_the_limit(read):
    assert read('{"a":' + "[" * 15 + "]" * 15 + ',"b":-1.5e+3,"c":{"d":[{},null,true]}}') != ["refused"]


def test_each_cut_is_refused(read):
    whole = json.dumps(attached("s", [("A", "\u00e41")], "a=1", ["x"]), ensure_ascii=False).encode()
    assert all(read(whole[:cut]) == ["refused"] for cut in range(0, len(whole), 3))


def test_mutations(read):
    whole = json.dumps({**attached("s", [("A", "\u20ac\U0001f600 x"), ("B", "y")], "a=1; b=2", ["x"]), "n": [1.5e3, {"a": None}]})
    assert read(whole, "mutate", "200000") == ["survived"]


def test_fuzzed(tmp_path):
    """By libFuzzer, which the compiler of Swift's toolchain has; `make fuzz FUZZ=preload` gives it longer."""
    program, found = tmp_path / "answer_fuzz", tmp_path / "found"
    found.mkdir()
    seeds = HERE.parent / "Fuzz" / "seeds" / "preload"
    sources = (SOURCES / f"{name}.c" for name in ("answer", "json", "utf8", "buffer", "settings"))
    subprocess.run(["clang", "-g", "-O1", "-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all", "-I", SOURCES,
                    "-o", program, HERE / "answer_fuzz.c", *sources], check=True, capture_output=True)
    done = subprocess.run([program, "-runs=60000", "-seed=1", "-max_len=20000", f"-artifact_prefix={tmp_path}/", found, seeds],
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
