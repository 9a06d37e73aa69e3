"""`monitor profile` as a person meets it."""

import json
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from monitor.cli import main
from tests.acceptance.installation import LISTING, PROFILE, SETTINGS


def run(home, *arguments):
    return CliRunner().invoke(main, ["--config", str(home / "monitor.yaml"), *arguments])


@pytest.fixture
def home(tmp_path):
    for name, text in {"monitor.yaml": SETTINGS, "profiles/ada.yaml": PROFILE, "snapshots/a.txt": LISTING}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_a_new_profile_is_accepted_by_check_and_never_written_over(home):
    made = run(home, "profile", "new", "bob", "--about", "Lanterns in fog", "--to", "bob@example.org")
    assert made.exit_code == 0, made.output
    assert "  # mute:" in (home / "profiles" / "bob.yaml").read_text()
    assert run(home, "check").exit_code == 0
    again = run(home, "profile", "new", "bob", "--about", "Towers", "--to", "bob@example.org")
    assert again.exit_code == 3
    assert "left as it is" in again.output
    assert "Lanterns" in (home / "profiles" / "bob.yaml").read_text()


def test_a_dry_run_prints_the_file_and_writes_nothing(home):
    (home / "refs.txt").write_text("arXiv:2303.16203\n")
    shown = run(home, "profile", "new", "bob", "--from", str(home / "refs.txt"), "--to", "b@example.org", "--dry-run")
    assert 'like: ["refs.txt"]' in shown.output
    assert [one.name for one in (home / "profiles").iterdir()] == ["ada.yaml"]


def test_without_a_terminal_it_says_what_to_say(home):
    ended = run(home, "profile", "new", "bob")
    assert (ended.exit_code, "--about" in ended.output) == (2, True)


def test_an_edit_elsewhere_is_compared_with_what_is_saved(home):
    assert run(home, "once", "--at", "2026-03-04T09:00").exit_code == 0
    with closing(sqlite3.connect(home / "monitor.db")) as database, database:  # as if it had been read today
        database.execute("UPDATE verdicts SET at = datetime('now')")
    draft = home / "idea.yaml"
    draft.write_text("to: ada@example.org\ntopics:\n  water: {query: 'cooling tower*'}\n")
    found = json.loads(run(home, "profile", "diff", str(draft), "--against", "ada", "--json").stdout)
    assert [paper["key"] for _, paper in found["comes"]] == ["arxiv:2603.90002"]
    assert [paper["key"] for _, paper in found["goes"]] == ["arxiv:2603.90001"]
    told = run(home, "profile", "diff", str(draft), "--against", "ada").output
    assert "Cooling Towers Under Drought (query: " in told
    unknown = run(home, "profile", "diff", str(draft))
    assert (unknown.exit_code, "no profile named" in unknown.output) == (3, True)


def test_profiles_are_listed_suggested_for_and_tested(home):
    assert run(home, "once", "--at", "2026-03-04T09:00").exit_code == 0
    (line,) = json.loads(run(home, "profile", "list", "--json").stdout)
    assert (line["id"], line["last"]) == ("ada", "2026-03-04")
    assert "diffusion-classifiers" in run(home, "profile", "list").output
    assert "nothing:" in run(home, "profile", "suggest", "ada").output
    tested = run(home, "profile", "test", "ada", "2603.90001").output
    assert tested == run(home, "explain", "ada", "2603.90001").output
    assert "matched at" in tested


@pytest.mark.parametrize("named", ["ada", "{home}/profiles/ada.yaml", "{home}/ada.yaml"])
def test_who_names_no_draft_to_compare_is_told_how_to_make_one(home, named):
    ended = run(home, "profile", "diff", named.format(home=home))
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert f"cp {home / 'profiles' / 'ada.yaml'} draft.yaml" in ended.stderr
    assert ("there is no file" in ended.stderr) == (named == "{home}/ada.yaml")
