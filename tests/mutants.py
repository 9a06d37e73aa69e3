"""Small faults put into the decisions that matter, one at a time: a test has to fail for each.

`python -m tests.mutants [PATH ...]` runs the unit tests once and notes which lines each of them reaches. Then, for each
mutant, a forked child gets one function (or constant) changed and runs the tests that reach the changed statement, the quickest first, until one
fails. `mutants.md` says of each survivor why it may live; others are printed, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import ast
import functools
import gc
import importlib
import os
import re
import resource
import signal
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

import pytest

from tests.mutations import Mutant, changed, mutants

_ROOT = Path(__file__).resolve().parent.parent
_NOVELTY = "novelty"
TARGETS = {
    "monitor/ingest/decide.py": "ingest/test_decide.py",
    "monitor/novelty/first_story.py": f"{_NOVELTY}/test_first_story.py",
    "monitor/novelty/logistic.py": f"{_NOVELTY}/test_logistic.py",
    "monitor/novelty/near_duplicates.py": _NOVELTY,
    "monitor/novelty/pairs.py": _NOVELTY,
    "monitor/novelty/records.py": _NOVELTY,
    "monitor/novelty/revision.py": _NOVELTY,
    "monitor/novelty/search.py": f"{_NOVELTY}/test_search.py",
    "monitor/store/outbox.py": "store/test_outbox.py",
    "monitor/jobs/deliver.py": "jobs/test_deliver.py",
    "monitor/settings/schedule.py": "settings/test_schedule.py settings/test_profiles.py",
    "monitor/digest/due.py": "digest/test_due.py",
    "monitor/jobs/agenda.py": "jobs/test_agenda.py jobs/test_time_and_edits.py",
}
"""The files that decide, each with the unit tests that are about it."""

_LEAST_SECONDS = 10.0
_MEMORY = 6 << 30
_KNOWN = re.compile(r"^\* `([^`]+)` `([^`]+)`: ``(.+?)`` → ``(.+?)``", re.MULTILINE)


# --- putting one in ------------------------------------------------------------------------------------------------


def put_in(mutant: Mutant, alive: Sequence[Any]) -> bool:
    """Change the running program, of which ``alive`` are the functions; false when none of them is to be changed."""
    module = importlib.import_module(mutant.path.removesuffix(".py").replace("/", "."))
    tree = changed(mutant)
    if not mutant.function:
        return _put_in_constant(tree, mutant.lines[0], vars(module))
    codes = {_identity(code): code for code in _codes(compile(tree, str(_ROOT / mutant.path), "exec"))}
    found = False
    for one in alive:
        if isinstance(one, FunctionType) and one.__code__.co_filename == module.__file__:
            code = codes.get(_identity(one.__code__))
            if code is not None and code.co_freevars == one.__code__.co_freevars:
                one.__code__, found = code, True
        elif isinstance(one, functools._lru_cache_wrapper):
            one.cache_clear()
    return found


def _functions() -> list[Any]:
    """The program's functions, and what remembers results of them."""
    kinds = (FunctionType, functools._lru_cache_wrapper)
    found = (one for one in gc.get_objects() if isinstance(one, kinds))
    return [one for one in found if (getattr(one, "__module__", "") or "").startswith("monitor.")]


def _put_in_constant(tree: ast.Module, line: int, names: dict[str, Any]) -> bool:
    """Work out a constant and those below it, which may be made of it, and give them to all who imported them."""
    statements = [one for one in tree.body if isinstance(one, (ast.Assign, ast.AnnAssign)) and one.lineno >= line]
    before = dict(names)
    exec(compile(ast.Module(list(statements), []), "", "exec"), names)
    for name in (name for name in names if name in before and before[name] is not names[name]):
        for module in list(sys.modules.values()):
            if vars(module).get(name) is before[name]:
                vars(module)[name] = names[name]
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _identity(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


# --- trying them ---------------------------------------------------------------------------------------------------


class Trial:
    """A plugin of pytest: it runs all tests once as they are, and then for each mutant those that reach it."""

    def __init__(self, chosen: Sequence[Mutant], jobs: int) -> None:
        self._chosen = chosen
        self._jobs = jobs
        self._files = {str(_ROOT / one.path): one.path for one in chosen}
        self._hit: set[tuple[str, int]] = set()
        self._reached: dict[tuple[str, int], set[int]] = defaultdict(set)
        self._seconds: dict[int, float] = {}
        self._failed = False
        self._alive: list[Any] = []
        self._is_mutated = False
        self.outcomes: dict[Mutant, str] = {}

    def pytest_configure(self) -> None:
        import hypothesis  # not before pytest is there to rewrite it

        phases = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # to fail is enough
        hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, database=None, phases=phases)
        hypothesis.settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed = True
            if self._is_mutated:
                os._exit(1)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        remembering = [one for one in _functions() if isinstance(one, functools._lru_cache_wrapper)]
        for at, item in enumerate(items):
            for one in remembering:  # else only the first test that asks would be seen to reach what was remembered
                one.cache_clear()
            following = items[at + 1] if at + 1 < len(items) else None
            began = time.perf_counter()
            with _tracing(self._trace):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self._seconds[at] = time.perf_counter() - began
            for place in self._hit:
                self._reached[place].add(at)
            self._hit = set()
        if self._failed:
            raise pytest.UsageError("a test fails without any mutant")
        self._alive = _functions()
        gc.freeze()  # what children do not touch they share
        self._try_all(items)
        return True

    def _trace(self, frame: FrameType, *_: object) -> Any:
        """Note a line that is reached; as a tracer of calls, stay only in the files that are changed."""
        path = self._files.get(frame.f_code.co_filename)
        if path is None:
            return None
        self._hit.add((path, frame.f_lineno))
        return self._trace

    def _tests_of(self, mutant: Mutant, count: int) -> list[int]:
        first, last = mutant.lines
        found = {test for line in range(first, last + 1) for test in self._reached[mutant.path, line]}
        if not mutant.function:  # what is worked out once may be used by any function of the file
            found = {test for (path, _), tests in self._reached.items() if path == mutant.path for test in tests}
        return sorted((one for one in found if one < count), key=self._seconds.__getitem__)

    def _try_all(self, items: list[pytest.Item]) -> None:
        waiting, running = list(reversed(self._chosen)), dict[int, Mutant]()
        while waiting or running:
            while waiting and len(running) < self._jobs:
                mutant = waiting.pop()
                tests = self._tests_of(mutant, len(items))
                if not tests:
                    self._note(mutant, "not reached")
                    continue
                running[self._start(mutant, items, tests)] = mutant
            if running:
                pid, status = os.wait()
                self._note(running.pop(pid), {0: "survived", 3 << 8: "not changed"}.get(status, "killed"))

    def _start(self, mutant: Mutant, items: list[pytest.Item], tests: list[int]) -> int:
        if pid := os.fork():
            return pid
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(nothing, stream)
        self._is_mutated = True
        reports = items[0].config.pluginmanager
        reports.unregister(reports.get_plugin("terminalreporter"))
        try:
            if not put_in(mutant, self._alive):
                os._exit(3)
            for test, following in pairwise([*tests, None]):
                assert test is not None
                signal.setitimer(signal.ITIMER_REAL, _LEAST_SECONDS + 3 * self._seconds[test])  # it ends who hangs
                after = None if following is None else items[following]
                items[test].config.hook.pytest_runtest_protocol(item=items[test], nextitem=after)
        except BaseException:  # noqa: BLE001 - whatever it was, it was seen
            os._exit(1)
        os._exit(0)

    def _note(self, mutant: Mutant, outcome: str) -> None:
        self.outcomes[mutant] = outcome
        if outcome != "killed":
            os.write(_OUT, f"{outcome}: {mutant}\n".encode())


@contextmanager
def _tracing(trace: Any) -> Iterator[None]:
    threading.settrace(trace)
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(None)
        threading.settrace(None)


_OUT = os.dup(1)


def main() -> int:
    """Print the survivors and a line for each file; exit status 1 when one lives for no reason that is written down."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("paths", nargs="*", default=list(TARGETS), choices=list(TARGETS))
    parser.add_argument("--of", default="1/1", help="K/M: the K-th of every M mutants")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    part, parts = map(int, asked.of.split("/"))
    chosen = [one for path in asked.paths for one in mutants(path)][part - 1 :: parts]
    trial = Trial(chosen, asked.jobs)
    options = [
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-k",
        "not postgresql and not fuzz",
        "--no-header",
        "--durations=8",
    ]
    tests = sorted({one for path in asked.paths for one in TARGETS[path].split()})
    pytest.main([*options, *(str(_ROOT / "tests" / "unit" / one) for one in tests)], plugins=[trial])
    known = set(_KNOWN.findall((_ROOT / "tests" / "mutants.md").read_text(encoding="utf-8")))
    lines, unknown = [], 0
    for path in asked.paths:
        counts = Counter(what for one, what in trial.outcomes.items() if one.path == path)
        dead, total = counts["killed"], sum(counts.values()) - counts["not changed"]
        lines.append(f"{path}: {dead} of {total} killed ({100 * dead / max(1, total):.1f} %)")
        unknown += sum(
            what in {"survived", "not reached"} and one.path == path and one.name not in known
            for one, what in trial.outcomes.items()
        )
    os.write(_OUT, "\n".join([*lines, f"{unknown} survivors are not in tests/mutants.md", ""]).encode())
    return 1 if unknown or len(trial.outcomes) < len(chosen) else 0


if __name__ == "__main__":
    sys.exit(main())
