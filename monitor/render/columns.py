"""Plain text in columns of a terminal: wide letters count two, marks count none (Unicode Standard Annex 11)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WIDE = (
    r"\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6"
    r"\U00020000-\U0003fffd"
)
_NARROW = re.compile(r"[\n\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2190-\u21ff\u25a0\u25a1]*")  # a letter, a column
_PIECE = re.compile(rf"[{_WIDE}][^\w\s]*|[^{_WIDE}]+")  # a line does not start with what closes a phrase


def columns(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@lru_cache(maxsize=4096)
def _columns_of(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def fill(text: str, first: str = "", rest: str | None = None, width: int = 72) -> str:
    """Return ``text`` in lines of at most ``width`` columns, broken at blanks, or between wide letters.

    Lines start with ``first`` and then with ``rest`` (as many blanks as ``first`` is wide where it is not given).
    What cannot be broken, such as a link, keeps a line of its own.
    """
    margin = " " * columns(first) if rest is None else rest
    if _NARROW.fullmatch(text) and _NARROW.fullmatch(first) and _NARROW.fullmatch(margin):
        return _fill_narrow(text.split(), first, margin, width)
    lines: list[str] = []
    line, used, empty = first, columns(first), True
    for word in text.split():
        gap = " "
        for piece in (word,) if word.isascii() else _PIECE.findall(word):
            if empty:
                gap = ""
            taken = len(gap) + columns(piece)
            if used + taken > width and not empty:
                lines.append(line.rstrip())
                line, used, gap = margin, columns(margin), ""
                taken = columns(piece)
            line, used, gap, empty = line + gap + piece, used + taken, "", False
    return "\n".join([*lines, line.rstrip()])


def _fill_narrow(words: list[str], first: str, margin: str, width: int) -> str:
    lines: list[str] = []
    line = first + (words[0] if words else "")
    for word in words[1:]:
        if len(line) + 1 + len(word) > width:
            lines.append(line)
            line = margin + word
        else:
            line += " " + word
    return "\n".join([*lines, line.rstrip()])


def underline(text: str, mark: str, width: int = 72) -> str:
    """Return a line of ``mark`` as wide as ``text``, and at most ``width`` columns."""
    return mark * min(width, columns(text))
