"""arXiv's past: what its query and harvest interfaces are asked, and what a harvested record says.

The query interface (https://info.arxiv.org/help/api/user-manual.html) finds papers by the time of their submission, to
the minute, GMT. The harvest (https://info.arxiv.org/help/oa/index.html) goes by the day of a record's last change.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from monitor.sources import _paging
from monitor.sources._ids import arxiv_id, doi_id, pdf_of
from monitor.sources._oai import Page, Record
from monitor.types.listings import Announcement, Entry, Oddity

PAGE = 200
"""Results of the query interface on one page: larger ones come falsely empty more often."""
_LONGEST_HOLD = timedelta(days=14)
"""Papers wait in moderation; one submitted longer than this before a harvest's first day was announced before it."""
_WHOLE = frozenset({"gr-qc", "hep-ex", "hep-lat", "hep-ph", "hep-th", "math-ph", "nucl-ex", "nucl-th", "quant-ph"})
_PHYSICS = _WHOLE | {"astro-ph", "cond-mat", "nlin", "physics"}
_FROM = re.compile(r"[?&=]from=(\d{4}-\d{2}-\d{2})")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def query(site: str, categories: Iterable[str], opens: datetime, closes: datetime) -> str:
    """Return the address of all papers of ``categories`` that were submitted between two moments (UTC)."""
    terms = " OR ".join(f"cat:{_term(category)}" for category in dict.fromkeys(categories))
    asked = {
        "search_query": f"({terms}) AND submittedDate:[{opens:%Y%m%d%H%M} TO {closes:%Y%m%d%H%M}]",
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
        "start": 0,
        "max_results": PAGE,
    }
    return f"{site}/api/query?{_paging.query(asked)}"


def harvests(site: str, categories: Iterable[str], first: date, last: date) -> tuple[str, ...]:
    """Return one address for each archive of ``categories``: its records that changed from ``first`` to ``last``."""
    archives = dict.fromkeys(category.partition(".")[0] for category in categories)
    asked = {"verb": "ListRecords", "metadataPrefix": "arXiv", "from": first.isoformat(), "until": last.isoformat()}
    return tuple(f"{site}/oai?{_paging.query(asked | {'set': _set(archive)})}" for archive in archives)


def harvest_page(url: str, token: str) -> str:
    """Return the address of a harvest's next page: the token stands alone there, by the protocol."""
    base = urlunsplit(urlsplit(url)._replace(query="", fragment=""))
    return f"{base}?verb=ListRecords&resumptionToken={quote(token, safe='')}"


def is_in(category: str, wanted: Iterable[str]) -> bool:
    """Whether a category is one of ``wanted`` or lies in one of its archives."""
    return any(category == one or category.startswith(f"{one}.") for one in wanted)


def harvested(
    page: Page, url: str, categories: Collection[str], announce: Collection[Announcement]
) -> list[Entry | Oddity]:
    """Return the papers of a harvested page that are in ``categories`` and came for one of the reasons asked for.

    Deleted records are left out, as are all others that nobody asked for. ``url`` answered with the page.
    """
    asked = _FROM.search(unquote(unquote(unquote(url))))  # arXiv's token is its question, quoted twice
    since = _day(asked[1]) if asked else None
    items: list[Entry | Oddity] = []
    for number, record in enumerate(page.records, start=1):
        item = None if record.is_deleted else _item(record, f"record {number}", since, categories)
        if item and (isinstance(item, Oddity) or item.announcement in announce):
            items.append(item)
    return items


def _item(record: Record, where: str, since: date | None, wanted: Collection[str]) -> Entry | Oddity | None:
    of = record.fields
    name = arxiv_id(of.get("id") or of.get("identifier") or "")
    title, categories = of.get("title", ""), tuple(of.get("categories", "").split())
    if not name or not title:
        return Oddity(where, "has no title" if name else "has no arXiv id")
    if not any(is_in(category, wanted) for category in categories):
        return None
    created = _day(of.get("created", ""))
    since = since or _day(of.get("datestamp", ""))
    is_old = created is not None and since is not None and created < since - _LONGEST_HOLD
    doi = doi_id(of.get("doi", ""))
    ids = (name, doi) if doi else (name,)
    return Entry(
        title=title,
        abstract=of.get("abstract", ""),
        authors=tuple(record.authors),
        institutions=tuple(dict.fromkeys(record.institutions)),
        ids=ids,
        url=f"https://arxiv.org/abs/{name[6:]}",
        pdf_url=pdf_of(ids),
        categories=categories,
        published=datetime(created.year, created.month, created.day, tzinfo=UTC) if created else None,
        published_precision="day",
        announcement=_announcement(is_in(categories[0], wanted), is_old=is_old),
        where=where,
    )


def _announcement(is_primary: bool, *, is_old: bool) -> Announcement:  # noqa: FBT001  # read with the other as a pair
    if is_old:
        return "replace" if is_primary else "replace-cross"
    return "new" if is_primary else "cross"


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text.strip())
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def _term(category: str) -> str:
    return category if "." in category or category in _WHOLE else f"{category}.*"


def _set(archive: str) -> str:
    return f"physics:{archive}" if archive in _PHYSICS else archive
