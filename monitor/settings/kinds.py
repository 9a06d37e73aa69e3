"""What stands under ``sources:``, ``channel:`` and ``channels:``: each kind has options of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.errors import NotFoundError
from monitor.registry import load as load_kind
from monitor.settings.credentials import resolve
from monitor.settings.installation import WrittenChannel, WrittenSource
from monitor.settings.problems import explain
from monitor.settings.values import MAX_AGE, ChannelSettings, SourceSettings
from monitor.settings.yaml import Document, Loc, shown

M = TypeVar("M", bound=BaseModel)


def read_sources(document: Document, folder: Path) -> tuple[SourceSettings, ...]:
    """Return the sources that the document describes; what is wrong is added to its problems."""
    written = document.value.get("sources")
    if not isinstance(written, dict):
        return ()
    if not written:
        document.problems.append(
            document.problem(("sources",), "there is no source here", "add one: 'hf: {kind: hf_daily}'")
        )
    return tuple(source for name, raw in written.items() if (source := _source(name, raw, document, folder)))


def _source(name: str, raw: Any, document: Document, folder: Path) -> SourceSettings | None:
    at = ("sources", name)
    head = validated(WrittenSource, raw, at, document)
    module = _kind("sources", raw, at, document)
    options = _options(module, raw, at, document, folder, {"kind", "every", "max_age"})
    if head is None or module is None or options is None:
        return None
    usual: timedelta = getattr(module, "MAX_AGE", MAX_AGE)
    return SourceSettings(name, head.kind, head.every or module.EVERY, options, head.max_age or usual)


def read_channel(raw: Any, at: Loc, document: Document, folder: Path) -> ChannelSettings | None:
    """Return the channel that ``raw`` describes, or ``None``, with the problems in ``document``."""
    if not isinstance(raw, dict):
        return None  # the schema says so
    head = validated(WrittenChannel, raw, at, document)
    module = _kind("channels", raw, at, document)
    options = _options(module, raw, at, document, folder, set(WrittenChannel.model_fields))
    return ChannelSettings(head.kind, options, head.limits()) if head and options else None


def read_channels(document: Document, folder: Path) -> dict[str, ChannelSettings]:
    """Return the channels beside the default one that the document describes, by name."""
    written = document.value.get("channels")
    if not isinstance(written, dict):
        return {}
    found = {name: read_channel(raw, ("channels", name), document, folder) for name, raw in written.items()}
    return {name: channel for name, channel in found.items() if channel}


def _kind(family: str, raw: Any, at: Loc, document: Document) -> ModuleType | None:
    kind = raw.get("kind") if isinstance(raw, dict) else None
    if not isinstance(kind, str):
        return None
    try:
        return load_kind(family, kind)
    except NotFoundError as error:
        what = "source" if family == "sources" else "channel"
        document.problems.append(
            document.problem((*at, "kind"), f"no kind of {what} is named {shown(kind)}", error.hint)
        )
        return None


def _options(
    module: ModuleType | None, raw: Any, at: Loc, document: Document, folder: Path, ours: set[str]
) -> BaseModel | None:
    """Return the options of one kind, with references looked up and paths counted from ``folder``."""
    if module is None:
        return None
    theirs = resolve({key: value for key, value in raw.items() if key not in ours}, at, document, folder)
    options = validated(module.Options, theirs, at, document, ours)
    return _with_paths(options, folder) if options else None


def _with_paths(options: BaseModel, folder: Path) -> BaseModel:
    found = {name: getattr(options, name) for name in type(options).model_fields}
    paths = {
        name: type(value)(under(folder, value))
        for name, value in found.items()
        if isinstance(value, Path) or (name == "path" and isinstance(value, str))
    }
    return options.model_copy(update=paths) if paths else options


def validated(schema: type[M], value: Any, at: Loc, document: Document, also: Iterable[str] = ()) -> M | None:
    """Return ``value`` as ``schema`` reads it, or ``None``, with the problems in ``document``."""
    try:
        return schema.model_validate(value)
    except ValidationError as error:
        document.problems.extend(explain(error, document, at, schema, also))
        return None


def under(folder: Path, path: str | Path) -> Path:
    """Return ``path`` counted from ``folder``; a ``~`` is the home folder."""
    try:
        return folder / Path(path).expanduser()
    except RuntimeError:  # no home folder to expand to
        return folder / path
