"""How each source fares, and what it announced day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.app import App
from monitor.jobs.poll import settings_of
from monitor.settings.load import SourceSettings
from monitor.store import batches, snapshots, sources
from monitor.types.ledger import Batch, SourceHealth


@dataclass(frozen=True, slots=True)
class SourceLedger:
    """One configured source: its health, its last announcements (newest first), and what is kept of its answers."""

    source: SourceSettings
    health: SourceHealth
    batches: tuple[Batch, ...]
    snapshots: int = 0
    snapshot_bytes: int = 0

    @property
    def state(self) -> str:
        """How it fares, in a few words."""
        if self.health.gone == settings_of(self.source):
            return f"gone for good: {self.health.last_error}"
        if self.health.failures:
            return f"failing ({self.health.failures} in a row): {self.health.last_error}"
        if self.health.last_ok_at is None:
            return "not asked yet"
        odd = [batch for batch in self.batches[:3] if batch.state in ("suspect", "missed")]
        return f"{odd[0].declared:%d %b} {odd[0].state}: {odd[0].note}" if odd else "ok"

    @property
    def is_well(self) -> bool:
        """Whether nothing about it needs a person."""
        return not self.health.failures and not self.health.gone


def run(app: App, number: int) -> tuple[SourceLedger, ...]:
    """Return every configured source with its last ``number`` announcements."""
    with app.store.read() as session:
        kept = snapshots.totals(session)
        return tuple(
            SourceLedger(
                source, sources.health(session, source.name), tuple(batches.last(session, source.name, number)),
                *kept.get(source.name, (0, 0)),
            )
            for source in app.sources
        )  # fmt: skip


def ask_again(app: App, source: SourceSettings, at: datetime) -> None:
    """Have a source asked at the next round, as if for the first time."""
    with app.store.write() as session:
        sources.due_again(session, source.name, at)
