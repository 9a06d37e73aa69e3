"""The log of what runs for long, as text and as JSON."""

import json
import logging
import sys
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.cli.log import JsonFormatter


def test_a_line_is_one_object_whatever_a_feed_puts_into_it():
    try:
        json.loads("{\n]")
    except ValueError:
        record = logging.LogRecord(
            "monitor.jobs.poll", logging.WARNING, "", 1, "%s\n{}", ('a "title"\x1b[31m',), sys.exc_info()
        )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert "\x1b" not in line
    said = json.loads(line)
    assert (said["level"], said["room"], said["message"]) == ("warning", "monitor.jobs.poll", 'a "title"\x1b[31m\n{}')
    assert "JSONDecodeError" in said["trace"]
    assert datetime.fromisoformat(said["at"]).tzinfo == UTC


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        ({"args": ["run", "-v"]}, logging.DEBUG),
        ({"args": ["run"], "env": {"MONITOR_VERBOSE": "1"}}, logging.DEBUG),
        ({"args": ["once", "-vv"]}, logging.DEBUG),
        ({"args": ["once", "-v"]}, logging.NOTSET),
        ({"args": ["worker"]}, logging.NOTSET),
    ],
)
def test_the_way_of_each_paper_is_logged_only_when_it_is_asked_for(asked, level, tmp_path, monkeypatch):
    monkeypatch.setattr(logging, "basicConfig", lambda **_said: None)
    command = ["--config", str(tmp_path / "none.yaml"), *asked["args"]]
    try:
        assert CliRunner().invoke(main, command, env=asked.get("env")).exit_code == 3
        assert logging.getLogger("monitor").level == level
    finally:
        logging.getLogger("monitor").setLevel(logging.NOTSET)


@pytest.mark.parametrize("name", ["run", "worker"])
@pytest.mark.parametrize("asked", [{"args": ["--log", "json"]}, {"env": {"MONITOR_LOG": "json"}}])
def test_what_runs_for_long_writes_its_log_as_it_is_asked(name, asked, tmp_path, monkeypatch):
    handlers = []
    monkeypatch.setattr(logging, "basicConfig", lambda **said: handlers.extend(said["handlers"]))
    command = ["--config", str(tmp_path / "none.yaml"), name, *asked.get("args", [])]
    assert CliRunner().invoke(main, command, env=asked.get("env")).exit_code == 3
    assert [type(one.formatter) for one in handlers] == [JsonFormatter]
