"""The footer's account of what was read since the last digest, so that silence is explained."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Literal

from monitor.digest.facts import Facts
from monitor.types.digests import Receipt, ReceiptLine
from monitor.types.ledger import Batch, SourceHealth
from monitor.types.profiles import ENOUGH_EXAMPLES
from monitor.words import Words

MOST_LINES = 4
"""More batches of one source than this share one line of the receipt."""


MOST_SOURCES = 30
"""Lines of a receipt: of many sources, those with something wrong come first."""


def receipt(facts: Facts) -> Receipt:
    """Return what was read since the last digest, per source and batch, and what is late or failing."""
    say = facts.words
    lines: list[ReceiptLine] = []
    recent = [batch for batch in facts.batches if not _is_past(batch)]
    for source, batches in groupby(recent, lambda batch: batch.source):
        lines += _source(source, list(batches), say)
    told = {batch.source for batch in recent}
    lines += [_silent(health, facts) for health in facts.health if health.name not in told or health.failures]
    if len(lines) > MOST_SOURCES:
        lines.sort(key=lambda line: line.state == "ok")
        left = say("receipt-more-sources", count=len(lines) - MOST_SOURCES)
        lines[MOST_SOURCES:] = [ReceiptLine(left, "", say("receipt-more-status"))]
    return Receipt(tuple(lines), tuple(_notes(facts)))


def _notes(facts: Facts) -> Iterator[str]:
    say, papers = facts.words, facts.words("papers", count=facts.listed)
    if facts.missed:
        yield say("receipt-missed", days=say.listed(say.date("day", one) for one in facts.missed[-MOST_LINES:]))
    if facts.since is None:
        yield say("receipt-so-far", papers=papers)
        named = sum(len(topic.like) + len(topic.unlike) for topic in facts.profile.topics)
        if named < ENOUGH_EXAMPLES:
            yield say("receipt-unsure", count=ENOUGH_EXAMPLES)
    else:
        since = say.date("moment", facts.since.astimezone(facts.local_time.tzinfo))
        yield say("receipt-since", moment=since, papers=papers)
    if facts.profile.experiment:
        yield say("receipt-experiment")


def _source(source: str, batches: list[Batch], say: Words) -> list[ReceiptLine]:
    """Return a line for each batch of a source, or one for all when they are many; empty ones share a line."""
    odd = [batch for batch in batches if batch.state in ("suspect", "missed")]
    full = [batch for batch in batches if batch.announced and batch not in odd]
    empty = [_unannounced(batch, say) for batch in batches if not batch.announced and batch not in odd]
    if len(full) > MOST_LINES:
        first, last = (say.date("day", full[end].declared) for end in (0, -1))
        said = say("batches", count=len(full), counted=_counted(full, say))
        lines = [ReceiptLine(source, say("batch-days", first=first, last=last), said, _state(full))]
    else:
        lines = [_line(batch, _counted([batch], say), _state([batch]), say) for batch in full]
    lines += [_line(batch, _odd(batch, say), "late", say) for batch in odd]
    silent = ReceiptLine(source, "", say("source-silent-days", days=say.listed(empty)))
    return [*lines, silent] if empty else lines


def _line(batch: Batch, text: str, state: Literal["ok", "late"], say: Words) -> ReceiptLine:
    return ReceiptLine(batch.source, say.date("day", batch.declared), text, state)


def _is_past(batch: Batch) -> bool:
    """Whether all that came with a batch is from before we watched: it is no news, and no part of this receipt."""
    return 0 < batch.past >= batch.new + batch.revised


def _unannounced(batch: Batch, say: Words) -> str:
    """Return the day of an empty batch, and why nothing was due where that is no weekend."""
    weekend = batch.declared.weekday() >= 5
    return say.date("day", batch.declared) + (f" ({batch.note})" if batch.note and not weekend else "")


def _odd(batch: Batch, say: Words) -> str:
    """Return what is wrong with a batch."""
    return f"{_counted([batch], say)} ({batch.note})" if batch.announced else batch.note


def _counted(batches: list[Batch], say: Words) -> str:
    announced, read = sum(batch.announced for batch in batches), sum(batch.read for batch in batches)
    new, revised = sum(batch.new for batch in batches), sum(batch.revised for batch in batches)
    copies, past = sum(batch.copies for batch in batches), sum(batch.past for batch in batches)
    late, flood = sum(batch.late for batch in batches), sum(batch.flood for batch in batches)
    again = max(0, read - new - revised - copies)
    counts = (
        ("batch-new-late" if late else "batch-new", max(0, new - past - flood)), ("batch-revised", revised),
        ("batch-copies", copies), ("batch-past", min(past, new)), ("batch-flood", flood), ("batch-again", again),
    )  # fmt: skip
    parts = [say(name, count=number) for name, number in counts if number]
    counted = say("batch-counted", announced=announced, read=read)
    return say("batch-counted-parts", counted=counted, parts=", ".join(parts)) if parts else counted


def _state(batches: list[Batch]) -> Literal["ok", "late"]:
    return "ok" if all(batch.read >= batch.announced for batch in batches) else "late"


def _silent(health: SourceHealth, facts: Facts) -> ReceiptLine:
    say = facts.words
    if health.failures and health.failing_since:
        since = say.date("moment", health.failing_since.astimezone(facts.local_time.tzinfo))
        failing = say("source-failing", moment=since, error=health.last_error)
        return ReceiptLine(health.name, "", failing, "failed")
    if health.last_ok_at is None:
        return ReceiptLine(health.name, "", say("source-not-asked"), "late")
    late = facts.at - health.last_ok_at > timedelta(days=1)
    return ReceiptLine(health.name, "", say("source-nothing-new"), "late" if late else "ok")
