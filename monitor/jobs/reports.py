"""What a job did: counts for the log and the table at the end, and what failed, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """Counts by name, and the parts that failed as (part, reason).

    ``held`` are the failures among them that stand until a run of the same job names them no more.
    """

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    held: set[tuple[str, str]] = field(default_factory=set)

    def add(self, other: Report) -> None:
        """Take over what another job did."""
        self.counts.update(other.counts)
        self.failures += other.failures
        self.notes += other.notes
        self.held |= other.held

    def hold(self, part: str, why: str) -> None:
        """Note what keeps a part from its work for as long as each run finds it so."""
        self.failures.append((part, why))
        self.held.add((part, why))

    def count(self, names: Iterable[str]) -> None:
        """Count each of ``names`` once."""
        self.counts.update(names)
