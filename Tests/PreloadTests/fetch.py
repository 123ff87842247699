"""Debian's python3-pycurl, which Python loads RTLD_LOCAL: `fetch.py URL`, easy, reused, in a multi handle, and traced."""

import io
import sys

import pycurl

url = sys.argv[1]
told = []


def make(body):
    easy = pycurl.Curl()
    easy.setopt(pycurl.URL, url)
    easy.setopt(pycurl.WRITEDATA, body)
    easy.setopt(pycurl.HTTPHEADER, ["X-Own: 1"])
    return easy


body = io.BytesIO()
easy = make(body)
easy.perform()
easy.setopt(pycurl.VERBOSE, True)
easy.setopt(pycurl.DEBUGFUNCTION, lambda kind, text: told.append((kind, bytes(text))))
easy.perform()
assert easy.getinfo(pycurl.RESPONSE_CODE) == 200
multi = pycurl.CurlMulti()
many = [make(body) for _ in range(3)]
for one in many:
    multi.add_handle(one)
running = 1
while running:
    _, running = multi.perform()
    multi.select(1)
_, good, bad = multi.info_read()
assert len(good) == 3 and not bad
for one in many:
    multi.remove_handle(one)
easy.reset()
easy.close()
heads = b"".join(text for kind, text in told if kind == pycurl.INFOTYPE_HEADER_OUT)
print(body.getvalue().decode(), heads.decode().replace("\r", ""), sep="\n")
