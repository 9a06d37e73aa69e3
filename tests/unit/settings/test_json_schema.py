"""The schema files that editors use say what the program accepts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.registry import kinds
from monitor.settings.json_schema import keys_of_profiles, schema_texts, write_schemas

_REPEAT = (
    "from pathlib import Path; from monitor.settings.json_schema import write_schemas; write_schemas(Path('config'))"
)


@pytest.fixture
def real_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the kinds that are shipped."""
    found = {
        family: tuple(kind for kind in kinds(family) if not kind.startswith("probe_"))
        for family in ("sources", "channels")
    }
    monkeypatch.setattr("monitor.settings.json_schema.kinds", found.__getitem__)


@pytest.mark.usefixtures("real_kinds")
@pytest.mark.parametrize("name", ["monitor.schema.json", "profile.schema.json"])
def test_the_schemas_that_we_ship_are_true(root: Path, name: str) -> None:
    shipped = (root / "config" / name).read_text(encoding="utf-8")
    assert shipped == schema_texts()[name], f"run: python -c {_REPEAT!r}"


def test_schemas_are_written_to_the_folder(tmp_path: Path) -> None:
    written = write_schemas(tmp_path)
    assert sorted(path.name for path in written) == ["monitor.schema.json", "profile.schema.json"]
    assert all(json.loads(path.read_text())["$schema"].startswith("https://json-schema.org/") for path in written)


def test_every_kind_is_in_the_schema_with_its_own_options() -> None:
    schema = json.loads(schema_texts()["monitor.schema.json"])
    for family, where in (
        ("sources", schema["properties"]["sources"]["additionalProperties"]),
        ("channels", schema["properties"]["channel"]),
    ):
        assert [each["$ref"] for each in where["anyOf"]] == [f"#/$defs/{family}.{kind}" for kind in kinds(family)]
    probe = schema["$defs"]["sources.probe_source"]
    assert probe["properties"]["kind"]["const"] == "probe_source"
    assert probe["properties"]["limit"]["maximum"] == 100
    assert probe["description"] == "A kind of source made for tests."
    assert set(probe["properties"]) == {"kind", "every", "max_age", "limit", "path", "order", "categories", "quick"}
    nested = schema["$defs"]["channels.probe_channel"]["properties"]["limits"]
    assert nested["$ref"] in {f"#/$defs/{name}" for name in schema["$defs"]}


def test_the_profile_schema_knows_each_key_and_explains_it() -> None:
    schema = json.loads(schema_texts()["profile.schema.json"])
    assert schema["required"] == ["to", "topics"]
    assert set(schema["properties"]) == {
        *("name", "to", "schedule", "budget", "empty", "revisions", "trends", "matcher", "experiment", "boost", "only"),
        *("language", "alerts", "public", "channel", "near_misses", "topics"),
    }
    assert all(part.get("description") for part in schema["properties"].values())
    assert set(schema["$defs"]["WrittenTrends"]["properties"]) == {"in", "alert", "within", "at_most"}


@pytest.mark.usefixtures("real_kinds")
@pytest.mark.parametrize("name", ["monitor.schema.json", "profile.schema.json"])
def test_every_key_says_what_it_does(name: str) -> None:
    def silent(schema: object) -> list[str]:
        if isinstance(schema, list):
            return [key for one in schema for key in silent(one)]
        if not isinstance(schema, dict):
            return []
        keys = schema.get("properties", {})
        said = {"description", "$ref", "const"}
        return [key for key, value in keys.items() if not said & set(value)] + silent(list(schema.values()))

    assert silent(json.loads(schema_texts()[name])) == []


def test_all_keys_of_a_profile_are_named_with_what_they_mean():
    found = {one.path: one for one in keys_of_profiles()}
    assert {"to", "schedule.at", "topics.NAME.query", "alerts.velocity"} <= set(found)
    assert found["empty"].values == ("explain", "skip")
    assert all(one.said for one in found.values())
