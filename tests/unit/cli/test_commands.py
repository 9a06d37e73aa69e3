"""The commands as a person meets them, in this process."""

import json
import re
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from monitor import registry
from monitor.cli import main
from monitor.cli.tables import print_table
from monitor.settings.json_schema import schema_texts


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


def test_the_list_names_every_command_with_the_first_line_of_its_file():
    listed = run("--help").output.partition("Commands:\n")[2]
    for name, said in registry.summaries("cli").items():
        written = name.replace("_", "-")
        assert said.startswith(f"`monitor {written}`: ")
        first = said.partition(": ")[2].split()[:3]
        assert re.search(rf"^  {written} +{re.escape(' '.join(first))}", listed, re.MULTILINE | re.IGNORECASE), name


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


@pytest.mark.parametrize("file", ["monitor", "profile"])
def test_the_reference_names_every_key_of_the_schema(file):
    schema = json.loads(schema_texts()[f"{file}.schema.json"])
    said = run("config", "reference", file).output
    keys = {key for part in (schema, *schema["$defs"].values()) for key in part.get("properties", {})}
    assert [key for key in sorted(keys) if f"{key}: (" not in said] == []
    assert re.search(r"^ +about: \(text\) What the topic is about", said, re.MULTILINE) or file == "monitor"


def test_k15_the_configuration_is_shown_without_its_secrets(tmp_path):
    run("init", str(tmp_path / "own"))
    config = tmp_path / "own" / "monitor.yaml"
    (tmp_path / "own" / "word").write_text("hunter2")
    config.write_text(
        "database: postgresql://ada:hunter2@db.example/monitor\nprofiles: profiles\n"
        "sources: {hf: {kind: hf_daily}}\nsender: {address: a@example.org}\n"
        "channel: {kind: email, host: mail.example.org, username: me, password: '${file:word}'}\n"
    )
    shown = run("--config", str(config), "config", "show")
    assert shown.exit_code == 0, shown.output
    assert "hunter2" not in shown.output
    assert "password: (hidden)" in shown.output
    assert "postgresql://ada:(hidden)@db.example/monitor" in shown.output
    assert "timezone: UTC" in shown.output


def test_the_manual_page_holds_every_command_and_is_clean_to_mandoc():
    page = run("man").output
    for name in registry.kinds("cli"):
        assert ".SS monitor " + name.replace("_", r"\-") in page
    if shutil.which("mandoc"):
        ended = subprocess.run(
            ["mandoc", "-T", "lint", "-W", "warning"], input=page, capture_output=True, text=True, check=False
        )
        said = [
            line for line in ended.stdout.splitlines() if "missing date" not in line
        ]  # a page of no release has none
        assert said == []


@pytest.mark.parametrize("shell", ["bash", "fish", "zsh"])
def test_completion_proposes_our_commands(shell):
    assert "_MONITOR_COMPLETE" in run("completion", shell).output
    proposed = CliRunner().invoke(
        main,
        [],
        env={"_MONITOR_COMPLETE": "bash_complete", "COMP_WORDS": "monitor pap", "COMP_CWORD": "1"},
        prog_name="monitor",
    )
    assert "papers" in proposed.output


def test_a_table_prints_cells_as_they_are(capsys):
    print_table("Things", ("name", "count"), [("[red]x[/red]", 3), ("long name", 12)])
    assert capsys.readouterr().out == "Things\n  name          count\n  [red]x[/red]  3\n  long name     12\n"


@pytest.mark.parametrize("days", ["daily", "weekdays", "weekends", "mon", "monthly"])
def test_check_says_days_as_profiles_write_them(tmp_path, days):
    assert run("init", str(tmp_path / "own"), "--to", "ada@example.org").exit_code == 0
    profile = tmp_path / "own/profiles/me.yaml"
    profile.write_text(profile.read_text().replace("days: weekdays", f"days: {days}"))
    assert f"; {days} at 08:00 (UTC)" in run("--config", str(tmp_path / "own/monitor.yaml"), "check").output
