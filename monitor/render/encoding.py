"""Headers and bodies in ASCII: RFC 2047 encoded words and RFC 2045 transfer encodings, each in its shorter form."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

_LONGEST_LINE = 78
_LONGEST_ENCODED_LINE = 76
_LONGEST_ENCODED_WORD = 75
_LONGEST_PLAIN_WORD = 60
_PLAIN_IN_Q = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_LINE_END = re.compile(rb"\r\n|\r|\n")


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


def body(text: str) -> tuple[str, bytes]:
    """Return the name of the shorter transfer encoding for ``text`` in UTF-8, and its lines, each ended by CRLF."""
    octets = _LINE_END.sub(b"\r\n", text.encode())
    soft = _LINE_END.sub(b"\r\n", binascii.b2a_qp(octets, istext=True))  # it ends soft lines as its first line ends
    based = base64.encodebytes(octets).replace(b"\n", b"\r\n")
    name, encoded = min(("quoted-printable", soft), ("base64", based), key=lambda pair: len(pair[1]))
    return name, encoded if encoded.endswith(b"\r\n") else encoded + b"\r\n"
