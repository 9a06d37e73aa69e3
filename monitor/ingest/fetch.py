"""The only HTTP client of the house: one answer for one request, inside fixed bounds."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpcore2

from monitor import __version__
from monitor.clock import Clock
from monitor.errors import FetchError
from monitor.gate import GatedNetwork, Resolver, resolved
from monitor.ingest.body import MAX_BYTES, read_body
from monitor.ingest.politeness import fresh_for, headers_of, pace, refusal, retry_after, sendable
from monitor.ingest.robots import TOKEN, Robots
from monitor.ingest.turns import LocalTurns, Turns
from monitor.ingest.urls import host_of, plain, redirected
from monitor.text import one_line
from monitor.types.listings import Answer, Request

__all__ = ["MAX_BYTES", "Fetched", "Fetcher", "HttpFetcher", "Validators"]

MAX_REDIRECTS = 5
MAX_SECONDS = 30.0
_MOST_ON_THE_WIRE = MAX_BYTES + 1_000_000  # headers, interim answers and the frames of chunks
_MOST_HEADER_BYTES = 65_536
_MOST_HEADER_FIELDS = 256
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_GONE = 410
_BROKEN = (
    httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol, OSError, ValueError,
)  # fmt: skip


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
    """Fetches over HTTP/1.1: at most 10 MB unpacked, 30 s, 5 redirects, public addresses, no cookies.

    A site is asked in turn: ``turns`` says when. A connection serves one request, so that nobody holds one while it is
    another's turn, and what is checked when it opens is true for all that comes through it.

    ``contact`` tells those whom we ask how to reach who runs this. ``allow_hosts`` may lie in a private network; they
    are for sources that name them, and nobody else's redirect leads there. ``tls`` is the system's trust when it is not
    given, ``seconds`` the time for one request with its redirects, waiting for turns not counted;
    a request may name another.

    Only ``proxy`` (``http://`` or ``https://``, perhaps with user and password) is ever used, whatever the environment
    says. With it the gate is weaker: names are resolved here and refused when they lead inside, so they must resolve
    here, but the proxy resolves them again, and what it connects to is for its own rules to guard. Raises ValueError
    for another kind of proxy.
    """

    def __init__(
        self,
        clock: Clock,
        contact: str,
        allow_hosts: Iterable[str] = (),
        *,
        turns: Turns | None = None,
        proxy: str | None = None,
        tls: ssl.SSLContext | None = None,
        resolve: Resolver = resolved,
        seconds: float = MAX_SECONDS,
    ) -> None:
        self._clock = clock
        self._agent = f"{TOKEN}/{__version__} (+{one_line(contact, 200)})".encode("ascii", "replace")
        self._turns = turns or LocalTurns(clock)
        self._seconds = seconds
        self._robots = Robots(clock, self._read)
        self._gate = GatedNetwork(allow_hosts, most_bytes=_MOST_ON_THE_WIRE, resolve=resolve)
        self._is_proxied = proxy is not None
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls or httpcore2.default_ssl_context(),
            max_connections=None,  # those who ask bound it; a queue here would count against their time
            network_backend=self._gate if proxy is None else _towards(proxy, resolve),
            proxy=None if proxy is None else _proxy(proxy),
        )

    async def fetch(self, source: str, request: Request, validators: Validators) -> Fetched:
        """Return the answer to ``request``. Raises FetchError, naming source and cause, when no usable one came."""
        url = asked = self._opened(source, request.url)
        given = Validators(sendable(validators.etag), sendable(validators.last_modified))
        left, for_good = request.seconds or self._seconds, True
        for _ in range(MAX_REDIRECTS + 1):
            site, pause = pace(url)
            if request.robots:
                pause = max(pause, await self._robots.pause(source, url))
            async with self._turns.turn(site, pause):
                begun = asyncio.get_running_loop().time()
                try:
                    got = await self._within(left, source, url, request.accept, given)
                except FetchError as error:
                    if error.status != _GONE or for_good:
                        raise
                    reason = (
                        f"{_named(asked)} leads for now to what is gone ({_named(url)}, 410); it is asked again later"
                    )
                    raise FetchError(source, reason, retry_after=error.retry_after) from error
                left -= asyncio.get_running_loop().time() - begun
            if isinstance(got, Fetched):
                return replace(got, moved_to=url) if for_good and url != asked else got
            url, for_good = self._opened(source, got.location, url, asked), for_good and got.is_for_good
            given = Validators()  # they belong to the address that gave them
        raise FetchError(
            source,
            f"more than {MAX_REDIRECTS} redirects from {_named(asked)}; open it in a browser for its new address",
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self._pool.aclose()

    async def _read(self, source: str, url: str) -> bytes:
        got = await self.fetch(source, Request(url, "text/plain"), Validators())
        return got.answer.body if got.answer else b""

    def _opened(self, source: str, location: str, url: str = "", asked: str = "") -> str:
        """Return an address fit to be opened: one that is asked for, or where a redirect leads from ``url``."""
        try:
            there = redirected(url, location) if url else plain(location)
        except ValueError as error:
            raise FetchError(source, one_line(str(error), 300)) from error
        if url and self._gate.allows(host_of(there)) and not self._gate.allows(host_of(asked)):
            raise FetchError(source, f"refused to follow {_named(asked)} to {_named(there)}: it is inside, for others")
        return there

    async def _within(
        self, seconds: float, source: str, url: str, accept: str, given: Validators
    ) -> Fetched | _Redirect:
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(source, url, accept, given)
        except TimeoutError as error:
            raise FetchError(
                source, f"no complete answer within {round(seconds, 1):g} s from {_named(url)}; it is asked again later"
            ) from error

    async def _ask(self, source: str, url: str, accept: str, given: Validators) -> Fetched | _Redirect:
        try:
            if self._is_proxied:
                parts = urlsplit(url)
                await self._gate.addresses(parts.hostname or "", parts.port or 0)
            async with self._pool.stream("GET", url, headers=self._headers(url, accept, given)) as response:
                return await self._answer(source, url, response, given)
        except _BROKEN as error:
            raise FetchError(source, f"{_named(url)}: {_cause(error)}") from error

    def _headers(self, url: str, accept: str, given: Validators) -> list[tuple[bytes, bytes]]:
        pairs = [
            (b"Host", urlsplit(url).netloc.encode("ascii")),
            (b"User-Agent", self._agent),
            (b"Accept", accept.encode("ascii")),
            (b"Accept-Encoding", b"gzip"),
            (b"Connection", b"close"),
        ]
        if given.etag:
            pairs.append((b"If-None-Match", given.etag.encode("latin-1")))
        if given.last_modified:
            pairs.append((b"If-Modified-Since", given.last_modified.encode("latin-1")))
        return pairs

    async def _answer(
        self, source: str, url: str, response: httpcore2.Response, given: Validators
    ) -> Fetched | _Redirect:
        _check_size(response.headers)
        headers, now = headers_of(response.headers), self._clock.now()
        if response.status in _REDIRECTS and headers.get("location"):
            return _Redirect(_text(headers["location"]), response.status in _FOR_GOOD)
        new = Validators(sendable(headers.get("etag")), sendable(headers.get("last-modified")))
        if response.status == 304 and given != Validators():  # RFC 9110: Not Modified
            new = Validators(new.etag or given.etag, new.last_modified or given.last_modified)
            return Fetched(None, new, fresh_for=fresh_for(headers, now))
        if response.status != 200:
            reason = f"{_named(url)} {refusal(response.status, headers)}"
            raise FetchError(source, reason, status=response.status, retry_after=retry_after(headers, now))
        body = await read_body(response.aiter_stream(), headers.get("content-encoding", ""))
        answer = Answer(url, body, self._clock.now(), headers.get("content-type", ""))
        return Fetched(answer, new, fresh_for=fresh_for(headers, now))


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str
    is_for_good: bool


def _check_size(fields: Iterable[tuple[bytes, bytes]]) -> None:
    sizes = [len(name) + len(value) for name, value in fields]
    if len(sizes) > _MOST_HEADER_FIELDS or sum(sizes) > _MOST_HEADER_BYTES:
        raise ValueError("the answer has more headers than any listing needs")


def _text(header: str) -> str:
    """Return an address as meant in a header: UTF-8 where the bytes allow it."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return header


def _named(url: str) -> str:
    return one_line(urlsplit(url).netloc or url, 100)


def _cause(error: BaseException) -> str:
    """Return in a few words why nothing usable came."""
    for below in (error, *error.args):  # the library hands the cause on as an argument
        if isinstance(below, ssl.SSLCertVerificationError):
            return f"its certificate is not to be trusted ({one_line(below.verify_message, 100)}); nothing was sent"
    return one_line(str(error), 200) or type(error).__name__


def _proxy(address: str) -> httpcore2.Proxy:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a proxy is named like http://proxy.example.org:3128")
    where = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return httpcore2.Proxy(where, auth=auth)


def _towards(proxy: str, resolve: Resolver) -> GatedNetwork:
    """Return the network in which only the proxy is met; it may lie inside, as proxies do."""
    return GatedNetwork([urlsplit(proxy).hostname or ""], most_bytes=_MOST_ON_THE_WIRE, resolve=resolve)
