"""A mail server on loopback that follows a script, faults included, and a certificate made on the spot."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import ssl
import subprocess
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

DROP = "(drop)"
"""In place of an answer: close the connection."""
SILENCE = "(silence)"
"""In place of an answer: say nothing for as long as the client waits."""

DEFAULT_EXTENSIONS = ("SIZE 10000000", "8BITMIME", "SMTPUTF8")
_ANSWERS = {
    "greeting": "220 sink.example.org ESMTP",
    "HELO": "250 sink.example.org",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 end with a dot",
    ".": "250 2.0.0 queued as 1",
    "RSET": "250 2.0.0 ok",
    "NOOP": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}


@dataclass
class ScriptedServer:
    """A server whose answers a test decides.

    ``script`` maps a verb (``greeting``, ``EHLO``, ``MAIL``, ``.`` for the end of the message, ...) to an answer, to
    ``DROP`` or ``SILENCE``, or to a list of those, used up one by one before the ordinary answer comes back. It keeps
    what it heard: ``commands``, ``messages`` (dot-unstuffed bytes), and how many connections there were.
    """

    script: Mapping[str, str | bytes | list[str | bytes]] = field(default_factory=dict)
    extensions: tuple[str, ...] = DEFAULT_EXTENSIONS
    tls: ssl.SSLContext | None = None
    port: int = 0
    connections: int = 0
    commands: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._open: set[asyncio.Task[None] | None] = set()
        self._script = {verb: list(said) if isinstance(said, list) else said for verb, said in self.script.items()}

    @property
    def verbs(self) -> list[str]:
        return [command.partition(" ")[0] for command in self.commands]

    def _answer(self, verb: str) -> str | bytes:
        said = self._script.get(verb)
        if isinstance(said, list):
            said = said.pop(0) if said else None
        if said is None:
            return self._ehlo() if verb == "EHLO" else _ANSWERS.get(verb, "500 5.5.1 unknown")
        return said

    def _ehlo(self) -> str:
        lines = ["sink.example.org", *self.extensions]
        return "\r\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(task := asyncio.current_task())
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._converse(reader, writer)
        finally:
            self._open.discard(task)
            writer.transport.abort()
            await asyncio.sleep(0)

    async def hang_up(self) -> None:
        """End all conversations."""
        for task in list(self._open):
            if task is not None:
                task.cancel()
        await asyncio.gather(*(task for task in self._open if task is not None), return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        alive = await self._say("greeting", reader, writer)
        while alive:
            line = (await reader.readuntil(b"\r\n")).decode("utf-8")[:-2]
            verb = line.partition(" ")[0].upper()
            self.commands.append(line)
            alive = await self._say(verb, reader, writer)
            if alive and verb == "STARTTLS" and self.tls is not None:
                await writer.start_tls(self.tls)
            if alive and verb == "QUIT":
                return

    async def _say(self, verb: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer; return whether the conversation goes on."""
        said = self._answer(verb)
        if said == SILENCE:
            await reader.read()
        if said in (SILENCE, DROP):
            return False
        writer.write((said if isinstance(said, bytes) else said.encode()) + b"\r\n")
        await writer.drain()
        if verb == "DATA" and _code(said) == "354":
            self.messages.append(await _read_message(reader))
            return await self._say(".", reader, writer)
        return _code(said) not in ("421", "554") or verb != "greeting"


def _code(said: str | bytes) -> str:
    return (said if isinstance(said, str) else said.decode("latin-1"))[:3]


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    lines: list[bytes] = []
    while (line := await reader.readuntil(b"\r\n")) != b".\r\n":
        lines.append(line.removeprefix(b"."))
    return b"".join(lines)


@contextlib.asynccontextmanager
async def serving(server: ScriptedServer, *, implicit_tls: bool = False) -> AsyncIterator[ScriptedServer]:
    """Run ``server`` on a free loopback port, which it then knows as ``server.port``."""
    listening = await asyncio.start_server(
        server.serve, "127.0.0.1", 0, limit=2**20, ssl=server.tls if implicit_tls else None
    )
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await server.hang_up()


@dataclass(frozen=True)
class Certificate:
    """A certificate that signs itself, and its key, as PEM files."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What a server needs to show it."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path, name: str = "localhost", days: int = 2) -> Certificate:
    """Make a certificate with the ``openssl`` program (``days=0``: expired); the test skips where there is none."""
    if shutil.which("openssl") is None:
        pytest.skip("the program openssl is not installed")
    made = Certificate(folder / f"{name}.pem", folder / f"{name}.key")
    request, extensions = folder / f"{name}.csr", folder / f"{name}.ext"
    extensions.write_text(f"subjectAltName=DNS:{name}\n")
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    ask: list[str | Path] = ["req", *curve, "-subj", f"/CN={name}"]
    sign: list[str | Path] = ["x509", "-req", "-in", request, "-signkey", made.key]
    sign += ["-days", str(days), "-extfile", extensions]
    for command in ([*ask, "-keyout", made.key, "-out", request], [*sign, "-out", made.certificate]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    if days == 0:
        time.sleep(1.1)  # it is good until the end of the second in which it was made
    return made
