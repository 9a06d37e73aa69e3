"""Digests by mail, through one SMTP server (RFC 5321), over aiosmtplib.

The bytes are those of the outbox. One envelope has one recipient, because aiosmtplib reports success when only
some of several are refused. Time-outs are those of RFC 5321, section 4.5.3.2: the server gets ten minutes to answer
the final dot, since giving up earlier makes duplicates (RFC 1047).
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import aiosmtplib
from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, SecretStr, field_validator, model_validator

from monitor.channels._answers import Step, refused, unanswered
from monitor.errors import DeliveryError
from monitor.text import one_line
from monitor.types.digests import Acceptance, Envelope

Tls = Literal["required", "implicit", "none"]
_PORTS: dict[Tls, int] = {"required": 587, "implicit": 465, "none": 25}
_IMPLICIT_PORT = 465
_GO_AHEAD = 354
_ATOM = r"""[^\x00-\x20\x7f\s()<>\[\]:;@\\,"]+"""
_ADDRESS = re.compile(rf"{_ATOM}@{_ATOM}")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


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
    required. ``ca_file`` adds the certificate of a private authority.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(min_length=1)
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Tls | None = None
    username: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
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


@dataclass(frozen=True, slots=True)
class _Letter:
    """An envelope as it goes over the wire."""

    sender: str
    recipient: str
    content: bytes

    @property
    def needs_utf8(self) -> bool:
        return not (self.sender + self.recipient).isascii()


class EmailChannel:
    """One connection to one server, opened at the first delivery and kept; deliveries wait for each other."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._client: aiosmtplib.SMTP | None = None
        self._lock = asyncio.Lock()
        self._step: Step = "connect"

    async def deliver(self, envelope: Envelope) -> Acceptance:
        """Return the server's answer to the message, cleaned.

        Raises DeliveryError: ``permanent`` when the server refuses this message or recipient for good, ``uncertain``
        when the connection or the patience ended after the final dot, ``channel_wide`` when no mail can leave
        (unreachable, certificate, login, sender).
        """
        letter = _letter(envelope)
        async with self._lock:
            try:
                async with asyncio.timeout(self._options.timeouts.total):
                    return await self._transact(letter)
            except aiosmtplib.SMTPResponseException as error:
                if not 400 <= error.code <= 599:  # not SMTP: who knows what comes next on this line
                    self._drop()
                raise refused(self._options.host, self._step, error.code, error.message) from error
            except (aiosmtplib.SMTPException, OSError) as error:  # a TimeoutError is an OSError
                self._drop()
                raise self._failure(error) from error
            except asyncio.CancelledError:
                self._drop()
                raise

    async def close(self) -> None:
        """Take leave of the server, or just leave. The next delivery connects again."""
        async with self._lock:
            client = self._client
            if client is not None:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await client.quit(timeout=self._options.timeouts.connect)
            self._drop()

    async def _transact(self, letter: _Letter) -> Acceptance:
        client = await self._connected(letter)
        command = self._options.timeouts.command
        self._step = "sender"
        encoding = "utf-8" if letter.needs_utf8 else "ascii"
        await client.mail(letter.sender, options=_mail_options(client, letter), encoding=encoding, timeout=command)
        self._step = "recipient"
        await client.rcpt(letter.recipient, encoding=encoding, timeout=command)
        self._step = "data"
        answer = await client.execute_command(b"DATA", timeout=command)
        if answer.code != _GO_AHEAD:
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)
        if client.protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("connection lost")
        client.protocol.write(_LEADING_DOT.sub(b"..", letter.content) + b".\r\n")
        self._step = "content"
        answer = await client.protocol.read_response(timeout=self._options.timeouts.content)
        if not 200 <= answer.code <= 299:  # RFC 5321, 4.3.2: the first digit decides
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)
        return Acceptance(str(answer.code), one_line(answer.message))

    async def _connected(self, letter: _Letter) -> aiosmtplib.SMTP:
        """Return the kept connection if it still answers a reset, else a new one."""
        self._step = "connect"
        if self._client is not None:
            try:
                await self._client.rset(timeout=self._options.timeouts.connect)
            except (aiosmtplib.SMTPException, OSError):
                self._drop()
            else:
                return self._client
        client = self._new_client(letter)
        try:
            await self._open(client)
        except BaseException:
            client.close()  # a connection that is not logged in must never be kept
            raise
        self._client = client
        return client

    def _new_client(self, letter: _Letter) -> aiosmtplib.SMTP:
        options = self._options
        return aiosmtplib.SMTP(
            hostname=options.host,
            port=options.effective_port,
            local_hostname=letter.sender.rpartition("@")[2],  # a domain that we answer for, not this machine's name
            timeout=options.timeouts.command,
            use_tls=options.security == "implicit",
            start_tls=False,  # the library's own way is STARTTLS if the server likes; _open insists
            cert_bundle=str(options.ca_file) if options.ca_file else None,
        )

    async def _open(self, client: aiosmtplib.SMTP) -> None:
        options = self._options
        await client.connect(timeout=options.timeouts.connect)
        self._step = "hello"
        await _greet(client, plainly=options.security != "required" and options.username is None)
        if options.security == "required":
            self._step = "tls"
            if not client.supports_extension("starttls"):
                reason = f"{options.host} does not offer STARTTLS, so nothing was sent"
                raise DeliveryError(f"{reason}; try `tls: implicit` with port 465", channel_wide=True)
            await client.starttls()
            self._step = "hello"
            await client.ehlo()
        if options.username is not None and options.password is not None:
            self._step = "login"
            await _log_in(client, options.username, options.password.get_secret_value())

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def _failure(self, error: Exception) -> DeliveryError:
        host = self._options.host
        cause = error if isinstance(error, ssl.SSLError) else error.__cause__
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = one_line(cause.verify_message)
            hint = "set `host` to the name in the certificate, or `ca_file` to the authority that signed it"
            reason = f"the certificate of {host} is not good ({why}); nothing was sent; {hint}"
            return DeliveryError(reason, channel_wide=True)
        return unanswered(host, self._step, str(cause or error))


def open_channel(options: Options) -> EmailChannel:
    """Return a channel through the server of ``options``; nothing is connected before the first delivery."""
    return EmailChannel(options)


async def _greet(client: aiosmtplib.SMTP, *, plainly: bool) -> None:
    """Say EHLO; where neither TLS nor a login has to follow, HELO will do for a server that knows no better."""
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        if not plainly or not client.is_connected:
            raise
        await client.helo()


async def _log_in(client: aiosmtplib.SMTP, username: str, password: str) -> None:
    """Log in with one try: the library's own ``login`` tries each method, and three wrong tries can lock an account."""
    ways = {"plain": client.auth_plain, "login": client.auth_login, "cram-md5": client.auth_crammd5}
    known = [way for name, way in ways.items() if name in client.server_auth_methods]
    if not known:
        offered = ", ".join(client.server_auth_methods) or "none"
        raise aiosmtplib.SMTPException(f"logins offered: {offered}; logins known: {', '.join(ways)}")
    await known[0](username, password)


def _letter(envelope: Envelope) -> _Letter:
    sender = _ascii_domain(envelope.sender)
    if sender is None:
        reason = f"the sender {one_line(envelope.sender)!r} is not an address; correct it in the configuration"
        raise DeliveryError(reason, channel_wide=True)
    recipient = _ascii_domain(envelope.recipient)
    if recipient is None:
        reason = f"the recipient {one_line(envelope.recipient)!r} is not an address; correct or remove it"
        raise DeliveryError(reason, permanent=True)
    content = _LINE_END.sub(b"\r\n", envelope.content)  # a finished message has no other: a bare LF smuggles mails
    return _Letter(sender, recipient, content if content.endswith(b"\r\n") else content + b"\r\n")


def _ascii_domain(address: str) -> str | None:
    """Return the address with its domain as DNS knows it, or ``None`` for what is no plain address.

    The library would silently rewrite those. A domain whose ASCII form names another one (IDNA 2003 turns
    ``straße`` into ``strasse``) counts as none: it has to be written in its ``xn--`` form.
    """
    if not _ADDRESS.fullmatch(address):
        return None
    local, _, domain = address.rpartition("@")
    try:
        encoded = domain.encode("idna")
        return f"{local}@{encoded.decode('ascii')}" if encoded.decode("idna") == domain.lower() else None
    except UnicodeError:
        return None


def _mail_options(client: aiosmtplib.SMTP, letter: _Letter) -> list[str]:
    """Return the parameters of MAIL FROM; raise DeliveryError for what this server cannot take at all."""
    options: list[str] = []
    if client.supports_extension("size"):
        _check_size(client.esmtp_extensions["size"], len(letter.content))
        options.append(f"SIZE={len(letter.content)}")
    if not letter.content.isascii():
        if not client.supports_extension("8bitmime"):
            raise DeliveryError("the server takes 7-bit messages only, and this one has 8; encode it", permanent=True)
        options.append("BODY=8BITMIME")
    if letter.needs_utf8:
        if not client.supports_extension("smtputf8"):
            reason = "the server does not take addresses with letters outside ASCII (SMTPUTF8); use another address"
            raise DeliveryError(f"{one_line(letter.recipient)}: {reason}", permanent=True)
        options.append("SMTPUTF8")
    return options


def _check_size(limit: str, size: int) -> None:
    if limit.isdecimal() and 0 < int(limit) < size:
        reason = f"the message has {size} bytes and the server takes {limit}; a smaller `budget` makes smaller mails"
        raise DeliveryError(reason, permanent=True)
