"""Drawings with gaps: what many mails share is drawn once, and what is one reader's own is filled in for each.

A gap is drawn as a word that no paper can hold, since it is made anew by each process.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.render.encoding import quoted_printable
from monitor.render.gate import cleaned

_TOKEN = f"gap{secrets.token_hex(6)}"
_GAP = re.compile(rf"(?:https://)?{_TOKEN}x(\d+)x")
_LATER = re.compile(rf"{_TOKEN}y(\w+?)y([0-9a-f]*)y")


def gap(number: int) -> str:
    """Return what stands for text number ``number`` in a drawing."""
    return f"{_TOKEN}x{number}x"


def link_gap(number: int) -> str:
    """Return what stands for URL number ``number``."""
    return f"https://{_TOKEN}x{number}x"


def later(name: str, function: Callable[..., str]) -> Callable[..., str]:
    """Return ``function``, put off until gaps are filled where its text has some: widths depend on what fills them."""

    def put_off(text: str, *rest: Any) -> str:
        if _TOKEN not in text:
            return function(text, *rest)
        return f"{_TOKEN}y{name}y{json.dumps([cleaned(text), *rest]).encode().hex()}y"

    return put_off


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was drawn, and the same in quoted-printable, ending at the start of a line.

    ``octets`` is how long the text is in UTF-8, lines ended by CRLF.
    """

    text: str = ""
    coded: bytes = b""
    octets: int = 0

    @classmethod
    def of(cls, text: str) -> Drawing:
        """Return ``text`` with its code."""
        length = len(text) if text.isascii() else len(text.encode())
        return cls(text, quoted_printable(text), length + text.count("\n"))

    @classmethod
    def joined(cls, parts: Iterable[Drawing]) -> Drawing:
        """Return drawings one after the other."""
        each = list(parts)
        text, coded = "".join([one.text for one in each]), b"".join([one.coded for one in each])
        return cls(text, coded, sum([one.octets for one in each]))


@dataclass(frozen=True, slots=True)
class _Call:
    function: Callable[..., str]
    text: tuple[str | int, ...]
    rest: tuple[Any, ...]

    def made(self, values: Mapping[int, str | Drawing]) -> str:
        text = [part if isinstance(part, str) else str(values[part]) for part in self.text]
        return self.function("".join(text), *self.rest)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A drawing as its fixed parts, the numbers of its gaps, and what is worked out once they are filled."""

    parts: tuple[Drawing | int | _Call, ...]

    def filled(self, values: Mapping[int, str | Drawing], escape: Callable[[str], str] = str) -> Drawing:
        """Return the drawing with ``values`` in its gaps, each text as ``escape`` makes it fit to stand there."""
        return Drawing.joined(_filled(self.parts, values, escape))

    def worded(
        self, values: Mapping[int, str | Drawing], places: Mapping[int, str], escape: Callable[[str], str] = str
    ) -> Worded:
        """Return the same for many readers: the gaps of ``places`` stay open for what each has of their own there."""
        fixed = [places[part] if isinstance(part, int) and part in places else part for part in self.parts]
        made = _filled((part for part in fixed if not isinstance(part, str)), values, escape)
        return Worded(tuple(part if isinstance(part, str) else next(made) for part in fixed))


def _filled(
    parts: Iterable[Drawing | int | _Call], values: Mapping[int, str | Drawing], escape: Callable[[str], str]
) -> Iterator[Drawing]:
    for part in parts:
        if isinstance(part, Drawing):
            yield part
            continue
        value = values[part] if isinstance(part, int) else part.made(values)
        yield value if isinstance(value, Drawing) else Drawing.of(str(escape(value)))


@dataclass(frozen=True, slots=True)
class Worded:
    """A drawing in which all is said but what each of many readers has of their own, by its place."""

    parts: tuple[Drawing | str, ...]

    @classmethod
    def joined(cls, all_of_them: Iterable[Worded]) -> Worded:
        """Return several one after the other; what stands between two places is one drawing."""
        parts: list[Drawing | str] = []
        fixed: list[Drawing] = []
        for part in (part for one in all_of_them for part in one.parts):
            if isinstance(part, Drawing):
                fixed.append(part)
            else:
                parts += [Drawing.joined(fixed), part]
                fixed = []
        parts.append(Drawing.joined(fixed))
        return cls(tuple(parts))

    def filled(self, own: Mapping[str, Drawing]) -> Drawing:
        """Return the drawing for one reader."""
        return Drawing.joined([own[part] if isinstance(part, str) else part for part in self.parts])


def skeleton(drawn: str, functions: Mapping[str, Callable[..., str]]) -> Skeleton:
    """Return a drawing that holds gaps, taken apart; ``functions`` are those that may have been put off."""
    fixed, *found = _LATER.split(drawn)
    parts: list[str | int | _Call] = [*_with_gaps(fixed)]
    for name, argument, following in zip(found[::3], found[1::3], found[2::3], strict=True):
        text, *rest = json.loads(bytes.fromhex(argument))
        parts += [_Call(functions[name], tuple(_with_gaps(text)), tuple(rest)), *_with_gaps(following)]
    return Skeleton(tuple(Drawing.of(part) if isinstance(part, str) else part for part in parts))


def _with_gaps(text: str) -> list[str | int]:
    """Return the texts between the gaps, which stand at even places, and the numbers of the gaps; no empty text."""
    pieces = enumerate(_GAP.split(text))
    return [int(piece) if place % 2 else piece for place, piece in pieces if piece]
