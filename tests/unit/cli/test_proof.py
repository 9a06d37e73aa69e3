"""The judges of a mail: those that are here are asked, the others are named."""

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.cli.judges import JUDGES
from tests.unit.cli.test_preview import installation  # noqa: F401 - a fixture


@pytest.fixture
def judges(tmp_path, monkeypatch):
    """A machine without any judge; the folder is where to put some."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("MAIL_JUDGES", str(tmp_path / "judges"))
    return folder


def put(folder, name, script):
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def proof(config):
    return CliRunner().invoke(main, ["--config", str(config), "proof", "ada"])


def test_judges_that_are_not_here_are_named_with_how_to_get_them(installation, judges):  # noqa: F811
    said = proof(installation)
    assert said.exit_code == 0
    assert said.output.count("not here") == len(JUDGES) == 5
    assert "apt install spamassassin" in said.output
    assert "MAIL_JUDGES" in said.output


@pytest.mark.parametrize(("score", "status", "words"), [("-0.1", 0, "SpamAssassin: nothing"), ("2.5", 1, "score 2.5")])
def test_a_spam_filter_is_asked_and_believed(installation, judges, score, status, words):  # noqa: F811
    put(judges, "spamassassin", f'echo "X-Spam-Status: No, score={score} required=5.0"')
    said = proof(installation)
    assert (said.exit_code, words in said.output) == (status, True)


def test_validators_are_asked_and_what_is_allowed_is_no_objection(installation, judges, tmp_path):  # noqa: F811
    folder = tmp_path / "judges"
    (folder / "node_modules").mkdir(parents=True)
    (folder / "judge.mjs").touch()
    (folder / "allowed.json").write_text('{"@media": "as it is"}')
    put(
        judges,
        "node",
        """printf '{"%s": {"html_validate": ["no-dup-id: twice"], "caniemail": ["@media", "flex"]}}' "$4" """,
    )
    said = proof(installation)
    assert said.exit_code == 1
    assert "no-dup-id: twice" in said.output
    assert "flex" in said.output
    assert "@media" not in said.output


def test_a_judge_that_fails_is_told_and_the_others_are_asked(installation, judges, tmp_path):  # noqa: F811
    put(judges, "spamassassin", "exit 3")
    said = proof(installation)
    assert said.exit_code == 1
    assert "SpamAssassin: failed: " in said.output
    assert "Nu validator: not here" in said.output
