"""The lines at the top: one a topic, so that a glance tells what came."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.digest import words
from monitor.digest.facts import Facts, Selection
from monitor.types.digests import Contents, Section, Tally


def section(facts: Facts, selection: Selection, _summaries: Mapping[int, str]) -> Section | None:
    """Return one line for each topic of the profile, and one for what is rising."""
    tallies = [_topic(topic.name, selection) for topic in facts.profile.topics]
    if facts.trends and facts.profile.trends != "none":
        names = [f"“{trend.name}”" for trend in facts.trends if trend.kind == "term"][:2]
        text = words.listed(names) if names else words.count(len(facts.trends), "paper")
        tallies.append(Tally("Rising", text, "rising"))
    return Section("contents", (Contents(tuple(tallies)),))


def _topic(topic: str, selection: Selection) -> Tally:
    here = selection.of_topic(topic)
    revised = sum(one.verdict.kind == "revised" for one in here)
    parts = [f"{len(here) - revised} new"] if len(here) > revised else []
    parts += [f"{revised} revised"] if revised else []
    return Tally(title_of(topic), words.listed(parts) if parts else "quiet", anchor_of(topic) if parts else "")


def title_of(topic: str) -> str:
    """Return a topic's name as a heading: ``diffusion-classifiers`` becomes ``Diffusion classifiers``."""
    spaced = topic.replace("-", " ").replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:]


def anchor_of(topic: str) -> str:
    """Return the name by which the lines at the top point to a topic."""
    return "topic-" + "".join(char if char.isascii() and char.isalnum() else "-" for char in topic.lower())
