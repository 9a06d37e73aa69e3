"""From pydantic's findings to problems that name the file, the line, the column and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from monitor.errors import ConfigProblem
from monitor.registry import did_you_mean
from monitor.settings.yaml import Document, Loc, is_secret_key, kind_of, shown

_OURS = "monitor"
_WANTED = {
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "dict_type": "a map of 'key: value' lines",
    "model_type": "a map of 'key: value' lines",
    "model_attributes_type": "a map of 'key: value' lines",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "path_type": "a path",
}


def wrong(message: str, hint: str = "", offset: int = 0) -> PydanticCustomError:
    """Return what a validator raises. ``offset`` counts characters into the text that it was given."""
    return PydanticCustomError(_OURS, "{message}", {"message": message, "hint": hint, "offset": offset})


def explain(
    error: ValidationError, document: Document, at: Loc, schema: type[BaseModel], also: Iterable[str] = ()
) -> list[ConfigProblem]:
    """Return one problem for each finding about the part of ``document`` at ``at``, which ``schema`` describes.

    ``also`` are keys that may stand there besides those of the schema: they are offered as the nearest name too.
    """
    found = []
    for finding in error.errors(include_url=False):
        loc = (*at, *finding["loc"])
        if not document.is_unread(document.resolve(loc)):
            found.append(_problem(finding, document, loc, [*known_keys(schema, finding["loc"][:-1]), *also]))
    return found


def _problem(finding: ErrorDetails, document: Document, loc: Loc, known: list[str]) -> ConfigProblem:
    kind, context = finding["type"], finding.get("ctx", {})
    if kind == "extra_forbidden":
        name = str(loc[-1])
        return document.problem_with_key(loc, f"unknown key {shown(name)}", did_you_mean(name, known))
    if kind == "missing":
        return document.problem_with_key(loc[:-1], f"{str(loc[-1])!r} is missing", f"add a line '{loc[-1]}: ...'")
    if _is_hidden(document, loc):
        return document.problem(loc, _name(document.resolve(loc)) + _without_value(kind, context))
    if kind != _OURS:
        message, hint = _in_words(finding, context)
        return document.problem(loc, _name(document.resolve(loc)) + message, hint)
    if loc[-1:] == ("[key]",):
        return document.problem_with_key(loc, context["message"], context["hint"])
    return document.problem(loc, context["message"], context["hint"], context["offset"])


def _is_hidden(document: Document, loc: Loc) -> bool:
    """Whether the value was looked up, or sounds like a secret: then no message may repeat it."""
    found = document.resolve(loc)
    written = document.at(found)
    return bool(found) and isinstance(written, str) and ("${" in written or is_secret_key(str(found[-1])))


def _without_value(kind: str, context: dict[str, Any]) -> str:
    if kind in _WANTED:
        return f"should be {_WANTED[kind]}"
    return f"should be {context['expected']}" if kind == "literal_error" else "this value does not fit here"


def _in_words(finding: ErrorDetails, context: dict[str, Any]) -> tuple[str, str]:
    value, kind = finding["input"], finding["type"]
    if value is None:
        return "nothing stands here", "write a value, or remove the line; text such as null and ~ needs quotes"
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        return f"{shown(str(value))} is not one of {', '.join(choices)}", did_you_mean(str(value), choices)
    if kind in _WANTED:
        seen = shown(value) if isinstance(value, str) else kind_of(value)
        return f"should be {_WANTED[kind]}, found {seen}", _dash_hint(value)
    message = finding["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    return message.replace("Input should be", "should be"), ""


def _dash_hint(value: object) -> str:
    return "a blank is missing after the dash" if isinstance(value, str) and value.startswith("-") else ""


def _name(loc: Loc) -> str:
    names = [part for part in loc if isinstance(part, str)]
    return f"{shown(names[-1])[1:-1]}: " if names else ""  # as it is quoted elsewhere, without the quotes


def known_keys(schema: type[BaseModel], loc: Iterable[int | str]) -> list[str]:
    """Return the keys that may stand in the map at ``loc`` of what ``schema`` describes."""
    here: list[type[BaseModel]] = [schema]
    for part in loc:
        fields = [info for model in here for name, info in model.model_fields.items() if part in {name, info.alias}]
        here = [model for info in fields for model in _models(info.annotation)] or here
    return [info.alias or name for model in here for name, info in model.model_fields.items()]


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
