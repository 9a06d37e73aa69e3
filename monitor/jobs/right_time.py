"""Whether the machine's clock can be believed: mails that left by a wrong one cannot be taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.app import App
from monitor.store import batches
from monitor.store.engine import Session

RELEASED = datetime(2026, 11, 1, tzinfo=UTC)
"""About when this was written: a clock far before that was never set."""
_BEFORE_RELEASE = timedelta(days=3 * 365)
_BEFORE_STORED = timedelta(days=365)


def doubt(session: Session, now: datetime) -> str:
    """Return why ``now`` cannot be the time, empty when it can: no mail leaves while there is a reason.

    Clocks that are hours or days wrong are not told from good ones here, nor is the past played on purpose, as
    ``--at`` does.
    """
    if now < RELEASED - _BEFORE_RELEASE:
        return f"the clock says {now:%Y-%m-%d}, years before this program was made; set it (`timedatectl`)"
    newest = batches.last_read(session)
    if newest and now < newest - _BEFORE_STORED:
        return (
            f"the clock says {now:%Y-%m-%d}, and the store was written to on {newest:%Y-%m-%d}; set the clock, or put "
            "back a backup of before the clock was wrong"
        )
    return ""


def held(app: App) -> str:
    """Return why nothing may be composed or sent now; empty when the clock can be believed."""
    with app.store.read() as session:
        return doubt(session, app.clock.now())
