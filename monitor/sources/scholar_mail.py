"""Mails of Google Scholar alerts, saved into a folder: alerts for words, for an author, or for citations of a paper.

::

    sources:
      alerts:
        kind: scholar_mail
        path: Maildir/new    # a folder; every file in it is one mail: a part of a Maildir, or saved *.eml

Let a filter of your mail program put what comes from ``scholaralerts-noreply@google.com`` there. Read of each result:
title, link (that of the paper, not Google's), authors as far as the mail names them, and the piece of the abstract that
it shows. The mail's date is the listing's batch. Another alert that shows another piece of the same paper is no
revision, and a source that has the whole abstract completes it.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import date, timedelta
from email import policy
from email.message import Message
from email.utils import parsedate_to_datetime
from html import unescape
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from monitor.errors import ParseError
from monitor.sources._feedparser import split_names
from monitor.sources._ids import arxiv_id, ids_in_link, pdf_of
from monitor.sources._limits import MAX_ENTRIES, gather
from monitor.sources._plain import safe_link, to_text
from monitor.types.listings import Answer, Entry, Listing, Oddity, Request

EVERY = timedelta(minutes=5)
MAX_AGE = timedelta(days=36_500)

_MOST_PARTS = 50
_MAX_MAIL = 400_000  # bytes; an alert has some fifty thousand
_TITLE, _SNIPPET = "gse_alrt_title", "gse_alrt_sni"  # classes that Google gives to both in every language
_LINK = re.compile(r"<a\s[^<>]{1,6000}>")
_HREF = re.compile(r"\bhref\s*=\s*[\"']([^\"'<>]{1,4000})[\"']")
_ARXIV = re.compile(r"\barXiv:\s?(\d{4}\.\d{4,5})", re.IGNORECASE)


class Options(BaseModel):
    """What may stand beside ``kind: scholar_mail``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: Path = Field(description="The folder of mails, from the configuration's own folder if not absolute.")


def requests(options: Options, today: date) -> tuple[Request, ...]:  # noqa: ARG001  # a folder is read whatever the day
    """Return the folder as a ``file:`` request; which of its files are ready is for ingest to see."""
    return (Request(f"file:{options.path}", "message/rfc822"),)


def parse(options: Options, answer: Answer) -> Listing:  # noqa: ARG001  # the same for every folder
    """Return the papers of one mail, in its order. Raises ParseError when it is no alert of Google Scholar."""
    try:
        message = email.message_from_bytes(answer.body[:_MAX_MAIL], policy=policy.compat32)
        page, day = _page(message), _day(message)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # what mutated mails do to the parser
        page, day = "", None
    links = list(islice((link for link in _LINK.finditer(page) if _TITLE in link[0]), MAX_ENTRIES))
    ends = [*(link.start() for link in links[1:]), len(page)]
    items = [
        _item(link[0], page[link.end() : end], f"result {number}")
        for number, (link, end) in enumerate(zip(links, ends, strict=False), start=1)
    ]
    if not any(isinstance(item, Entry) for item in items):
        raise ParseError("", "this is no alert of Google Scholar: no result of a search stands in it")
    return gather(items, day)


def _page(message: Message) -> str:
    """Return the mail's first HTML part."""
    parts: Iterator[Message] = islice(message.walk(), _MOST_PARTS)
    found = next((part for part in parts if part.get_content_type() == "text/html"), None)
    body = found.get_payload(decode=True) if found else None
    if not found or not isinstance(body, bytes):
        return ""
    return body.decode(found.get_content_charset() or "utf-8", "replace")


def _day(message: Message) -> date | None:
    try:
        return parsedate_to_datetime(str(message["Date"])).date()
    except (ValueError, OverflowError):
        return None


def _item(link: str, text: str, where: str) -> Entry | Oddity:
    title = to_text(text.partition("</a>")[0])
    if not title:
        return Oddity(where, "has no title")
    named, _, rest = text.partition("</h3>")[2].partition("</div>")
    byline = to_text(named)
    href = _HREF.search(link)
    url = _target(unescape(href[1])) if href else None
    printed = _ARXIV.search(byline)
    ids = dict.fromkeys((*ids_in_link(url or ""), *filter(None, (arxiv_id(printed[1]) if printed else None,))))
    return Entry(
        title=title,
        abstract=to_text(_snippet(rest)),
        authors=split_names(byline.partition(" - ")[0].replace("…", "")),
        ids=tuple(ids),
        url=url,
        pdf_url=pdf_of(tuple(ids)),
        where=where,
    )


def _target(url: str) -> str | None:
    """Return the address of the paper, which Google's own carries."""
    try:
        parts = urlsplit(url)
        asked = parse_qs(parts.query, max_num_fields=50).get("url", [""])[0] if parts.path == "/scholar_url" else ""
    except ValueError:
        return None
    return safe_link(asked or url)


def _snippet(text: str) -> str:
    place = text.find(_SNIPPET)
    return text[place:].partition(">")[2].partition("</div>")[0] if place >= 0 else ""
