"""The papers, under the topics that they belong to most; late ones have a section of their own."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.digest.cards import card
from monitor.digest.facts import Facts, Selection
from monitor.digest.phrases import title_of
from monitor.digest.sections.contents import anchor_of
from monitor.types.digests import Block, Heading, Note, Section
from monitor.types.ledger import Candidate

MOST_CARDS = 20
"""The papers after these, the least likely ones, come as lines."""


def section(facts: Facts, selection: Selection, summaries: Mapping[int, str]) -> Section | None:
    """Return the cards, topic by topic in the profile's order, likeliest first."""
    say = facts.words
    blocks: list[Block] = []
    for topic in facts.profile.topics:
        here = [one for one in selection.of_topic(topic.name) if not one.is_late]
        if here:
            blocks.append(Heading(title_of(topic.name), say("papers", count=len(here)), anchor_of(topic.name)))
            blocks += [block(one, facts, selection, summaries) for one in here]
    if selection.waiting:
        blocks.append(Note(say("waiting", count=selection.waiting, budget=facts.profile.budget)))
    return Section("topics", tuple(blocks)) if blocks else None


def block(one: Candidate, facts: Facts, selection: Selection, summaries: Mapping[int, str]) -> Block:
    """Return the card of a chosen paper, or its line when it is not among the best."""
    full = card(one, facts, summaries, first_story=one.verdict.id == selection.first_story)
    return full if one in selection.chosen[:MOST_CARDS] else full.brief
