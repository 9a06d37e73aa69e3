"""Figures of the novelty room on real data: copies, revisions, first stories, speed.

    python -m tests.bench.novelty copies  DATA [--write monitor/novelty/coefficients.py]
    python -m tests.bench.novelty revisions DATA
    python -m tests.bench.novelty stories DATA
    python -m tests.bench.novelty speed DATA

``DATA`` is the folder of real data that lies beside the project (``shared/data``). ``copies`` judges every pair by a
model that has not seen its paper (five folds) and, with ``--write``, fits on all pairs and writes what we ship.
"""

from __future__ import annotations

import argparse
import gzip
import json
import lzma
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from monitor.novelty.first_story import Past
from monitor.novelty.near_duplicates import CopyIndex
from monitor.novelty.pairs import AUTHOR_FEATURES, TEXT_FEATURES, Print, Rarity, author_features, cosine, text_features
from monitor.novelty.revision import compare
from monitor.novelty.search import SAMPLE, WordIndex
from monitor.text import sentences
from monitor.types.papers import Paper
from tests.bench.figure import DATA, Figure, MissingError, growth

OLD, NEW = datetime(2020, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
ALIKE = 0.12
FOLDS = 5
FRESH = 5000


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else lzma.open(path, "rt") as rows:
        yield from map(json.loads, rows)


# --- copies --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Corpus:
    """``key`` of a paper is its hidden arXiv id: what has one key is one work."""

    store: list[Paper]
    queries: list[Paper]
    kinds: list[str]


def names(value: Any) -> tuple[str, ...]:
    return tuple(name.strip() for name in (value.split(",") if isinstance(value, str) else value or ()))


def corpus(data: Path) -> Corpus:
    store: list[Paper] = []
    queries: list[tuple[str, Paper]] = []

    def keep(key: str, row: dict[str, Any], authors: Any = None, kind: str = "") -> None:
        paper = Paper(
            id=len(store) + len(queries) + 1, key=key, title=row["title"], abstract=row["abstract"] or "",
            first_seen=NEW if kind else OLD, authors=names(authors),
        )  # fmt: skip
        if kind:
            queries.append((kind, paper))
        else:
            store.append(paper)

    crossed = set()
    for item in lines(data / "cross_source/pairs.jsonl.xz"):
        if item["title_differs"] or item["abstract_differs"]:
            crossed.add(item["id"])
            keep(item["id"], item["a"])
            keep(item["id"], item["b"], kind="cross")
    for item in lines(data / "revisions/revised.jsonl.gz"):
        old, new = ({"title": item[f"title_{age}"], "abstract": item[f"abstract_{age}"]} for age in ("old", "new"))
        keep(item["id"], old, item["authors"])
        keep(item["id"], new, item["authors"], "renamed" if item["title_jaccard"] < 0.4 else "revised")
    for index, item in enumerate(lines(data / "revisions/others.jsonl.gz")):
        keep(item["id"], item, item["authors"], "fresh" if index % 2 else "")
    pool = [item for item in lines(data / "pool/papers.jsonl.xz") if item["id"] not in crossed and item["abstract"]]
    for index, item in enumerate(pool):
        keep(item["id"], item, item.get("authors"), "fresh" if index >= len(pool) - FRESH else "")
    random.Random(0).shuffle(queries)
    return Corpus(store, [paper for _, paper in queries], [kind for kind, _ in queries])


@dataclass(frozen=True)
class Pairs:
    """Candidate pairs: figures with the large store's word counts and with none, and what is true of each pair."""

    figures: np.ndarray[Any, Any]
    small: np.ndarray[Any, Any]
    true: np.ndarray[Any, Any]
    query: np.ndarray[Any, Any]
    authors: np.ndarray[Any, Any]

    @property
    def ambiguous(self) -> np.ndarray[Any, Any]:
        """Other ids by the same people that say nearly the same: resubmissions and extensions, fit for no side."""
        alike = (self.figures[:, 2] >= 0.6) | (self.figures[:, 0] >= 0.6)
        return ~self.true & (self.figures[:, 20] >= 0.5) & alike


def pair_figures(one: Paper, two: Paper, rarity: Rarity) -> list[float]:
    mine, other = Print.of(one, rarity), Print.of(two, rarity)
    alike = cosine(mine, other)
    return [*text_features(mine, other, alike), *author_features(mine, other, alike)]


def candidate_pairs(cases: Corpus) -> Pairs:
    index, nothing = WordIndex(cases.store, cases.store[:: 1 + len(cases.store) // SAMPLE]), Rarity()
    store = {paper.id: paper for paper in cases.store}
    rows: list[tuple[list[float], list[float], bool, int, bool]] = []
    found: Counter[str] = Counter()
    for number, query in enumerate(cases.queries):
        candidates = [store[one] for one in index.candidates(query, 10)]
        found[cases.kinds[number]] += any(other.key == query.key for other in candidates)
        for other in candidates:
            large = pair_figures(query, other, index.rarity)
            if large[2] >= ALIKE:
                known = bool(query.authors and other.authors)
                rows.append((large, pair_figures(query, other, nothing), query.key == other.key, number, known))
    totals = Counter(cases.kinds)
    print(
        "partner among 10 candidates:",
        {kind: round(found[kind] / totals[kind], 4) for kind in found if kind != "fresh"},
    )
    return Pairs(*map(np.array, zip(*rows, strict=True)))


def fit(rows: np.ndarray[Any, Any], true: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
    """Intercept and weights for raw figures."""
    from sklearn.linear_model import LogisticRegression

    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=1, max_iter=5000).fit((rows - mean) / scale, true)
    weights = model.coef_[0] / scale
    return float(model.intercept_[0] - weights @ mean), weights


def fit_both(pairs: Pairs, rows: np.ndarray[Any, Any]) -> list[tuple[float, np.ndarray[Any, Any]]]:
    """The model of text and the model of text and authors, each fitted to both word counts.

    The data give a revised paper one list of authors for both versions; real prints cut and misspell theirs. Without a
    tenth of the true pairs losing part of what their authors share, no copy with a shortened list is found.
    """
    text, kept = len(TEXT_FEATURES), rows & pairs.authors
    chance = np.random.default_rng(0)
    cut = np.flatnonzero(pairs.true[kept] & (chance.random(kept.sum()) < 0.1))
    part, misspelt = chance.uniform(0.2, 1, len(cut)), chance.random(len(cut)) < 0.3
    first = chance.random(len(cut)) < 0.8
    texts, both = [], []
    for counts in (pairs.figures, pairs.small):
        texts.append(counts[rows, :text])
        seen = counts[kept]
        seen[cut, text] *= part
        seen[cut, text + 1] *= np.where(misspelt, part, 1)
        seen[cut, text + 2] *= part
        seen[cut, text + 3] = np.log1p(np.expm1(seen[cut, text + 3]) * part)
        seen[cut, text + 4] *= first
        seen[cut, text + 5] *= part
        both.append(seen)
    return [fit(np.vstack(texts), np.tile(pairs.true[rows], 2)), fit(np.vstack(both), np.tile(pairs.true[kept], 2))]


def probabilities(pairs: Pairs, *, small: bool = False) -> np.ndarray[Any, Any]:
    """Each pair's two probabilities (text; text and authors) by models that have not seen its paper."""
    fold = np.random.default_rng(0).integers(0, FOLDS, pairs.query.max() + 1)[pairs.query]
    counts, text = pairs.small if small else pairs.figures, len(TEXT_FEATURES)
    out = np.zeros((len(pairs.true), 2))
    for number in range(FOLDS):
        models = fit_both(pairs, (fold != number) & ~pairs.ambiguous)
        for column, (intercept, weights) in enumerate(models):
            width = len(weights)
            out[fold == number, column] = intercept + counts[fold == number, :width] @ weights
    assert text + len(AUTHOR_FEATURES) == counts.shape[1]
    return 1 / (1 + np.exp(-out))


def judged(cases: Corpus, pairs: Pairs, score: np.ndarray[Any, Any], least: np.ndarray[Any, Any]) -> str:
    """One row of the table: what a rule finds by kind, its precision and what it merges wrongly."""
    best: dict[int, int] = {}
    for row in np.flatnonzero(score >= least):
        query = int(pairs.query[row])
        if query not in best or score[row] > score[best[query]]:
            best[query] = int(row)
    totals = Counter(cases.kinds)
    right = Counter(cases.kinds[query] for query, row in best.items() if pairs.true[row])
    wrong = [row for query, row in best.items() if not pairs.true[row]]
    strangers = sum(bool(pairs.authors[row]) and pairs.figures[row, len(TEXT_FEATURES)] == 0 for row in wrong)
    fresh = sum(cases.kinds[query] == "fresh" for query in best)
    revised = (right["revised"] + right["renamed"]) / (totals["revised"] + totals["renamed"])
    return (
        f"{revised:.3f}  {right['renamed'] / totals['renamed']:.3f}  {right['cross'] / totals['cross']:.4f}  "
        f"{right.total() / (right.total() + len(wrong)):.4f}  {fresh:4d} of {totals['fresh']}  {strangers:3d}"
    )


def copies(data: Path, target: Path | None) -> None:
    cases = corpus(data)
    print(f"store {len(cases.store)}, queries {Counter(cases.kinds)}")
    pairs = candidate_pairs(cases)
    print("rule                          revised renamed cross  precision  false merges of fresh, no common author")
    everywhere = np.ones(len(pairs.true))
    for name, score, limit in (
        ("cosine >= .4", pairs.figures[:, 2], 0.4),
        ("cosine >= .5", pairs.figures[:, 2], 0.5),
        ("title Jaccard >= .7", pairs.figures[:, 0], 0.7),
    ):
        print(f"{name:30}", judged(cases, pairs, score, limit * everywhere))
    least: np.ndarray[Any, Any]
    for label, small in (("", False), (", no store's counts", True)):
        out = probabilities(pairs, small=small)
        switch = np.where(pairs.authors, out[:, 1], out[:, 0])
        for with_authors, by_text in ((0.2, 0.2), (0.3, 0.3), (0.5, 0.3), (0.8, 0.99)):
            least = np.where(pairs.authors, with_authors, by_text)
            print(f"{f'ours {with_authors}/{by_text}{label}':30}", judged(cases, pairs, switch, least))
        for by_text in (0.2, 0.3, 0.99):
            print(f"{f'text alone {by_text}{label}':30}", judged(cases, pairs, out[:, 0], by_text * everywhere))
    if target:
        write(target, fit_both(pairs, ~pairs.ambiguous))


def write(target: Path, models: list[tuple[float, np.ndarray[Any, Any]]]) -> None:
    """Write the coefficients as a module."""
    parts = [
        '"""Weights of the models of ``near_duplicates``, written by ``tests/bench/novelty.py copies --write``."""\n'
    ]
    parts.append("from __future__ import annotations\n\nfrom monitor.novelty.logistic import Logistic\n")
    features = (TEXT_FEATURES, (*TEXT_FEATURES, *AUTHOR_FEATURES))
    for name, labels, (intercept, weights) in zip(("TEXT", "TEXT_AND_AUTHORS"), features, models, strict=True):
        rows = [f"        {weight:.5f},  # {label}\n" for label, weight in zip(labels, weights, strict=True)]
        parts.append(f"{name} = Logistic(\n    intercept={intercept:.5f},\n    weights=(\n{''.join(rows)}    ),\n)\n")
    target.write_text("\n".join(parts), encoding="utf-8")


# --- revisions, first stories, speed -------------------------------------------------------------------------------


def abstracts(data: Path, count: int) -> list[list[str]]:
    """Sentences of evenly chosen real abstracts, five sentences or more."""
    rows = [item["abstract"] for item in lines(data / "revisions/others.jsonl.gz")][:: max(1, 9000 // (2 * count))]
    return [split for split in map(sentences, rows) if len(split) >= 5 and all(len(one.split()) >= 4 for one in split)][
        :count
    ]


def plant(old: list[str], foreign: list[str], chance: random.Random) -> tuple[list[str], set[str], set[str]]:
    """Edit an abstract: drop 12 % of its sentences, reword 18 %, add one of another abstract, swap two in a quarter."""
    new, removed = [], set()
    for sentence in old:
        if chance.random() < 0.12:
            removed.add(sentence)
            continue
        words = sentence.split()
        if chance.random() < 0.18:
            for at in chance.sample(range(1, len(words) - 1), int((len(words) - 2) * chance.uniform(0.15, 0.5))):
                words[at] = chance.choice(foreign).split()[1].strip(".?!:")
        new.append(" ".join(words))
    added = set(chance.sample(foreign, chance.choice((0, 1, 1, 2))))
    for sentence in sorted(added):
        new.insert(chance.randrange(len(new) + 1), sentence)
    if len(new) > 1 and chance.random() < 0.25:
        new[0], new[1] = new[1], new[0]
    return new, added, removed


def f1(pairs: list[tuple[set[str], set[str]]]) -> float:
    right = sum(len(found & true) for found, true in pairs)
    return 2 * right / sum(len(found) + len(true) for found, true in pairs)


@dataclass(frozen=True)
class Planted:
    """What became of edits planted in real abstracts."""

    abstracts: int
    added: float
    removed: float
    rewritten: int
    milliseconds: float


def planted(data: Path) -> Planted:
    chance, texts = random.Random(5), abstracts(data, 800)
    came, went, spent = [], [], 0.0
    for place, old in enumerate(texts):
        new, added, removed = plant(old, texts[(place + 7) % len(texts)], chance)
        papers = [Paper(1, "", "Title", " ".join(text), OLD) for text in (old, new)]
        start = time.process_time()
        change = compare(*papers)
        spent += time.process_time() - start
        if not change.rewritten:
            came.append((set(change.added), added))
            went.append((set(change.removed), removed))
    return Planted(len(texts), f1(came), f1(went), len(texts) - len(came), 1000 * spent / len(texts))


def revisions(data: Path) -> None:
    found = planted(data)
    print(f"planted: {found.abstracts} abstracts, added F1 {found.added:.3f}, removed F1 {found.removed:.3f}, ", end="")
    print(f"{found.rewritten} called rewritten, {found.milliseconds:.2f} ms each")
    changes = [
        compare(*(Paper(1, "", row[f"title_{age}"], row[f"abstract_{age}"], OLD) for age in ("old", "new")))
        for row in lines(data / "revisions/revised.jsonl.gz")
    ]
    shares = {
        "empty": [change.is_empty for change in changes],
        "new title": [bool(change.new_title) for change in changes],
        "numbers": [bool(change.numbers) for change in changes],
        "rewritten": [change.rewritten for change in changes],
    }
    print("real:", ", ".join(f"{name} {statistics.mean(values):.3f}" for name, values in shares.items()))


def listed(data: Path) -> list[Paper]:
    """Papers of Hugging Face's daily lists, by day."""
    papers: dict[str, Paper] = {}
    for row in lines(data / "hf_daily/hf_daily.jsonl.xz"):
        day = datetime.combine(date.fromisoformat(row["day"]), datetime.min.time(), UTC)
        papers.setdefault(row["id"], Paper(len(papers) + 1, row["id"], row["title"], row["abstract"] or "", day))
    return sorted(papers.values(), key=lambda paper: paper.first_seen)


def monthly_stories(data: Path) -> tuple[dict[str, list[float]], float]:
    """Return the percentiles of each month's papers, and the median of the processor's seconds for a day."""
    past = Past()
    scores: dict[str, list[float]] = {}
    spent: list[float] = []
    for day, group in groupby(listed(data), key=lambda paper: paper.first_seen):
        today = list(group)
        start = time.process_time()
        found = past.stories(today)
        past.add(today)
        spent.append(time.process_time() - start)
        scores.setdefault(f"{day:%Y-%m}", []).extend(story.score for story in found.values())
    return {month: known for month, known in scores.items() if known}, statistics.median(spent)


def first_of(scores: list[float]) -> float:
    """Return the share of papers at or above the 95th percentile; it should be .05."""
    return statistics.mean(score >= 0.95 for score in scores)


def stories(data: Path) -> None:
    months, spent = monthly_stories(data)
    print("month, papers, share >= .95")
    for month, known in months.items():
        print(month, len(known), f"{first_of(known):.3f}")
    everything = [score for known in months.values() for score in known]
    print(f"all {first_of(everything):.3f}, {spent:.2f} s a day")


@dataclass(frozen=True)
class Searched:
    """What verdicts cost against a store of ``size`` papers, in seconds, and who was merged with strangers."""

    size: int
    strangers: int
    index: float
    copies: float
    stories: float
    more_stories: float
    add: float

    @property
    def verdicts(self) -> float:
        return self.copies + self.stories + self.more_stories


def searched(data: Path, sizes: Sequence[int], number: int) -> Iterator[Searched]:
    """Yield what ``number`` verdicts cost against stores of half a year: the pool, and its abstracts backwards."""
    cases = corpus(data)
    filler = [
        replace(paper, id=10_000_000 + paper.id, abstract=" ".join(paper.abstract.split()[::-1]))
        for paper in cases.store
    ]
    everything, came = [*cases.store, *filler], cases.queries[:number]
    names = {paper.id: {author.split()[-1].casefold() for author in paper.authors} for paper in everything}
    for size in sizes:
        step = timedelta(days=180) / size
        store = [
            replace(paper, first_seen=NEW - (size - place) * step) for place, paper in enumerate(everything[:size])
        ]
        moments = [time.process_time()]

        def lap(moments: list[float] = moments) -> float:
            moments.append(time.process_time())
            return moments[-1] - moments[-2]

        index, past = CopyIndex(store), Past(store)
        row = [lap()]
        found = [(paper, index.find(paper)) for paper in came]
        row.append(lap())
        for half in (came[: number // 2], came[number // 2 :]):
            past.stories(half)
            row.append(lap())
        index.add(came)
        row.append(lap())
        strange = [
            copy for paper, copy in found
            if copy and names[copy.paper_id] and paper.authors and not names[copy.paper_id] & {one.split()[-1].casefold() for one in paper.authors}
        ]  # fmt: skip
        yield Searched(size, len(strange), *row)


def speed(data: Path) -> None:
    print(
        "store, s to index, ms a paper for copies, s for the first 500 stories of a day, for 500 more, s to add 1,000, strangers"
    )
    for one in searched(data, (10_000, 50_000, 150_000), 1_000):
        seconds = one.index, one.copies, one.stories, one.more_stories, one.add
        print(one.size, *(f"{spent:.2f}" for spent in seconds), one.strangers, flush=True)


def figures() -> Iterator[Figure]:
    """Planted edits, first stories of each month, and verdicts against up to 20,000 papers; ``main`` has 150,000."""
    if not DATA.is_dir():
        raise MissingError(f"the shared real data is missing: {DATA}")
    edits = planted(DATA)
    yield Figure("sentences added, F1 on planted edits", edits.added, "", asked=">= 0.99")
    yield Figure("sentences removed, F1 on planted edits", edits.removed, "", asked=">= 0.99")
    yield Figure("a revision compared", edits.milliseconds, "ms", asked="<= 3")
    months, _ = monthly_stories(DATA)
    shares = [first_of(known) for known in months.values()]
    yield Figure(f"first stories, the most in one of {len(shares)} months", max(shares), "", asked="<= 0.08")
    yield Figure("first stories, the least in a month", min(shares), "", asked=">= 0.02")
    sizes, number = (2_000, 7_000, 20_000), 400
    found = list(searched(DATA, sizes, number))
    most, ms = f"{sizes[-1]:,} papers", 1000 / number
    rises = growth(sizes, [one.copies for one in found])
    yield Figure(f"a search for copies in {most}", found[-1].copies * ms, "ms", asked="growth <= 1", growth=rises)
    yield Figure(f"a verdict against {most}", found[-1].verdicts * ms, "ms", asked="<= 5")
    yield Figure(f"{most} indexed", found[-1].index, "s", growth=growth(sizes, [one.index for one in found]))
    yield Figure(f"strangers merged among {number} papers", found[-1].strangers, "papers", asked="<= 0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("copies", "revisions", "stories", "speed"))
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", type=Path, help="where to write the coefficients fitted to all pairs")
    options = parser.parse_args()
    if options.what == "copies":
        copies(options.data, options.write)
    else:
        {"revisions": revisions, "stories": stories, "speed": speed}[options.what](options.data)


if __name__ == "__main__":
    main()
