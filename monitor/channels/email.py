"""Digests by mail, through one SMTP server (RFC 5321), over aiosmtplib.

The bytes are those of the outbox. One envelope has one recipient, because aiosmtplib reports success when only
some of several are refused. Time-outs are those of RFC 5321, section 4.5.3.2: the server gets ten minutes to answer
the final dot, since giving up earlier makes duplicates (RFC 1047).
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, SecretStr, field_validator, model_validator

from monitor.channels._smtp import Connection, letter_of
from monitor.types.digests import Acceptance, Envelope

Tls = Literal["required", "implicit", "none"]
_PORTS: dict[Tls, int] = {"required": 587, "implicit": 465, "none": 25}
_IMPLICIT_PORT = 465


class Timeouts(BaseModel):
    """How long the server may take, in seconds.

    ``connect`` is for the connection and again for the greeting, ``command`` for each answer, ``content`` for the
    answer to the final dot, and ``total`` for one delivery in all, so that a server that drips cannot hold it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect: PositiveFloat = 30
    command: PositiveFloat = 300
    content: PositiveFloat = 600
    total: PositiveFloat = 900


class Options(BaseModel):
    """What may stand beside ``kind: email``.

    ``tls`` is ``required`` (STARTTLS, or nothing is sent), ``implicit`` (TLS from the first byte) or ``none`` (this
    machine only). Without it, the port and host decide: 465 is implicit, a loopback host none, everything else
    required. ``ca_file`` adds the certificate of a private authority. ``connections`` is
    how many the server gets at most.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(min_length=1)
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Tls | None = None
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    connections: int = Field(default=4, ge=1, le=64)
    timeouts: Timeouts = Timeouts()

    @field_validator("host")
    @classmethod
    def _is_a_bare_name(cls, host: str) -> str:
        if re.search(r"[\s/@\x00-\x1f\x7f]", host) or host.count(":") == 1:
            raise ValueError("write the host's name alone, such as smtp.example.org; the port has its own key, `port`")
        return host

    @model_validator(mode="after")
    def _keeps_secrets(self) -> Self:
        if (self.username is None) != (self.password is None):
            raise ValueError("`username` and `password` go together: give both or neither")
        if self.security == "none" and not self.is_loopback:
            what = "the password" if self.username else "every digest"
            raise ValueError(f"`tls: none` would send {what} in clear to another machine; use `required` or `implicit`")
        if self.security == "required" and self.port == _IMPLICIT_PORT:
            raise ValueError("port 465 speaks TLS from the first byte: write `tls: implicit`, or leave `tls` out")
        return self

    @property
    def is_loopback(self) -> bool:
        """Whether ``host`` is this machine, judged by its name alone."""
        name = self.host.lower().rstrip(".")
        if name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False

    @property
    def security(self) -> Tls:
        """How the connection is protected, said or implied."""
        if self.tls is not None:
            return self.tls
        if self.port == _IMPLICIT_PORT:
            return "implicit"
        return "none" if self.is_loopback else "required"

    @property
    def effective_port(self) -> int:
        """The port, said or implied."""
        return self.port or _PORTS[self.security]


class EmailChannel:
    """Connections to one server, opened when they are needed and kept; each carries one delivery at a time."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.lanes = options.connections
        self._lanes = asyncio.Semaphore(self.lanes)
        self._idle: list[Connection] = []

    async def deliver(self, envelope: Envelope) -> Acceptance:
        """Return the server's answer to the message, cleaned.

        Raises DeliveryError: ``permanent`` when the server refuses this message or recipient for good, ``uncertain``
        when the connection or the patience ended after the final dot, ``channel_wide`` when no mail can leave
        (unreachable, certificate, login, sender).
        """
        letter = letter_of(envelope)
        async with self._lanes:
            connection = self._idle.pop() if self._idle else Connection(self._options)
            try:
                return await connection.deliver(letter)
            finally:
                if connection.is_open:
                    self._idle.append(connection)

    async def probe(self, sender: str) -> str:
        """Connect, secure the connection, log in as for a mail of ``sender``, and leave; returns what was agreed.

        Raises DeliveryError, ``channel_wide``, when a mail could not leave.
        """
        return await Connection(self._options).probe(sender)

    async def close(self) -> None:
        """Take leave of the server, or just leave. The next delivery connects again."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.close() for connection in idle))


def open_channel(options: Options) -> EmailChannel:
    """Return a channel through the server of ``options``; nothing is connected before the first delivery."""
    return EmailChannel(options)
