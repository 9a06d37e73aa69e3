"""Whether the promises were kept, by the ledger's own word."""

from __future__ import annotations

from monitor.app import App
from monitor.digest.select import FRESH
from monitor.store import audit
from monitor.types.ledger import Violation


def run(app: App) -> tuple[Violation, ...]:
    """Return everything that breaks one of the promises 1 to 4."""
    with app.store.read() as session:
        return tuple(audit.violations(session, app.clock.now(), FRESH))
