"""Folders for ``monitor evaluate matching`` from lists that people keep.

    python -m tests.bench.cases SHARED OUT [--cut 2025-09-15] && monitor evaluate matching OUT --method all

``SHARED`` is the folder beside the project with data/curated_profiles and data/pool. A list with at least ten papers
before the cut and ten after becomes five cases: with its description only, with 1, 5 and 20 examples, and with its
whole history. Examples are drawn once, with a fixed seed, from before the cut; all papers from then on are to be
judged. The volume is what a reader would say: the list's papers a week over the half year before the cut.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from monitor.evaluate.novelty import read_lines

CUT = "2025-09-15"
Row = dict[str, Any]

_EXAMPLES = {"description": 0, "1": 1, "5": 5, "20": 20, "history": 2_000}
_LEAST = 10
_WEEKS = 26
_JARGON = re.compile(
    r"\b(awesome|papers?|list|handbook|with code|live|updated?|the|github|repo(sitory)?|collection|curated|survey"
    r"|highlights?|methods?|others?|time of release|sort by|to|for|of|in|on|and|based|\d{4}|cvpr|iccv|neurips|iclr|icml)\b",
    re.IGNORECASE,
)
_NUMBERING = re.compile(r"^[A-Z]?\d?[a-z]?[-.]?\d*[.:]\s*")
_PUNCTUATION = re.compile(r"[()\[\]{}&/:,;.|_-]+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cut", default=CUT)
    options = parser.parse_args()
    print(f"{make(options.shared, options.out, options.cut)} cases in {options.out}")


def make(shared: Path, out: Path, cut: str = CUT) -> int:
    """Write the folder and return how many cases it has."""
    out.mkdir(parents=True, exist_ok=True)
    pool = [paper_row(row) for row in read_lines(shared / "data/pool/papers.jsonl.xz")]
    days = {row["id"]: row["published"] for row in pool}
    profiles = read_lines(shared / "data/curated_profiles/profiles_A.jsonl.gz")
    write(out / "papers.jsonl", pool)
    return write(out / "cases.jsonl", (case for profile in profiles for case in cases(profile, days, cut)))


def write(path: Path, rows: Iterable[Row]) -> int:
    texts = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(texts), encoding="utf-8")
    return len(texts)


def paper_row(row: Row) -> Row:
    return {
        "id": row["id"],
        "title": row["title"],
        "abstract": row["abstract"] or "",
        "authors": row.get("authors") or [],
        "categories": row.get("cats") or [],
        "published": row["first"],
    }


def cases(profile: Row, days: dict[str, str], cut: str) -> Iterator[Row]:
    listed = sorted({item[0] for item in profile["items"]} & days.keys())
    past = [paper for paper in listed if days[paper] < cut]
    coming = [paper for paper in listed if days[paper] >= cut]
    if min(len(past), len(coming)) < _LEAST:
        return
    since = (date.fromisoformat(cut) - timedelta(weeks=_WEEKS)).isoformat()
    volume = round(sum(days[paper] >= since for paper in past) / _WEEKS, 2)
    random.Random(f"{profile['profile']}0").shuffle(past)
    for level, number in _EXAMPLES.items():
        yield {
            "case": f"{profile['profile']}/{level}",
            "level": level,
            "family": profile["repo"],
            "about": description([profile["list"], *profile["path"]]),
            "query": None,
            "examples": past[:number],
            "negatives": [],
            "candidates": None,
            "relevant": coming,
            "after": cut,
            "weekly_volume": volume,
        }


def description(headings: Iterable[str]) -> str:
    """Return a list's title and headings as a person would say them, each once."""
    said: dict[str, str] = {}
    for heading in headings:
        words = plain(heading)
        said.setdefault(words.lower(), words)
    return " ".join(words for words in said.values() if words)


def plain(heading: str) -> str:
    """Return a heading without the jargon of lists, numbering, punctuation and what is not Latin."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", heading).replace("L LM", "LLM")
    bare = _NUMBERING.sub("", re.sub(r"[^\x00-\x7f]+", " ", spaced))
    return " ".join(_JARGON.sub(" ", _PUNCTUATION.sub(" ", bare)).split())


if __name__ == "__main__":
    main()
