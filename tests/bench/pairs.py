"""Pairs and libraries from the real data, for ``monitor evaluate novelty``.

    python -m tests.bench.pairs DATA OUT && for file in OUT/*.jsonl; do monitor evaluate novelty $file; done

``DATA`` is the folder of real data that lies beside the project (``shared/data``). OUT gets ``cross_source.jsonl`` and
``revisions.jsonl`` (two prints of one work; as negatives, for every paper, the most alike paper of another id and a
random one), ``bib_pairs.jsonl``, and the libraries of ``dedup_records`` as they are. No file holds an id.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from monitor.novelty.search import WordIndex
from monitor.types.papers import Paper
from tests.bench.novelty import NEW, OLD, lines

Row = dict[str, Any]


def cross_source(data: Path) -> Iterator[Row]:
    for item in lines(data / "cross_source/pairs.jsonl.xz"):
        one, two = ({"title": item[side]["title"], "abstract": item[side]["abstract"]} for side in "ab")
        kind = "reworded" if item["title_differs"] or item["abstract_differs"] else "same text"
        yield {"a": two, "b": one, "same": 1, "kind": kind, "work": item["id"]}


def revisions(data: Path) -> Iterator[Row]:
    for item in lines(data / "revisions/revised.jsonl.gz"):
        new, old = (
            {"title": item[f"title_{age}"], "abstract": item[f"abstract_{age}"], "authors": item["authors"]}
            for age in ("new", "old")
        )
        kind = "renamed" if item["title_jaccard"] < 0.4 else "revised"
        yield {"a": new, "b": old, "same": 1, "kind": kind, "work": item["id"]}


def others(data: Path) -> list[Row]:
    rows = lines(data / "revisions/others.jsonl.gz")
    return [{"title": row["title"], "abstract": row["abstract"], "authors": row["authors"]} for row in rows]


def with_negatives(pairs: list[Row], more: Iterable[Row] = ()) -> Iterator[Row]:
    """The pairs, and each newer print beside the most alike older print of another work and beside a random one."""
    old = [(pair["b"], pair.pop("work")) for pair in pairs] + [(row, "") for row in more]
    papers = [Paper(number, "", row["title"], row["abstract"], OLD) for number, (row, _) in enumerate(old)]
    index, chance = WordIndex(papers, papers), random.Random(0)
    for number, pair in enumerate(pairs):
        yield pair
        query = Paper(len(old), "", pair["a"]["title"], pair["a"]["abstract"], NEW)
        nearest = [one for one in index.candidates(query, 10) if old[one][1] != old[number][1]][:1]
        for kind, place in (*(("nearest other", one) for one in nearest), ("random other", chance.randrange(len(old)))):
            if old[place][1] != old[number][1]:
                yield {"a": pair["a"], "b": old[place][0], "same": 0, "kind": kind}


def write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    data, out = options.data, options.out
    out.mkdir(parents=True, exist_ok=True)
    write(out / "cross_source.jsonl", with_negatives(list(cross_source(data))))
    write(out / "revisions.jsonl", with_negatives(list(revisions(data)), others(data)))
    write(
        out / "bib_pairs.jsonl",
        ({"a": row["a"], "b": row["b"], "same": row["match"]} for row in lines(data / "bib_pairs/dblp-acm.jsonl.gz")),
    )
    for path in sorted((data / "dedup_records").glob("*.jsonl.gz")):
        write(out / path.name.removesuffix(".gz"), lines(path))


if __name__ == "__main__":
    main()
