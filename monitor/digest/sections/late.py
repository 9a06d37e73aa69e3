"""What was announced earlier and read afterwards: apart from the day's papers, so that a day can be compared."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.digest.facts import Facts, Selection
from monitor.digest.sections.contents import LATE
from monitor.digest.sections.topics import block
from monitor.types.digests import Heading, Section


def section(facts: Facts, selection: Selection, summaries: Mapping[int, str]) -> Section | None:
    """Return the papers whose announcement was missed, in the order of worth."""
    here = [one for one in selection.chosen if one.is_late]
    if not here:
        return None
    say = facts.words
    heading = Heading(say("late"), say("late-note", count=len(here)), LATE)
    return Section("late", (heading, *(block(one, facts, selection, summaries) for one in here)))
