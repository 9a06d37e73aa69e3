"""The only HTTP client of the house: one answer for one request, inside fixed bounds."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from urllib.parse import urljoin, urlsplit

import httpcore2

from monitor import __version__
from monitor.clock import Clock
from monitor.errors import FetchError
from monitor.ingest.gate import GatedNetwork
from monitor.text import one_line
from monitor.types.listings import Answer, Request

MAX_BYTES = 10_000_000
MAX_REDIRECTS = 5
MAX_SECONDS = 30.0
_CHUNK = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PACE = {"arxiv.org": 3.0}
"""Seconds between two requests to a site: arXiv's terms of use ask for one per 3 s over all its hosts."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask again with, byte-exact (RFC 9110, section 13)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer, or ``None`` where the server says that nothing changed.

    ``moved_to`` is the address that took over for good, ``fresh_for`` how long the server calls its answer fresh.
    """

    answer: Answer | None
    validators: Validators
    moved_to: str | None = None
    fresh_for: timedelta | None = None


class Fetcher(Protocol):
    """What fetches: the real client, or a fake that holds answers."""

    async def fetch(self, source: str, request: Request, validators: Validators) -> Fetched:
        """Return the answer to ``request``. Raises FetchError, naming ``source``, when no usable one came."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class HttpFetcher:
    """Fetches over HTTP/1.1: at most 10 MB unpacked, 30 s, 5 redirects, public addresses, no cookies, no proxies."""

    def __init__(self, clock: Clock, contact: str, allow_hosts: Iterable[str] = ()) -> None:
        self._clock = clock
        self._agent = f"paper-monitor/{__version__} (+{contact})"
        self._pool = httpcore2.AsyncConnectionPool(
            max_connections=8, keepalive_expiry=10, network_backend=GatedNetwork(allow_hosts)
        )
        self._gates: dict[str, asyncio.Lock] = {}
        self._last: dict[str, float] = {}

    async def fetch(self, source: str, request: Request, validators: Validators) -> Fetched:
        """Return the answer to ``request``. Raises FetchError, naming source and cause, when no usable one came."""
        try:
            async with asyncio.timeout(MAX_SECONDS):
                return await self._follow(source, request, validators)
        except TimeoutError as error:
            raise FetchError(
                source, f"no complete answer within {MAX_SECONDS:.0f} s from {_host(request.url)}"
            ) from error
        except (
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpcore2.TimeoutException,
            OSError,
            ValueError,
        ) as error:
            raise FetchError(
                source, f"{_host(request.url)}: {one_line(str(error), 200) or type(error).__name__}"
            ) from error

    async def close(self) -> None:
        """Let go of connections."""
        await self._pool.aclose()

    async def _follow(self, source: str, request: Request, validators: Validators) -> Fetched:
        url = request.url
        for _ in range(MAX_REDIRECTS + 1):
            self._check(source, url)
            async with (
                self._paced(url),
                self._pool.stream(
                    "GET", url.encode("ascii", "strict"), headers=self._headers(url, request, validators)
                ) as response,
            ):
                headers = _headers_of(response)
                if response.status in _REDIRECTS and "location" in headers:
                    url = urljoin(url, headers["location"])
                    continue
                return await self._answer(source, url, response, headers, validators)
        raise FetchError(source, f"more than {MAX_REDIRECTS} redirects from {_host(request.url)}")

    async def _answer(
        self, source: str, url: str, response: httpcore2.Response, headers: Mapping[str, str], asked: Validators
    ) -> Fetched:
        given = Validators(headers.get("etag"), headers.get("last-modified"))
        if response.status == 304 and asked != Validators():  # RFC 9110: Not Modified
            return Fetched(None, Validators(given.etag or asked.etag, given.last_modified or asked.last_modified))
        if response.status != 200:
            raise FetchError(source, f"{_host(url)} answered {response.status}")
        body = await _read(source, response, headers.get("content-encoding", ""))
        return Fetched(Answer(url, body, self._clock.now(), headers.get("content-type", "")), given)

    def _check(self, source: str, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or "\\" in url:
            raise FetchError(
                source, f"refused to open {one_line(url, 120)!r}: only plain http and https addresses are read"
            )

    def _headers(self, url: str, request: Request, validators: Validators) -> list[tuple[bytes, bytes]]:
        parts = urlsplit(url)
        pairs = [
            ("Host", parts.netloc),
            ("User-Agent", self._agent),
            ("Accept", request.accept),
            ("Accept-Encoding", "gzip"),
        ]
        if url == request.url:  # validators belong to the address that gave them
            if validators.etag:
                pairs.append(("If-None-Match", validators.etag))
            if validators.last_modified:
                pairs.append(("If-Modified-Since", validators.last_modified))
        return [(name.encode("ascii"), value.encode("latin-1")) for name, value in pairs]

    def _paced(self, url: str) -> _Pace:
        host = urlsplit(url).hostname or ""
        site = next((site for site in _PACE if host == site or host.endswith("." + site)), host)
        gate = self._gates.setdefault(site, asyncio.Lock())
        return _Pace(site, gate, self._last, self._clock, _PACE.get(site, 0.0))


@dataclass(frozen=True, slots=True)
class _Pace:
    """One connection at a time to a site, and a pause between two."""

    site: str
    gate: asyncio.Lock
    last: dict[str, float]
    clock: Clock
    seconds: float

    async def __aenter__(self) -> None:
        await self.gate.acquire()
        if self.site in self.last:
            since = self.clock.now().timestamp() - self.last[self.site]
            if 0 <= since < self.seconds:
                await self.clock.sleep(self.seconds - since)

    async def __aexit__(self, *_error: object) -> None:
        self.last[self.site] = self.clock.now().timestamp()
        self.gate.release()


def _host(url: str) -> str:
    return one_line(urlsplit(url).netloc or url, 100)


def _headers_of(response: httpcore2.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}


async def _read(source: str, response: httpcore2.Response, encoding: str) -> bytes:
    """Return the unpacked body. Raises FetchError as soon as it is over the cap, packed or unpacked."""
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(source, f"the answer is packed as {one_line(encoding, 30)!r}, which was not asked for")
    unpacker = zlib.decompressobj(wbits=31) if encoding.endswith("gzip") else None
    body = bytearray()
    async for chunk in response.aiter_stream():
        body += unpacker.decompress(chunk, MAX_BYTES + 1 - len(body)) if unpacker else chunk
        if len(body) > MAX_BYTES or (unpacker and unpacker.unconsumed_tail):
            raise FetchError(source, f"the answer is larger than {MAX_BYTES // 1_000_000} MB")
    if unpacker and not unpacker.eof:
        raise FetchError(source, "the answer was cut off")
    return bytes(body)
