"""What is rising: terms and papers, with the counts that were seen and expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.digest.facts import Facts, Selection
from monitor.types.digests import Bar, Chart, Heading, Link, Section
from monitor.types.verdicts import Trend
from monitor.words import Words

MOST = 5
_MAX_PAPERS = 3


def section(facts: Facts, _selection: Selection, _summaries: Mapping[int, str]) -> Section | None:
    """Return a chart for each of the strongest trends since the last digest."""
    if not facts.tells_trends:
        return None
    say = facts.words
    charts = tuple(_chart(trend, facts) for trend in facts.trends[:MOST])
    return Section("rising", (Heading(say("rising"), say("rising-note"), "rising"), *charts))


def _chart(trend: Trend, facts: Facts) -> Chart:
    say = facts.words
    bars = [Bar("", value) for value in trend.series]
    if len(bars) > 1:
        since = say("chart-first-poll") if trend.kind == "paper" else say("chart-days", count=len(bars))
        bars[0], bars[-1] = replace(bars[0], label=since), replace(bars[-1], label=say.date("day", trend.day))
    carriers = [facts.trend_papers[key] for key in trend.paper_ids if key in facts.trend_papers]
    links = tuple(Link(paper.title, paper.url) for paper in carriers[:_MAX_PAPERS] if paper.url)
    recent = min(trend.days, len(bars))
    return Chart(trend.name, _note(trend, say), tuple(bars), recent, links[:1] if trend.kind == "paper" else links)


def _note(trend: Trend, say: Words) -> str:
    if trend.kind == "paper":
        upvotes = say("upvotes", count=round(trend.seen))
        if trend.expected < 1:
            return say("trend-upvotes", upvotes=upvotes)
        return say("trend-usual-upvotes", upvotes=upvotes, expected=round(trend.expected))
    papers, days = say("papers", count=round(trend.seen)), say("chart-days", count=trend.days)
    if trend.expected >= 0.05:
        said = say("trend-term", papers=papers, days=days, expected=round(trend.expected, 1))
    else:
        said = say("trend-new-term", papers=papers, days=days)
    if trend.since:
        said = say("trend-state", state=say(f"trend-{trend.state}", day=say.date("day", trend.since)), said=said)
    names = say.listed(say("quoted", text=name) for name in trend.also[:2])
    said = say("trend-also", said=said, names=names) if trend.also else said
    return say("trend-sources", said=said, sources=say.listed(trend.sources)) if len(trend.sources) > 1 else said
