"""The mail itself: RFC 5322 bytes that the outbox keeps and a channel sends as they are. Same digest, same bytes.

Every header is written here instead of by ``email.message.EmailMessage``, whose SMTP policy turns a long
List-Unsubscribe into RFC 2047 words, so that mail programs lose the button, and changes some mixed-language subjects.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import quote

from monitor.errors import RenderError
from monitor.render.encoding import Body, body, fold, mailbox, quoted, unstructured
from monitor.render.signature import SigningKey, signed
from monitor.text import one_line
from monitor.types.digests import Digest, Envelope, Rendered

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_{|}~-]+"
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_NAME}(?:\.{_NAME})*")
_NOT_IN_A_LABEL = re.compile(r"[^a-z0-9]+")
_NOT_IN_A_TOKEN = re.compile(r"[^A-Za-z0-9-]+")
_LOGICAL_LINE = re.compile(r"[\x20-\x7e]*(?:\r\n [\x21-\x7e][\x20-\x7e]*)*")
_LONGEST_ADDRESS = 254
_LONGEST_LINK = 70
_LONGEST_LINK_ON_A_SHORT_LINE = 78 - len("List-Unsubscribe: <>")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mails are from: a display name, and an ASCII address whose domain also names lists and messages.

    ``unsubscribe_mailto`` is the address that takes "unsubscribe"; without one, ``reply_to`` and then ``address`` does.
    Each of ``keys`` signs every mail.
    """

    name: str
    address: str
    reply_to: str | None = None
    unsubscribe_mailto: str | None = None
    keys: tuple[SigningKey, ...] = ()


def build_message(digest: Digest, rendered: Rendered, sender: Sender, *, message_id_key: str) -> Envelope:
    """Return the finished message: text first and HTML last (RFC 2046), ASCII on the wire, lines ended by CRLF.

    ``message_id_key`` is this installation's secret: with profile, recipient, date and kind it makes a Message-ID that
    is the same at every attempt and that nobody can foresee. ``Envelope.message_id`` keeps its angle brackets.

    Raises RenderError when an address cannot stand in a header.
    """
    address, recipient = _address(sender.address), _address(digest.recipient)
    identity = _identity(digest, message_id_key)
    message_id = f"<{digest.local_date.isoformat()}.{identity}@{_domain(address)}>"
    subject = one_line(digest.subject)
    headers = [
        ("Date", format_datetime(digest.at)),
        ("From", mailbox(one_line(sender.name, _LONGEST_NAME), address, len("From: "))),
        ("To", recipient),
        *([("Reply-To", _address(sender.reply_to))] if sender.reply_to else []),
        ("Subject", unstructured(subject, len("Subject: "))),
        ("Message-ID", message_id),
        *_list_headers(digest, sender),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("Content-Language", _token(digest.language)),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="=_{identity}"'),
    ]
    content = b"".join([*map(_header, headers), b"\r\n", _parts(rendered, f"=_{identity}")])
    content = signed(content, sender.keys, _domain(address), digest.at)
    return Envelope(message_id, address, recipient, subject, content)


def build_note(subject: str, text: str, sender: Sender, recipient: str, at: datetime) -> Envelope:
    """Return a plain message to the operator of this installation: one text, no list; same words, same bytes.

    Raises RenderError when an address cannot stand in a header.
    """
    address = _address(sender.address)
    identity = hashlib.blake2b(f"{recipient} {at.isoformat()} {text}".encode(), digest_size=12).hexdigest()
    message_id, subject = f"<note.{identity}@{_domain(address)}>", one_line(subject)
    encoding, encoded = body(text)
    headers = [
        ("Date", format_datetime(at)),
        ("From", mailbox(one_line(sender.name, _LONGEST_NAME), address, len("From: "))),
        ("To", _address(recipient)),
        ("Subject", unstructured(subject, len("Subject: "))),
        ("Message-ID", message_id),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", encoding),
    ]
    content = b"".join([*map(_header, headers), b"\r\n", encoded, b"\r\n"])
    content = signed(content, sender.keys, _domain(address), at)
    return Envelope(message_id, address, recipient, subject, content)


def _identity(digest: Digest, key: str) -> str:
    facts = json.dumps([digest.profile_id, digest.recipient, digest.local_date.isoformat(), digest.kind])
    secret = hashlib.sha256(key.encode()).digest()
    return hashlib.blake2b(facts.encode(), key=secret, digest_size=12).hexdigest()


def _parts(rendered: Rendered, boundary: str) -> bytes:
    """Return both drawings between boundary lines; no body can end a part, as no transfer encoding writes ``=_``."""
    plain, html = rendered.bodies or (body(rendered.text), body(rendered.html))
    parts = [_part("plain", plain, boundary), _part("html", html, boundary)]
    return b"".join([*parts, f"--{boundary}--\r\n".encode("ascii")])


def _part(subtype: str, coded: Body, boundary: str) -> bytes:
    encoding, encoded = coded
    head = [
        f"--{boundary}",
        f"Content-Type: text/{subtype}; charset=utf-8",
        f"Content-Transfer-Encoding: {encoding}",
    ]
    return "\r\n".join([*head, "", ""]).encode("ascii") + encoded + b"\r\n"


def _header(header: tuple[str, str]) -> bytes:
    """Return one header; the last gate, which nothing passes that would start a second one."""
    name, value = header
    if not _LOGICAL_LINE.fullmatch(value):
        raise RenderError(f"the header {name} would not be one line of ASCII: {value!r}; correct what it is made of")
    return f"{name}: {value}\r\n".encode("ascii")


def _list_headers(digest: Digest, sender: Sender) -> list[tuple[str, str]]:
    """Return what mail programs sort and unsubscribe by (RFC 2919, RFC 2369): not encoded, no value folded."""
    label, domain = _label(digest.profile_id), _domain(sender.address)
    name = one_line(digest.profile_name, _LONGEST_NAME)
    named = [quoted(name)] if name and name.isascii() and "=?" not in name else []
    owner = [("List-Owner", f"<mailto:{_address(sender.reply_to)}>")] if sender.reply_to else []
    return [
        ("List-ID", fold([*named, f"<{label}.{domain}>"], len("List-ID: "))),
        *_unsubscribe(digest, sender),
        *owner,
        ("List-Post", "NO"),
        ("Feedback-ID", f"{label}:{_token(digest.kind)}:digest:{domain}"),
    ]


def _unsubscribe(digest: Digest, sender: Sender) -> list[tuple[str, str]]:
    """Return how to leave: by one click where there is a page for it (RFC 8058), and by a mail."""
    by_mail = f"<{unsubscribe_link(sender, digest.profile_id)}>"
    if not digest.unsubscribe:
        return [("List-Unsubscribe", by_mail)]
    both = fold([f"<{digest.unsubscribe}>,", by_mail], len("List-Unsubscribe: "))
    return [("List-Unsubscribe", both), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")]


def unsubscribe_link(sender: Sender, profile_id: str) -> str:
    """Return a mailto link that says which list to leave in at most 70 characters: some programs hide longer ones."""
    label = _label(profile_id)
    target = sender.unsubscribe_mailto or sender.reply_to or sender.address
    address, _, query = target.removeprefix("mailto:").partition("?")
    link = f"mailto:{_address(address)}"
    if query:
        return f"{link}?{quote(query, safe='=&%')}"
    for subject, limit in ((f"unsubscribe%20{label}", _LONGEST_LINK_ON_A_SHORT_LINE), (label, _LONGEST_LINK)):
        if len(f"{link}?subject={subject}") <= limit:
            return f"{link}?subject={subject}"
    return f"{link}?subject=unsubscribe"


def _address(text: str) -> str:
    if len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text):
        return text
    raise RenderError(
        f"{text!r} cannot stand in a mail header; write a plain address such as ada@example.org, "
        "with a domain that is not ASCII in its xn-- form"
    )


def _domain(address: str) -> str:
    return address.rpartition("@")[2]


def _token(text: str) -> str:
    return _NOT_IN_A_TOKEN.sub("-", text).strip("-") or "x"


def _label(name: str) -> str:
    """Return ``name`` as one label of a domain name (RFC 1035), different for different names."""
    label = _NOT_IN_A_LABEL.sub("-", name.lower())[:40].strip("-")
    if label == name:
        return label
    return f"{label}-{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()[:8]}".strip("-")
