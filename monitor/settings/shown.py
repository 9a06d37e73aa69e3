"""A loaded configuration as lines to look at, without its secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel

from monitor.settings.values import Loaded
from monitor.settings.yaml import is_secret_key

_HIDDEN = "(hidden)"


def as_shown(loaded: Loaded) -> Iterator[str]:
    """Yield YAML-like lines: the settings, then each profile. What may be a secret is said to be hidden."""
    yield from _lines("monitor.yaml", _plain(loaded.settings), "")
    for profile in loaded.profiles:
        yield from _lines(f"{profile.id}.yaml", _plain(profile), "")


def _plain(value: Any) -> Any:
    """Return a value as maps, lists and text."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _of_key(field.name, getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, BaseModel):
        return {name: _of_key(name, getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, Mapping):
        return {str(name): _of_key(str(name), one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, str):
        return _without_password(value)
    return _written(value) if isinstance(value, Path | date | time | timedelta) else value


def _of_key(name: str, value: Any) -> Any:
    return _HIDDEN if value and is_secret_key(name) else _plain(value)


def _without_password(text: str) -> str:
    if "://" not in text or "@" not in text:
        return text
    try:
        password = urlsplit(text).password
    except ValueError:
        return _HIDDEN
    return text.replace(f":{password}@", f":{_HIDDEN}@", 1) if password else text


def _written(value: Path | date | time | timedelta) -> str:
    """Return a value as a person writes it; lengths of time are ``90s``, ``30m``, ``2h``, ``1d``."""
    if not isinstance(value, timedelta):
        return str(value)
    seconds = value.total_seconds()
    fits = ((unit, size) for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)) if seconds and seconds % size == 0)
    unit, size = next(fits, ("s", 1))
    return f"{seconds / size:g}{unit}"


def _lines(name: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield f"{indent}{name}:"
        for key, one in value.items():
            yield from _lines(key, one, indent + "  ")
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        yield f"{indent}{name}:"
        for one in value:
            yield from _item(one, indent + "  ")
    else:
        yield f"{indent}{name}: {_text(value)}"


def _item(value: Any, indent: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{indent}- {_text(value)}"
        return
    lines = [line for key, one in value.items() for line in _lines(key, one, indent + "  ")]
    yield from [f"{indent}- {lines[0].lstrip()}", *lines[1:]]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
