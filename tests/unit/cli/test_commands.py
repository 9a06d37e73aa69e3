"""The commands as a person meets them, in this process."""

import re

import pytest
from click.testing import CliRunner

from monitor import registry
from monitor.cli import main
from monitor.cli.tables import print_table


def run(*arguments):
    return CliRunner().invoke(main, list(arguments))


@pytest.mark.parametrize("name", [name.replace("_", "-") for name in registry.kinds("cli")])
def test_every_command_has_help_with_an_example_that_parses(name):
    shown = run(name, "--help")
    assert shown.exit_code == 0
    examples = re.findall(r"^ +monitor (.+)$", shown.output, re.MULTILINE)
    assert examples
    for example in examples:
        assert name in example.split()


def test_every_file_of_the_room_is_a_command_or_said_not_to_be():
    assert set(registry.kinds("cli")) == {
        "audit", "backfill", "check", "demo", "evaluate", "experiment", "explain", "feedback", "init", "learn", "once", "opml", "papers",
        "preview", "replay", "run", "sources", "status", "why_not",
    }  # fmt: skip


def test_a_command_nearly_right_is_proposed():
    ended = run("statsu")
    assert ended.exit_code == 2
    assert "status" in ended.output


def test_without_a_configuration_it_says_how_to_make_one(tmp_path):
    ended = run("--config", str(tmp_path / "none.yaml"), "once")
    assert ended.exit_code == 3
    assert "monitor init" in ended.output


def test_the_demo_refuses_a_folder_with_something_in_it(tmp_path):
    (tmp_path / "mine").write_text("precious")
    assert run("demo", str(tmp_path)).exit_code == 2
    assert (tmp_path / "mine").read_text() == "precious"


def test_a_table_prints_cells_as_they_are(capsys):
    print_table("Things", ("name", "count"), [("[red]x[/red]", 3), ("long name", 12)])
    assert capsys.readouterr().out == "Things\n  name          count\n  [red]x[/red]  3\n  long name     12\n"
