"""The laws of the house: sizes, words, imports."""

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.installation import LISTING, PROFILE, SETTINGS

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted(path for path in (ROOT / "monitor").rglob("*.py") if "versions" not in path.parts)
TEXTS = sorted(
    path
    for folder in ("monitor", "templates", "config", "deploy", "tests")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".md", ".yaml", ".yml", ".j2", ".css", ".toml", ".txt", ".sh"}
)


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines(node):
    """The lines of a function, without its docstring and decorators."""
    doc = node.body[0] if ast.get_docstring(node) else None
    spoken = doc.end_lineno - doc.lineno + 1 if doc else 0
    return node.end_lineno - node.lineno + 1 - spoken


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_over_400_lines_and_no_function_over_60(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert [node.name for node in functions(path) if lines(node) > 60] == []


def test_the_median_function_has_at_most_ten_lines():
    assert statistics.median(lines(node) for path in SOURCES for node in functions(path)) <= 10


BANNED = re.compile(
    r"\b(?:def|class)\s+\w*(?:utils?|helpers?|manager|processor)\w*|\b(?:utils|helpers|manager)\.py", re.IGNORECASE
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_name_says_nothing(path):
    assert BANNED.findall(path.read_text(encoding="utf-8")) == []
    assert path.stem not in {"utils", "helpers", "manager", "common", "misc"}


def test_a_todo_names_its_issue():
    todo = re.compile(r"\bTO" + r"DO\b(?!\(#\d+\))")
    assert [str(path) for path in TEXTS if path.suffix == ".py" and todo.search(path.read_text(encoding="utf-8"))] == []


def test_the_import_law_holds():
    ended = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_loads_the_list_of_commands_and_nothing_else(argument):
    loaded = loaded_by(argument)
    assert [name for name in loaded if name.startswith("monitor")] == ["monitor", "monitor.cli", "monitor.registry"]
    assert loaded.isdisjoint({"pydantic", "sqlalchemy", "numpy", "sklearn", "jinja2", "rich", "yaml", "asyncio"})


def test_check_loads_what_reads_profiles_and_nothing_else(tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ada.yaml").write_text(PROFILE)
    (tmp_path / "monitor.yaml").write_text(SETTINGS)
    loaded = loaded_by("--config", str(tmp_path / "monitor.yaml"), "check")
    assert "pydantic" in loaded
    rooms = {name.split(".")[1] for name in loaded if name.startswith("monitor.")}
    assert rooms.isdisjoint({"app", "jobs", "novelty", "trends", "render", "ingest", "digest", "links"})
    assert loaded.isdisjoint(
        {"sqlalchemy", "numpy", "sklearn", "jinja2", "rich", "asyncio", "itsdangerous", "email.policy", "xml.sax"}
        | {f"monitor.types.{name}" for name in ("digests", "papers", "verdicts")}
    )


def test_a_daemon_with_nothing_to_judge_loads_nothing_that_judges(tmp_path):
    for folder in ("profiles", "snapshots"):
        (tmp_path / folder).mkdir()
    (tmp_path / "profiles" / "ada.yaml").write_text(PROFILE)
    (tmp_path / "monitor.yaml").write_text(SETTINGS)
    loaded = loaded_by("--config", str(tmp_path / "monitor.yaml"), "once", before="import monitor.daemon.service")
    assert "monitor.jobs.match" in loaded
    assert loaded.isdisjoint({"numpy", "scipy", "sklearn", "rapidfuzz"})


def test_what_judges_by_descriptions_and_queries_loads_no_scikit_learn(tmp_path):
    for folder in ("profiles", "snapshots"):
        (tmp_path / folder).mkdir()
    (tmp_path / "profiles" / "ada.yaml").write_text(PROFILE)
    (tmp_path / "monitor.yaml").write_text(SETTINGS)
    (tmp_path / "snapshots" / "one.txt").write_text(LISTING)
    stories = (
        "from monitor.novelty.first_story import _counted; from monitor.testing import paper; _counted([paper(1)])"
    )
    loaded = loaded_by("--config", str(tmp_path / "monitor.yaml"), "once", before=stories)
    assert "monitor.matchers.space" in loaded
    assert "sklearn" not in loaded  # 50 MB of a daemon


def loaded_by(*arguments, before=""):
    """Return the names of all modules that the program has loaded when it has done what it was asked."""
    code = (
        f"import sys\n{before}\nfrom monitor.cli import main\n"
        f"try: main({list(arguments)!r})\nexcept SystemExit as end: assert not end.code, end.code\n"
        "print(' '.join(sorted(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return dict.fromkeys(ended.stdout.splitlines()[-1].split()).keys()
