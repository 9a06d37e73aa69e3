"""A configuration as lines to look at."""

import yaml

from monitor.settings.load import load_all
from monitor.settings.shown import as_shown


def test_lists_and_lengths_of_time_are_written_as_in_a_configuration(tmp_path):
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ada.yaml").write_text("to: [ada@example.org]\ntopics: {a: {query: b}, c: {about: dd}}\n")
    (tmp_path / "monitor.yaml").write_text(
        "sources:\n  hf: {kind: hf_daily, every: 90m, max_age: 60d}\n  drop: {kind: snapshot, path: drops}\n"
        "channel: {kind: file, path: outbox}\n"
    )
    shown = yaml.safe_load("\n".join(as_shown(load_all(tmp_path / "monitor.yaml"))))
    first, second = shown["monitor.yaml"]["sources"]
    assert (first["name"], first["every"], first["max_age"], second["name"]) == ("hf", "90m", "60d", "drop")
    assert [one["name"] for one in shown["ada.yaml"]["topics"]] == ["a", "c"]
