"""What the boolean language means, said a second time and as plainly as can be: lists of words, and loops over them.

Nothing here is taken from the program: ``Sheet`` is a paper as its words, a query is a tree of tuples, ``holds`` looks
at every word. ``draw_sheet`` and ``draw_query`` make both at random, ``printed`` and ``written`` put them as a source
and a reader would.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any

from monitor.testing import paper
from monitor.types.papers import Paper

Tree = tuple[Any, ...]
FIRST = date(2026, 1, 1)
WORDS = ("ant", "antler", "bee", "beetle", "c++", "cat", "dog", "zurich", "k", "nn")
STEMS = ("ant", "be", "bee", "zu", "do", "cat")
PRINTS = {"zurich": ("Zürich", "Zu\u0308rich", "ZURICH", "zurich"), "c++": ("C++", "c++")}
PEOPLE = ("Alexei A. Efros", "Alexei Efros", "A. Efros", "Boris Efros", "Chloé Dupont")
ASKED = {
    "Efros": PEOPLE[:4],
    "A. Efros": PEOPLE[:3],
    "Efros, Alexei": PEOPLE[:3],
    "B. Efros": (PEOPLE[3],),
    "dupont": (PEOPLE[4],),
    "D. Dupont": (),
}
CATEGORIES = ("cs.CV", "cs.LG", "stat.ML", "physics")
SOURCES = ("arxiv", "hf-daily")


@dataclass(frozen=True)
class Sheet:
    """A paper as its words."""

    title: tuple[str, ...]
    abstract: tuple[str, ...]
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    source: str
    day: date


def holds(tree: Tree, sheet: Sheet, field: str = "") -> bool:
    """Return whether the query holds, by looking at every word."""
    kind, *rest = tree
    match kind:
        case "and":
            found = all(holds(part, sheet, field) for part in rest)
        case "or":
            found = any(holds(part, sheet, field) for part in rest)
        case "not":
            found = not holds(rest[0], sheet, field)
        case "title" | "abstract":
            found = holds(rest[0], sheet, kind)
        case "author":
            found = any(one in ASKED[rest[0]] for one in sheet.authors)
        case "cat":
            found = any(_is_in(one.lower(), rest[0].lower()) for one in sheet.categories)
        case "source":
            found = sheet.source == rest[0]
        case "after":
            found = sheet.day >= rest[0]
        case "near":
            found = any(_stand_near(rest, text) for text in _texts(sheet, field))
        case _:
            found = any(beginnings(rest, text) for text in _texts(sheet, field))
    return found


def _texts(sheet: Sheet, field: str) -> list[tuple[str, ...]]:
    return [getattr(sheet, name) for name in ([field] if field else ["title", "abstract"])]


def _is_in(category: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return category.startswith(wanted[:-1])
    return category == wanted or category.startswith(wanted + ".")


def _stand_near(near: list[Any], text: tuple[str, ...]) -> bool:
    left, right, distance = near
    return any(
        one != other and abs(one - other) <= distance
        for a in left
        for b in right
        for one in beginnings(a[1:], text)
        for other in beginnings(b[1:], text)
    )


def beginnings(phrase: list[tuple[str, bool]], text: tuple[str, ...]) -> list[int]:
    """Return the places of ``text`` at which the words of ``phrase`` follow one another."""
    return [
        start
        for start in range(len(text) - len(phrase) + 1)
        if all(
            text[start + turn].startswith(word) if is_open else text[start + turn] == word
            for turn, (word, is_open) in enumerate(phrase)
        )
    ]


def draw_sheet(draw: Random) -> Sheet:
    """Make a paper up."""
    return Sheet(
        tuple(draw.choices(WORDS, k=draw.randrange(5))),
        tuple(draw.choices(WORDS, k=draw.randrange(14))),
        tuple(draw.sample(PEOPLE, k=draw.randrange(3))),
        tuple(draw.sample(CATEGORIES, k=draw.randrange(3))),
        draw.choice(SOURCES),
        FIRST.replace(day=draw.randrange(1, 29)),
    )


def printed(sheet: Sheet, number: int, draw: Random) -> Paper:
    """Return the paper as a source might print it: accents, capitals, hyphens, punctuation."""
    return paper(
        number,
        title=_printed(sheet.title, draw),
        abstract=_printed(sheet.abstract, draw),
        authors=sheet.authors,
        categories=sheet.categories,
        sources=(sheet.source,),
        published=datetime.combine(sheet.day, time(), UTC),
    )


def _printed(words: tuple[str, ...], draw: Random) -> str:
    text = ""
    for word in words:
        form = draw.choice(PRINTS.get(word, (word, word.title(), word.upper())))
        text += form + (" " if word == "c++" else draw.choice((" ", " ", "-", ", ", ". ", "\u00a0", " (", ") ")))
    return text


def draw_query(draw: Random, depth: int = 3, field: str = "") -> Tree:
    """Make a query up, of at most ``depth`` operators above its words."""
    kind = draw.choice(("leaf", "leaf", "and", "or", "not", "field")) if depth else "leaf"
    if kind in ("and", "or"):
        return (kind, *(draw_query(draw, depth - 1, field) for _ in range(draw.randrange(2, 4))))
    if kind == "not":
        return "not", draw_query(draw, depth - 1, field)
    if kind == "field" and not field:
        name = draw.choice(("title", "abstract"))
        return name, draw_query(draw, depth - 1, name)
    return _leaf(draw, field)


def _leaf(draw: Random, field: str) -> Tree:
    kind = draw.choice(("phrase",) * 6 + ("near",) * 3 + (() if field else ("author", "cat", "source", "after")))
    match kind:
        case "near":
            return kind, _side(draw), _side(draw), draw.choice((1, 2, 3, 10, 100))
        case "author":
            return kind, draw.choice(tuple(ASKED))
        case "cat":
            return kind, draw.choice(("cs", "cs.CV", "CS.lg", "st*", "cs.*", "phys", "stat"))
        case "source":
            return kind, draw.choice(SOURCES)
        case "after":
            return kind, FIRST.replace(day=draw.randrange(1, 29))
        case _:
            return _phrase(draw)


def _side(draw: Random) -> tuple[Tree, ...]:
    return tuple(_phrase(draw) for _ in range(draw.choice((1, 1, 2))))


def _phrase(draw: Random) -> Tree:
    words = [(draw.choice(STEMS), True) if draw.random() < 0.3 else (draw.choice(WORDS), False) for _ in range(3)]
    return ("phrase", *words[: draw.choice((1, 1, 1, 2, 2, 3))])


BINDING = {"or": 1, "and": 2, "not": 3, "title": 5, "abstract": 5}


def written(tree: Tree, draw: Random, around: int = 0) -> str:
    """Return the query as a reader might write it, in parentheses where it must be and sometimes where it may."""
    kind, *rest = tree
    binding = BINDING.get(kind, 4 if kind == "near" else 6)
    if kind == "or":
        text = " OR ".join(written(part, draw, binding) for part in rest)
    elif kind == "and":
        text = draw.choice((" AND ", " ")).join(written(part, draw, binding) for part in rest)
    elif kind == "not":
        text = f"NOT {written(rest[0], draw, binding)}"
    elif kind in ("title", "abstract"):
        text = f"{kind}:{draw.choice(('', ' '))}{written(rest[0], draw, binding)}"
    elif kind == "near":
        near = "NEAR" if rest[2] == 10 else f"NEAR/{rest[2]}"
        text = f"{_written_side(rest[0], draw)} {near} {_written_side(rest[1], draw)}"
    elif kind == "phrase":
        text = _written_phrase(rest, draw)
    else:
        text = f'{kind}:"{rest[0]}"' if kind == "author" else f"{kind}:{rest[0]}"
    return f"({text})" if binding < around or draw.random() < 0.1 else text


def _written_side(side: tuple[Tree, ...], draw: Random) -> str:
    text = " OR ".join(_written_phrase(phrase[1:], draw) for phrase in side)
    return text if len(side) == 1 else f"({text})"


def _written_phrase(words: list[tuple[str, bool]] | Tree, draw: Random) -> str:
    text = " ".join(draw.choice((word, word.title())) + ("*" if is_open else "") for word, is_open in words)
    return f'"{text}"' if len(words) > 1 or draw.random() < 0.2 else text
