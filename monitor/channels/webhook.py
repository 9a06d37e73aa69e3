"""Digests as signed JSON, posted to an address of yours (the Standard Webhooks specification, version 1).

``webhook-id`` follows from the Message-ID and is the same at every attempt, so that the receiver can drop what comes
twice. ``webhook-signature`` is an HMAC-SHA-256 over ``id.timestamp.body``. No redirect is followed, and an address
inside a private network is refused unless the configuration says that it is meant.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpcore2
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, SecretStr, field_validator

from monitor.errors import DeliveryError
from monitor.gate import GatedNetwork
from monitor.text import one_line
from monitor.types.digests import Acceptance, Envelope

_PREFIX = "whsec_"
_SHORTEST_SECRET = 24
_MOST_BYTES = 200_000
_MOST_SHOWN = 300
_LANES = 4
_LONGEST_WAIT = 4 * 3600.0
_TOO_LARGE = 413
_TOO_FAST = 429
_OURS = frozenset({301, 302, 303, 307, 308, 401, 403, 404, 405, 410})
"""Answers that every other digest would get too: the address or the secret is wrong."""


class Options(BaseModel):
    """What may stand beside ``kind: webhook``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(description="The address that digests are posted to")
    secret: SecretStr = Field(description="The key of the signatures: whsec_ and at least 24 bytes in base64")
    private: bool = Field(default=False, description="Allow an address inside your own network")
    seconds: PositiveFloat = Field(default=30, le=300, description="How long the answer may take")

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname or not url.isascii() or re.search(r"\s", url):
            raise ValueError("write the whole address, such as https://hooks.example.org/papers")
        if parts.username or parts.password:
            raise ValueError("no user or password in the address: the signature says who posts")
        return url

    @field_validator("secret")
    @classmethod
    def _is_a_secret(cls, secret: SecretStr) -> SecretStr:
        try:
            size = len(_key(secret))
        except (ValueError, binascii.Error):
            size = 0
        if size < _SHORTEST_SECRET:
            raise ValueError(f"write whsec_ and {_SHORTEST_SECRET} or more bytes in base64 (`openssl rand -base64 32`)")
        return secret


class WebhookChannel:
    """Posts each digest; several at the same time."""

    lanes = _LANES

    def __init__(self, options: Options, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._options = options
        self._now = now
        self._host = urlsplit(options.url).hostname or ""
        self._pool: httpcore2.AsyncConnectionPool | None = None

    async def deliver(self, envelope: Envelope) -> Acceptance:
        """Return the status of the answer and its first line.

        Raises DeliveryError: ``permanent`` when this digest is too large for the receiver, ``channel_wide`` when none
        would be taken. An attempt without an answer is made again: the id says that it is the same digest.
        """
        body = payload(envelope)
        headers = signed_headers(envelope, body, _key(self._options.secret), self._now())
        try:
            async with asyncio.timeout(self._options.seconds):
                return await self._posted(body, headers)
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            why = one_line(str(error)) or "no connection"
            reason = f"{self._host} cannot be reached ({why}); check `url`; all digests are kept"
            raise DeliveryError(reason, channel_wide=True) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException, OSError) as error:
            why = one_line(str(error)) or "no answer in time"
            raise DeliveryError(f"{self._host} gave no answer ({why}); it will be tried again") from error

    async def close(self) -> None:
        """Let go of connections. The next delivery opens new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.aclose()

    async def _posted(self, body: bytes, headers: dict[str, str]) -> Acceptance:
        if self._pool is None:
            gate = GatedNetwork([self._host] if self._options.private else [], most_bytes=_MOST_BYTES * 100)
            self._pool = httpcore2.AsyncConnectionPool(
                ssl_context=httpcore2.default_ssl_context(), max_connections=self.lanes, network_backend=gate
            )
        raw = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
        async with self._pool.stream("POST", self._options.url, headers=raw, content=body) as answer:
            said = await _beginning(answer)
            if not 200 <= answer.status <= 299:
                raise self._refused(answer.status, said, _wait(answer.headers))
            return Acceptance(str(answer.status), said)

    def _refused(self, status: int, said: str, wait: float | None) -> DeliveryError:
        words = f"{self._host} answered {status} ({said})" if said else f"{self._host} answered {status}"
        if status in _OURS:
            return DeliveryError(f"{words}; check `url` and `secret`; all digests are kept", channel_wide=True)
        if status == _TOO_LARGE:
            return DeliveryError(f"{words}; a smaller `budget` makes smaller digests", permanent=True)
        return DeliveryError(f"{words}; it will be tried again", slow_down=status == _TOO_FAST, retry_after=wait)


def open_channel(options: Options) -> WebhookChannel:
    """Return a channel to ``options.url``; nothing is connected before the first delivery."""
    return WebhookChannel(options)


def payload(envelope: Envelope) -> bytes:
    """Return the body for a digest: the same bytes at every attempt."""
    dated = BytesHeaderParser(policy=default).parsebytes(envelope.content)["Date"]
    data = {
        "message_id": envelope.message_id, "recipient": envelope.recipient, "subject": envelope.subject,
        "text": envelope.part("plain"), "html": envelope.part("html"),
    }  # fmt: skip
    event = {
        "type": "digest.sent",
        "timestamp": parsedate_to_datetime(str(dated)).isoformat() if dated else "",
        "data": data,
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def signed_headers(envelope: Envelope, body: bytes, key: bytes, at: datetime) -> dict[str, str]:
    """Return the headers that prove who posts ``body``, and when."""
    name = f"msg_{hashlib.blake2b(envelope.message_id.encode(), digest_size=12).hexdigest()}"
    stamp = str(int(at.timestamp()))
    proof = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "content-type": "application/json; charset=utf-8", "content-length": str(len(body)),
        "webhook-id": name, "webhook-timestamp": stamp, "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
    }  # fmt: skip


def _key(secret: SecretStr) -> bytes:
    return base64.b64decode(secret.get_secret_value().removeprefix(_PREFIX), validate=True)


async def _beginning(answer: httpcore2.Response) -> str:
    """Return the first words of an answer; no more of it is read."""
    async for chunk in answer.aiter_stream():
        return one_line(chunk[:_MOST_SHOWN].decode(errors="replace"), _MOST_SHOWN)
    return ""


def _wait(headers: list[tuple[bytes, bytes]]) -> float | None:
    found = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    return min(float(found), _LONGEST_WAIT) if found.isdigit() and len(found) < 9 else None
