"""`monitor evaluate`: measure the program on cases with known answers."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli._evaluate_trends import trends
from monitor.cli.installation import errors_told
from monitor.cli.tables import print_table, progress

if TYPE_CHECKING:
    from monitor.evaluate.curves import Step
    from monitor.evaluate.matching import Figures
    from monitor.evaluate.novelty import LibraryFigures, PairFigures
    from monitor.evaluate.parts import Alone
    from monitor.evaluate.store import StoreFigures
    from monitor.evaluate.stream import StreamFigures

_METHODS = ("ours", "svm", "centroid", "logistic", "bm25", "rrf")
_FIGURES = {
    "ap": "AP",
    "ndcg20": "nDCG@20",
    "rprec": "R-prec",
    "ece01": "ECE",
    "expected_over_seen": "exp/seen",
    "silent": "silent",
    "day_hit": "day hit",
    "precision": "precision",
    "recall": "recall",
}
_TIMES = {"fit_ms": "fit ms", "score_ms": "score ms"}
Tables = dict[str, dict[str, "Figures"]]


@click.group("evaluate")
def command() -> None:
    """Measure the program on cases with known answers.

    No configuration is read and nothing is stored.

    \b
    Examples:
      monitor evaluate matching cases/ --method all
      monitor evaluate novelty pairs.jsonl.gz
      monitor evaluate store cases/
      monitor evaluate stream entries.jsonl
      monitor evaluate trends documents.jsonl --gold gold.jsonl
    """


command.add_command(trends)


@command.command("matching")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--method",
    "methods",
    type=click.Choice((*_METHODS, "all")),
    multiple=True,
    default=("ours",),
    show_default=True,
    help="Whose recipe to run; may be given more than once.",
)
@click.option("--level", help="Only the cases of this level.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many cases of each level.")
@click.option("--matcher", "matchers", multiple=True, help="What learns from examples in ours; may be given again.")
@click.option("--parts", "with_parts", is_flag=True, help="Also what each part of ours comes to alone.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def matching(
    folder: Path, *, methods: tuple[str, ...], level: str | None, limit: int | None, matchers: tuple[str, ...],
    with_parts: bool, as_json: bool,
) -> None:  # fmt: skip
    """Find the papers of topics with known answers, with our matchers or with the recipes of other programs.

    DIR holds papers.jsonl, one paper a line: {"id", "title", "abstract", "authors", "categories", "published"}, and
    cases.jsonl, one case a line: {"case", "level", "family", "about", "query", "examples": [ids], "negatives": [ids],
    "candidates": [ids] or null, "relevant": [ids], "after": date or null, "weekly_volume": number or null}. With
    "after", only papers from before it are known; candidates null means all papers from then on.

    Methods: ours; svm as arxiv-sanity-lite; centroid as zotero-arxiv-daily; logistic as Scholar Inbox; bm25, a search
    for the description; rrf, the same joined with a search by meaning, as daily-paper-reader.

    \b
    Examples:
      monitor evaluate matching cases/
      monitor evaluate matching cases/ --method all --level 5 --limit 10
      monitor evaluate matching cases/ --matcher linear2 --parts
    """
    with errors_told():
        from monitor.evaluate import cases as room
        from monitor.evaluate import curves, parts
        from monitor.evaluate import matching as figures_of

        papers = room.read_papers(folder)
        cases = room.read_cases(folder, papers, level=level, limit=limit, matchers=matchers)
        chosen = _METHODS if "all" in methods else tuple(dict.fromkeys(methods))
        with progress(len(chosen) * len(cases)) as told:
            found = figures_of.compare(papers, cases, chosen, told)
        tables = {
            method: {name: figures_of.figures(ranked) for name, ranked in levels.items()}
            for method, levels in found.items()
        }
        ours = found.get("ours", {})
        steps = {name: curves.curve(ranked) for name, ranked in ours.items()}
        alone = parts.alone(ours) if with_parts else {}
    if as_json:
        _print_json(
            _matching_json(tables, steps)
            | ({"parts": {key: asdict(one) for key, one in alone.items()}} if alone else {})
        )
        return
    _show_matching(folder, tables)
    if steps:
        _show_curve(steps)
    if alone:
        _show_parts(alone)


@command.command("novelty")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def novelty(file: Path, *, as_json: bool) -> None:
    """Tell pairs of one work in FILE from others, or find the second copies in a library.

    FILE holds one JSON object a line, and may be compressed (.gz, .xz). A pair is {"a": paper, "b": paper, "same": 0 or
    1, "kind": name}, a record of a library is a paper with "duplicate": true or false; a paper is {"title", "abstract",
    "authors", "year", "doi"}, all but the title optional.

    \b
    Example:
      monitor evaluate novelty pairs.jsonl.gz
    """
    with errors_told():
        from monitor.evaluate import novelty as room

        rows = list(room.read_lines(file))
        if any("duplicate" in row for row in rows):
            library = room.judge_library(rows)
            _print_json(room.library_json(library)) if as_json else _show_library(file, library)
        else:
            pairs = room.judge_pairs(room.read_pairs(rows))
            _print_json(room.pairs_json(pairs)) if as_json else _show_pairs(file, pairs)


@command.command("store")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def store(folder: Path, *, as_json: bool) -> None:
    """Search the older print of each paper that arrives, with all ids hidden.

    DIR holds store.jsonl, papers already known with an "id" each, and queries.jsonl, papers arriving with "partner",
    the id of the older print or null, and "kind".

    \b
    Example:
      monitor evaluate store cases/
    """
    with errors_told():
        from monitor.evaluate import store as room

        figures = room.judge_store(*room.read_folder(folder))
    _print_json(room.store_json(figures)) if as_json else _show_store(folder, figures)


@command.command("stream")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def stream(file: Path, *, as_json: bool) -> None:
    """Announce a stream of entries, and count what comes again and what never comes.

    FILE holds one entry a line in the order of time: {"at", "source", "id", "title", "abstract", "gold"}, and may be
    compressed (.gz, .xz). "gold" names the work, without it the id does; a stream without ids hides them from all.

    Rules beside ours: id, without its version; guid, the id as printed; window, the id for seven days; title; jaccard,
    seven of ten title words.

    \b
    Example:
      monitor evaluate stream entries.jsonl
    """
    with errors_told():
        from monitor.evaluate import novelty as files
        from monitor.evaluate import stream as room

        entries = room.read_stream(list(files.read_lines(file)))
        figures = {name: room.judge_stream(entries, announces) for name, announces in room.METHODS.items()}
    _print_json(room.stream_json(figures)) if as_json else _show_stream(file, figures)


def _print_json(figures: dict[str, object]) -> None:
    click.echo(json.dumps(figures))


def _matching_json(tables: Tables, steps: dict[str, list[Step]]) -> dict[str, object]:
    """Return the first method's levels by themselves, all methods' when there are several, and our curves."""
    figures: dict[str, object] = {"levels": next(iter(tables.values()))}
    if len(tables) > 1:
        figures["methods"] = {method: {"levels": levels} for method, levels in tables.items()}
    if steps:
        figures["curve"] = {level: [asdict(step) for step in one] for level, one in steps.items()}
    return figures


def _show_matching(folder: Path, tables: Tables) -> None:
    columns = ("level", "method", "cases", *_FIGURES.values(), *_TIMES.values())
    levels = next(iter(tables.values()))
    rows = [(level, method, *_cells(tables[method][level])) for level in levels for method in tables]
    print_table(
        f"{folder}: means over cases; precision and recall of all papers sent; times are medians", columns, rows
    )


def _cells(figures: Figures) -> list[str]:
    if not figures["cases"]:
        return ["none", *[""] * (len(_FIGURES) + len(_TIMES))]
    shares = [_share(figures[name]) for name in _FIGURES]
    return [f"{figures['cases']}", *shares, *(f"{figures[name]:.1f}" for name in _TIMES)]


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _show_curve(steps: dict[str, list[Step]]) -> None:
    levels = list(steps.values())
    print_table(
        "ours by threshold: share of days without a relevant paper that are silent / of the others that bring one",
        ("threshold", *steps),
        [
            (f"{rows[0].threshold:.2f}", *(f"{_share(one.silent)} / {_share(one.day_hit)}" for one in rows))
            for rows in zip(*levels, strict=True)
        ],
    )


def _show_parts(levels: dict[str, Alone]) -> None:
    kinds = sorted({kind for one in levels.values() for kind in one.parts})
    print_table(
        "ours by part: average precision of each alone, and what joining gains over the best of them",
        ("level", "joined", *kinds, "gain"),
        [
            (level, _share(one.joined), *(_share(one.parts.get(kind)) for kind in kinds), f"{one.gain:+.4f}")
            for level, one in levels.items()
        ],
    )


def _show_pairs(file: Path, figures: PairFigures) -> None:
    print_table(
        f"{file}: {figures.pairs} pairs, {figures.pairs_per_s:,.0f} pairs/s",
        ("", "precision", "recall", "F1"),
        [
            (name, f"{one.precision:.4f}", f"{one.recall:.4f}", f"{one.f1:.4f}")
            for name, one in (("told as one work", figures.told), ("linked", figures.linked))
        ],
    )
    print_table(
        "by kind: recall for pairs of one work, false alarms for others",
        ("kind", "one work", "pairs", "told", "linked"),
        [
            (kind, "yes" if is_same else "no", number, f"{told:.4f}", f"{linked:.4f}")
            for (kind, is_same), (number, told, linked) in figures.kinds.items()
        ],
    )
    _show_rules(
        {name: (f"{one.precision:.4f}", f"{one.recall:.4f}", f"{one.f1:.4f}") for name, one in figures.rules.items()},
        ("precision", "recall", "F1"),
    )
    click.echo('told: "same", or "related" where a paper has no abstract; linked: "same" or "related"')


def _show_library(file: Path, figures: LibraryFigures) -> None:
    print_table(
        f"{file}: {figures.papers} records, {figures.ms_per_paper:.1f} ms each",
        ("flagged", "of them found", "groups", "groups without a flag"),
        [(figures.flagged, figures.found, figures.groups, figures.without_flag)],
    )


def _show_store(folder: Path, figures: StoreFigures) -> None:
    print_table(
        f"{folder}: {figures.store} papers indexed in {figures.seconds_to_index:.1f} s, "
        f"{figures.ms_per_query:.2f} ms a query",
        ("kind", "queries", "found", "as same", "missed", "false merges", "as same"),
        [
            (
                kind,
                one.queries,
                "" if one.share is None else f"{one.share:.4f}",
                one.same,
                one.partners - one.found,
                one.false_merges,
                one.false_same,
            )
            for kind, one in figures.kinds.items()
        ],
    )
    kinds = list(next(iter(figures.rules.values())).found)
    _show_rules(
        {
            name: (*(f"{one.found[kind]:.4f}" for kind in kinds), one.false_merges)
            for name, one in figures.rules.items()
        },
        (*(f"found {kind}" for kind in kinds), "false merges"),
    )
    click.echo(
        'found and false merges: linked as "same" or "related"; "same" withholds the paper, "related" adds a note'
    )


def _show_rules(rules: dict[str, tuple[object, ...]], columns: tuple[str, ...]) -> None:
    print_table("the same by other programs' rules", ("rule", *columns), [(name, *row) for name, row in rules.items()])


def _show_stream(file: Path, figures: dict[str, StreamFigures]) -> None:
    print_table(
        f"{file}: {figures['ours'].entries} entries",
        ("rule", "announced", "of them repeats", "works missed", "ms an entry"),
        [(name, one.announced, one.repeats, one.missed, f"{one.ms_per_entry:.2f}") for name, one in figures.items()],
    )
