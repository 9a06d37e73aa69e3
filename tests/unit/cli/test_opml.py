"""`monitor opml` as a person meets it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main

_OPML = (
    '<opml><body><outline text="A Journal" xmlUrl="https://a.example/rss"/>'
    '<outline text="Bad" xmlUrl="javascript:x"/></body></opml>'
)
_YAML = "sources:\n  hf: {kind: hf_daily}\n\nchannel: {kind: file, path: outbox}\n"
_LINE = '  a-journal: {kind: feed, url: "https://a.example/rss"}  # A Journal\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "list.opml").write_text(_OPML, encoding="utf-8")
    path = tmp_path / "monitor.yaml"
    path.write_text(_YAML, encoding="utf-8")
    path.chmod(0o640)
    return path


def _run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--config", str(config), "opml", str(config.parent / "list.opml"), *arguments])


def test_the_lines_are_printed_and_nothing_is_written(config: Path) -> None:
    ended = _run(config)
    assert (ended.exit_code, ended.stdout) == (0, _LINE)
    assert "left out: Bad" in ended.stderr
    assert config.read_text(encoding="utf-8") == _YAML


def test_written_they_are_sources_once(config: Path) -> None:
    assert _run(config, "--write").exit_code == 0
    written = config.read_text(encoding="utf-8")
    assert written == _YAML.replace("hf_daily}\n", "hf_daily}\n" + _LINE)
    assert config.stat().st_mode & 0o777 == 0o640
    assert "sources already" in _run(config, "--write").stdout
    assert config.read_text(encoding="utf-8") == written
    assert sorted(path.name for path in config.parent.iterdir()) == ["list.opml", "monitor.yaml"]


def test_sources_in_braces_are_left_alone_and_the_lines_printed(config: Path) -> None:
    braces = "sources: {hf: {kind: hf_daily}}\nchannel: {kind: file, path: outbox}\n"
    config.write_text(braces, encoding="utf-8")
    ended = _run(config, "--write")
    assert ended.exit_code == 3
    assert _LINE in ended.stderr
    assert "braces" in ended.stderr
    assert config.read_text(encoding="utf-8") == braces


def test_a_broken_configuration_is_told_and_left_alone(config: Path) -> None:
    config.write_text("sources: [\n", encoding="utf-8")
    assert _run(config, "--write").exit_code == 2


def test_a_file_that_is_no_list_is_told(config: Path) -> None:
    (config.parent / "list.opml").write_text("hello", encoding="utf-8")
    ended = _run(config)
    assert ended.exit_code == 3
    assert "no OPML" in ended.stderr
