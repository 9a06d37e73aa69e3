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
    """How long the server may take, in seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect: PositiveFloat = Field(default=30, description="For the connection, and again for the greeting")
    command: PositiveFloat = Field(default=300, description="For each answer")
    content: PositiveFloat = Field(default=600, description="For the answer to the final dot")
    total: PositiveFloat = Field(default=900, description="For one delivery in all: a server that drips cannot hold it")


class Options(BaseModel):
    """What may stand beside ``kind: email``.

    Without ``tls``, the port and host decide: 465 is implicit, a loopback host none, everything else required.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(min_length=1, description="The mail server's name")
    port: int | None = Field(default=None, ge=1, le=65535, description="587, 465 or 25 when absent, by `tls`")
    tls: Tls | None = Field(
        default=None,
        description="required: STARTTLS or nothing; implicit: TLS from the first byte; none: on this machine alone",
    )
    username: str | None = Field(default=None, description="Who logs in; nobody when absent")
    password: SecretStr | None = Field(default=None, description="The password, as ${env:NAME} or ${file:...}")
    ca_file: Path | None = Field(default=None, description="The certificate of a private authority")
    connections: int = Field(default=4, ge=1, le=64, description="How many the server gets at the same time at most")
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
