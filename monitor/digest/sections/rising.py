"""What is rising: terms and papers, with the counts that were seen and expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from monitor.digest import words
from monitor.digest.facts import Facts, Selection
from monitor.types.digests import Bar, Chart, Heading, Link, Section
from monitor.types.verdicts import Trend

MOST = 5
_MAX_PAPERS = 3


def section(facts: Facts, _selection: Selection, _summaries: Mapping[int, str]) -> Section | None:
    """Return a chart for each of the strongest trends since the last digest."""
    if facts.profile.trends == "none" or not facts.trends:
        return None
    charts = tuple(_chart(trend, facts) for trend in facts.trends[:MOST])
    note = "faster than its own past explains, over everything that was listed"
    return Section("rising", (Heading("Rising", note, "rising"), *charts))


def _chart(trend: Trend, facts: Facts) -> Chart:
    bars = [Bar("", value) for value in trend.series]
    if len(bars) > 1:
        bars[0] = replace(bars[0], label=f"{len(bars)} listing days" if trend.kind == "term" else "first poll")
        bars[-1] = replace(bars[-1], label=words.day(trend.day))
    carriers = [facts.trend_papers[key] for key in trend.paper_ids if key in facts.trend_papers]
    links = tuple(Link(paper.title, paper.url) for paper in carriers[:_MAX_PAPERS] if paper.url)
    recent = min(trend.days, len(bars))
    return Chart(trend.name, _note(trend), tuple(bars), recent, links if trend.kind == "term" else links[:1])


def _note(trend: Trend) -> str:
    if trend.kind == "paper":
        usual = f"a paper of its age has {trend.expected:.0f}" if trend.expected >= 1 else "more than papers of its age"
        return f"{words.count(round(trend.seen), 'upvote')}; {usual}"
    usual = f"where {trend.expected:.1f} were to be expected" if trend.expected >= 0.05 else "hardly ever before"
    also = f" Also written {words.listed(f'“{name}”' for name in trend.also[:2])}." if trend.also else ""
    days = words.count(trend.days, "listing day")
    return f"{words.count(round(trend.seen), 'paper')} in the last {days}, {usual}.{also}"
