"""The papers, under the topics that they belong to most."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.digest import words
from monitor.digest.cards import card
from monitor.digest.facts import Facts, Selection
from monitor.digest.sections.contents import anchor_of, title_of
from monitor.types.digests import Block, Heading, Note, Section


def section(facts: Facts, selection: Selection, summaries: Mapping[int, str]) -> Section | None:
    """Return the cards, topic by topic in the profile's order, likeliest first."""
    blocks: list[Block] = []
    for topic in facts.profile.topics:
        here = selection.of_topic(topic.name)
        if here:
            blocks.append(Heading(title_of(topic.name), words.count(len(here), "paper"), anchor_of(topic.name)))
            blocks += [card(candidate, facts, summaries) for candidate in here]
    if selection.waiting:
        more = words.count(selection.waiting, "more paper")
        blocks.append(
            Note(f"{more} matched and wait for a place: the budget of this digest is {facts.profile.budget} papers.")
        )
    return Section("topics", tuple(blocks)) if blocks else None
