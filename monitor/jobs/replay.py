"""Read the kept answers of a source again, with the parser of today, and tell what would differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from monitor.app import App
from monitor.errors import ParseError
from monitor.jobs.take import contents_of, read
from monitor.settings.load import SourceSettings
from monitor.store import snapshots
from monitor.store.snapshots import Snapshot


@dataclass(frozen=True, slots=True)
class Replayed:
    """One answer, read then and read now.

    ``lost`` and ``gained`` are the first keys of entries that only one of the readings has, ``changed`` of those whose
    text differs. ``reason`` says why it cannot be read now, ``former_reason`` why it could not be read then.
    """

    url: str
    fetched_at: datetime
    batch: date
    before: int
    now: int
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    reason: str = ""
    former_reason: str = ""

    @property
    def differs(self) -> bool:
        """Whether today's reading is another one."""
        return bool(self.lost or self.gained or self.changed) or bool(self.reason) != bool(self.former_reason)


def run(app: App, source: SourceSettings, since: datetime | None = None) -> Iterator[Replayed]:
    """Give what each kept answer of ``source`` says today, oldest first; nothing is written."""
    with app.store.read() as session:
        for snapshot in snapshots.kept(session, source.name, since):
            yield _replayed(source, snapshot)


def _replayed(source: SourceSettings, snapshot: Snapshot) -> Replayed:
    answer = snapshot.answer
    before = dict(snapshot.contents)
    try:
        now, reason = dict(contents_of(source, read(source, answer))), ""
    except ParseError as error:
        now, reason = {}, error.reason
    appeared = Counter(now.values())
    return Replayed(
        answer.url, answer.fetched_at, snapshot.batch, len(before), len(now),
        lost=tuple(key for key in before if key not in now and not _renamed(before[key], appeared)),
        gained=tuple(key for key in now if key not in before),
        changed=tuple(key for key in now if key in before and now[key] != before[key]),
        reason=reason, former_reason=snapshot.reason,
    )  # fmt: skip


def _renamed(fingerprint: str, appeared: Counter[str]) -> bool:
    """Whether the same text stands under another key today: it is gained there, and lost nowhere."""
    return appeared[fingerprint] > 0
