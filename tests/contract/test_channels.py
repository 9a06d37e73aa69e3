"""What every kind of channel found on disk promises, and the channel that tests use in its place."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from monitor.channels import Channel
from monitor.errors import DeliveryError
from monitor.registry import kinds, load
from monitor.testing import MemoryChannel, envelope
from monitor.types.digests import Acceptance
from tests.smtp import ScriptedServer, serving

Working = Callable[[Path], AbstractAsyncContextManager[dict[str, Any]]]


@asynccontextmanager
async def _file(folder: Path) -> AsyncIterator[dict[str, Any]]:
    yield {"path": folder / "digests"}


@asynccontextmanager
async def _email(folder: Path) -> AsyncIterator[dict[str, Any]]:
    async with serving(ScriptedServer()) as server:
        yield {"host": "127.0.0.1", "port": server.port}


SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


@asynccontextmanager
async def posted(answer: bytes = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n") -> AsyncIterator[int]:
    """A web server on loopback that answers every request in the same way; gives its port."""

    talks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())  # type: ignore[arg-type]
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                await reader.readexactly(int(length[1]) if length else 0)
                writer.write(answer)
        writer.transport.abort()
        await asyncio.sleep(0)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


@asynccontextmanager
async def _webhook(folder: Path) -> AsyncIterator[dict[str, Any]]:
    async with posted() as port:
        yield {"url": f"http://127.0.0.1:{port}/hook", "secret": SECRET, "private": True}


@asynccontextmanager
async def _apprise(folder: Path) -> AsyncIterator[dict[str, Any]]:
    async with posted() as port:
        yield {"url": f"json://127.0.0.1:{port}/"}


_WORKING: dict[str, Working] = {"apprise": _apprise, "email": _email, "file": _file, "webhook": _webhook}
_BROKEN: dict[str, dict[str, Any]] = {
    "apprise": {"url": "json://127.0.0.1:1/"},
    "email": {"host": "127.0.0.1", "port": 1},
    "file": {"path": "/dev/null/digests"},
    "webhook": {"url": "http://127.0.0.1:1/", "secret": SECRET, "private": True},
}


def _open(kind: str, options: dict[str, Any]) -> Channel:
    module = load("channels", kind)
    channel: Channel = module.open_channel(module.Options.model_validate(options))
    return channel


def test_every_kind_on_disk_has_working_options_here() -> None:
    assert set(kinds("channels")) == set(_WORKING) == set(_BROKEN)


@pytest.fixture(params=kinds("channels"))
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_options_are_frozen_and_refuse_unknown_keys(kind: str) -> None:
    options: type[BaseModel] = load("channels", kind).Options
    assert options.model_config.get("frozen")
    with pytest.raises(ValidationError, match="no_such_key"):
        options.model_validate({**_BROKEN[kind], "no_such_key": 1})


def test_a_delivery_is_answered_by_an_acceptance_on_one_line(kind: str, tmp_path: Path) -> None:
    async def scenario() -> list[Acceptance]:
        async with _WORKING[kind](tmp_path) as options:
            channel = _open(kind, options)
            taken = [await channel.deliver(envelope(number)) for number in (1, 2)]
            await channel.close()
            taken.append(await channel.deliver(envelope(3)))  # closing is not the end
            await channel.close()
            await channel.close()
        return taken

    for acceptance in asyncio.run(scenario()):
        assert acceptance.code
        assert acceptance.text.isprintable()


def test_opening_and_closing_touch_nothing(kind: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        await _open(kind, _BROKEN[kind]).close()

    asyncio.run(scenario())
    assert list(tmp_path.iterdir()) == []


def test_a_channel_that_cannot_deliver_raises_the_one_error_and_condemns_no_mail(kind: str) -> None:
    async def scenario() -> None:
        channel = _open(kind, _BROKEN[kind])
        try:
            await channel.deliver(envelope())
        finally:
            await channel.close()

    with pytest.raises(DeliveryError) as caught:
        asyncio.run(scenario())
    assert (caught.value.permanent, caught.value.uncertain, caught.value.channel_wide) == (False, False, True)
    assert caught.value.reason.isprintable()


def test_the_memory_channel_keeps_envelopes_and_fails_when_told() -> None:
    async def scenario() -> MemoryChannel:
        channel = MemoryChannel([None, DeliveryError("no such user", permanent=True)])
        await channel.deliver(envelope(1))
        with pytest.raises(DeliveryError, match="no such user"):
            await channel.deliver(envelope(2))
        await channel.deliver(envelope(3))
        await channel.close()
        return channel

    channel = asyncio.run(scenario())
    assert (channel.delivered, channel.closed) == ([envelope(1), envelope(3)], 1)
