"""What a reader's word would do to the papers that wait for their next digest, before it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.app import App
from monitor.jobs.heard import heard, with_words
from monitor.jobs.pace import as_judged
from monitor.jobs.taste import weigh
from monitor.store import matches
from monitor.types.feedback import Feedback, FeedbackKind
from monitor.types.ledger import Candidate
from monitor.types.profiles import Profile
from monitor.types.readers import Reader

_MOST = 200


@dataclass(frozen=True, slots=True)
class Effect:
    """Which waiting papers would not come, and which would be more or less probable: (before, after, paper)."""

    waiting: int
    out: tuple[Candidate, ...]
    moved: tuple[tuple[float, float, Candidate], ...]


def run(app: App, profile: Profile, reader: Reader, kind: FeedbackKind, what: int | str) -> Effect:
    """Return what ``kind`` said of a paper's id, a word or an author would do; nothing is written."""
    own = reader.recipient if reader.is_ours else ""
    with app.store.read() as session:
        waiting = matches.waiting(session, profile.id, reader.id)[-_MOST:]
        now = as_judged(session, profile)
        now = heard(session, now, own) if own else now
        before, _ = weigh(app, session, now, waiting)
        paper_id, text = (what, "") if isinstance(what, int) else (None, what)
        said = Feedback(kind, app.clock.now(), "", paper_id, text)
        kept, out = weigh(app, session, with_words(session, now, [said]), before)
    return Effect(len(before), tuple(out), _moved(before, kept))


def _moved(before: Sequence[Candidate], after: Sequence[Candidate]) -> tuple[tuple[float, float, Candidate], ...]:
    was = {one.verdict.id: one.best.probability for one in before}
    found = [(was[one.verdict.id], one.best.probability, one) for one in after]
    return tuple(one for one in sorted(found, key=lambda each: each[1] - each[0]) if abs(one[1] - one[0]) >= 0.01)
