"""A digest as kept bytes, so that its mail can be drawn again when the mail's own bytes were let go."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from isal import isal_zlib

from monitor.errors import RenderError
from monitor.types import digests
from monitor.types.digests import Block, Digest, Section

_TYPE = "is"
_AROUND = tuple(each.name for each in fields(Digest) if each.name not in ("sections", "receipt"))
_MOST = 20_000_000


def packed(digest: Digest) -> bytes:
    """Return ``digest`` as compressed JSON; each value names its type."""
    return isal_zlib.compress(_written(digest).encode(), isal_zlib.ISAL_BEST_COMPRESSION)


def unpacked(content: bytes) -> Digest:
    """Return the digest that was packed. Raises RenderError when this version has no such blocks, or it is damaged."""
    try:
        return cast("Digest", _made(json.loads(zlib.decompressobj().decompress(content, _MOST))))
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error) as problem:
        raise RenderError(
            f"the kept digest cannot be read by this version ({problem}); the bytes are needed"
        ) from problem


def _written(digest: Digest) -> str:
    around = {name: getattr(digest, name) for name in _AROUND}
    head = _json({_TYPE: "Digest", **{name: _plain(value) for name, value in around.items()}})
    return f'{head[:-1]},"receipt":{_kept(digest.receipt)},"sections":[{_sections(digest.sections)}]}}'


@lru_cache(maxsize=256)
def _sections(sections: tuple[Section, ...]) -> str:
    """Return sections as JSON; readers of whom the same is known have the same."""
    return ",".join(
        f'{{"{_TYPE}":"Section","name":{_json(section.name)},"blocks":[{",".join(map(_kept, section.blocks))}]}}'
        for section in sections
    )


@lru_cache(maxsize=2048)
def _kept(block: Block) -> str:
    """Return a block as JSON; many digests of a day hold the same."""
    return _json(_plain(block))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if names := getattr(value, "__dataclass_fields__", ()):  # many times faster than `fields`, for hundreds of values
        return {_TYPE: type(value).__name__, **{name: _plain(getattr(value, name)) for name in names}}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return {_TYPE: "datetime" if isinstance(value, datetime) else "date", "iso": _iso(value)}
    return value


def _iso(value: date) -> str:
    return value.isoformat()


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_made(item) for item in value)
    if not isinstance(value, dict):
        return value
    name = value[_TYPE]
    if name in ("date", "datetime"):
        return {"date": date, "datetime": datetime}[name].fromisoformat(value["iso"])
    kind = getattr(digests, name)
    if not (isinstance(kind, type) and is_dataclass(kind)):
        raise TypeError(f"{name} is no part of a digest")
    return kind(**{key: _made(item) for key, item in value.items() if key != _TYPE})
