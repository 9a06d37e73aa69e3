"""Search with the profiles' language, by date and topic; a search can become a topic of one's own."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from monitor.errors import MonitorError
from monitor.jobs import search as job
from monitor.jobs.search import Search
from monitor.matchers.grammar import QueryError
from monitor.store.search import Found
from monitor.web.cards import cards
from monitor.web.feeds import drawn_as
from monitor.web.language import words_for
from monitor.web.limits import place_of
from monitor.web.look import query
from monitor.web.site import Site, kept, page, site_of

ON_A_PAGE = 25
_LONGEST = 500
_MOST_PASSED = 500
_SEARCHES, _A_MINUTE = 30, 60.0
_NOT_IN_A_NAME = re.compile(r"[^\w]+")


@kept
def search(request: Request) -> Response:
    """Show the papers that a line finds, or what is wrong with it and where."""
    site, asked = site_of(request), dict(request.query_params)
    problem, found, say = "", Found(()), words_for(request)
    try:
        wanted = _wanted(asked)
        if wanted.text and _is_by_meaning(site, asked):
            found = _by_meaning(request, site, wanted, _before(asked))
        elif wanted != Search():
            found = job.run(site.app, wanted, ON_A_PAGE, _before(asked))
    except QueryError as error:
        wanted, problem = Search(), say("search-column", column=error.column, problem=error.said(say))
    except ValueError:
        wanted, problem = Search(), say("search-bounds")
    except MonitorError:
        wanted, problem = Search(), say("search-meaning-fails")
    by_meaning = bool(wanted.text) and _is_by_meaning(site, asked)
    with site.app.store.read() as session:
        shown = cards(session, found.papers, site.public_profiles())
    if form := request.path_params.get("form"):
        here = f"{site.links.base_url}/search?{query(dict(asked))}"
        return drawn_as(form, request, say("search-title", text=wanted.text), here, shown)
    return page(
        request, "search", status=422 if problem else 200, asked=asked, wanted=wanted, problem=problem, cards=shown,
        further=found.further, profiles=site.public_profiles(), has_meaning=site.app.encoder is not None,
        by_meaning=by_meaning, compared=len(site.meaning) if site.meaning else 0,
        yaml=as_topic(wanted.text, "about" if by_meaning else "query") if wanted.text else "",
        same=query({name: asked.get(name) for name in ("q", "from", "to", "topic", "order")}),
    )  # fmt: skip


def _is_by_meaning(site: Site, asked: dict[str, str]) -> bool:
    return asked.get("order") == "meaning" and site.app.encoder is not None


def _by_meaning(request: Request, site: Site, wanted: Search, passed: int) -> Found:
    """Return the papers nearest in meaning, one question at a time. Raises MonitorError for too many from one place."""
    from monitor.matchers.meaning import Meaning  # late: numbers are for who has a model

    encoder = site.app.encoder
    place = place_of(request.client.host if request.client else "")
    if encoder is None or not site.limits.allows("meaning", place, _SEARCHES, _A_MINUTE):
        raise MonitorError("too many searches by meaning from one place")
    with site.judging:
        if site.meaning is None or site.meaning.encoder is not encoder:
            site.meaning = Meaning(encoder)
        return job.by_meaning(site.app, site.meaning, wanted, ON_A_PAGE, min(passed, _MOST_PASSED))


def _wanted(asked: dict[str, str]) -> Search:
    text = " ".join(asked.get("q", "").split())
    if len(text) > _LONGEST:
        raise ValueError(text[:_LONGEST])
    profile, _, topic = asked.get("topic", "").partition("/")
    return Search(text, _day(asked.get("from")), _day(asked.get("to")), (profile, topic) if topic else None)


def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _before(asked: dict[str, str]) -> int:
    said = asked.get("before", "")
    return int(said) if said.isdecimal() and len(said) < 16 else 0


def as_topic(text: str, key: Literal["query", "about"] = "query") -> str:
    """Return the lines of a profile that follow what a search finds; JSON strings are YAML."""
    name = _NOT_IN_A_NAME.sub("-", text.casefold()).strip("-")[:40].strip("-") or "my-search"
    return f"topics:\n  {json.dumps(name, ensure_ascii=False)}:\n    {key}: {json.dumps(text, ensure_ascii=False)}\n"
