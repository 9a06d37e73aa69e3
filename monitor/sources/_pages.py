"""From the lines of a captured page to its items: where the head ends, which text is a title, which is its abstract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from monitor.sources._align import Unit, abstractness, pairs
from monitor.sources._capture import Line, is_header, unglued
from monitor.sources._plain import flat
from monitor.types.listings import Oddity

_NUMBERED = re.compile(r"^\(?\d{1,4}[.)] +(?=\S)")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a page: its title, its abstract if there is one, and the line on which it starts."""

    title: str
    abstract: str
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """The items of a page, what in it belongs to none, and the lines on which any item starts, readable or not."""

    items: list[Item]
    strays: list[Oddity]
    starts: list[int]


def body_of(lines: Sequence[Line]) -> tuple[list[Line], list[Oddity]]:
    """Return the lines below the head of the page, and what was odd in the head.

    The head ends with its last known line (``Daily Papers``, ``Subscribe``, ...) that no prose precedes.
    """
    end = 0
    for place, line in enumerate(lines):
        if line.kind == "heading" and any("/papers/" in link for link in line.links):
            break
        if line.kind in {"text", "heading"} and _is_prose(line.text):
            break
        if is_header(line):
            end = place + 1
    body = list(lines[end:])
    first = next((place for place, line in enumerate(body) if line.kind in {"text", "heading"}), None)
    if first is not None:
        body[first] = _without_glue(body[first], body[first + 1 :])
    return body, _odd_in_head(lines[:end])


def _is_prose(text: str) -> bool:
    return len(text) > 200 or (len(text) > 60 and text.endswith("."))


def _without_glue(line: Line, following: Sequence[Line]) -> Line:
    """Return the first title without ``Subscribe`` before it, unless that is a name which its abstract uses too."""
    text = unglued(line.text)
    if text == line.text:
        return line
    name = line.text.split()[0].strip(":,").casefold()
    abstract = next((other.text for other in following if other.kind == "text"), "")
    return line if name in abstract.casefold() else Line(line.number, line.kind, text, line.links)


def _odd_in_head(head: Sequence[Line]) -> list[Oddity]:
    unknown = [line for line in head if line.kind in {"text", "heading"}]
    if not unknown:
        return []
    first, last = unknown[0].number, unknown[-1].number
    where = f"line {first}" if first == last else f"lines {first}-{last}"
    return [Oddity(where, f"stands above the list and was left out: {unknown[0].text[:60]!r}")]


# --- pages with headings ----------------------------------------------------------------------------------------------


def has_headings(body: Sequence[Line]) -> bool:
    """Return whether titles are Markdown headings: there are at least half as many headings as abstracts."""
    headings = sum(line.kind == "heading" for line in body)
    abstracts = sum(line.kind == "text" and abstractness(line.text) > 3 for line in body)
    return headings > 0 and headings * 2 >= abstracts


def sections(body: Sequence[Line]) -> Page:
    """Return the items of a page whose titles are headings; everything up to the next heading belongs to one."""
    page = Page([], [], [])
    starts = [place for place, line in enumerate(body) if line.kind == "heading"]
    page.strays.extend(_stray(line.number, line.text) for line in body[: starts[0]] if line.kind == "text")
    for start, end in pairwise([*starts, len(body)]):
        page.starts.append(body[start].number)
        title, abstract, strays = _section(body[start:end])
        page.strays.extend(strays)
        page.items.append(Item(title, abstract, body[start].number))
    return page


def _section(lines: Sequence[Line]) -> tuple[str, str, list[Oddity]]:
    paragraphs = list(_paragraphs(lines[1:]))
    title = lines[0].text
    follows_at_once = bool(paragraphs) and paragraphs[0][0].number == lines[0].number + 1
    if follows_at_once and len(paragraphs) > 1 and not _is_prose(_joined(paragraphs[0])):
        title = f"{title} {_joined(paragraphs.pop(0))}"
    texts = [(paragraph[0].number, _joined(paragraph)) for paragraph in paragraphs]
    longest = max((abstractness(text) for _, text in texts), default=0.0)
    strays = [(line, text) for line, text in texts if longest > 2 and abstractness(text) < -2]
    abstract = " ".join(text for line, text in texts if (line, text) not in strays)
    return title, abstract, [_stray(line, text) for line, text in strays]


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    run: list[Line] = []
    for line in lines:
        if line.kind == "text":
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _joined(run: Sequence[Line]) -> str:
    return flat(" ".join(line.text for line in run))


def _stray(line: int, text: str) -> Oddity:
    return Oddity(f"line {line}", f"belongs to no paper and was left out: {text[:60]!r}")


# --- pages without headings -------------------------------------------------------------------------------------------


def alternating(body: Sequence[Line]) -> Page:
    """Return the items of a page on which titles and abstracts take turns."""
    units = list(_units(body))
    found = pairs(units)
    page = Page([], [], [])
    place = 0
    for title, abstract in [*found, (len(units), len(units))]:
        for unit in units[place:title]:
            page.starts.append(unit.line)
            page.strays.append(_orphan(unit, is_last=unit is units[-1]))
        if title < len(units):
            page.starts.append(units[title].line)
            page.items.append(Item(units[title].text, units[abstract].text, units[title].line))
            page.strays.extend(_stray(unit.line, unit.text) for unit in units[title + 1 : abstract])
        place = abstract + 1
    return replace(page, items=_unnumbered(page.items))


def _unnumbered(items: list[Item]) -> list[Item]:
    """Return the items without the numbers before their titles, where all of them are numbered."""
    if len(items) < 2 or not all(_NUMBERED.match(item.title) for item in items):
        return items
    return [replace(item, title=_NUMBERED.sub("", item.title)) for item in items]


def _orphan(unit: Unit, *, is_last: bool) -> Oddity:
    if abstractness(unit.text) > 0:
        what = "an abstract without a title"
    else:
        what = (
            "a title without an abstract at the end; is the file cut off?" if is_last else "a title without an abstract"
        )
    return Oddity(f"line {unit.line}", f"{what}: {unit.text[:60]!r}")


def _units(body: Sequence[Line]) -> Iterator[Unit]:
    texts = [Line(line.number, "text" if line.kind == "heading" else line.kind, line.text) for line in body]
    runs = list(_paragraphs(texts))
    width = _wrap_width(runs)
    after_title = False
    for run in runs:
        parts = _unwrapped(run, width, after_title=after_title)
        for part in parts if width is None or len(runs) < 4 else _one_abstract(parts):
            text = _joined(part)
            after_title = abstractness(text) < 0
            yield Unit(text, part[0].number)


def _wrap_width(runs: Sequence[Sequence[Line]]) -> int | None:
    """Return the width at which the text is wrapped, or ``None``: wrapped sentences seldom end where a line does."""
    lines = [line.text for run in runs if len(run) > 2 for line in run]
    if not lines or max(map(len, lines)) > 200:
        return None
    ends = sum(line.endswith((".", "?", "!")) for line in lines)
    sentences = sum(line.count(". ") for line in lines) + ends
    if ends > 0.35 * len(lines) or sentences < len(lines) / 6:
        return None
    return sorted(map(len, lines))[len(lines) * 9 // 10]


def _unwrapped(run: Sequence[Line], width: int | None, *, after_title: bool) -> list[list[Line]]:
    """Return the run cut where a line break was meant; ``after_title``: the piece before it looks like a title."""
    if width is not None and abstractness(_joined(run)) < 0:
        return [list(run)]  # a title over several lines
    parts = [[run[0]]]
    for place, (line, following) in enumerate(pairwise(run)):
        if width is None:
            is_meant = len(line.text) <= 90 or len(following.text.split()) < 4 or not _continues(line, following)
        else:
            is_meant = _is_meant(run, place, width, in_title=len(parts[-1]) == 1 and not after_title)
        if is_meant:
            after_title = abstractness(_joined(parts[-1])) < 0
            parts.append([])
        parts[-1].append(following)
    return parts


def _one_abstract(parts: list[list[Line]]) -> list[list[Line]]:
    """Return the pieces between two blank lines, those behind a title joined unless one of them is a title, too."""
    titles = parts[: int(abstractness(_joined(parts[0])) < 0)]
    rest = parts[len(titles) :]
    if len(rest) < 2 or any(abstractness(_joined(part)) < -2 for part in rest):
        return parts
    return [*titles, [line for part in rest for line in part]]


def _continues(line: Line, following: Line) -> bool:
    return following.text.split(" ", 1)[0].islower() and not line.text.endswith((".", "?", "!", ":"))


def _fits(run: Sequence[Line], place: int, width: int) -> bool:
    """Return whether the next line's first word would have fitted behind a line, so that its end was meant."""
    used = len(run[place].text)
    return used > width * 1.2 or (
        place + 1 < len(run) and used + 1 + len(run[place + 1].text.split(" ", 1)[0]) <= width
    )


def _is_title_case(text: str) -> bool:
    words = [word for word in text.split() if len(word) > 3]
    return len(words) > 2 and sum(word[0].isupper() for word in words) > 0.6 * len(words)


def _is_meant(run: Sequence[Line], place: int, width: int, *, in_title: bool) -> bool:
    """Return whether the break behind a line of wrapped text was meant; full last lines are told by what follows."""
    line, following = run[place], run[place + 1]
    if _continues(line, following):
        return False
    if _fits(run, place, width):
        return True
    ends = following.text.endswith((".", "?", "!"))
    next_is_short = _fits(run, place + 1, width) and not ends
    if line.text.endswith(".") or (not in_title and line.text.endswith(("?", "!"))):
        return place + 2 < len(run) and (next_is_short or _is_title_case(following.text))
    return in_title and not next_is_short
