"""Questions that are put into a database's own words once."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import UnboundExecutionError

from monitor.store.plainly import Question, among
from monitor.store.tables import PaperRow
from monitor.testing import NOON
from monitor.types.listings import Entry
from tests.unit.store.test_papers import keep

__all__ = ["keep"]

PAPERS = PaperRow.__table__  # type: ignore[attr-defined]  # SQLModel makes it
SOME = Question(
    sa.select(PAPERS.c.id, PAPERS.c.title, PAPERS.c.authors, PAPERS.c.first_seen)
    .where(among(PAPERS.c.id, "ids") & among(PAPERS.c.title, "titles"), PAPERS.c.first_seen >= sa.bindparam("since"))
    .order_by(PAPERS.c.id)
)


def test_a_question_gives_what_the_mapper_gives_for_any_number_of_values(store, keep):
    ids = keep(*(Entry(f"Pots, 100 % {name}", "Words.", (name,)) for name in ("Ada", "Björk", "Carl")))
    titles = [f"Pots, 100 % {name}" for name in ("Björk", "Carl", "Dora")]
    with store.read() as session:
        found = SOME(session, ids=ids, titles=titles, since=NOON)
        assert [tuple(one) for one in found] == [
            (ids[1], titles[0], ["Björk"], NOON), (ids[2], titles[1], ["Carl"], NOON),
        ]  # fmt: skip
        assert [one.title for one in SOME(session, ids=ids[:2], titles=titles, since=NOON)] == titles[:1]
        assert SOME(session, ids=[], titles=titles, since=NOON) == []


def test_a_glance_gives_what_a_session_gives_in_one_state_and_the_next_one_a_newer_state(store, keep):
    first = keep(Entry("Pots", "Words.", ("Ada",)))[0]
    asked = {"titles": ["Pots", "Pans"], "since": NOON}
    with store.glance() as session:
        assert [one.id for one in SOME(session, ids=[first, first + 1], **asked)] == [first]
        second = keep(Entry("Pans", "Words.", ("Ada",)))[0]
        assert [one.id for one in SOME(session, ids=[first, second], **asked)] == [first]
    with pytest.raises(OSError, match="told"), store.glance():
        raise OSError("told")
    with store.glance() as session, store.read() as other:
        assert SOME(session, ids=[first, second], **asked) == SOME(other, ids=[first, second], **asked)
        assert [one.id for one in SOME(session, ids=[first, second], **asked)] == [first, second]


def test_a_glance_on_a_file_answers_questions_and_nothing_else(store):
    if store.is_shared:
        pytest.skip("a server's glance is a session like all others")
    with store.glance() as session, pytest.raises(UnboundExecutionError):
        session.execute(sa.text("SELECT 1"))


def test_numbers_are_the_same_on_every_database(store, keep):
    keep(Entry("Pots", "Words.", ("Ada",)))
    half = sa.cast(PAPERS.c.id, sa.Float) * 0 + 0.5
    with store.read() as session:
        ((found, none),) = Question(sa.select(half.label("half"), sa.cast(None, sa.Float).label("none")))(session)
    assert (type(found), found, none) == (float, 0.5, None)
