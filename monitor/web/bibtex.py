"""Papers as BibTeX, which every reference manager takes in: what BibTeX would read as its own is written as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from monitor.text import fold, one_line
from monitor.types.papers import Paper

_ESCAPES = str.maketrans(
    {
        "{": "(", "}": ")", "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "%&#$_"},
    }
)  # fmt: skip
"""Braces cannot be written: BibTeX counts them even when they are escaped."""
_MOST = 20_000
_COMMA_OR_AND = re.compile(r",|\band\b", re.IGNORECASE)


def bibtex(papers: Iterable[Paper]) -> str:
    """Return one record for each paper, in order; a record's key tells its first author and year and is its own."""
    return "\n".join(map(_record, papers))


def _record(paper: Paper) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(paper) if value)
    return f"@article{{{_key(paper)},\n{fields}}}\n"


def _key(paper: Paper) -> str:
    surname = fold(paper.authors[0]).rpartition(" ")[2] if paper.authors else "paper"
    year = paper.published.year if paper.published else paper.first_seen.year
    return f"{re.sub('[^a-z]', '', surname)}{year}-{paper.id}"


def _fields(paper: Paper) -> Iterator[tuple[str, str]]:
    kind, _, name = paper.key.partition(":")
    yield "title", f"{{{_said(paper.title)}}}"  # the second braces keep its capitals
    yield "author", " and ".join(map(_name, paper.authors))
    if paper.published:
        yield "date", f"{paper.published:%Y-%m-%d}"
        yield "year", str(paper.published.year)
    if kind == "arxiv":
        yield "eprint", _said(name)
        yield "archiveprefix", "arXiv"
        yield "primaryclass", _said(paper.categories[0]) if paper.categories else ""
    yield "doi", _said(name) if kind == "doi" else ""
    yield "url", (paper.url or "").translate(str.maketrans("{}\\", "()/"))
    yield "keywords", ", ".join(map(_said, paper.categories))
    yield "abstract", _said(paper.abstract)


def _name(name: str) -> str:
    said = _said(name)
    return f"{{{said}}}" if _COMMA_OR_AND.search(said) else said


def _said(text: str) -> str:
    return one_line(text, _MOST).translate(_ESCAPES)
