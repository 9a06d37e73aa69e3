"""An SQLite database moved to a PostgreSQL server: block by block, resumable, and compared row by row at the end.

How far each table has come stands among the target's marks until all is compared, in the transaction that brings the
rows; so a copy that was broken off goes on where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, Table, bindparam, func, literal_column, select, text
from sqlalchemy.exc import DatabaseError

from monitor.errors import StoreError
from monitor.store.engine import connect_to
from monitor.store.migrate import bring_up_to_date
from monitor.store.tables import MarkRow, Row

_BLOCK = 2_000
_PREFIX = "copied "
_MARKS: Table = MarkRow.__table__  # type: ignore[attr-defined]  # SQLModel makes it
_ROWID: ColumnElement[int] = literal_column("rowid")


@dataclass(frozen=True, slots=True)
class Copied:
    """One table that is the same in both databases: how many rows, and the hash of them all."""

    table: str
    rows: int
    sha256: str


def transfer(
    source: str, target: str, on_block: Callable[[str, int], None] = lambda _table, _rows: None
) -> list[Copied]:
    """Copy all that the SQLite database ``source`` holds into ``target``, and return what was compared.

    Nobody may write to either meanwhile. Raises StoreError when the target holds something else, or when a table is
    not the same in both afterwards.
    """
    old, new = connect_to(source), connect_to(target)
    try:
        bring_up_to_date(old)
        bring_up_to_date(new)
        with old.connect().execution_options(begin="DEFERRED") as reading:
            done = _begin(new)
            for table in Row.metadata.sorted_tables:
                _copy(reading, new, table, done.get(table.name, 0), on_block)
            found = [_compared(reading, new, table) for table in Row.metadata.sorted_tables]
        _finish(new)
    except DatabaseError as error:
        raise StoreError(f"the copy broke off: {error.orig}; the same command goes on where it was") from error
    finally:
        old.dispose()
        new.dispose()
    return found


def _begin(new: Engine) -> dict[str, int]:
    """Return how far each table has come in an earlier run. Raises StoreError when the target is not ours to fill."""
    if new.dialect.name != "postgresql":
        raise StoreError("a copy goes to PostgreSQL: postgresql://user@host/name; a file is copied by `monitor backup`")
    with new.begin() as connection:
        marks = connection.execute(select(_MARKS.c.name, _MARKS.c.text).where(_MARKS.c.name.startswith(_PREFIX))).all()
        if marks:
            return {name.removeprefix(_PREFIX): int(rowid) for name, rowid in marks}
        for table in Row.metadata.sorted_tables:
            if connection.execute(select(func.count()).select_from(table)).scalar():
                raise StoreError(f"the target is not empty: there are rows in {table.name}; name a fresh database")
        return {}


def _copy(reading: Connection, new: Engine, table: Table, last: int, on_block: Callable[[str, int], None]) -> None:
    inwards = [column for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    block = select(_ROWID, table).order_by(_ROWID).limit(_BLOCK)
    while rows := reading.execute(block.where(last < _ROWID)).all():
        last = rows[-1][0]
        with new.begin() as connection:
            values = [dict(zip(table.columns.keys(), row[1:], strict=True)) for row in rows]
            connection.execute(table.insert(), [one | {column.name: None for column in inwards} for one in values])
            _note(connection, table.name, last)
        on_block(table.name, len(rows))
    for column in inwards:  # a row may point to a later one
        _point(reading, new, table, column)


def _point(reading: Connection, new: Engine, table: Table, column: Column[Any]) -> None:
    (key,) = table.primary_key.columns
    rows = reading.execute(select(key, column).where(column.is_not(None))).all()
    if rows:
        pointing = table.update().where(key == bindparam("row")).values({column: bindparam("to")})
        with new.begin() as connection:
            connection.execute(pointing, [{"row": row, "to": to} for row, to in rows])


def _note(connection: Connection, table: str, rowid: int) -> None:
    connection.execute(_MARKS.delete().where(_MARKS.c.name == _PREFIX + table))
    connection.execute(_MARKS.insert().values(name=_PREFIX + table, at=datetime.now(UTC), text=str(rowid)))


def _compared(reading: Connection, new: Engine, table: Table) -> Copied:
    """Return how many rows are the same. Raises StoreError when a table differs."""
    with new.connect() as connection:
        there, here = _digest(connection, table), _digest(reading, table)
    if there != here:
        raise StoreError(
            f"{table.name} has {here[0]} rows here and {there[0]} there, or others; "
            "was something written meanwhile? Begin again with a fresh database"
        )
    return Copied(table.name, *here)


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    """Return the number of rows and a hash of them in whatever order: databases sort texts in their own ways."""
    query, number, total = select(table), 0, 0
    if table is _MARKS:
        query = query.where(~_MARKS.c.name.startswith(_PREFIX))
    for rows in connection.execution_options(stream_results=True, yield_per=_BLOCK).execute(query).partitions():
        for row in rows:
            number += 1
            total += int.from_bytes(hashlib.sha256(repr([_plain(value) for value in row]).encode()).digest())
    return number, f"{total % 2**256:064x}"


def _plain(value: object) -> object:
    """Return a value as it is written the same whatever driver gave it: zones of moments have several names."""
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value


def _finish(new: Engine) -> None:
    """Let new rows be numbered after those that came, and forget how far the copy had come."""
    with new.begin() as connection:
        for table in Row.metadata.sorted_tables:
            column = table.autoincrement_column
            if column is not None:
                last = connection.execute(select(func.max(column))).scalar() or 0
                following = text("SELECT setval(pg_get_serial_sequence(:table, :column), :number, false)")
                connection.execute(following, {"table": table.name, "column": column.name, "number": last + 1})
        connection.execute(_MARKS.delete().where(_MARKS.c.name.startswith(_PREFIX)))
