"""What fell just short of a threshold: a few titles, so that a threshold that is too high shows."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.digest import phrases
from monitor.digest.cards import actions
from monitor.digest.facts import Facts, Selection
from monitor.types.digests import Heading, PaperLine, Section
from monitor.types.ledger import NearMiss

_STEP = 0.01


def section(facts: Facts, selection: Selection, _summaries: Mapping[int, str]) -> Section | None:
    """Return a line for each near miss, the nearest first, with the reader's own link to ask for more like it."""
    if not selection.near:
        return None
    heading = Heading(facts.words("near"), facts.words("near-note"), aside=True)
    return Section("near", (heading, *(_line(one, facts) for one in selection.near)))


def _line(one: NearMiss, facts: Facts) -> PaperLine:
    say, paper = facts.words, one.paper
    asked = round(one.threshold, 2)
    short = min(round(one.probability, 2), asked - _STEP)  # whatever rounding does, it is less than was asked for
    said = say(
        "near-line", topic=phrases.title_of(one.topic), share=say("share", share=short),
        asked=say("share", share=asked),
    )  # fmt: skip
    note = " · ".join(filter(None, (phrases.byline(say, paper), said)))
    more = actions(paper, say, ("more",)) if facts.links else ()
    return PaperLine(paper.title, paper.url or paper.pdf_url, note, actions=more)
