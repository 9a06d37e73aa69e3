"""Headers and bodies in ASCII: RFC 2047 encoded words and RFC 2045 transfer encodings, each in its shorter form."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import TypeAlias

_LONGEST_LINE = 78
_LONGEST_ENCODED_LINE = 76
_LONGEST_ENCODED_WORD = 75
_LONGEST_PLAIN_WORD = 60
_SHORT_AND_PLAIN = re.compile(r"[ -<>-~]{0,74}[!-<>-~]")
_PLAIN_IN_Q = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")


def is_plain(text: str) -> bool:
    """Return whether ``text`` can stand in a header as it is: ASCII, foldable, not like an encoded word."""
    return text.isascii() and "=?" not in text and all(len(word) <= _LONGEST_PLAIN_WORD for word in text.split(" "))


def unstructured(text: str, used: int) -> str:
    """Return one line of ``text`` as the value of a header whose name takes ``used`` columns; folded, all ASCII."""
    if is_plain(text):
        return fold(text.split(" "), used)
    return fold(encoded_words(text, used), used, _LONGEST_ENCODED_LINE)


def mailbox(name: str, address: str, used: int) -> str:
    """Return ``name <address>``, the name quoted or in encoded words (RFC 5322, section 3.4), or the address alone."""
    if not name:
        return address
    if is_plain(name):
        return fold([quoted(name), f"<{address}>"], used)
    return fold([*encoded_words(name, used), f"<{address}>"], used, _LONGEST_ENCODED_LINE)


def quoted(text: str) -> str:
    """Return ``text`` as a quoted string (RFC 5322, section 3.2.4)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def fold(parts: list[str], used: int, limit: int = _LONGEST_LINE) -> str:
    """Return ``parts`` joined by blanks and folded before those that would cross ``limit``; no part is ever broken."""
    lines, column = [parts[0]], used + len(parts[0])
    for part in parts[1:]:
        if column + 1 + len(part) > limit:
            lines.append(part)
            column = 1 + len(part)
        else:
            lines[-1] += f" {part}"
            column += 1 + len(part)
    return "\r\n ".join(lines)


def encoded_words(text: str, used: int) -> list[str]:
    """Return ``text`` as encoded words of at most 75 characters, the first short enough to follow ``used`` columns.

    Words are cut between characters, so that each can be decoded alone (RFC 2047, section 5), and Q words use only the
    letters that are also allowed in a display name.
    """
    form = min("qb", key=lambda name: len(_encoded_word(text, name)))
    return [_encoded_word(chunk, form) for chunk in _chunks(text, form, _LONGEST_ENCODED_LINE - used)]


def _chunks(text: str, form: str, room: int) -> Iterator[str]:
    chunk = ""
    for char in text:
        if chunk and len(_encoded_word(chunk + char, form)) > min(room, _LONGEST_ENCODED_WORD):
            yield chunk
            chunk, room = "", _LONGEST_ENCODED_WORD
        chunk += char
    yield chunk


def _encoded_word(text: str, form: str) -> str:
    octets = text.encode()
    if form == "b":
        return f"=?utf-8?b?{base64.b64encode(octets).decode('ascii')}?="
    letters = (chr(octet) if octet in _PLAIN_IN_Q else f"={octet:02X}" for octet in octets)
    return f"=?utf-8?q?{''.join(letters).replace('=20', '_')}?="


Body: TypeAlias = tuple[str, bytes]
"""The name of a transfer encoding, and lines in it, each ended by CRLF."""


def body(text: str) -> Body:
    """Return ``text`` in UTF-8 in the shorter transfer encoding."""
    return shorter(text, quoted_printable(text), len(_octets(text)))


def shorter(text: str, quoted: bytes, octets: int) -> Body:
    """Return ``text`` in the shorter transfer encoding.

    ``quoted`` is the same in quoted-printable, ``octets`` how long it is in UTF-8 with lines ended by CRLF.
    """
    if based_length(octets) >= len(quoted):
        return "quoted-printable", quoted if quoted.endswith(b"\r\n") else quoted + b"\r\n"
    return "base64", base64.encodebytes(_octets(text)).replace(b"\n", b"\r\n")


def based_length(octets: int) -> int:
    """Return how long ``octets`` bytes are in base64 with their line ends."""
    return -(-octets // 3) * 4 + -(-octets // 57) * 2


def quoted_printable(text: str) -> bytes:
    """Return ``text`` in quoted-printable, ending at the start of a line: what follows can be encoded by itself."""
    if not text:
        return b""
    if _SHORT_AND_PLAIN.fullmatch(text):
        return text.encode("ascii") + b"=\r\n"
    coded = binascii.b2a_qp(b"\r\n" + _octets(text), istext=True)[2:]  # soft lines end as the first line ends
    return coded if coded.endswith(b"\r\n") else coded + b"=\r\n"


def _octets(text: str) -> bytes:
    octets = text.encode()
    if b"\r" in octets:
        octets = octets.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return octets.replace(b"\n", b"\r\n")
