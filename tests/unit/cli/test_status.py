"""What an installation says of itself before anything was read, and of what will disappoint in its files."""

import pytest
from click.testing import CliRunner

from monitor.cli import main

WARNED = "to: [ada@example.org]\ntopics: {lamps: {like: [arXiv:2303.16203]}}\n"


@pytest.fixture
def config(tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ada.yaml").write_text("to: [ada@example.org]\ntopics: {lamps: {query: lantern}}\n")
    config = tmp_path / "monitor.yaml"
    config.write_text("sources: {drop: {kind: snapshot, path: drops}}\nchannel: {kind: file, path: outbox}\n")
    (tmp_path / "drops").mkdir()
    return config


def run(config, *arguments):
    return CliRunner().invoke(main, ["--config", str(config), *arguments], catch_exceptions=False)


def test_a_first_digest_waits_until_something_was_read(config):
    told = run(config, "status").stdout
    assert ("not read yet" in told, "after the first reading" in told, "Batches" in told) == (True, True, False)
    assert "0 papers, 0 matches, 0 trends; mails: none yet" in told
    (config.parent / "drops" / "a.txt").write_text("Lanterns\narXiv: 2603.00001\nA lantern that talks.\n")
    assert run(config, "once").exit_code == 0
    told = run(config, "status").stdout
    assert ("not read yet" in told, "after the first reading" in told, "Batches" in told) == (False, False, True)
    assert "1 paper, 1 match, 0 trends; mails: 1 sent" in told


def test_check_tells_every_warning_and_the_others_how_many_there_are(config):
    assert run(config, "check").stdout.endswith("all is right\n")
    (config.parent / "profiles" / "ada.yaml").write_text(WARNED)
    checked, listed = run(config, "check"), run(config, "status")
    assert "one paper is not enough" in checked.stderr
    assert checked.stdout.endswith("no mistakes, 1 warning\n")
    assert listed.stderr == "note: 1 warning about the configuration; `monitor check` says more\n"
