"""What stands before every page: headers that browsers heed, and bounds on what a request may send."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

LARGEST_BODY = 100_000
LONGEST_WAIT = 10.0
"""Seconds that a body may take to arrive."""
LONGEST_TARGET = 4_000

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
}


class TooMuchError(HTTPException):
    """A request is too long, too large or too slow; ``status_code`` says which."""


class Guard:
    """Refuses what is too long, too large or too slow, and sets the headers of every answer."""

    def __init__(self, app: ASGIApp, *, is_https: bool, proxies: tuple[str, ...]) -> None:
        self._app = app
        self._proxies = frozenset(proxies)
        self._headers = dict(_HEADERS)
        if is_https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._set_headers(message)
            await send(message)

        try:
            _check(scope)
            self._see_through_proxies(scope)
            await self._app(scope, _bounded(receive), sending)
        except TooMuchError as refused:
            if not begun:
                await _refuse(refused.status_code, sending)
        except Exception as error:
            # The path may hold a token, and the message an address: neither belongs in a log.
            log.exception("a page failed: %s", type(error).__name__)
            if not begun:
                await _refuse(500, sending)
        return None

    def _see_through_proxies(self, scope: Scope) -> None:
        """Let the client be the last one in X-Forwarded-For that is no proxy of ours; strangers may write anything."""
        peer = scope["client"][0] if scope["client"] else ""
        scope.setdefault("state", {})["is_proxied"] = peer in self._proxies
        if peer not in self._proxies:
            return
        said = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1").split(",")
        strangers = [one for each in said if (one := each.strip()) and one not in self._proxies]
        scope["client"] = (strangers[-1] if strangers else peer, 0)

    def _set_headers(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")


def _check(scope: Scope) -> None:
    if len(scope["raw_path"]) + len(scope["query_string"]) > LONGEST_TARGET:
        raise TooMuchError(414)
    said = dict(scope["headers"]).get(b"content-length", b"0")
    if not said.isdigit() or int(said) > LARGEST_BODY:
        raise TooMuchError(413)


def _bounded(receive: Receive) -> Receive:
    taken = 0
    until: float | None = None

    async def receiving() -> Message:
        nonlocal taken, until
        loop = asyncio.get_running_loop()
        until = until or loop.time() + LONGEST_WAIT
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise TooMuchError(408) from None
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY:
            raise TooMuchError(413)
        return message

    return receiving


async def _refuse(status: int, send: Any) -> None:
    said = {408: "too slow", 413: "too large", 414: "too long", 500: "something broke here; please try again later"}
    body = f"{said[status]}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"connection", b"close")]})
    await send({"type": "http.response.body", "body": body})
