"""Papers like a paper, kept for each beforehand."""

import pytest
import sqlalchemy as sa

from monitor.store import alike
from monitor.store.alike import KEPT, Named, Pair
from monitor.store.tables import PaperRow
from monitor.testing import NOON
from monitor.types.listings import Entry
from tests.unit.store.test_papers import keep

__all__ = ["keep"]


@pytest.fixture
def sought(store, keep):
    """Keeps papers of these titles and looks for those alike, as the job does; returns their ids."""

    def run(*titles):
        keep(*(Entry(title, f"Of {title}.") for title in titles))
        with store.write() as session:
            came = alike.waiting(session, 99)
            alike.keep(session, [pair for paper in came for pair in alike.find(session, paper)])
            alike.note(session, came[-1].id, NOON)
        return [one.id for one in came]

    return run


def of(store, number):
    with store.read() as session:
        return [one.id for one in alike.of(session, number)]


def test_papers_are_alike_whose_titles_share_words_that_stand_side_by_side(store, sought):
    kitchen, other, reverse = sought("Diffusion Models in the Kitchen", "Pots in the Kitchen", "Models of Diffusion")
    assert [of(store, one) for one in (kitchen, other, reverse)] == [[], [], []]
    (sea,) = sought("Diffusion Models at Sea")
    assert (of(store, sea), of(store, kitchen)) == ([kitchen], [sea])  # the older one learns of the newer


def test_each_paper_is_looked_at_once_and_names_itself_well(store, sought):
    sought("Diffusion Models in the Kitchen", "Diffusion Models at Sea")
    with store.read() as session:
        assert alike.waiting(session, 9) == []
        assert alike.of(session, 1) == [Named(2, "Diffusion Models at Sea")]


def test_a_paper_keeps_its_likest(store, sought):
    (first,) = sought("Deep Diffusion Models of Iron Lanterns")
    same = sought(*(f"Deep Diffusion Models in Ship {number}" for number in range(KEPT)))
    (likest,) = sought("Deep Diffusion Models of Iron Lanterns, Revisited")
    assert of(store, first) == [likest, *same[:0:-1]]
    with store.read() as session:
        assert alike.find(session, Named(first, "Deep Diffusion Models of Iron Lanterns"))[0] == Pair(first, likest, 3)


def test_a_paper_that_became_another_one_is_named_no_more_and_its_pairs_are_dropped(store, sought):
    kitchen, sea = sought("Diffusion Models in the Kitchen", "Diffusion Models at Sea")
    with store.write() as session:
        session.execute(sa.update(PaperRow).where(PaperRow.id == sea).values(merged_into=kitchen))
    assert of(store, kitchen) == []
    with store.write() as session:
        alike.forget_merged(session)
        session.execute(sa.update(PaperRow).values(merged_into=None))
    assert (of(store, kitchen), of(store, sea)) == ([], [])
