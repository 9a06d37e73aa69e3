"""A digest from its facts: sections in order, a subject that says what is inside, a receipt of what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.digest import phrases
from monitor.digest.cards import own
from monitor.digest.facts import Facts, Selection
from monitor.digest.receipt import receipt
from monitor.digest.sections import MakesSection, contents, late, near, quiet, rising, topics
from monitor.digest.subject import preheader, quiet_subject, subject
from monitor.types.digests import Digest, Link, Receipt, Section

ORDER: tuple[MakesSection, ...] = (contents, topics, late, rising, quiet, near)
ALERT_ORDER: tuple[MakesSection, ...] = (topics, late, rising)


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """What is said to every reader of whom the same ``facts`` hold; an empty ``subject`` is that of a quiet day."""

    facts: Facts
    selection: Selection
    sections: tuple[Section, ...]
    receipt: Receipt
    subject: str
    preheader: str


def edition(facts: Facts, selection: Selection, summaries: Mapping[int, str]) -> Edition:
    """Return what is said of a selection; ``facts`` are shared, so that no reader's own get in."""
    order = ALERT_ORDER if facts.is_alert else ORDER
    made = (module.section(facts, selection, summaries) for module in order)
    sections = tuple(section for section in made if section is not None)
    return Edition(facts, selection, sections, receipt(facts), subject(facts, selection), preheader(facts, selection))


def compose(facts: Facts, selection: Selection, summaries: Mapping[int, str]) -> Digest:
    """Return the digest of what was selected. The same facts give the same digest."""
    return issue(edition(facts.shared, selection, summaries), facts)


def issue(said: Edition, facts: Facts) -> Digest:
    """Return the digest of one reader, of whom ``facts`` are known: the edition's blocks with what is their own."""
    blocks = (block for section in said.sections for block in section.blocks)
    return Digest(
        profile_id=facts.profile.id,
        profile_name=facts.profile.name,
        recipient=facts.recipient,
        local_date=facts.local_date,
        at=facts.local_time,
        subject=said.subject or quiet_subject(facts),
        preheader=said.preheader,
        sections=said.sections,
        receipt=said.receipt,
        why_sent=why_sent(facts),
        kind=facts.kind,
        language=facts.words.language,
        links=_links(facts),
        unsubscribe=facts.links.unsubscribe if facts.links else "",
        page=facts.links.view if facts.links else "",
        postal=facts.postal,
        own=tuple(own(facts.links, blocks)) if facts.links else (),
    )


def _links(facts: Facts) -> tuple[Link, ...]:
    """Return where the reader goes from the foot of the mail."""
    say, links = facts.words, facts.links
    if links is None:
        return (Link(say("link-unsubscribe"), facts.leave),) if facts.leave else ()
    named = {"view": links.view, "preferences": links.preferences, "unsubscribe": links.unsubscribe}
    return tuple(Link(say(f"link-{name}"), url) for name, url in named.items())


def has_something(facts: Facts, selection: Selection) -> bool:
    """Whether the digest holds a paper or a trend; otherwise the profile's ``empty`` decides whether it is sent."""
    return bool(selection.chosen) or facts.tells_trends


def why_sent(facts: Facts) -> str:
    """Return why this mail came: the profile, its topics and its schedule."""
    say, profile = facts.words, facts.profile
    return say(
        "why-sent",
        recipient=facts.recipient,
        profile=profile.name,
        file=f"{profile.id}.yaml",
        topics=say.listed(phrases.title_of(topic.name) for topic in profile.topics),
        schedule=phrases.schedule(say, profile.schedule),
    )
