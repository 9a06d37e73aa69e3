"""All benchmarks in one run: ``nice python -m tests.bench [--only NAME...] [--json] [--compare OLD.json]``.

A benchmark is a module of this folder with ``figures()``, which yields one ``Figure`` after another within a minute
on an idle machine; its own ``main`` has the larger sizes. Each runs in a process of its own. One that lacks something
is left out with the reason, one that fails or does not end is named, and the exit status is 1 for it, for a figure
that is not as asked, and for one that got worse than in OLD.json by more than the noise.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.markup import escape

from tests.bench import table
from tests.bench.figure import Figure, MissingError, worse

SECONDS = 180
"""A minute on an idle machine may be three on a busy one."""
AS_THE_PROGRAM = {"OPENBLAS_NUM_THREADS": "1"}
"""As `monitor` sets it: a second thread makes fitting a topic six times dearer, and the order of sums a matter of luck."""
FOLDER = Path(__file__).parent


def benchmarks() -> list[str]:
    """Return the names of the modules that have figures, in order."""
    return sorted(
        path.stem
        for path in FOLDER.glob("*.py")
        if re.search(r"^def figures\(\)", path.read_text("utf-8"), re.MULTILINE)
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one benchmark said, and why it said no more."""

    name: str
    figures: tuple[Figure, ...]
    left_out: str = ""
    failed: str = ""


def measure(name: str, seconds: float) -> Outcome:
    """Run one benchmark in a process of its own, for so many seconds at most."""
    command = [sys.executable, "-m", "tests.bench", "--alone", name]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            cwd=FOLDER.parents[1],
            env=os.environ | AS_THE_PROGRAM,
        )
    except subprocess.TimeoutExpired as error:
        said = error.stdout.decode() if isinstance(error.stdout, bytes) else ""
        return Outcome(name, told(said), failed=f"did not end within {seconds:g} seconds")
    failed = "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
    missing = [json.loads(line)["missing"] for line in done.stdout.splitlines() if line.startswith('{"missing"')]
    return Outcome(name, told(done.stdout), left_out="; ".join(missing), failed=failed)


def told(output: str) -> tuple[Figure, ...]:
    """Return the figures in what a process printed, also when it was stopped within a line."""
    lines = [line for line in output.splitlines(keepends=True) if line.startswith('{"name"') and line.endswith("\n")]
    return tuple(Figure(**json.loads(line)) for line in lines)


def alone(name: str) -> None:
    """Print each figure of a benchmark as a line of JSON."""
    try:
        for figure in importlib.import_module(f"tests.bench.{name}").figures():
            print(json.dumps(asdict(figure)), flush=True)
    except MissingError as missing:
        print(json.dumps({"missing": str(missing)}))


def drawn(outcomes: Sequence[Outcome]) -> None:
    made = table.empty()
    for outcome in outcomes:
        made.add_row(f"[bold]{outcome.name}[/bold]")
        table.add(made, outcome.figures)
        if outcome.left_out or outcome.failed:
            made.add_row(
                f"[red]{escape(outcome.failed)}[/red]" if outcome.failed else f"left out: {escape(outcome.left_out)}"
            )
    table.draw(made)


def each(names: Sequence[str], seconds: float) -> Iterator[Outcome]:
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        yield measure(name, seconds)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=benchmarks(), metavar="NAME", help=", ".join(benchmarks()))
    parser.add_argument("--json", action="store_true", help="print the figures as JSON, to be compared with later")
    parser.add_argument("--compare", type=Path, metavar="OLD.json", help="say what got worse since")
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"how long one benchmark may take ({SECONDS})")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        alone(asked.alone)
        return 0
    old = [Figure(**one) for one in json.loads(asked.compare.read_text("utf-8"))] if asked.compare else []
    outcomes = list(each(asked.only or benchmarks(), asked.seconds))
    figures = [figure for outcome in outcomes for figure in outcome.figures]
    if asked.json:
        print(json.dumps([asdict(figure) for figure in figures], indent=1))
    else:
        drawn(outcomes)
    lost = list(worse(old, figures))
    for line in lost:
        print(f"worse: {line}", file=sys.stderr)
    return int(bool(lost) or any(outcome.failed for outcome in outcomes) or any(one.holds is False for one in figures))


if __name__ == "__main__":
    sys.exit(main())
