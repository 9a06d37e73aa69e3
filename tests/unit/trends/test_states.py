"""What never looks like a trend or its end, and how a rise goes on."""

import random
from datetime import date, timedelta

import numpy as np

from monitor.testing import paper
from monitor.trends.bursts import rises
from monitor.trends.sheets import Document, Sheet, sheets
from monitor.trends.states import today
from monitor.trends.table import TermTable
from monitor.trends.terms import term_hash
from monitor.types.verdicts import Trend

START = date(2026, 1, 5)
PHRASE = "tidal lensing"
_CHANCE = random.Random(7)
WORDS = ["".join(_CHANCE.choices("bcdfgklmnprstv", k=6)) for _ in range(500)]
BOATS = ["".join(_CHANCE.choices("bcdfgklmnprstv", k=7)) for _ in range(20)]


def working_day(place: int) -> date:
    return START + timedelta(days=place + 2 * (place // 5))


class Reader:
    """Who is told each day what rises, and remembers it."""

    def __init__(self) -> None:
        self.table = TermTable()
        self.documents: dict[int, Document] = {}
        self.told: dict[tuple[str, date | None], Trend] = {}
        self.states: list[tuple[date, str, str]] = []

    def listed(self, *documents: Document) -> None:
        self.documents |= {one.paper_id: one for one in documents}
        for sheet in sheets(documents):
            self.table.add(sheet)

    def texts(self, wanted):
        known = [self.documents[key] for key in wanted]
        return {
            one.paper_id: paper(one.paper_id, title=one.title, abstract=one.abstract, authors=one.authors)
            for one in known
        }

    def looks(self):
        found = today(self.table, self.texts, tuple(self.told.values()))
        for trend in found:
            former = self.told.get((trend.name, trend.begun))
            if former is None or former.state != trend.state:
                self.states.append((trend.day, trend.name.casefold(), trend.state))
            self.told[trend.name, trend.begun] = trend
        return found

    def of(self, phrase: str = PHRASE) -> list[str]:
        return [state for _, name, state in self.states if name == phrase]


def documents(day: date, number: int, chance: random.Random, source: str = "hf", said=None, words=WORDS):
    """Papers of a day, ``number`` of them; ``said`` gives the phrase that the n-th one is about."""
    made = []
    for place in range(number):
        drawn = chance.choices(words, k=30)
        phrase = said(place) if said else ""
        title = " ".join(drawn[:4]) + (f": {phrase}" if phrase else "")
        abstract = " ".join(drawn[4:]) + (f". We study {phrase}." if phrase else ".")
        key = day.toordinal() * 1000 + place + (500 if source != "hf" else 0)
        made.append(Document(day, key, title, abstract, source))
    return made


def lived(days: int, share, number=lambda _place: 20, extra=lambda *_: ()) -> Reader:
    """A reader of ``days`` working days; ``share(place)`` is the chance that a paper is about the phrase."""
    chance, reader = random.Random(3), Reader()
    for place in range(days):
        day = working_day(place)
        said = lambda _n, place=place: PHRASE if chance.random() < share(place) else ""  # noqa: E731
        listed = [*documents(day, number(place), chance, said=said), *extra(place, chance)]
        if listed:
            reader.listed(*listed)
            reader.looks()
    return reader


def test_a_rise_is_told_once_and_goes_through_its_states_in_order():
    reader = lived(150, lambda place: 0.15 if 80 <= place < 120 else 0.0)
    assert reader.of() == ["emerging", "rising", "peaking", "fading"]
    fading = next(day for day, name, state in reader.states if name == PHRASE and state == "fading")
    assert working_day(120) < fading < working_day(140)


def test_what_was_always_there_never_rises():
    assert lived(100, lambda _place: 0.15).states == []


def test_few_papers_on_a_holiday_are_neither_a_rise_nor_its_end():
    quiet = range(100, 110)
    reader = lived(112, lambda p: 0.2 if p >= 80 else 0.0, number=lambda p: 2 if p in quiet else 20)
    assert "fading" not in reader.of()
    steady = lived(112, lambda _place: 0.1, number=lambda p: 2 if p in quiet else 20)
    assert steady.states == []


def test_a_weekend_with_a_few_papers_changes_nothing():
    def weekend(place, chance):
        return documents(working_day(place) + timedelta(days=1), 1, chance) if place % 5 == 4 else ()

    assert lived(100, lambda _place: 0.1, extra=weekend).states == []


def other_source(from_place, to_place):
    """A second source that always speaks of boats, which lists its papers from one day to another."""

    def listed(place, chance):
        if not from_place <= place < to_place:
            return ()
        return documents(working_day(place), 20, chance, "boats", lambda n: f"{BOATS[n % 20]} {BOATS[(n + 1) % 20]}")

    return listed


def test_a_source_that_is_new_to_us_brings_no_trends():
    assert lived(110, lambda _place: 0.0, extra=other_source(70, 110)).states == []


def test_a_source_that_fails_makes_the_words_of_the_others_no_trends():
    assert lived(110, lambda _place: 0.1, extra=other_source(0, 80)).states == []


def test_a_rise_whose_source_fails_does_not_end():
    chance, reader = random.Random(5), Reader()
    for place in range(125):
        day = working_day(place)
        steady = documents(day, 20, chance, "boats", words=BOATS * 3)
        said = lambda _n, place=place: PHRASE if place >= 80 and chance.random() < 0.2 else ""  # noqa: E731
        failing = documents(day, 20, chance, said=said) if place < 105 else []
        reader.listed(*steady, *failing)
        reader.looks()
    assert reader.of()[:1] in (["emerging"], ["rising"])
    assert "fading" not in reader.of()


def test_a_late_batch_counts_on_its_own_day():
    chance = random.Random(9)
    days = [documents(working_day(place), 12, chance, said=lambda n: PHRASE if n == 0 else "") for place in range(60)]
    in_time, late = TermTable(), TermTable()
    for sheet in sheets([one for day in days for one in day]):
        in_time.add(sheet)
    rest = [one for one in days[50] if one.paper_id % 2]
    for sheet in sheets([one for day in days for one in day if one not in rest]):
        late.add(sheet)
    for sheet in sheets(rest):
        late.add(sheet)
    columns = [table.columns([term_hash(PHRASE)])[term_hash(PHRASE)] for table in (in_time, late)]
    counts = [table.counts(np.array([column])) for table, column in zip((in_time, late), columns, strict=True)]
    assert counts[0].recent.tolist() == counts[1].recent.tolist()
    assert counts[0].papers.tolist() == counts[1].papers.tolist()
    assert rises(late) == []


def test_a_late_batch_of_a_day_that_is_long_past_counts_in_the_past():
    chance = random.Random(9)
    days = [documents(working_day(place), 12, chance, said=lambda n: PHRASE if n == 0 else "") for place in range(60)]
    tables = TermTable(), TermTable()
    for day in (*days[:10], *days[11:]):
        for sheet in sheets(day):
            tables[1].add(sheet)
    assert not tables[1].takes(working_day(10))
    halves = days[10][:6], days[10][6:]
    for table, first in zip(tables, (days[10], halves[0]), strict=True):
        fresh = table if table is tables[0] else TermTable()
        for day in (*days[:10], first, *days[11:]):
            for sheet in sheets(day):
                fresh.add(sheet)
        tables = (tables[0], fresh)
    for sheet in sheets(halves[1]):
        tables[1].add(sheet)
    key = term_hash(PHRASE)
    past = [table.counts(np.array([table.columns([key])[key]])).past[0, 0] for table in tables]
    assert abs(past[0] - past[1]) < 1e-3


def test_a_full_table_forgets_rare_terms_and_stays_within_its_bounds():
    chance = random.Random(1)
    small, whole = TermTable(most_figures=20_000), TermTable()
    for place in range(50):
        for sheet in sheets(documents(working_day(place), 20, chance, said=lambda n: PHRASE if n == 0 else "")):
            small.add(sheet)
            whole.add(sheet)
    assert small.terms * 5 <= 20_000 < whole.terms * 5
    key = term_hash(PHRASE)
    counts = [table.counts(np.array([table.columns([key])[key]])) for table in (small, whole)]
    assert counts[0].recent.tolist() == counts[1].recent.tolist()


def test_a_sheet_comes_out_of_the_store_as_it_went_in():
    chance = random.Random(2)
    (whole,) = sheets(documents(START, 5, chance, said=lambda n: PHRASE if n else ""))
    again = Sheet.unpacked(START, "hf", whole.packed())
    ids = whole.paper_ids.tolist()
    for one in (again, again.after(0), again.after(ids[1]).joined(again.after(ids[-1]))):
        start = len(ids) - len(one.paper_ids)
        assert one.paper_ids.tolist() == ids[start:]
        assert one.hashes.tolist() == whole.hashes[whole.bounds[start] :].tolist()
        assert one.flags.tolist() == whole.flags[whole.bounds[start] :].tolist()
        assert np.diff(one.bounds).tolist() == np.diff(whole.bounds)[start:].tolist()
