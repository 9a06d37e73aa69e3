"""From the lines of a captured listing page to its papers: what each line says of the item that it stands with.

A date without a year in the page's head is the day of the capture, in the latest year that is not after the file's
time (one day is granted for time zones); dates behind an abstract are the papers' own. A line that belongs to no title
and no abstract is reported by its number; the papers around it stay whole. What a page shows twice is read once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from statistics import median

from monitor.errors import ParseError
from monitor.sources import _capture as capture
from monitor.sources._capture import Line
from monitor.sources._feedparser import split_names
from monitor.sources._ids import arxiv_id, doi_id, ids_in_link, pdf_of
from monitor.sources._limits import gather
from monitor.sources._pages import Item, Page, alternating, body_of, has_headings, sections
from monitor.sources._plain import flat, safe_link
from monitor.types.listings import Answer, Entry, Listing, Oddity

_BATCH = re.compile(r"^\ufeff?#\s*date\s*:\s*(\S.{0,30}?)\s*$", re.IGNORECASE | re.MULTILINE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WRITTEN = re.compile(
    r"(?:([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?|(\d{1,2}) ([a-z]{3})[a-z]*\.?)(?:,? (\d{4}))?", re.IGNORECASE
)
_OTHER_TEXT = re.compile(r"[|{}<>$`@]|[-*] |\d{4}-\d\d-\d\d[ T]|.{0,400}[;{}=|\\]$|(?:def|class|import|from|return) ")
_MAX_TEXT = 4_000_000
_EARLIEST_FILE = 1991  # when arXiv began; zip archives and broken clocks give 1970 and 1980
_CODE_HOSTS = re.compile(r"https?://(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/", re.IGNORECASE)
# Of 2,496 one-liners of the site 2,495 are one sentence below 400 characters, and of 6,132 abstracts 2 are.
_ONE_SENTENCE = re.compile(r"(?!.*[a-z0-9)\]}%\"”’'][.!?]['\"”)]* +[A-Z0-9\"“(]).{60,400}")


def listing_of_text(text: str, answer: Answer, *, has_one_liners: bool = False) -> Listing:
    """Return the papers in a text capture, in its order; a first line ``# date: 2026-11-16`` sets the batch.

    With ``has_one_liners`` an abstract of one short sentence is taken for the site's machine-written one-liner. Raises
    ParseError for text that is no listing of titles with abstracts.
    """
    if len(text) > _MAX_TEXT:
        raise ParseError("", f"the text is longer than {_MAX_TEXT // 1_000_000} million characters: no listing page is")
    given = _BATCH.search(text[:2000])
    lines = capture.read_lines(_BATCH.sub("", text, count=1) if given else text)
    return listing_of_lines(lines, answer, given[1] if given else "", has_one_liners=has_one_liners)


def listing_of_lines(
    lines: Sequence[Line], answer: Answer, given: str = "", *, has_one_liners: bool = False
) -> Listing:
    """Return the papers in the lines of a page; ``given`` is the batch as somebody wrote it. Raises ParseError."""
    body, notes = body_of(lines)
    by_heading = has_headings(body)
    page = sections(body) if by_heading else alternating(body)
    latest = _latest_day(answer)
    batch = _full_date(given, latest) if given else _capture_day(lines, page, latest)
    drafts = [_Draft(item) for item in page.items]
    _fill(drafts, page, lines, batch or latest)
    _refuse_other_text(page, drafts, lines)
    items = [_item(draft, by_heading=by_heading) for draft in drafts]
    if has_one_liners:
        items = [_with_one_liner(item) if isinstance(item, Entry) else item for item in items]
    orphans = [stray for stray in page.strays if " without a" in stray.what]
    strays = [stray for stray in page.strays if stray not in orphans]
    known = _each_once(items)
    return gather(_in_order([*known, *orphans]), batch, notes + strays + _late_furniture(body, page))


def _with_one_liner(entry: Entry) -> Entry:
    return replace(entry, abstract="", one_liner=entry.abstract) if _ONE_SENTENCE.fullmatch(entry.abstract) else entry


# --- days -------------------------------------------------------------------------------------------------------------


def _latest_day(answer: Answer) -> date:
    """Return the last day on which the page can have been captured: the file's own, plus one for time zones."""
    times = [answer.fetched_at]
    if answer.modified_at and answer.modified_at.year >= _EARLIEST_FILE:
        times.append(answer.modified_at)
    return min(times).astimezone(UTC).date() + timedelta(days=1)


def _capture_day(lines: Sequence[Line], page: Page, latest: date) -> date | None:
    first = min(page.starts, default=0)
    head = (line for line in lines if line.number < first and line.kind == "date")
    return next((_full_date(capture.date_in(line)[0], latest) for line in head), None)


def _full_date(written: str, latest: date) -> date | None:
    """Return the day; one without a year is the last such day up to ``latest``."""
    iso = _ISO.fullmatch(written.strip())
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    found = _WRITTEN.fullmatch(written.strip())
    if not found or (found[1] or found[4]).lower() not in _MONTHS:
        return None
    month, day = _MONTHS.index((found[1] or found[4]).lower()) + 1, int(found[2] or found[3])
    if found[5]:
        return _day(int(found[5]), month, day)
    candidates = (_day(latest.year - back, month, day) for back in range(9))  # 29 February is at most 8 years back
    return next((candidate for candidate in candidates if candidate and candidate <= latest), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# --- details of each item ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """An item while the lines around it are read."""

    item: Item
    ids: dict[str, None] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    code: str | None = None
    stars: int | None = None
    upvotes: int | None = None
    comments: int | None = None
    published: date | None = None


def _fill(drafts: list[_Draft], page: Page, lines: Sequence[Line], latest: date) -> None:
    """Give every line that is neither title nor abstract to the item that it stands with."""
    at = {draft.item.line: draft for draft in drafts}
    starts = sorted(page.starts)
    first = starts[0] if starts else 0
    votes = _Votes(counts_first=any(line.kind in {"count", "upvote"} and line.number < first for line in lines))
    of_a_head = _dates_of_heads(lines)
    for line in lines:
        before = bisect_right(starts, line.number) - 1
        draft = at.get(starts[before]) if before >= 0 else None
        if draft and line.number == draft.item.line:
            votes.title(draft)
        if not votes.take(line, draft) and draft and line.number not in of_a_head:
            _add(draft, line, latest)
    for draft in drafts:
        draft.upvotes = next((votes.named[name] for name in draft.ids if name in votes.named), draft.upvotes)


def _dates_of_heads(lines: Sequence[Line]) -> frozenset[int]:
    """Return the numbers of the dates that stand right below a page's head; two pages may be in one file."""
    speaking = [line for line in lines if line.kind not in {"blank", "noise"}]
    return frozenset(
        line.number for above, line in pairwise(speaking) if line.kind == "date" and capture.is_header(above)
    )


class _Votes:
    """Counts on a page: a vote's link names its paper; a bare number is the next title's, or comments behind a date."""

    def __init__(self, *, counts_first: bool) -> None:
        self.named: dict[str, int] = {}
        self._counts_first = counts_first
        self._pending: int | None = None
        self._last_kind = ""

    def title(self, draft: _Draft) -> None:
        """Give the number that stands before a title to it."""
        if draft.upvotes is None and self._counts_first:
            draft.upvotes = self._pending
        self._pending = None

    def take(self, line: Line, draft: _Draft | None) -> bool:
        """Return whether a line is a count, or the link below one, and keep what it says."""
        last_kind, name = self._last_kind, capture.voted_paper(line)
        if line.kind not in {"blank", "noise", "dot"}:
            self._last_kind = line.kind
        number = capture.number_in(line) if line.kind in {"count", "upvote"} else None
        if name and number is None and line.kind == "link":
            number = self._pending
        if name and number is not None:
            self.named[name] = number
        elif line.kind == "count" or (line.kind == "upvote" and self._counts_first):
            self._bare(number, last_kind, draft)
        else:
            return False
        return True

    def _bare(self, number: int | None, last_kind: str, draft: _Draft | None) -> None:
        if draft and last_kind == "upvote" and not self._counts_first:
            draft.upvotes = number
            return
        if draft and last_kind == "date":
            draft.comments = number
        self._pending = number if number is not None else self._pending


def _add(draft: _Draft, line: Line, latest: date) -> None:
    if line.kind == "date":
        written, comments = capture.date_in(line)
        draft.published = draft.published or _full_date(written, latest)
        draft.comments = comments if comments is not None else draft.comments
    elif line.kind == "upvote":
        draft.upvotes = capture.number_in(line)
    elif line.kind == "field":
        _add_field(draft, *capture.field_in(line), latest)
    elif line.kind == "code":
        draft.stars = capture.number_in(line)
        draft.code = next((link for link in line.links if _CODE_HOSTS.match(link)), draft.code)
    if line.kind != "text":
        for link in line.links if line.kind != "field" else ():
            _add_link(draft, link)
    elif line.number == draft.item.line or any("huggingface.co/papers/" in link for link in line.links):
        for link in line.links:
            _add_link(draft, link)


def _add_link(draft: _Draft, link: str) -> None:
    ids = ids_in_link(link)
    if "/login" in link or (draft.ids and ids and not set(ids) <= draft.ids.keys()):
        return
    draft.ids.update(dict.fromkeys(ids))
    if ids and "#" not in link:
        draft.links.append(link)


def _add_field(draft: _Draft, name: str, value: str, latest: date) -> None:
    if name in {"arxiv", "doi"}:
        named = arxiv_id(value) if name == "arxiv" else doi_id(value)
        draft.ids.update({named: None} if named else {})
    elif name in {"url", "link"}:
        draft.ids.update(dict.fromkeys(ids_in_link(value)))
        draft.links.insert(0, value)
    elif name == "code":
        draft.code = value
    elif name in {"author", "authors"}:
        draft.authors = split_names(value)
    elif name == "categories":
        draft.categories = tuple(flat(part) for part in re.split(r"[,;\s]+", value) if part)
    elif name in {"upvotes", "comments"}:
        setattr(draft, name, int(value))
    else:
        draft.published = _full_date(value, latest)


def _item(draft: _Draft, *, by_heading: bool) -> Entry | Oddity:
    where = f"line {draft.item.line}"
    if not draft.item.abstract and not (by_heading and draft.ids):
        return Oddity(where, f"a title without an abstract: {draft.item.title[:60]!r}")
    ids = tuple(draft.ids)
    own = next((safe for link in draft.links if (safe := safe_link(link))), None)
    at_arxiv = next((f"https://arxiv.org/abs/{name[6:]}" for name in ids if name.startswith("arxiv:")), None)
    return Entry(
        title=draft.item.title,
        abstract=draft.item.abstract,
        authors=draft.authors,
        ids=ids,
        url=own or at_arxiv,
        pdf_url=pdf_of(ids),
        code_url=safe_link(draft.code) if draft.code else None,
        categories=draft.categories,
        published=datetime.combine(draft.published, time(), UTC) if draft.published else None,
        published_precision="day" if draft.published else "second",
        upvotes=draft.upvotes,
        comments=draft.comments,
        stars=draft.stars,
        where=where,
    )


# --- the whole --------------------------------------------------------------------------------------------------------


def _refuse_other_text(page: Page, drafts: list[_Draft], lines: Sequence[Line]) -> None:
    complete = [draft.item for draft in drafts if draft.item.abstract or draft.ids]
    if not complete:
        raise ParseError("", "no title with an abstract was found; is this a text capture of a listing page?")
    lost = len(page.starts) - len(complete)
    if lost > 5 and lost > len(complete):
        first = page.strays[0] if page.strays else f"line {page.starts[0]}"
        reason = (
            f"only {len(complete)} of {len(page.starts)} items have a title and an abstract; first odd one: {first}"
        )
        raise ParseError("", reason)
    if any(capture.is_header(line) or line.kind == "field" for line in lines) or any(draft.ids for draft in drafts):
        return
    speaking = [line for line in lines if line.kind != "blank"]
    if sum(bool(_OTHER_TEXT.match(line.text)) for line in speaking) > len(speaking) * 0.15:
        raise ParseError("", "the text is not a listing: it reads like notes, a table, a log or code")
    words = median(len(item.title.split()) for item in complete)
    if words < 3 or median(len(item.abstract) for item in complete) < 80:
        raise ParseError("", "the text is not a listing: its titles and abstracts are too short to be papers")


def _each_once(items: Sequence[Entry | Oddity]) -> list[Entry | Oddity]:
    """Return the items without second prints of one paper: the same id, or the same title and abstract."""
    known: dict[str | tuple[str, str], int] = {}
    kept: list[Entry | Oddity] = []
    for item in items:
        if isinstance(item, Entry):
            said = item.abstract or item.one_liner or ""
            name = item.ids[0] if item.ids else (item.title.casefold(), said.casefold())
            if name in known:
                first = kept[known[name]]
                kept[known[name]] = _completed(first, item) if isinstance(first, Entry) else item
                continue
            known[name] = len(kept)
        kept.append(item)
    return kept


def _completed(first: Entry, second: Entry) -> Entry:
    names = ("abstract", "one_liner", "authors", "url", "code_url", "published", "upvotes", "comments", "stars")
    return replace(first, **{name: getattr(second, name) for name in names if not getattr(first, name)})


def _in_order(items: list[Entry | Oddity]) -> list[Entry | Oddity]:
    return sorted(items, key=lambda item: int(item.where.split()[-1]))


def _late_furniture(body: Sequence[Line], page: Page) -> list[Oddity]:
    first = min(page.starts, default=0)
    late = [line for line in body if line.number > first and capture.is_header(line)]
    what = "a line of the page's head inside the list"
    return [Oddity(f"line {line.number}", f"{what}: {line.text[:60]!r}") for line in late]
