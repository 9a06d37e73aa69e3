"""A day of very many subscribers, played minute by minute from measured costs: what breaks first, and what moves it.

    python -m tests.bench.sizing [--subscribers 10000000] [--workers 40] [--spread 60] [--compose-ms 1.5] ...

Nothing is run: costs are inputs. Their defaults were measured on one busy core, with ten thousand profiles that follow
300 topics on SQLite (``tests.bench.scale``: matching and composing) and three hundred profiles on PostgreSQL (the turn
to write, sending without a network, the sizes of tables with six papers a digest, the memory of who subscribed).
Readers want their digest at 08:00 by their own clock, in zones as the world's people live; ``--spread`` lets it leave
within so many minutes. deploy/scaling.md has the same as formulae.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

# Shares of the world's people by the hour of UTC in which their clock shows eight, Pacific islands first; rounded.
ZONES = {20: 1, 21: 1, 22: 3, 23: 8, 0: 26, 1: 10, 2: 19, 3: 5, 4: 4, 5: 8, 6: 8, 7: 4, 10: 1, 11: 3, 12: 5, 13: 6, 14: 4, 15: 1, 16: 3}  # fmt: skip
MINUTES = 24 * 60
GB = 1e9


@dataclass(frozen=True)
class Plan:
    """An installation, and what each part of its day costs."""

    subscribers: float = 10e6
    profiles: float = 1e5
    workers: float = 40
    cores: float = 1.0
    spread: float = 60
    compose_ms: float = 0.9
    match_ms: float = 0.4
    turn_ms: float = 1.0
    send_ms: float = 4.1
    mail_seconds: float = 0.12
    connections: float = 16
    matches: float = 20
    papers: float = 6
    match_bytes: float = 210
    placement_bytes: float = 175
    receipt_bytes: float = 300
    digest_bytes: float = 275
    mail_kb: float = 9.5
    tree_kb: float = 1.7
    reader_kb: float = 0.8
    mails_keep_days: float = 30
    largest_domain: float = 0.35
    domain_a_minute: float = 100_000


ABOUT = {
    "subscribers": "people who get a mail a day",
    "profiles": "profiles that they share",
    "workers": "worker processes, each of one core",
    "cores": "cores that a worker really gets",
    "spread": "minutes within which the digests of an hour leave (`spread:`)",
    "compose_ms": "milliseconds of a core for one digest, writing aside",
    "match_ms": "milliseconds of a core for one profile a day",
    "turn_ms": "milliseconds of the turn to write for one digest: one at a time in the whole database",
    "send_ms": "milliseconds of a core for one mail",
    "mail_seconds": "seconds that the mail server takes for one mail",
    "connections": "connections to it a worker (`connections:`)",
    "matches": "matches a profile and day",
    "papers": "papers in a digest",
    "match_bytes": "bytes of a match in its table, index entries included",
    "placement_bytes": "the same of where a paper went",
    "receipt_bytes": "the same of what a server answered",
    "digest_bytes": "the same of a digest without its mail",
    "mail_kb": "kilobytes of a mail in its table while its bytes are kept",
    "tree_kb": "kilobytes when they were let go: what it can be drawn from again",
    "reader_kb": "kilobytes of a worker's memory, at its start, for one subscription that began on the pages",
    "mails_keep_days": "days that mails are kept (`mails_keep_days:`)",
    "largest_domain": "share of the largest domain among recipients",
    "domain_a_minute": "mails that it takes a minute (`domains:`)",
}


@dataclass(frozen=True)
class Stage:
    """What one stage can do, in mails a minute, and what moves that."""

    name: str
    a_minute: float
    moved_by: str


def stages(plan: Plan) -> list[Stage]:
    """Return what each stage can do in a minute, a worker's time being shared by composing and sending."""
    core = 60_000 * plan.cores * plan.workers
    lanes = plan.connections * plan.workers
    return [
        Stage("workers' cores", core / (plan.compose_ms + plan.send_ms), "more workers"),
        Stage("the turn to write", 60_000 / plan.turn_ms, "a faster disk of the database; larger blocks"),
        Stage("connections to the mail server", lanes * 60 / plan.mail_seconds, "`connections:`, more workers"),
        Stage("the largest domain", plan.domain_a_minute / plan.largest_domain, "`spread:`, more sending addresses"),
    ]


def wanted(plan: Plan) -> list[float]:
    """Return how many digests are wanted in each minute of a day, from 20:00 UTC on: the first zone's morning."""
    whole, spread = sum(ZONES.values()), max(1, round(plan.spread))
    made = [0.0] * (MINUTES + spread + 1)
    for hour, share in ZONES.items():
        start = (hour - 20) % 24 * 60
        for minute in range(spread):
            made[start + minute] += plan.subscribers * share / whole / spread
    return made


def played(plan: Plan, capacity: float) -> tuple[float, int]:
    """Return the longest queue before a stage in mails, and the longest that a mail waits, in minutes."""
    queue = most = 0.0
    longest = 0
    for arriving in wanted(plan):
        queue = max(0.0, queue + arriving - capacity)
        most, longest = max(most, queue), max(longest, int(queue / capacity))
    return most, longest


def rows(plan: Plan) -> dict[str, tuple[float, float]]:
    """Return the rows that a day adds to each table, and the gigabytes."""
    made = {
        "matches": (plan.profiles * plan.matches, plan.match_bytes),
        "placements": (plan.subscribers * plan.papers, plan.placement_bytes),
        "digests": (plan.subscribers, plan.digest_bytes),
        "outbox": (plan.subscribers, plan.mail_kb * 1e3),
        "receipts": (plan.subscribers, plan.receipt_bytes),
    }
    return {name: (number, number * each / GB) for name, (number, each) in made.items()}


def sizes(plan: Plan) -> Iterator[tuple[str, float, str]]:
    """Yield what fills up: its name, gigabytes, and what moves it."""
    a_day = {name: size for name, (_, size) in rows(plan).items()}
    mails, trees = a_day.pop("outbox"), plan.subscribers * plan.tree_kb * 1e3 / GB
    yield "other rows, a year", sum(a_day.values()) * 365, "partitions by month; detach old receipts and matches"
    yield "mails, as long as they are kept", mails * plan.mails_keep_days, "`mails_keep_days:`"
    yield "what mails are drawn from again, a year", trees * 365, "partitions of outbox by month"
    yield "memory of one worker at its start", plan.subscribers * plan.reader_kb * 1e3 / GB, "nothing: see below"


def _print(plan: Plan) -> None:
    print(f"{plan.subscribers:,.0f} subscribers of {plan.profiles:,.0f} profiles, {plan.workers:.0f} workers, "
          f"spread over {plan.spread:.0f} minutes; the highest minute wants {max(wanted(plan)):,.0f} digests")  # fmt: skip
    print(f"\n{'stage':<34s}{'mails/minute':>14s}{'busiest':>9s}{'queue':>13s}{'waits':>10s}  moved by")
    for one in sorted(stages(plan), key=lambda stage: stage.a_minute):
        queue, wait = played(plan, one.a_minute)
        print(f"{one.name:<34s}{one.a_minute:14,.0f}{max(wanted(plan)) / one.a_minute:9.0%}{queue:13,.0f}"
              f"{wait:6.0f} min  {one.moved_by}")  # fmt: skip
    print(f"\n{'what a day adds':<34s}{'rows':>14s}{'GB':>9s}")
    for name, (number, size) in rows(plan).items():
        print(f"{name:<34s}{number:14,.0f}{size:9.1f}")
    print(f"\n{'what fills up':<44s}{'GB':>10s}  moved by")
    for name, size, moved_by in sizes(plan):
        print(f"{name:<44s}{size:10,.0f}  {moved_by}")
    matching = plan.profiles * plan.match_ms / 60_000 / plan.cores
    print(f"\nmatching: {matching:,.1f} minutes of one worker, {matching / plan.workers:,.2f} of all\n")
    print(_verdict(plan))


def _verdict(plan: Plan) -> str:
    first: Sequence[Stage] = sorted(stages(plan), key=lambda stage: stage.a_minute)
    _, wait = played(plan, first[0].a_minute)
    memory = plan.subscribers * plan.reader_kb * 1e3 / GB
    said = f"The first to be too slow is {first[0].name}: a mail waits {wait:,.0f} minutes beyond its spread; "
    said += f"{first[0].moved_by}."
    if memory > 4:
        said += (
            f" Before that a worker that starts reads who subscribed, {memory:,.0f} GB: no setting moves this; "
            "several installations do, each with a part of the profiles."
        )
    return said


def main() -> None:
    """Print the day of one plan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for one in fields(Plan):
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=float, default=one.default, help=ABOUT[one.name])
    _print(Plan(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
