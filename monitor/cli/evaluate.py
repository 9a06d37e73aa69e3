"""`monitor evaluate`: measure the program on cases with known answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.installation import errors_told
from monitor.cli.tables import print_table

if TYPE_CHECKING:
    from monitor.evaluate.novelty import LibraryFigures, PairFigures
    from monitor.evaluate.store import StoreFigures


@click.group("evaluate")
def command() -> None:
    """Measure the program on cases with known answers.

    No configuration is read and nothing is stored.

    \b
    Examples:
      monitor evaluate novelty pairs.jsonl.gz
      monitor evaluate store cases/
    """


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


def _print_json(figures: dict[str, object]) -> None:
    click.echo(json.dumps(figures))


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
    click.echo(
        'found and false merges: linked as "same" or "related"; "same" withholds the paper, "related" adds a note'
    )
