"""A digest from its facts: sections in order, a subject that says what is inside, a receipt of what was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from typing import Literal

from monitor.digest import words
from monitor.digest.facts import Facts, Selection
from monitor.digest.sections import MakesSection, contents, quiet, rising, topics
from monitor.digest.sections.contents import title_of
from monitor.text import one_line, shorten
from monitor.types.digests import Digest, Receipt, ReceiptLine
from monitor.types.ledger import Batch, SourceHealth

ORDER: tuple[MakesSection, ...] = (contents, topics, rising, quiet)
MAX_SUBJECT = 78
_EXPERIMENT = (
    "An experiment runs: two ways of finding your papers share this digest. What you say of papers decides it."
)
MOST_LINES = 4
"""More batches of one source than this share one line of the receipt."""


def compose(facts: Facts, selection: Selection, summaries: Mapping[int, str]) -> Digest:
    """Return the digest of what was selected. The same facts give the same digest."""
    made = (module.section(facts, selection, summaries) for module in ORDER)
    return Digest(
        profile_id=facts.profile.id,
        profile_name=facts.profile.name,
        recipient=facts.recipient,
        local_date=facts.local_date,
        at=facts.local_time,
        subject=subject(facts, selection),
        preheader=preheader(selection),
        sections=tuple(section for section in made if section is not None),
        receipt=receipt(facts),
        why_sent=why_sent(facts),
        kind=facts.kind,
    )


def has_something(facts: Facts, selection: Selection) -> bool:
    """Whether the digest holds a paper or a trend; otherwise the profile's ``empty`` decides whether it is sent."""
    return bool(selection.chosen or (facts.trends and facts.profile.trends != "none"))


def subject(facts: Facts, selection: Selection) -> str:
    """Return what is inside, in at most 78 characters: ``3 new on diffusion classifiers, 1 revised``."""
    new = [one for one in selection.chosen if one.verdict.kind != "revised"]
    revised = len(selection.chosen) - len(new)
    parts: list[str] = []
    if new:
        found = [topic.name for topic in facts.profile.topics if any(one.best.topic == topic.name for one in new)]
        first = title_of(found[0])
        parts.append(f"{len(new)} new on {first[:1].lower() + first[1:] if first[1:2].islower() else first}")
        parts[0] += f" and {words.count(len(found) - 1, 'other topic')}" if len(found) > 1 else ""
    if revised:
        parts.append(f"{revised} revised")
    if facts.profile.trends != "none":
        parts += [f"“{trend.name}” is rising" for trend in facts.trends if trend.kind == "term"][:1]
    return _fitting(parts) or shorten(
        one_line(f"Nothing new for {facts.profile.name}, {words.day(facts.local_date)}"), 78
    )


def _fitting(parts: list[str]) -> str:
    line = shorten(one_line(parts[0]), MAX_SUBJECT) if parts else ""
    for part in parts[1:]:
        if len(line) + 2 + len(part) <= MAX_SUBJECT:
            line += f", {one_line(part)}"
    return line


def preheader(selection: Selection) -> str:
    """Return the line that a mail client shows beside the subject: the best titles."""
    titles = [shorten(one.paper.title, 70) for one in selection.chosen[:2]]
    return " · ".join(titles) or "What was read, and why nothing passed."


def why_sent(facts: Facts) -> str:
    """Return why this mail came: the profile, its topics and its schedule."""
    schedule = facts.profile.schedule
    names = words.listed(title_of(topic.name) for topic in facts.profile.topics)
    return (
        f"You get this because {facts.recipient} is in the profile “{facts.profile.name}” ({facts.profile.id}.yaml), "
        f"which follows {names} {words.schedule(schedule)}."
    )


def receipt(facts: Facts) -> Receipt:
    """Return what was read since the last digest, per source and batch, and what is late or failing."""
    lines: list[ReceiptLine] = []
    recent = [batch for batch in facts.batches if not _is_past(batch)]
    for source, batches in groupby(recent, lambda batch: batch.source):
        lines += _source(source, list(batches))
    told = {batch.source for batch in recent}
    lines += [_silent(health, facts) for health in facts.health if health.name not in told or health.failures]
    since = f"Since {facts.since.astimezone(facts.local_time.tzinfo):%a %d %b %H:%M}" if facts.since else "So far"
    known = f"{since}; {words.count(facts.listed, 'paper')} known to this installation."
    said = ((_missed(facts) if facts.missed else ""), known, (_EXPERIMENT if facts.profile.experiment else ""))
    return Receipt(tuple(lines), tuple(line for line in said if line))


def _missed(facts: Facts) -> str:
    days = words.listed(words.day(one) for one in facts.missed[-MOST_LINES:])
    return f"No digest could leave in time on {days}: what it would have held is in this one."


def _source(source: str, batches: list[Batch]) -> list[ReceiptLine]:
    """Return a line for each batch of a source, or one for all when they are many; empty ones share a line."""
    odd = [batch for batch in batches if batch.state in ("suspect", "missed")]
    full = [batch for batch in batches if batch.announced and batch not in odd]
    empty = words.listed(_unannounced(batch) for batch in batches if not batch.announced and batch not in odd)
    if len(full) > MOST_LINES:
        when = f"{words.day(full[0].declared)} to {words.day(full[-1].declared)}"
        lines = [ReceiptLine(source, when, f"{len(full)} batches, {_counted(full)}", _state(full))]
    else:
        lines = [ReceiptLine(source, words.day(batch.declared), _counted([batch]), _state([batch])) for batch in full]
    lines += [ReceiptLine(source, words.day(batch.declared), _odd(batch), "late") for batch in odd]
    return [*lines, ReceiptLine(source, "", f"nothing announced on {empty}")] if empty else lines


def _is_past(batch: Batch) -> bool:
    """Whether all that came with a batch is from before we watched: it is no news, and no part of this receipt."""
    return 0 < batch.past >= batch.new + batch.revised


def _unannounced(batch: Batch) -> str:
    """Return the day of an empty batch, and why nothing was due where that is no weekend."""
    weekend = batch.declared.weekday() >= 5
    return words.day(batch.declared) + (f" ({batch.note})" if batch.note and not weekend else "")


def _odd(batch: Batch) -> str:
    """Return what is wrong with a batch."""
    return f"{_counted([batch])} ({batch.note})" if batch.announced else batch.note


def _counted(batches: list[Batch]) -> str:
    announced, read = sum(batch.announced for batch in batches), sum(batch.read for batch in batches)
    new, revised = sum(batch.new for batch in batches), sum(batch.revised for batch in batches)
    copies, past = sum(batch.copies for batch in batches), sum(batch.past for batch in batches)
    late = sum(batch.late for batch in batches)
    again = max(0, read - new - revised - copies)
    news = max(0, new - past)
    counts = (
        (news, "new" if not late else "new, read late"), (revised, "revised"), (copies, "near-duplicate"),
        (min(past, new), "too old for news"), (again, "seen before"),
    )  # fmt: skip
    parts = [f"{number} {name}" for number, name in counts if number]
    return f"{announced} announced, {read} read" + (f": {', '.join(parts)}" if parts else "")


def _state(batches: list[Batch]) -> Literal["ok", "late"]:
    return "ok" if all(batch.read >= batch.announced for batch in batches) else "late"


def _silent(health: SourceHealth, facts: Facts) -> ReceiptLine:
    if health.failures and health.failing_since:
        since = health.failing_since.astimezone(facts.local_time.tzinfo)
        return ReceiptLine(health.name, "", f"failing since {since:%a %d %b %H:%M}: {health.last_error}", "failed")
    if health.last_ok_at is None:
        return ReceiptLine(health.name, "", "not asked yet", "late")
    late = facts.at - health.last_ok_at > timedelta(days=1)
    return ReceiptLine(health.name, "", "nothing new", "late" if late else "ok")
