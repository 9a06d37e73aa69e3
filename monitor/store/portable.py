"""The rows of a store as lines of JSON, and back: a whole store, or what belongs to one reader or profile.

The first line says what the file is, each further line is one row (``{"table": ..., column: value, ...}``, bytes in
base64), and the last one counts them, so that half a file is told from a whole one. A whole store goes into an empty
one and keeps its ids, on whatever kind of database. A part is joined with what is there: a row that is known by its
own name (a paper by its key, a mail by its Message-ID) is left as it is, and the others get ids of their new home.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Executable,
    RowMapping,
    Select,
    Table,
    TypeDecorator,
    delete,
    func,
    select,
    text,
    true,
    update,
)
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from monitor.errors import StoreError
from monitor.store import suppressions
from monitor.store.migrate import HEAD
from monitor.store.portions import portions
from monitor.store.tables import Row

FORMAT = "paper-monitor rows"
MOST_BYTES = 200_000_000
"""Of one line: a listing that was kept whole is the longest."""
_CHUNK = 500
_TABLES: dict[str, Table] = {table.name: table for table in Row.metadata.sorted_tables}
_NAMES: dict[str, tuple[str, ...]] = {
    "papers": ("key",),
    "paper_keys": ("key",),
    "verdicts": ("paper_id", "kind", "at"),
    "subscriptions": ("profile", "recipient"),
    "matches": ("profile", "topic", "verdict_id"),
    "feedback": ("profile", "recipient", "kind", "paper_id", "text", "at"),
    "digests": ("subscription_id", "local_date", "kind"),
    "placements": ("subscription_id", "verdict_id"),
    "outbox": ("message_id",),
    "receipts": ("outbox_id", "at", "outcome"),
    "bounces": ("report",),
    "suppressions": ("recipient", "profile"),
}
"""By what a row of a part is known again."""
_UNSENT = frozenset({"queued", "claimed"})


# --- out -----------------------------------------------------------------------------------------------------------


def lines(session: Session, *, profile: str = "", reader: str = "") -> Iterator[str]:
    """Yield the lines of a file with the whole store, or with what belongs to ``profile`` or to the address ``reader``.

    That is: subscriptions, feedback, digests, mails with their receipts, and the papers that those name.
    """
    is_part = bool(profile or reader)
    yield _line({"format": FORMAT, "schema": HEAD, "part": profile or reader if is_part else None})
    wanted = _part(session, profile, reader) if is_part else {name: true() for name in _TABLES}
    number = 0
    for name, table in _TABLES.items():
        if name not in wanted:
            continue
        for row in _rows(session, table, wanted[name]):
            number += 1
            yield _line({"table": name, **{column: _out(value) for column, value in row.items()}})
    yield _line({"rows": number})


def _rows(session: Session, table: Table, where: ColumnElement[bool]) -> Iterator[RowMapping]:
    query: Select[Any] = select(table).where(where).order_by(*table.primary_key.columns)
    yield from session.connection().execution_options(yield_per=_CHUNK).execute(query).mappings()


def _part(session: Session, profile: str, reader: str) -> dict[str, ColumnElement[bool]]:
    """Return which rows of each table belong to a profile or a reader."""
    columns = {name: table.c for name, table in _TABLES.items()}
    key = suppressions.key(reader)
    subscribed = columns["subscriptions"]
    mine = func.lower(subscribed.recipient) == key if reader else subscribed.profile == profile
    found = session.connection().execute(select(subscribed.id, subscribed.profile).where(mine)).all()
    subscriptions, profiles = {row.id for row in found}, {row.profile for row in found} | ({profile} - {""})
    told = columns["feedback"]
    feedback = told.profile.in_(profiles) & (func.lower(told.recipient).in_(("", key)) if reader else true())
    digests = columns["digests"].subscription_id.in_(subscriptions)
    mails = columns["outbox"].digest_id.in_(select(columns["digests"].id).where(digests))
    placed = columns["placements"].subscription_id.in_(subscriptions)
    judged = columns["verdicts"].id.in_(select(columns["placements"].verdict_id).where(placed))
    papers = _papers(session, placed, judged, feedback)
    receipts = columns["receipts"].outbox_id.in_(select(columns["outbox"].id).where(mails))
    return {
        "papers": columns["papers"].id.in_(papers),
        "paper_keys": columns["paper_keys"].paper_id.in_(papers),
        "verdicts": judged,
        "subscriptions": mine,
        "feedback": feedback,
        "digests": digests,
        "placements": placed,
        "outbox": mails,
        "receipts": receipts,
        **({"suppressions": columns["suppressions"].recipient == key} if reader else {}),
    }


def _papers(session: Session, placed: Any, judged: Any, feedback: Any) -> set[int]:
    """Return the ids of all papers that the rows of a part point to, and those that these were merged into."""
    verdicts, papers = _TABLES["verdicts"].c, _TABLES["papers"].c
    asked = [
        select(_TABLES["placements"].c.paper_id).where(placed),
        *(select(column).where(judged) for column in (verdicts.paper_id, verdicts.of, verdicts.nearest)),
        select(_TABLES["feedback"].c.paper_id).where(feedback),
    ]
    found = {one for query in asked for one in session.connection().execute(query).scalars() if one is not None}
    new = found
    while new:
        merged = {
            one
            for some in portions(new)
            for one in session.connection().execute(select(papers.merged_into).where(papers.id.in_(some))).scalars()
        }
        new = {one for one in merged if one is not None} - found
        found |= new
    return found


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _out(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


# --- in ------------------------------------------------------------------------------------------------------------


class LineError(StoreError):
    """A line of the file cannot be taken; ``number`` counts from 1. Nothing of the file was written."""

    def __init__(self, number: int, why: str) -> None:
        self.number = number
        super().__init__(f"line {number}: {why}; nothing was written")


def take(session: Session, found: Iterable[bytes]) -> Counter[str]:
    """Write the rows of a file, and return how many of each table are new; mails that had not left yet are held.

    Belongs in a transaction of its own. Raises LineError for the first line that cannot be taken, and StoreError
    for a whole store when this one is not empty.
    """
    numbered = enumerate(found, start=1)
    head = _object(*next(numbered, (1, b"")))
    if head.get("format") != FORMAT:
        raise LineError(1, "this is no file that `monitor export` wrote")
    if head.get("schema") != HEAD:
        raise LineError(1, f"it has schema {head.get('schema')!r}, this program writes {HEAD}; use the same version")
    taker: _Whole | _Part = _Part(session) if head.get("part") else _Whole(session)
    last = 1
    for last, line in numbered:
        one = _object(last, line)
        if "rows" in one:
            if one["rows"] != last - 2 or next(numbered, None) is not None:
                raise LineError(last, f"{one['rows']!r} rows were written to this file, and {last - 2} stand here")
            taker.end()
            return taker.counts
        taker.add(last, *_row(last, one))
    raise LineError(last, "the file is cut off after this; export it again")


def _object(number: int, line: bytes) -> dict[str, Any]:
    if len(line) > MOST_BYTES:
        raise LineError(number, f"it is longer than {MOST_BYTES // 1_000_000} MB")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise LineError(number, "this is no JSON object")
    return found


def _row(number: int, one: dict[str, Any]) -> tuple[Table, dict[str, Any]]:
    table = _TABLES.get(str(one.pop("table", None)))
    if table is None:
        raise LineError(number, "it names no table of ours")
    names = {column.name for column in table.columns}
    if odd := names ^ one.keys():
        raise LineError(number, f"{table.name} has not these columns alone: {', '.join(sorted(odd)[:5])}")
    return table, {column.name: _in(number, column, one[column.name]) for column in table.columns}


def _in(number: int, column: Column[Any], value: Any) -> Any:
    if value is None:
        if column.nullable:
            return None
        raise LineError(number, f"{column.name} is missing")
    try:
        return _value(column, value)
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise LineError(number, f"{column.name} is no {_kind(column).__name__}") from None


@cache
def _shape(table: str, column: str) -> TypeAdapter[Any]:
    """Return what checks a value of a JSON column against what the table's class says of it."""
    classes: list[Any] = Row.__subclasses__()
    one = next(one for one in classes if one.__tablename__ == table)
    return TypeAdapter(one.model_fields[column].annotation)


def _kind(column: Column[Any]) -> type[Any]:
    of = column.type
    return (of.impl_instance if isinstance(of, TypeDecorator) else of).python_type


def _value(column: Column[Any], value: Any) -> Any:
    if isinstance(column.type, JSON):
        return _shape(column.table.name, column.name).validate_python(value, strict=True)
    kind = _kind(column)
    if kind is bytes:
        return base64.b64decode(value, validate=True)
    if kind in (date, datetime):
        found = kind.fromisoformat(value)
        if kind is datetime and found.tzinfo is None:
            raise ValueError(value)
        return found
    if kind is float and type(value) is int:
        value = float(value)
    odd_number = (kind is int and not -(2**63) <= value < 2**63) or (kind is float and not math.isfinite(value))
    if type(value) is not kind or odd_number or (kind is str and "\0" in value):
        raise ValueError(value)
    return value


class _Whole:
    """Takes all rows as they are, in portions, into an empty store."""

    def __init__(self, session: Session) -> None:
        self.counts: Counter[str] = Counter()
        self._connection = session.connection()
        self._table: Table | None = None
        self._waiting: list[tuple[int, dict[str, Any]]] = []
        self._merged: list[tuple[int, int, int]] = []
        for name, table in _TABLES.items():  # what a mere start has written is no obstacle
            if name != "marks" and self._connection.execute(select(func.count()).select_from(table)).scalar():
                raise StoreError(f"a whole store goes into an empty one only, and this one has {name}")
        self._connection.execute(delete(_TABLES["marks"]))

    def add(self, number: int, table: Table, row: dict[str, Any]) -> None:
        if self._table is not table or len(self._waiting) == _CHUNK:
            self._flush()
        self._table = table
        if table.name == "papers" and row["merged_into"] is not None:  # it may point to a paper that comes later
            self._merged.append((number, row["id"], row["merged_into"]))
            row["merged_into"] = None
        self._waiting.append((number, _held(table, row)))

    def end(self) -> None:
        self._flush()
        papers = _TABLES["papers"]
        for number, this, other in self._merged:
            merge = update(papers).where(papers.c.id == this).values(merged_into=other)
            _executed(self._connection, number, papers, merge)
        if self._connection.dialect.name == "postgresql":
            for table in _TABLES.values():
                if "id" in table.c and _kind(table.c.id) is int:
                    named = f"pg_get_serial_sequence('{table.name}', 'id')"
                    highest = f"SELECT max(id) FROM {table.name}"  # noqa: S608 - names of ours
                    self._connection.execute(text(f"SELECT setval({named}, ({highest})) WHERE ({highest}) > 0"))

    def _flush(self) -> None:
        if self._table is None or not self._waiting:
            return
        rows = [row for _, row in self._waiting]
        try:
            with self._connection.begin_nested():
                self._connection.execute(self._table.insert(), rows)
        except DatabaseError:
            for number, row in self._waiting:
                _insert(self._connection, number, self._table, row)
        self.counts[self._table.name] += len(rows)
        self._waiting = []


class _Part:
    """Takes rows one by one beside those that are there."""

    def __init__(self, session: Session) -> None:
        self.counts: Counter[str] = Counter()
        self._connection = session.connection()
        self._ids: dict[str, dict[int, int]] = {name: {} for name in _TABLES}
        self._merged: dict[int, int] = {}

    def add(self, number: int, table: Table, row: dict[str, Any]) -> None:
        if table.name not in _NAMES:
            raise LineError(number, f"{table.name} belongs to no reader")
        old = int(row.get("id") or 0)
        if table.name == "papers" and row["merged_into"] is not None:
            self._merged[old], row["merged_into"] = row["merged_into"], None
        self._point(number, table, row)
        known = self._known(table, row)
        if known is None:
            row = {name: value for name, value in _held(table, row).items() if name != "id"}
            known = _insert(self._connection, number, table, row)
            self.counts[table.name] += 1
        elif table.name == "papers":
            self._merged.pop(old, None)  # what this store knows of its own papers holds
        if old:
            self._ids[table.name][old] = known

    def end(self) -> None:
        papers = _TABLES["papers"]
        for old, other in self._merged.items():
            this, into = self._ids["papers"][old], self._ids["papers"].get(other)
            self._connection.execute(update(papers).where(papers.c.id == this).values(merged_into=into))

    def _point(self, number: int, table: Table, row: dict[str, Any]) -> None:
        """Let a row point to the rows of this store that stand for those of the other one."""
        for column in table.columns:
            for key in column.foreign_keys:
                value, target = row[column.name], key.column.table.name
                if value is not None:
                    if value not in self._ids[target]:
                        raise LineError(number, f"{column.name} points to {target} {value}, which the file lacks")
                    row[column.name] = self._ids[target][value]

    def _known(self, table: Table, row: dict[str, Any]) -> Any:
        """Return the id (or something else, of a table without ids) of the row that is this one, if there is one."""
        if table.name == "papers":  # a paper has many names
            keys = _TABLES["paper_keys"].c
            return self._connection.execute(select(keys.paper_id).where(keys.key == row["key"])).scalar()
        same = [_is(table.c[name], row[name]) for name in _NAMES[table.name]]
        wanted = table.c.id if "id" in table.c else table.c[_NAMES[table.name][0]]
        return self._connection.execute(select(wanted).where(*same)).scalar()


def _is(column: Column[Any], value: Any) -> ColumnElement[bool]:
    return column.is_(None) if value is None else column == value


def _held(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row as it comes in: a mail that had not left may have left from where it was exported."""
    is_unsent = table.name == "outbox" and row["state"] in _UNSENT
    return {**row, "state": "held", "claimed_until": None} if is_unsent else row


def _insert(connection: Connection, number: int, table: Table, row: dict[str, Any]) -> int:
    made = _executed(connection, number, table, table.insert().values(**row)).inserted_primary_key
    found: int = made[0]
    return found


def _executed(connection: Connection, number: int, table: Table, statement: Executable) -> Any:
    try:
        with connection.begin_nested():
            return connection.execute(statement)
    except DatabaseError as error:
        raise LineError(number, f"{table.name} cannot take it: {str(error.orig).splitlines()[0]}") from None
