"""The listing by day, week and month, what is rising, and the topics of public profiles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from starlette.requests import Request
from starlette.responses import Response

from monitor.store import listing, papers, trends
from monitor.store.engine import Session
from monitor.types.profiles import Profile, Topic
from monitor.types.verdicts import Trend
from monitor.web.cards import cards
from monitor.web.days import Span, span_named, span_of
from monitor.web.feeds import drawn_as
from monitor.web.language import words_for
from monitor.web.look import called
from monitor.web.site import Site, kept, page, site_of
from monitor.words import Words

ON_A_PAGE = 40
_WEEKS = 26
_MOST_PAGES = 500


def spans(kind: str) -> Callable[[Request], Response]:
    """Return what answers for one kind of span: the one that is named, else the last one with papers."""

    @kept
    def answer(request: Request) -> Response:
        site = site_of(request)
        with site.app.store.glance() if kind == "day" else site.app.store.read() as session:
            if "name" in request.path_params:
                span = site.found(span_named(kind, request.path_params["name"]))
            else:
                span = span_of(kind, listing.last_day(session) or site.today)
            return _answer(request, session, span)

    return answer


def _answer(request: Request, session: Session, span: Span) -> Response:
    site, number = site_of(request), page_number(request)
    found, total = listing.listed(session, span.first, span.last, ON_A_PAGE, (number - 1) * ON_A_PAGE)
    shown = cards(session, found, site.public_profiles())
    if form := request.path_params.get("form"):
        say = words_for(request)
        newest = f"{site.links.base_url}/{span.kind}/{span.name}"
        return drawn_as(form, request, say("papers-of", span=called(say, span)), newest, shown)
    before, after = listing.around(session, span.first, span.last)
    return page(
        request, "listing", span=span, cards=shown, total=total, number=number, pages=-(-total // ON_A_PAGE),
        before=span.around(before) if before else None, after=span.around(after) if after else None,
        others=[span_of(kind, span.last) for kind in ("day", "week", "month")],
    )  # fmt: skip


def page_number(request: Request) -> int:
    """Return which page of a long list is wanted, from 1."""
    said = request.query_params.get("page", "1")
    return min(int(said), _MOST_PAGES) if said.isdecimal() and len(said) < 6 and int(said) > 0 else 1


@kept
def rising(request: Request) -> Response:
    """Show what rises faster than its own past explains: papers among those of their age, and terms."""
    site = site_of(request)
    with site.app.store.read() as session:
        found = trends.latest(session)
        known = papers.by_ids(session, {paper_id for trend in found for paper_id in trend.paper_ids})
        drawn = {card.paper.id: card for card in cards(session, list(known.values()), site.public_profiles())}
    faster = [
        replace(drawn[number], note=_pace(words_for(request), one)) for one in found if (number := _paper(one)) in drawn
    ]
    if form := request.path_params.get("form"):
        return drawn_as(form, request, words_for(request)("rising-papers"), f"{site.links.base_url}/trending", faster)
    terms = [(one, [known[i] for i in one.paper_ids[:3] if i in known]) for one in found if one.kind == "term"]
    return page(request, "trending", cards=faster, terms=terms, day=found[0].day if found else None)


def _paper(trend: Trend) -> int:
    return trend.paper_ids[0] if trend.kind == "paper" and trend.paper_ids else 0


def _pace(say: Words, trend: Trend) -> str:
    return say("rising-pace", upvotes=say("upvotes", count=int(trend.seen)), expected=trend.expected)


@kept
def topics(request: Request) -> Response:
    """Show the public profiles and their topics."""
    return page(request, "topics", profiles=site_of(request).public_profiles())


@kept
def of_profile(request: Request) -> Response:
    """Show a public profile: its topics, what came under them, how to subscribe."""
    site = site_of(request)
    profile = site.public_profile(request.path_params["profile"])
    return _topic_page(request, profile, None)


@kept
def of_topic(request: Request) -> Response:
    """Show one topic of a public profile, with its chart of weeks."""
    site = site_of(request)
    profile = site.public_profile(request.path_params["profile"])
    name = request.path_params["topic"]
    return _topic_page(request, profile, site.found(next((one for one in profile.topics if one.name == name), None)))


def _topic_page(request: Request, profile: Profile, topic: Topic | None) -> Response:
    site, before = site_of(request), _before(request)
    name = topic.name if topic else ""
    with site.app.store.read() as session:
        found = listing.of_topic(session, profile.id, name, ON_A_PAGE, before)
        shown = cards(session, [paper for _, paper in found], site.public_profiles())
        weeks = _weeks(site, session, profile, topic) if topic and "form" not in request.path_params else []
    title = f"{name} — {profile.name}" if name else profile.name
    if form := request.path_params.get("form"):
        return drawn_as(form, request, title, site.links.base_url + request.url.path.rpartition(".")[0], shown)
    further = found[-1][0] if len(found) == ON_A_PAGE else 0
    return page(
        request, "topic", profile=profile, topic=topic, title=title, cards=shown, weeks=weeks, further=further
    )  # fmt: skip


def _before(request: Request) -> int:
    said = request.query_params.get("before", "")
    return int(said) if said.isdecimal() and len(said) < 16 else 0


def _weeks(site: Site, session: Session, profile: Profile, topic: Topic) -> list[int]:
    """Return how many papers came under a topic in each of the last weeks, oldest first; empty without any."""
    monday = site.today - timedelta(days=site.today.weekday())
    start = monday - timedelta(weeks=_WEEKS - 1)
    found = listing.topic_days(session, profile.id, topic.name, datetime.combine(start, time(), UTC))
    counts = [0] * _WEEKS
    for at in found:
        counts[min((at.date() - start).days // 7, _WEEKS - 1)] += 1
    return counts if found else []
