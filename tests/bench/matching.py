#!/usr/bin/env python3
"""Repeat the figures of the matchers on curated profiles, and refit the probabilities.

    python -m tests.bench.matching SHARED [--cut 2025-09-15] [--level 5] [--limit 10] [--first-day] [--refit] [--json]

SHARED is the folder with data/curated_profiles and data/pool. ``--first-day`` leaves only
the 400 papers seen last before the cut in the store. ``--refit`` prints coefficients for
monitor/matchers/calibration.py, fitted over both situations, with figures in which no family of profiles judges
itself. Takes some minutes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from monitor.evaluate import matching
from monitor.evaluate.cases import Case, read_cases, read_papers
from monitor.evaluate.matching import OURS
from monitor.evaluate.rivals import RIVALS
from monitor.types.papers import Paper
from tests.bench import calibrate
from tests.bench.cases import CUT, make
from tests.bench.figure import DATA, Figure, MissingError

FIRST_DAY = 400


def main() -> None:
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        made = options.folder or Path(folder)
        if not options.folder:
            make(options.shared, made, options.cut)
        papers = read_papers(made)
        cases = read_cases(made, papers, level=options.level, limit=options.limit)
    if options.refit:
        situations = (papers, first_day(papers, options.cut, cases))
        calibrate.refit([example for known in situations for example in examples(known, cases, options.cut)])
        return
    if options.first_day:
        papers = first_day(papers, options.cut, cases)
    show(matching.table(matching.outcomes(papers, cases)), as_json=options.json)


def figures() -> Iterator[Figure]:
    """One in seven lists at two levels, among one in twelve of the pool's papers: easier than the whole, for all alike."""
    if not DATA.is_dir():
        raise MissingError(f"the shared real data is missing: {DATA}")
    with tempfile.TemporaryDirectory() as folder:
        make(DATA.parent, Path(folder))
        papers = read_papers(Path(folder))
        cases = [case for level in ("description", "5") for case in read_cases(Path(folder), papers, level=level)[::7]]
    named = {name for case in cases for name in (*case.examples, *case.relevant)}
    some = {name: paper for place, (name, paper) in enumerate(papers.items()) if name in named or place % 12 == 0}
    found = matching.compare(some, cases, (OURS, *RIVALS), lambda _case: None)
    for level, name in (("description", "a description alone"), ("5", "5 examples")):
        tables = {method: matching.figures(levels[level])["ap"] for method, levels in found.items() if levels[level]}
        precision = {method: one for method, one in tables.items() if one is not None}
        ours = precision.pop(OURS)
        peer = max(precision, key=precision.__getitem__)
        beside = f"the best of its rivals, {peer}"
        yield Figure(f"average precision, {name}", ours, "", precision[peer], beside, "ratio >= 1")


def examples(papers: dict[str, Paper], cases: list[Case], cut: str) -> Iterator[calibrate.Example]:
    coming = tuple(paper for paper in papers.values() if paper.first_seen.date() >= date.fromisoformat(cut))
    yield from calibrate.examples(matching.outcomes(papers, cases), coming)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--cut", default=CUT)
    parser.add_argument("--folder", type=Path, help="a folder that tests.bench.cases has made already")
    parser.add_argument("--level")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--first-day", action="store_true")
    parser.add_argument("--refit", action="store_true")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def first_day(papers: dict[str, Paper], cut: str, cases: list[Case]) -> dict[str, Paper]:
    """Leave the last papers before the cut, and the examples, which a reader brings along."""
    day = date.fromisoformat(cut)
    past = sorted(
        (paper for paper in papers.values() if paper.first_seen.date() < day), key=lambda paper: paper.first_seen
    )
    brought = {name for case in cases for name in case.examples}
    gone = {paper.key for paper in past[:-FIRST_DAY]} - brought
    return {name: paper for name, paper in papers.items() if name not in gone}


def show(table: dict[str, dict[str, float | None]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"levels": table}, indent=1))
        return
    for number, (level, figures) in enumerate(table.items()):
        if number == 0:
            print(f"{'':12s}" + "".join(f"{name[:9]:>10s}" for name in figures))
        print(
            f"{level:12s}" + "".join("      none" if value is None else f"{value:10.3f}" for value in figures.values())
        )


if __name__ == "__main__":
    main()
