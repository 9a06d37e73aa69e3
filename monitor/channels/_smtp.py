"""One connection to a mail server, and the letter that goes over it (RFC 5321), over aiosmtplib."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from monitor.channels._answers import Step, refused, unanswered
from monitor.errors import DeliveryError
from monitor.text import one_line
from monitor.types.digests import Acceptance, Envelope

if TYPE_CHECKING:
    from monitor.channels.email import Options

_GO_AHEAD = 354
_CLOSING = 421
_ATOM = r"""[^\x00-\x20\x7f\s()<>\[\]:;@\\,"]+"""
_ADDRESS = re.compile(rf"{_ATOM}@{_ATOM}")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letter:
    """An envelope as it goes over the wire."""

    sender: str
    recipient: str
    content: bytes

    @property
    def needs_utf8(self) -> bool:
        return not (self.sender + self.recipient).isascii()

    @property
    def encoding(self) -> str:
        return "utf-8" if self.needs_utf8 else "ascii"

    @property
    def stuffed(self) -> bytes:
        """The content as it goes after DATA (RFC 5321, 4.5.2), with the final dot."""
        dotted = self.content.startswith(b".") or b"\n." in self.content  # looking is cheaper than replacing nothing
        return (_LEADING_DOT.sub(b"..", self.content) if dotted else self.content) + b".\r\n"


class Connection:
    """One connection, which knows how far the delivery on it came."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._client: aiosmtplib.SMTP | None = None
        self._step: Step = "connect"

    @property
    def is_open(self) -> bool:
        return self._client is not None

    async def deliver(self, letter: Letter) -> Acceptance:
        try:
            async with asyncio.timeout(self._options.timeouts.total):
                return await self._transact(letter)
        except aiosmtplib.SMTPResponseException as error:
            outcome = refused(self._options.host, self._step, error.code, error.message)
            await self._begin_anew(error.code)
            raise outcome from error
        except DeliveryError:  # ours, before anything was said about this letter
            raise
        except (aiosmtplib.SMTPException, OSError) as error:  # a TimeoutError is an OSError
            self._drop()
            raise self._failure(error) from error
        except BaseException:
            self._drop()
            raise

    async def probe(self, sender: str) -> str:
        options = self._options
        client = self._new_client(sender)
        try:
            async with asyncio.timeout(2 * options.timeouts.connect):
                self._step = "connect"
                await self._open(client)
                wire = client.get_transport_info("ssl_object")
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await client.quit()
        except aiosmtplib.SMTPResponseException as error:
            raise refused(options.host, self._step, error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise self._failure(error) from error
        finally:
            client.close()
        security = f"{wire.version()}" if wire else "no TLS, on this machine"
        login = f"logged in as {options.username}" if options.username else "no login"
        return f"{options.host}:{options.effective_port}, {security}, {login}"

    async def close(self) -> None:
        if self._client is not None:
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await self._client.quit(timeout=self._options.timeouts.connect)
        self._drop()

    async def _transact(self, letter: Letter) -> Acceptance:
        client = await self._begun(letter)
        command = self._options.timeouts.command
        self._step = "recipient"
        await client.rcpt(letter.recipient, encoding=letter.encoding, timeout=command)
        _in_step(client)
        self._step = "data"
        answer = await client.execute_command(b"DATA", timeout=command)
        if answer.code != _GO_AHEAD:
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)
        protocol = _in_step(client)
        protocol.write(letter.stuffed)
        self._step = "content"
        answer = await protocol.read_response(timeout=self._options.timeouts.content)
        if not 200 <= answer.code <= 299:  # RFC 5321, 4.3.2: the first digit decides
            raise aiosmtplib.SMTPDataError(answer.code, answer.message)
        with contextlib.suppress(aiosmtplib.SMTPServerDisconnected):  # it has the message, whatever else it babbles
            _in_step(client)
            return Acceptance(str(answer.code), one_line(answer.message))
        self._drop()
        return Acceptance(str(answer.code), one_line(answer.message))

    async def _begun(self, letter: Letter) -> aiosmtplib.SMTP:
        """Return a connection on which the server has heard who writes: the kept one if it still lives, else a new."""
        kept, timeouts = self._client, self._options.timeouts
        if kept is not None:
            try:
                return await self._mail(kept, letter, timeouts.connect)
            except aiosmtplib.SMTPResponseException as error:
                if error.code != _CLOSING:
                    raise
            except (aiosmtplib.SMTPServerDisconnected, OSError):
                pass  # it died while nobody looked: nothing was said about this letter yet
            self._drop()
        self._step = "connect"
        client = self._new_client(letter.sender)
        try:
            await self._open(client)
        except BaseException:
            client.close()  # a connection that is not logged in must never be kept
            raise
        self._client = client
        return await self._mail(client, letter, timeouts.command)

    async def _mail(self, client: aiosmtplib.SMTP, letter: Letter, patience: float) -> aiosmtplib.SMTP:
        options = _mail_options(client, letter)
        self._step = "sender"
        _in_step(client)
        await client.mail(letter.sender, options=options, encoding=letter.encoding, timeout=patience)
        _in_step(client)
        return client

    async def _begin_anew(self, code: int) -> None:
        """Bring the dialogue back to its start after a refusal, or leave: 421 means that the server does."""
        if self._client is None:
            return
        if code == _CLOSING or not 400 <= code <= 599:  # not SMTP: who knows what comes next on this line
            self._drop()
            return
        try:
            await self._client.rset(timeout=self._options.timeouts.connect)
        except (aiosmtplib.SMTPException, OSError):
            self._drop()

    def _new_client(self, sender: str) -> aiosmtplib.SMTP:
        options = self._options
        return aiosmtplib.SMTP(
            hostname=options.host,
            port=options.effective_port,
            local_hostname=sender.rpartition("@")[2],  # a domain that we answer for, not this machine's name
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


def _in_step(client: aiosmtplib.SMTP) -> SMTPProtocol:
    """Return the protocol of a dialogue in step; raise SMTPServerDisconnected when there are answers to nothing.

    Else the next command would be paired with one of them.
    """
    protocol = client.protocol
    if protocol is None:
        raise aiosmtplib.SMTPServerDisconnected("connection lost")
    if protocol._buffer:  # noqa: SLF001 - the library has no public word for it
        raise aiosmtplib.SMTPServerDisconnected("it answers what was not asked")
    return protocol


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


def letter_of(envelope: Envelope) -> Letter:
    sender = _ascii_domain(envelope.sender)
    if sender is None:
        reason = f"the sender {one_line(envelope.sender)!r} is not an address; correct it in the configuration"
        raise DeliveryError(reason, channel_wide=True)
    recipient = _ascii_domain(envelope.recipient)
    if recipient is None:
        reason = f"the recipient {one_line(envelope.recipient)!r} is not an address; correct or remove it"
        raise DeliveryError(reason, permanent=True)
    content = envelope.content
    if not content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r"):
        content = _LINE_END.sub(b"\r\n", content)  # a finished message has no other: a bare LF smuggles mails
    return Letter(sender, recipient, content if content.endswith(b"\r\n") else content + b"\r\n")


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


def _mail_options(client: aiosmtplib.SMTP, letter: Letter) -> list[str]:
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
