"""The ``*.schema.json`` files: editors complete and check configuration with them (JSON Schema 2020-12)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from monitor.registry import kinds, load
from monitor.settings.installation import WrittenChannel, WrittenSettings, WrittenSource
from monitor.settings.schema import WrittenProfile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Generator(GenerateJsonSchema):
    """JSON Schema as a person would write it: no titles made of names, and only defaults that fit into YAML."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the base class names it
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if isinstance(schema.get("default"), str | int | float):
            return super().default_schema(schema)
        return self.generate_inner(schema["schema"])


@dataclass(frozen=True, slots=True)
class Key:
    """A key that a profile may have: where it stands, such as ``schedule.at``, what it means, its values if few."""

    path: str
    said: str
    values: tuple[str, ...] = ()


@cache
def keys_of_profiles() -> tuple[Key, ...]:
    """Return all keys of a profile, in the order of the schema."""
    schema = WrittenProfile.model_json_schema(schema_generator=_Generator)
    return tuple(_keys(schema, "", schema["$defs"]))


def _keys(schema: dict[str, Any], before: str, definitions: dict[str, Any]) -> Iterator[Key]:
    for name, one in schema["properties"].items():
        kinds_of_it = one.get("anyOf", [one])
        values = [value for kind in kinds_of_it for value in (*kind.get("enum", ()), *kind.get("examples", ()))]
        yield Key(before + name, one.get("description", ""), tuple(map(str, values)))
        for kind in kinds_of_it:
            inside = kind.get("additionalProperties")
            each, below = (inside, f"{before}{name}.NAME.") if isinstance(inside, dict) else (kind, f"{before}{name}.")
            if "$ref" in each:
                yield from _keys(definitions[each["$ref"].rpartition("/")[2]], below, definitions)


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write ``monitor.schema.json`` and ``profile.schema.json`` into ``folder``, for the kinds that there are now."""
    return tuple(_write(folder / name, text) for name, text in schema_texts().items())


def schema_texts() -> dict[str, str]:
    """Return the text of each schema file by its name."""
    schemas = {
        "monitor.schema.json": _settings_schema(),
        "profile.schema.json": WrittenProfile.model_json_schema(schema_generator=_Generator),
    }
    return {
        name: json.dumps({"$schema": _DIALECT, **schema}, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _settings_schema() -> dict[str, Any]:
    schema = WrittenSettings.model_json_schema(schema_generator=_Generator)
    definitions = schema.setdefault("$defs", {})
    properties = schema["properties"]
    properties["sources"]["additionalProperties"] = _any_kind("sources", WrittenSource, definitions)
    properties["channel"] = _any_kind("channels", WrittenChannel, definitions)
    properties["channels"]["additionalProperties"] = properties["channel"]
    return schema


def _any_kind(family: str, head: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a map with a ``kind``, and name what may stand beside each kind in ``definitions``."""
    references = []
    for kind in kinds(family):
        name = f"{family}.{kind}"
        definitions[name] = _one_kind(family, kind, head, definitions)
        references.append({"$ref": f"#/$defs/{name}"})
    return {"description": head.__doc__, "anyOf": references}


def _one_kind(family: str, kind: str, head: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    module = load(family, kind)
    options = module.Options.model_json_schema(
        schema_generator=_Generator, ref_template=f"#/$defs/{family}.{kind}.{{model}}"
    )
    for name, definition in options.pop("$defs", {}).items():
        definitions[f"{family}.{kind}.{name}"] = definition
    first_line = (module.__doc__ or kind).strip().splitlines()[0]
    ours = head.model_json_schema(schema_generator=_Generator)["properties"]
    return {
        "title": kind,
        "description": first_line,
        "type": "object",
        "properties": {**ours, "kind": {"const": kind, "description": first_line}, **options.get("properties", {})},
        "required": ["kind", *options.get("required", [])],
        "additionalProperties": False,
    }
