"""Every key of the files in words, from the same schema that checks them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from monitor.settings.json_schema import schema_texts

_INDENT = "  "


def reference(name: str) -> str:
    """Return every key that may stand in ``monitor`` or ``profile`` (a file's kind), a line each, nested by indents.

    A line is the key, what may stand there, what holds without it, and what it does.
    """
    schema = json.loads(schema_texts()[f"{name}.schema.json"])
    return "\n".join(_keys(schema, schema["$defs"], "", ())) + "\n"


def _keys(schema: dict[str, Any], named: dict[str, Any], indent: str, within: tuple[int, ...]) -> Iterator[str]:
    required = schema.get("required", ())
    for key, value in schema.get("properties", {}).items():
        one = _resolved(value, named)
        said = [_kind(one, named)] + (["required"] if key in required else []) + _default(one)
        yield f"{indent}{key}: ({', '.join(filter(None, said))}) {one.get('description', '')}".rstrip()
        for title, inner in _inside(one, named):
            if id(inner) in within:
                continue
            if title:
                yield f"{indent}{_INDENT}{title}"
            yield from _keys(inner, named, indent + _INDENT * (2 if title else 1), (*within, id(inner)))


def _resolved(schema: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what it refers to put in its place; its own words stand before those of the other."""
    if "$ref" not in schema:
        return schema
    return {**_resolved(named[schema["$ref"].removeprefix("#/$defs/")], named), **schema}


def _choices(schema: dict[str, Any], named: dict[str, Any]) -> list[dict[str, Any]]:
    found = [_resolved(one, named) for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()))]
    return [choice for one in found for choice in _choices(one, named)] if found else [schema]


def _inside(schema: dict[str, Any], named: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the maps that may stand here, each with a headline where there are several or their keys are free."""
    for one in _choices(schema, named):
        if isinstance(one.get("additionalProperties"), dict):
            inner = _resolved(one["additionalProperties"], named)
            for choice in _choices(inner, named):
                if choice.get("properties"):
                    yield _headline(choice) or "NAME:", choice
        elif one.get("properties"):
            yield _headline(one), one


def _headline(schema: dict[str, Any]) -> str:
    kind = schema["properties"].get("kind", {})
    return f"with kind: {kind['const']}" if "const" in kind else ""


def _kind(schema: dict[str, Any], named: dict[str, Any]) -> str:
    kinds = [_plain(one) for one in _choices(schema, named)]
    return " or ".join(dict.fromkeys(kind for kind in kinds if kind and kind != "null"))


def _plain(schema: dict[str, Any]) -> str:
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    kind = schema.get("type", "")
    first = kind if isinstance(kind, str) else kind[0]
    return {"object": "map", "array": "list", "string": "text"}.get(first, first)


def _default(schema: dict[str, Any]) -> list[str]:
    value = schema.get("default")
    return [] if value in (None, "") else [f"{json.dumps(value) if not isinstance(value, str) else value} when absent"]
