"""curl-cffi, whose libcurl is in its extension module: `fetch_cffi.py URL`, as itself and as two browsers, each easy, reused
and in its multi handle. Prints which libcurl it is, and what came back."""

import asyncio
import sys

import curl_cffi
from curl_cffi import requests

url = sys.argv[1]
print(curl_cffi.__curl_version__)
for browser in (None, "chrome", "firefox"):
    options = {"headers": {"X-Own": "1"}, "impersonate": browser}
    with requests.Session() as session:
        print(session.get(url, **options).text, session.get(url, **options).text)

    async def together():
        async with requests.AsyncSession() as session:
            return await asyncio.gather(*(session.get(url, **options) for _ in range(3)))

    print(*(answer.text for answer in asyncio.run(together())))
