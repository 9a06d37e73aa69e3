"""What each entry of a listing means: a new paper, a revision, or one that we have seen.

Pure: values in, findings out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from operator import attrgetter

from monitor.ingest.identity import STRONG, keys, version
from monitor.ingest.normalise import MAX_INSTITUTIONS
from monitor.text import fold
from monitor.types.findings import Finding, KnownPaper, Print
from monitor.types.listings import Entry, Listing
from monitor.types.papers import Paper

_ELLIPSES = ("…", "...")
_CUT_SHORT = 0.5
"""A print with less than this share of the known abstract's length is a poorer print, not a revision."""


_FIGURES = frozenset({"where", "rank", "upvotes", "comments", "stars", "announcement"})
_PRINTED = attrgetter(*(field.name for field in fields(Entry) if field.name not in _FIGURES))


def keyed_entries(listing: Listing, source: str) -> tuple[tuple[Entry, tuple[str, ...]], ...]:
    """Return each work of ``listing`` once, with its keys.

    A key other than the strong ones that stands on entries with different texts (one link for a whole feed, one GUID
    for all) names none of them.
    """
    found = [(entry, keys(entry, source)) for entry in listing.entries]
    owners: dict[str, set[str]] = {}
    for _, names in found:
        for name in names:
            owners.setdefault(name, set()).add(names[-1])
    unique: list[tuple[Entry, tuple[str, ...]]] = []
    holders: dict[str, frozenset[str]] = {}
    for entry, names in found:
        usable = tuple(name for name in names if len(owners[name]) == 1 or name.startswith(STRONG))
        if any(name in holders and not _contradicts(usable, holders[name]) for name in usable):
            continue
        unique.append((entry, usable))
        holders.update(dict.fromkeys(usable, frozenset(usable)))
    return tuple(unique)


def seal(entry: Entry) -> bytes:
    """Return a hash of all that ``entry`` prints of its paper: its place, its figures and its announcement aside."""
    printed = repr(_PRINTED(entry))  # repr escapes what cannot be encoded
    return hashlib.blake2b(printed.encode(), digest_size=12).digest()


def decide(
    entry: Entry,
    names: tuple[str, ...],
    source: str,
    known: Mapping[str, KnownPaper],
    at: datetime,
    sealed: bytes | None = None,
) -> Finding:
    """Return what ``entry`` means, given the papers of the store that share a key with it (``known``, by key).

    ``sealed`` is its seal, for callers who have it.
    """
    printed = Print(names[-1].removeprefix("text:"), version(entry), sealed or seal(entry))
    by = _shared_key(names, known)
    if not by:
        return _first_print(entry, names, source, printed, at)
    same = known[by]
    finding = Finding(
        "seen", entry, _joined(same.paper, entry, source), names, printed,
        by="" if source in same.prints else by, others=_others(names, known, same),
    )  # fmt: skip
    return _with_text(finding, same, source)


def _with_text(finding: Finding, same: KnownPaper, source: str) -> Finding:
    entry, paper = finding.entry, finding.paper
    if _is_revision(entry, finding.print, same, source):
        revised = replace(paper, title=entry.title, abstract=entry.abstract, version=paper.version + 1)
        return replace(finding, kind="revised", paper=revised, former=same.paper)
    if same.paper.abstract and _is_cut_short(same.paper, entry):
        paper = replace(paper, abstract=entry.abstract)
    return replace(finding, paper=paper, is_changed=paper != same.paper)


def _shared_key(names: tuple[str, ...], known: Mapping[str, KnownPaper]) -> str:
    """Return the strongest name that leads to a paper which can be this work, or an empty string."""
    return next((name for name in names if name in known and not _contradicts(names, known[name].keys)), "")


def _others(names: tuple[str, ...], known: Mapping[str, KnownPaper], same: KnownPaper) -> tuple[int, ...]:
    """Return the papers beside ``same`` to which a strong name of the same entry leads: two records of one work."""
    strong = [known[name] for name in names if name.startswith(STRONG) and name in known]
    others = [one for one in strong if one.paper.id != same.paper.id and not _contradicts(tuple(one.keys), same.keys)]
    return tuple(dict.fromkeys(one.paper.id for one in others))


def _contradicts(names: tuple[str, ...], others: frozenset[str]) -> bool:
    """Whether both sides carry a strong key of one kind, and none in common: two works with one text or link."""
    for kind in STRONG:
        ours = {name for name in names if name.startswith(kind)}
        theirs = {name for name in others if name.startswith(kind)}
        if ours and theirs and not ours & theirs:
            return True
    return False


def _first_print(entry: Entry, names: tuple[str, ...], source: str, printed: Print, at: datetime) -> Finding:
    paper = Paper(
        id=0, key=names[0], title=entry.title, abstract=entry.abstract, first_seen=at, authors=entry.authors,
        categories=entry.categories, url=entry.url, pdf_url=entry.pdf_url, code_url=entry.code_url,
        published=entry.published, published_precision=entry.published_precision, language=entry.language,
        one_liner=entry.one_liner, sources=(source,), upvotes=entry.upvotes, author_ids=entry.author_ids,
        institutions=entry.institutions,
    )  # fmt: skip
    if entry.announcement in ("replace", "replace-cross"):
        stated = f"version {printed.version}" if printed.version else "a new version"
        return Finding("revised", entry, paper, names, printed, evidence=f"{stated} of a paper from before we watched")
    return Finding("new", entry, paper, names, printed)


def _is_revision(entry: Entry, printed: Print, known: KnownPaper, source: str) -> bool:
    """Whether this print says something else than the text we hold, on good evidence.

    Sources print one paper differently (cut, without LaTeX, an older version), so another source's wording is no
    revision: the same source must contradict itself, or the stated version must be higher than any seen.
    """
    if printed.fingerprint in {other.fingerprint for other in known.prints.values()}:
        return False
    if not entry.abstract or _is_poorer(entry, known.paper) or _is_cut_short(known.paper, entry):
        return False
    if _is_piece(entry.abstract) and fold(entry.title) == fold(known.paper.title):
        return False
    seen = [other.version for other in known.prints.values() if other.version is not None]
    if printed.version is not None and seen:
        return printed.version > max(seen)
    return source in known.prints


def _is_poorer(entry: Entry, paper: Paper) -> bool:
    ours, theirs = fold(paper.abstract), fold(entry.abstract)
    return len(theirs) < _CUT_SHORT * len(ours) or (len(theirs) < len(ours) and ours.startswith(theirs))


def _is_cut_short(paper: Paper, entry: Entry) -> bool:
    """Whether the abstract we hold is only the beginning, or a piece, of the one that came."""
    ours, theirs = fold(paper.abstract), fold(entry.abstract)
    if len(ours) >= len(theirs):
        return False
    return theirs.startswith(ours) or (
        _is_piece(paper.abstract)
        and all(fold(piece) in theirs for piece in paper.abstract.replace("...", "…").split("…"))
    )


def _is_piece(abstract: str) -> bool:
    """Whether ``abstract`` says itself that it is cut: another cut of the same text may read quite differently."""
    return abstract.strip().startswith(_ELLIPSES) or abstract.strip().endswith(_ELLIPSES)


def _author_ids(paper: Paper, entry: Entry) -> tuple[str, ...]:
    """Return the ids of the paper's authors: those of this print, where it names the same people in the same order."""
    if paper.author_ids or not entry.author_ids:
        return paper.author_ids
    ours, theirs = ([fold(name).split()[-1:] for name in one.authors] for one in (paper, entry))
    return entry.author_ids if ours in ([], theirs) else ()


def _joined(paper: Paper, entry: Entry, source: str) -> Paper:
    """Return ``paper`` with what this entry adds: a source, links, figures, authors that were missing."""
    return replace(
        paper,
        abstract=paper.abstract or entry.abstract,
        authors=paper.authors or entry.authors,
        author_ids=_author_ids(paper, entry),
        institutions=tuple(dict.fromkeys((*paper.institutions, *entry.institutions)))[:MAX_INSTITUTIONS],
        categories=tuple(dict.fromkeys((*paper.categories, *entry.categories))),
        url=paper.url or entry.url,
        pdf_url=paper.pdf_url or entry.pdf_url,
        code_url=paper.code_url or entry.code_url,
        published=paper.published or entry.published,
        published_precision=paper.published_precision if paper.published else entry.published_precision,
        language=paper.language or entry.language,
        one_liner=entry.one_liner or paper.one_liner,
        upvotes=entry.upvotes if entry.upvotes is not None else paper.upvotes,
        sources=paper.sources if source in paper.sources else (*paper.sources, source),
    )
