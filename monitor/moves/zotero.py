"""zotero-arxiv-daily (https://github.com/TideDra/zotero-arxiv-daily), or Zotero alone: each collection becomes a topic.

The library is ``zotero.sqlite`` of Zotero's data folder, with its collections, or a file that Zotero exports. The
settings are that program's ``config/custom.yaml``: collections in and out, receiver, categories, number of papers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from monitor.errors import MonitorError
from monitor.moves import Moved, MovedReader, MovedTopic, database, library_of, texts
from monitor.sources import LARGEST_FILE
from monitor.sources.references import ENDINGS

_MOST = 500
"""Papers in one of our digests, at the most."""
_FIELDS = {"title": "title", "abstractNote": "abstract", "DOI": "DOI", "url": "URL", "archiveID": "arxiv"}
_ITEMS = """
SELECT items.itemID, fields.fieldName, itemDataValues.value
FROM items
JOIN itemTypes USING (itemTypeID) JOIN itemData USING (itemID)
JOIN itemDataValues USING (valueID) JOIN fields USING (fieldID)
WHERE itemTypes.typeName NOT IN ('attachment', 'note', 'annotation')
AND items.itemID NOT IN (SELECT itemID FROM deletedItems)
"""
_PEOPLE = """
SELECT itemID, firstName, lastName FROM itemCreators JOIN creators USING (creatorID) ORDER BY itemID, orderIndex
"""


def read(path: Path, settings: Mapping[str, Any]) -> Moved:
    """Return one reader with a topic a collection; papers in none of them make the topic ``library``."""
    topics = tuple(_exported(path) if path.suffix.lower() in ENDINGS else _of_database(path, _at(settings, "zotero")))
    if not topics:
        raise MonitorError(f"{path} holds no papers, or only ones that include_path and ignore_path leave out")
    receiver = next(iter(texts(_at(settings, "email").get("receiver"))), "")
    most = str(_at(settings, "executor").get("max_paper_num"))
    budget = min(int(most), _MOST) if most.isascii() and most.isdigit() and int(most) else None
    return Moved((MovedReader("zotero", receiver, topics, budget),), {}, _sources(_at(settings, "source")))


def _exported(path: Path) -> Iterator[MovedTopic]:
    with path.open("rb") as file:
        yield MovedTopic(path.stem, (f"papers{path.suffix.lower()}", file.read(LARGEST_FILE + 1)))


def _of_database(path: Path, wanted: Mapping[str, Any]) -> Iterator[MovedTopic]:
    """Zotero locks its database while it runs: it is read as a file that nobody changes."""
    try:
        with database(path, "&immutable=1") as opened:
            papers, collections = _papers(opened), _collections(opened)
    except sqlite3.Error as error:
        raise MonitorError(f"{path} is neither zotero.sqlite nor an export of Zotero: {error}") from None
    include, ignore = texts(wanted.get("include_path")), texts(wanted.get("ignore_path"))
    filed = {item for items in collections.values() for item in items}
    if not include:
        collections = {**collections, "library": [item for item in papers if item not in filed]}
    for name, items in collections.items():
        is_wanted = (not include or _is_in(name, include)) and not _is_in(name, ignore)
        if is_wanted and (found := [papers[item] for item in items if item in papers]):
            yield MovedTopic(name, library_of(found))


def _papers(database: sqlite3.Connection) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for item, name, value in database.execute(_ITEMS):
        if name in _FIELDS:
            found.setdefault(item, {"authors": []})[_FIELDS[name]] = str(value)
    for item, first, last in database.execute(_PEOPLE):
        if item in found:
            found[item]["authors"].append(f"{first or ''} {last or ''}".strip())
    for paper in found.values():
        if (archived := paper.pop("arxiv", "")).lower().startswith("arxiv:"):
            paper["externalIds"] = {"ArXiv": archived[len("arxiv:") :]}
    return {item: paper for item, paper in found.items() if paper.get("title")}


def _collections(database: sqlite3.Connection) -> dict[str, list[int]]:
    """Return the items of each collection, by its path, such as ``2026/survey``."""
    rows = database.execute("SELECT collectionID, collectionName, parentCollectionID FROM collections").fetchall()
    parents = {number: (name, parent) for number, name, parent in rows}
    items: dict[str, list[int]] = {}
    for number, item in database.execute("SELECT collectionID, itemID FROM collectionItems ORDER BY 1, 2"):
        items.setdefault("/".join(_path(number, parents)), []).append(item)
    return items


def _path(number: int | None, parents: Mapping[int, tuple[str, int | None]], depth: int = 20) -> list[str]:
    if number is None or number not in parents or depth == 0:
        return []
    name, parent = parents[number]
    return [*_path(parent, parents, depth - 1), name]


def _is_in(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(path, one) or fnmatchcase(path, one.removesuffix("/**")) for one in patterns)


def _sources(written: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    if categories := texts(_at(written, "arxiv").get("category")):
        found["arxiv"] = {"kind": "arxiv", "categories": list(categories)}
    for server in ("biorxiv", "medrxiv"):
        if categories := texts(_at(written, server).get("category")):
            found[server] = {"kind": "biorxiv", "server": server, "categories": list(categories)}
    return found


def _at(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}
