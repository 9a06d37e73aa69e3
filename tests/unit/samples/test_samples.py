"""The shipped listings and profiles hold what ``monitor demo`` promises to show.

The snapshot files are read here by a few lines of our own, so that a fault of the parser and a fault of the files
cannot hide each other; the last tests hand the same bytes to the real parsers.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from monitor.matchers.query import holds, parse_query
from monitor.registry import load
from monitor.settings.load import load_profiles
from monitor.text import fold, sentences, shingles
from monitor.types.listings import Answer, Listing
from monitor.types.papers import Paper
from monitor.types.profiles import Profile, Topic

_CONFIG = Path(__file__).resolve().parents[3] / "config"
_LISTINGS = _CONFIG / "samples" / "listings"
_MONDAY = date(2026, 11, 2)
_DAYS = [_MONDAY + timedelta(days=gap) for gap in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
_LAST_FOUR = _DAYS[6:]
_FIELD = re.compile(r"(arXiv|Authors|Upvotes): (.+)")
_TERM = "keel tokens"
_ODD_LINE = "Load 12 more comments"
_REVISED, _COPY, _COPIED, _SEEN_AGAIN, _RISING = (
    f"2611.{number}" for number in ("90402", "90905", "90401", "90306", "90901")
)


@dataclass(frozen=True)
class Item:
    """One paper in one file; ``id`` is its title where it has no arXiv id."""

    day: date
    id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    upvotes: int | None


def _item(day: date, block: str) -> Item:
    title, *rest = block.splitlines()
    fields = {found[1]: found[2] for line in rest if (found := _FIELD.fullmatch(line))}
    abstract = " ".join(line for line in rest if not _FIELD.fullmatch(line))
    authors = tuple(fields.get("Authors", "").split(", "))
    upvotes = int(fields["Upvotes"]) if "Upvotes" in fields else None
    return Item(day, fields.get("arXiv", title), title, abstract, authors, upvotes)


@cache
def _snapshot(day: date) -> tuple[Item, ...]:
    head, *blocks = (_LISTINGS / f"{day}.txt").read_text(encoding="utf-8").strip().split("\n\n")
    assert head == f"# date: {day}"
    return tuple(_item(day, block) for block in blocks if block != _ODD_LINE)


@cache
def _hf(day: date) -> tuple[Item, ...]:
    posts = json.loads((_LISTINGS / f"{day}.hf.json").read_text(encoding="utf-8"))
    return tuple(_hf_item(day, post["paper"]) for post in posts)


def _hf_item(day: date, paper: dict[str, Any]) -> Item:
    authors = tuple(person["name"] for person in paper["authors"])
    return Item(day, paper["id"], paper["title"], paper["summary"], authors, paper["upvotes"])


@cache
def _shown() -> tuple[Item, ...]:
    """Every paper of every file, day by day, the snapshot of a day before its JSON."""
    return tuple(item for day in _DAYS for item in (*_snapshot(day), *(_hf(day) if day in _LAST_FOUR else ())))


@cache
def _firsts() -> dict[str, Item]:
    """Each paper as it was first shown."""
    return {item.id: item for item in reversed(_shown())}


def _texts(paper_id: str) -> list[tuple[str, str]]:
    return [(item.title, item.abstract) for item in _shown() if item.id == paper_id]


# --- the files ------------------------------------------------------------------------------------------------------


def test_there_is_a_snapshot_for_each_of_ten_weekdays_and_json_for_the_last_four() -> None:
    names = {path.name for path in _LISTINGS.iterdir()}

    assert names == {f"{day}.txt" for day in _DAYS} | {f"{day}.hf.json" for day in _LAST_FOUR}
    assert all(day.weekday() < 5 for day in _DAYS)


@pytest.mark.parametrize("day", _DAYS, ids=str)
def test_a_snapshot_lists_seven_to_nine_papers_once_each(day: date) -> None:
    ids = [item.id for item in _snapshot(day)]

    assert 7 <= len(ids) <= 9
    assert len(set(ids)) == len(ids)


def test_there_are_about_eighty_papers() -> None:
    assert 78 <= len(_firsts()) <= 86


def test_arxiv_ids_are_of_the_kind_that_belongs_to_nobody() -> None:
    without = [item for item in _firsts().values() if not re.fullmatch(r"2611\.9\d{4}", item.id)]

    assert [item.title[:11] for item in without] == ["MarginNotes"]


@pytest.mark.parametrize("item", _firsts().values(), ids=lambda item: item.id)
def test_a_paper_has_an_abstract_of_sixty_to_a_hundred_and_ten_words_and_authors(item: Item) -> None:
    assert 60 <= len(item.abstract.split()) <= 110
    assert all(len(name.split()) >= 2 for name in item.authors)


def test_no_sentence_stands_in_two_papers_but_the_planted_copy() -> None:
    owners: dict[str, set[str]] = {}
    for item in _shown():
        for sentence in sentences(item.abstract):
            owners.setdefault(fold(sentence), set()).add(item.id)

    assert {frozenset(ids) for ids in owners.values() if len(ids) > 1} == {frozenset({_COPIED, _COPY})}


def test_no_two_papers_but_the_planted_copy_are_alike() -> None:
    grams = {item.id: shingles(item.abstract, 4) for item in _firsts().values()}
    alike = {
        frozenset({one, other})
        for one, first in grams.items()
        for other, second in grams.items()
        if one < other and len(first & second) > 2
    }

    assert alike == {frozenset({_COPIED, _COPY})}


def test_no_two_abstracts_begin_alike() -> None:
    openings = Counter(" ".join(fold(item.abstract).split()[:3]) for item in _firsts().values() if item.id != _COPY)

    assert openings.most_common(1)[0][1] == 1


# --- what is planted ------------------------------------------------------------------------------------------------


def test_one_paper_is_revised_by_a_number_a_reworded_sentence_a_new_one_and_a_word_of_the_title() -> None:
    (old_title, old), (new_title, new) = _texts(_REVISED)
    before, after = sentences(old), sentences(new)
    changed = [(one, other) for one, other in zip(before, after, strict=False) if one != other]

    assert len(after) == len(before) + 1
    assert [re.sub(r"\d+", "", one) == re.sub(r"\d+", "", other) for one, other in changed] == [True, False]
    assert 0.9 < SequenceMatcher(None, old_title, new_title).ratio() < 1


def test_nothing_else_is_revised() -> None:
    assert {paper_id for paper_id in _firsts() if len(set(_texts(paper_id))) > 1} == {_REVISED}


def test_one_paper_is_a_retitled_copy_of_another_by_the_same_authors() -> None:
    copied, copy = _firsts()[_COPIED], _firsts()[_COPY]

    assert copied.day < copy.day
    assert copied.authors == copy.authors
    assert not shingles(copied.title) & shingles(copy.title)
    assert 0.9 < SequenceMatcher(None, copied.abstract, copy.abstract, autojunk=False).ratio() < 1


def test_papers_are_shown_again_unchanged_in_a_snapshot_and_in_json() -> None:
    assert [item.day.day for item in _shown() if item.id == _SEEN_AGAIN] == [3, 9]
    assert sum(count > 1 for count in Counter(item.id for item in _shown()).values()) >= 10


def test_the_term_is_absent_for_six_days_and_then_in_seven_papers() -> None:
    holders = [item for item in _firsts().values() if _TERM in f"{item.title} {item.abstract}".casefold()]

    assert Counter(item.day for item in holders) == dict(zip(_LAST_FOUR, (1, 2, 2, 2), strict=True))
    assert sum(_TERM in item.title.casefold() for item in holders) >= 3
    assert not any("keel" in item.abstract.casefold() for day in _DAYS[:6] for item in _snapshot(day))


@pytest.mark.parametrize("day", _LAST_FOUR, ids=str)
def test_the_json_repeats_four_or_five_earlier_papers_and_adds_one_or_two(day: date) -> None:
    known = [_firsts()[item.id].day < day for item in _hf(day)]

    assert known.count(True) in {4, 5}
    assert known.count(False) in {1, 2}
    assert not {item.id for item in _hf(day)} & {item.id for item in _snapshot(day)}


def test_upvotes_only_grow_and_one_paper_rises_far_faster_than_the_others() -> None:
    votes: dict[str, list[int]] = {}
    for item in _shown():
        if item.upvotes is not None:
            votes.setdefault(item.id, []).append(item.upvotes)
    gains = Counter({paper_id: counts[-1] - counts[0] for paper_id, counts in votes.items()})
    (fastest, gain), (_, second) = gains.most_common(2)

    assert all(counts == sorted(counts) for counts in votes.values())
    assert fastest == _RISING
    assert gain > 10 * second


@pytest.mark.parametrize("title", ["p < 0.05 & <b>bold</b>", r"Fr\'echet", r"$\alpha$", "🤖", "面向方言", "{{ 7*7 }}"])
def test_a_title_is_hostile_and_plausible(title: str) -> None:
    assert any(title in item.title for item in _firsts().values())


def test_percent_signs_come_as_latex_writes_them() -> None:
    assert sum(r"\%" in item.abstract for item in _firsts().values()) > 40
    assert not any(re.search(r"(?<!\\)%", item.abstract) for item in _firsts().values())


def test_one_snapshot_holds_one_odd_line() -> None:
    odd = [path.name for path in _LISTINGS.glob("*.txt") if f"\n\n{_ODD_LINE}\n\n" in path.read_text(encoding="utf-8")]

    assert odd == ["2026-11-05.txt"]


def test_the_readme_names_only_papers_that_exist() -> None:
    named = set(re.findall(r"2611\.9\d{4}", (_CONFIG / "samples" / "README.md").read_text(encoding="utf-8")))

    assert named
    assert named <= set(_firsts())


# --- the profiles ---------------------------------------------------------------------------------------------------


@cache
def _profile(profile_id: str) -> Profile:
    return load_profiles(_CONFIG / "profiles").named(profile_id)


def _topic(profile_id: str, name: str) -> Topic:
    return next(topic for topic in _profile(profile_id).topics if topic.name == name)


def _paper(item: Item) -> Paper:
    return Paper(1, item.id, item.title, item.abstract, datetime(2026, 11, 2, tzinfo=UTC), item.authors)


def _hits(topic: Topic) -> list[Item]:
    """The papers that a topic's own words find: the least that any matcher finds."""
    query = topic.query or " OR ".join(f'"{keyword.text}"' for keyword in topic.keywords) or "protein*"
    muted = [fold(word) for word in topic.mute]
    return [
        item
        for item in _firsts().values()
        if (holds(parse_query(query), _paper(item)) or set(item.authors) & set(topic.authors))
        and not any(word in fold(f"{item.title} {item.abstract}").split() for word in muted)
    ]


def _found(profile_id: str) -> list[Item]:
    found = {item.id: item for topic in _profile(profile_id).topics for item in _hits(topic)}
    return [item for item in found.values() if item.id != _COPY]


def test_the_three_profiles_load_without_a_warning() -> None:
    profiles = load_profiles(_CONFIG / "profiles")

    assert {profile.id: profile.schedule.days for profile in profiles} == {
        "ada": ("mon", "tue", "wed", "thu", "fri"),
        "lab": ("tue", "fri"),
        "weekly-scan": ("mon",),
    }
    assert profiles.warnings == ()


@pytest.mark.parametrize("path", sorted((_CONFIG / "profiles").glob("*.yaml")), ids=lambda path: path.name)
def test_a_profile_names_its_schema_and_writes_to_nobody_real(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.startswith("# yaml-language-server: $schema=../profile.schema.json\n")
    assert all(re.search(r"@example\.(org|net)$", address) for address in _profile(path.stem).to)


def test_what_profiles_name_is_in_the_listings() -> None:
    titles = {item.title for item in _firsts().values()}
    names = {name for item in _firsts().values() for name in item.authors}
    topics = [topic for name in ("ada", "lab", "weekly-scan") for topic in _profile(name).topics]

    assert {title for topic in topics for title in topic.like} <= titles
    assert {name for topic in topics for name in topic.authors} <= names
    assert any(topic.like for topic in topics)
    assert any(topic.authors for topic in topics)


@pytest.mark.parametrize(
    ("profile_id", "ends"),
    [("ada", _DAYS), ("lab", [_DAYS[1], _DAYS[4], _DAYS[6], _DAYS[9]]), ("weekly-scan", [_DAYS[0], _DAYS[5]])],
)
def test_each_digest_has_two_to_eight_papers(profile_id: str, ends: list[date]) -> None:
    days = [item.day for item in _found(profile_id)]
    sizes = [sum(after < day <= end for day in days) for after, end in pairwise([date.min, *ends])]

    assert min(sizes) >= 2
    assert max(sizes) <= 8


def test_most_papers_are_for_nobody() -> None:
    wanted = {item.id for profile_id in ("ada", "lab", "weekly-scan") for item in _found(profile_id)}

    assert len(wanted) < len(_firsts()) / 2


def test_the_quiet_topic_finds_nothing() -> None:
    assert _hits(_topic("lab", "sea-floor")) == []


def test_ada_mutes_a_survey_and_excludes_a_medical_paper_that_would_fit_otherwise() -> None:
    topic = _topic("ada", "diffusion-classifiers")
    allowed = topic.query.replace(" NOT medical", "")

    assert "2611.90407" not in {item.id for item in _hits(topic)}
    assert holds(parse_query(topic.query), _paper(_firsts()["2611.90407"]))
    assert not holds(parse_query(topic.query), _paper(_firsts()["2611.90507"]))
    assert holds(parse_query(allowed), _paper(_firsts()["2611.90507"]))


# --- the parsers ----------------------------------------------------------------------------------------------------


def _parsed(kind: str, file: Path, **options: str) -> Listing:
    module = load("sources", kind)
    answer = Answer(file.as_uri(), file.read_bytes(), datetime(2026, 12, 1, tzinfo=UTC))
    listing = module.parse(module.Options(**options), answer)
    assert isinstance(listing, Listing)
    return listing


@pytest.mark.parametrize("day", _LAST_FOUR, ids=str)
def test_the_json_is_read_whole(day: date) -> None:
    listing = _parsed("hf_daily", _LISTINGS / f"{day}.hf.json")

    assert [(entry.ids, entry.title, entry.upvotes) for entry in listing.entries] == [
        ((f"arxiv:{item.id}",), item.title, item.upvotes) for item in _hf(day)
    ]
    assert listing.batch == day
    assert listing.oddities == ()


@pytest.mark.parametrize("day", _DAYS, ids=str)
def test_a_snapshot_is_read_whole(day: date) -> None:
    listing = _parsed("snapshot", _LISTINGS / f"{day}.txt", path="listings")

    assert listing.batch == day
    assert [
        (entry.title, entry.abstract, entry.authors, entry.upvotes, entry.ids[0][6:] if entry.ids else entry.title)
        for entry in listing.entries
    ] == [(item.title, item.abstract, item.authors, item.upvotes, item.id) for item in _snapshot(day)]


def test_the_odd_line_is_the_only_one_that_is_reported() -> None:
    odd = [_parsed("snapshot", path, path="listings").oddities for path in sorted(_LISTINGS.glob("*.txt"))]

    assert [len(oddities) for oddities in odd] == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert _ODD_LINE in odd[3][0].what
