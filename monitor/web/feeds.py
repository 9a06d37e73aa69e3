"""Any list of papers as Atom (RFC 4287), JSON Feed 1.1 or BibTeX."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from starlette.convertors import Convertor
from starlette.requests import Request
from starlette.responses import Response

from monitor.text import clean
from monitor.types.papers import Paper
from monitor.web.bibtex import bibtex
from monitor.web.cards import Card
from monitor.web.site import site_of


class FeedForm(Convertor[str]):
    """``atom``, ``json`` or ``bib`` at the end of an address."""

    regex = "atom|json|bib"

    def convert(self, value: str) -> str:
        """Return the form that an address names."""
        return value

    def to_string(self, value: str) -> str:
        """Return how an address names a form."""
        return value


def drawn_as(form: str, request: Request, title: str, page: str, cards: Sequence[Card]) -> Response:
    """Return ``cards`` as a feed or as BibTeX; ``page`` is the address of the same list for people."""
    if form == "bib":
        return cited(card.paper for card in cards)
    base = site_of(request).links.base_url
    own = base + request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if form == "json":
        return Response(_json(title, page, own, base, cards), media_type="application/feed+json; charset=utf-8")
    return Response(_atom(title, page, own, base, cards), media_type="application/atom+xml; charset=utf-8")


def cited(papers: Iterable[Paper]) -> Response:
    """Return papers as a file for reference managers."""
    return Response(bibtex(papers), media_type="application/x-bibtex; charset=utf-8")


def _json(title: str, page: str, own: str, base: str, cards: Sequence[Card]) -> str:
    items = [
        {
            "id": f"{base}/paper/{card.paper.id}",
            "url": f"{base}/paper/{card.paper.id}",
            "external_url": card.paper.url or card.paper.pdf_url or f"{base}/paper/{card.paper.id}",
            "title": card.paper.title,
            "content_text": card.paper.abstract or card.paper.title,
            "date_published": _changed(card.paper).isoformat(),
            "authors": [{"name": name} for name in card.paper.authors],
            "tags": list(card.paper.categories),
        }
        for card in cards
    ]
    version = "https://jsonfeed.org/version/1.1"
    found = {"version": version, "title": title, "home_page_url": page, "feed_url": own, "items": items}
    return json.dumps(found, ensure_ascii=False)


def _atom(title: str, page: str, own: str, base: str, cards: Sequence[Card]) -> str:
    updated = max((_changed(card.paper) for card in cards), default=None)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_said(title)}</title><id>{_said(page)}</id>",
        f"<updated>{(updated.isoformat() if updated else '1970-01-01T00:00:00+00:00')}</updated>",
        f'<link href={quoteattr(page)}/><link rel="self" href={quoteattr(own)}/>',
        "<author><name>Paper Monitor</name></author>",
        *(_entry(card.paper, base) for card in cards),
        "</feed>",
    ]
    return "\n".join(lines) + "\n"


def _entry(paper: Paper, base: str) -> str:
    here = f"{base}/paper/{paper.id}"
    authors = "".join(f"<author><name>{_said(name)}</name></author>" for name in paper.authors)
    labels = "".join(f"<category term={quoteattr(clean(name))}/>" for name in paper.categories)
    at = _changed(paper).isoformat()
    return (
        f"<entry><title>{_said(paper.title)}</title><id>{here}</id><link href={quoteattr(here)}/>"
        f"<updated>{at}</updated><published>{at}</published>{authors}{labels}"
        f"<summary>{_said(paper.abstract or paper.title)}</summary></entry>"
    )


def _changed(paper: Paper) -> datetime:
    return paper.first_seen.replace(microsecond=0)


def _said(text: str) -> str:
    return escape(clean(text))
