"""A web server on loopback that plays faults: each path is one fault, and the table says what is sent for it."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.clock import Clock, SystemClock
from monitor.errors import FetchError
from monitor.ingest.fetch import Fetched, HttpFetcher, Validators
from monitor.types.listings import Request

FEED = b'<rss version="2.0"><channel><title>t</title><item><title>A paper</title></item></channel></rss>'
SOON = 0.02
"""Seconds between two drops of what drips: a slow server, played quickly."""

Write = Callable[[bytes], Awaitable[None]]
Fault = bytes | Callable[[Write], Awaitable[None]]
"""The whole answer (``{port}`` stands for the server's own), or what writes it piece by piece."""


def answer(status: int | str, *headers: str, body: bytes = b"", length: int | None = None) -> bytes:
    """A whole answer; ``length`` is what it says of its body, when that is a lie."""
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def moved(status: int, to: str) -> bytes:
    return answer(status, f"Location: {to}")


def packed(body: bytes, encoding: str = "gzip") -> bytes:
    return answer(200, f"Content-Encoding: {encoding}", body=body)


def chunked(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body


def then_silence(beginning: bytes) -> Fault:
    async def play(write: Write) -> None:
        await write(beginning)
        await asyncio.Event().wait()

    return play


def dripping(whole: bytes) -> Fault:
    async def play(write: Write) -> None:
        for byte in whole:
            await write(bytes([byte]))
            await asyncio.sleep(SOON)

    return play


def endless(beginning: bytes, again: bytes) -> Fault:
    async def play(write: Write) -> None:
        await write(beginning)
        while True:
            await write(again)

    return play


_BOMB = gzip.compress(b"\0" * 20_000_000)
_HTTP2_RESET = b"\0\0\0\x04\0\0\0\0\0" + b"\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08"  # SETTINGS, then RST_STREAM of stream 1

FAULTS: Mapping[str, Fault] = {
    "/ok": answer(200, 'ETag: W/"a  b"', "Last-Modified: yesterday-ish", "Content-Type: text/xml", body=FEED),
    "/F01/login": answer(200, "Content-Type: text/html", body=b"<!doctype html><title>Log in</title>"),
    "/F01/challenge": answer(403, "cf-mitigated: challenge", body=b"<script>alert(1)</script>"),
    "/F02/empty": answer(200),
    "/F07/long": answer(200, body=b"x" * 10_000_001),
    "/F07/endless": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    "/F07/short": answer(200, body=b"short", length=100),
    "/F07/more than said": answer(200, body=FEED + b"HTTP/1.1 200 OK\r\n\r\nsmuggled", length=len(FEED)),
    "/F07/no number": b"HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\nx",
    "/F07/two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "/F08/gzip": packed(_BOMB),
    "/F08/within the cap": packed(gzip.compress(b"\0" * 5_000_000)),
    "/F08/nested": packed(gzip.compress(gzip.compress(FEED))),
    "/F08/nested and said": packed(gzip.compress(gzip.compress(FEED)), "gzip, gzip"),
    "/F08/nested in two headers": answer(200, "Content-Encoding: gzip", "Content-Encoding: gzip", body=_BOMB),
    "/F08/deflate": packed(b"x", "deflate"),
    "/F08/br": packed(b"x", "br"),
    "/F08/zstd": packed(b"x", "zstd"),
    "/F08/cut off": packed(gzip.compress(FEED)[:-9]),
    "/F08/no gzip": packed(FEED),
    "/F08/goes on": packed(gzip.compress(FEED) + b"more"),
    "/F09/no answer": then_silence(b""),
    "/F09/drips": dripping(answer(200, body=FEED)),
    "/F09/stalls": then_silence(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
    "/F09/does not close": then_silence(b"HTTP/1.1 200 OK\r\n\r\n" + FEED),
    "/F09/whole, then open": then_silence(answer(200, body=FEED)),
    "/F13/loop": moved(302, "/F13/loop"),
    "/F13/5": moved(302, "/F13/4"),
    "/F13/4": moved(302, "/F13/3"),
    "/F13/3": moved(302, "/F13/2"),
    "/F13/2": moved(302, "/F13/1"),
    "/F13/1": moved(302, "/ok"),
    "/F13/6": moved(302, "/F13/5"),
    "/F13/nowhere": answer(302),
    "/F17/301": moved(301, "/ok"),
    "/F17/308": moved(308, "/ok#fragment"),
    "/F17/302": moved(302, "/ok"),
    "/F17/307": moved(307, "/ok"),
    "/F17/for good, then not": moved(301, "/F17/302"),
    "/F17/twice for good": moved(308, "/F17/301"),
    "/F17/to nothing": moved(301, "/F19/404"),
    "/F18/changed": answer(304, 'ETag: "new"'),
    "/F18/same": answer(304),
    "/F19/410": answer(410, body=b"<h1>Gone</h1>"),
    "/F19/404": answer(404),
    "/F19/403": answer(403),
    "/F19/451": answer(451),
    "/F20/seconds": answer(429, "Retry-After: 120"),
    "/F20/date": answer(503, "Date: Wed, 04 Mar 2026 12:00:00 GMT", "Retry-After: Wed, 04 Mar 2026 14:00:00 GMT"),
    "/F20/negative": answer(429, "Retry-After: -5"),
    "/F20/10 years": answer(503, "Retry-After: 315360000"),
    "/F20/garbage": answer(429, "Retry-After: soon"),
    "/F20/on a 404": answer(404, "Retry-After: 3600"),
    "/F21/huge": answer(200, f'ETag: "{"x" * 5000}"', "Last-Modified: today", body=FEED),
    "/F21/control": answer(200, 'ETag: "\x1b[31m"', body=FEED),
    "/F22/garbage": answer(200, "Last-Modified: 31 Feb 2999, \xff".encode("latin-1").decode("latin-1"), body=FEED),
    "/F24": answer(302, "Set-Cookie: id=7; Path=/", "Location: /F24/there"),
    "/F24/there": answer(200, "Set-Cookie: other=8; Path=/", body=FEED),
    "/F42/http2": _HTTP2_RESET,
    "/F42/garbage": b"\x00\xff garbage\r\n\r\n",
    "/F42/hang up": b"",
    "/F42/chunks": chunked(b"zz\r\nnot a chunk"),
    "/F42/crumbs": endless(chunked(b""), b"1\r\nx\r\n" * 1000),
    "/F42/cut chunk": chunked(b"10\r\nshort"),
    "/F42/1xx": endless(b"", b"HTTP/1.1 103 Early\r\nLink: <%s>\r\n\r\n" % (b"x" * 500) * 100),
    "/F42/64 KB header": answer(200, f"X-Long: {'x' * 66_000}", body=FEED),
    "/F42/endless header": endless(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 65_536),
    "/F42/1000 headers": answer(200, *(f"X-{n}: y" for n in range(1000)), body=FEED),
    "/F42/switch": answer(101, "Upgrade: websocket", "Connection: Upgrade"),
}


@dataclass(frozen=True)
class Asked:
    """One request as it came: its target, its header fields as sent, and when."""

    target: str
    head: str
    at: datetime


@dataclass
class FaultServer:
    """Plays ``faults``; keeps what was ``asked``, how many ``connections`` came, and the most that were open at once."""

    faults: Mapping[str, Fault]
    clock: Clock = field(default_factory=SystemClock)
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    most_at_once: int = 0
    here: str = ""
    port: int = 0

    def __post_init__(self) -> None:
        self._open: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.connections += 1
        self.most_at_once = max(self.most_at_once, len(self._open))
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._play(reader, writer)
        finally:
            self._open.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        target = head.split(" ")[1]
        self.asked.append(Asked(target, head, self.clock.now()))

        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        fault = self.faults.get(target.replace("%20", " "), answer(404))
        if isinstance(fault, bytes):
            await write(fault.replace(b"{port}", b"%d" % self.port))
        else:
            await fault(write)

    async def hang_up(self) -> None:
        """End all conversations."""
        open_ones = list(self._open)
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)


@contextlib.asynccontextmanager
async def playing(
    more: Mapping[str, Fault] | None = None, *, clock: Clock | None = None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[FaultServer]:
    """Run a server of all FAULTS, and ``more``, on a free loopback port."""
    server = FaultServer({**FAULTS, **(more or {})}, clock or SystemClock())
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    server.here = f"{'https' if tls else 'http'}://127.0.0.1:{server.port}"
    try:
        yield server
    finally:
        listening.close()
        await server.hang_up()


def play(
    path: str,
    validators: Validators | None = None,
    *,
    faults: Mapping[str, Fault] | None = None,
    shown: ssl.SSLContext | None = None,
    name: str = "",
    robots: bool = False,
    **options: Any,
) -> tuple[Any, FaultServer]:
    """Fetch what a server plays at ``path``, a name for this machine in front; return what came, or the error.

    ``shown`` is the server's side of TLS. ``options`` are the fetcher's: a few seconds, and loopback allowed.
    """
    name = name or ("localhost" if shown else "127.0.0.1")

    async def main() -> tuple[Fetched | FetchError, FaultServer]:
        async with playing(faults, tls=shown) as server:
            fetcher = HttpFetcher(
                SystemClock(), "https://lab.example.org", **{"allow_hosts": (name,), "seconds": 2, **options}
            )
            url = path if ":" in path else f"{server.here.replace('127.0.0.1', name)}{path}"
            try:
                return await fetcher.fetch("src", Request(url, robots=robots), validators or Validators()), server
            except FetchError as error:
                return error, server
            finally:
                await fetcher.close()

    return asyncio.run(main())


def fetched(path: str, validators: Validators | None = None, **options: Any) -> Any:
    """What came, which is no error."""
    got, _ = play(path, validators, **options)
    assert isinstance(got, Fetched), got
    return got


def refused(path: str, validators: Validators | None = None, **options: Any) -> FetchError:
    """The error that came in place of an answer: it names the source, and is short."""
    got, _ = play(path, validators, **options)
    assert isinstance(got, FetchError), got
    assert got.source == "src"
    assert len(got.reason) < 400
    assert got.reason.isprintable()
    return got


async def only_here(host: str, port: int) -> list[str]:
    """The system's addresses, but names under example.org, and arXiv, are this machine."""
    if host.endswith(("example.org", "arxiv.org")):
        return ["127.0.0.1"]
    return [str(info[4][0]) for info in await asyncio.get_running_loop().getaddrinfo(host, port)]
