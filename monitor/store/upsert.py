"""Many rows in one statement: what is there already is left alone or brought up to date.

One ``executemany`` is some sixty times faster than an object for each row, and conflicts are settled by the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, column, func, literal, literal_column, select
from sqlalchemy import table as sa_table
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine
from sqlmodel import Session

from monitor.store.portions import AT_ONCE

Rows = Sequence[Mapping[str, Any]]

_COPIED = 100
"""From so many rows on PostgreSQL takes them all at once; fewer are not worth a table of their own."""


def insert_missing(session: Session, table: Any, rows: Rows, **same: Any) -> None:
    """Insert ``rows`` of a table class, leaving alone those whose key is there already.

    ``same`` are columns with one value in all rows: they stand in the statement, which spares half the time.
    """
    if rows:
        _execute_many(session, table, _insert(session, table).on_conflict_do_nothing(), rows, same)


def upsert(session: Session, table: Any, rows: Rows, columns: Collection[str]) -> None:
    """Insert ``rows`` of a table class; where the primary key is there already, set ``columns`` to the new values."""
    if rows:
        statement = _insert(session, table)
        new = {name: statement.excluded[name] for name in columns}
        keys = list(_table(table).primary_key.columns)
        _execute_many(session, table, statement.on_conflict_do_update(index_elements=keys, set_=new), rows)


def insert_all(session: Session, table: Any, rows: Rows) -> None:
    """Insert ``rows`` of a table class, all columns given.

    SQLite takes many in one statement: it writes an index that triggers keep once for each, which is four times
    faster for the words of papers than once for each row.
    """
    if rows:
        _execute_many(session, table, _insert(session, table), rows, together=AT_ONCE)


def _execute_many(
    session: Session,
    table: Any,
    statement: Any,
    rows: Rows,
    same: Mapping[str, Any] = MappingProxyType({}),
    together: int = 1,
) -> None:
    """Run an INSERT for all rows, which have the same columns, with the values that are the ``same`` in each."""
    columns = _table(table).columns
    fixed = {name: _written(session, value, columns[name].type) for name, value in same.items()}
    if len(rows) >= _COPIED and session.get_bind().dialect.name == "postgresql":
        _copy(session, table, fixed, statement, rows)
        return
    free = {name: bindparam(name, type_=columns[name].type) for name in rows[0]} if fixed else {}
    _execute_rows(session, table, statement.values(**fixed, **free) if fixed else statement, rows, together)


def _written(session: Session, value: Any, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Return ``value`` as the database's own literal, quoted by SQLAlchemy."""
    dialect = session.get_bind().dialect
    return literal_column(str(literal(value, kind).compile(dialect=dialect, compile_kwargs={"literal_binds": True})))


def _copy(session: Session, table: Any, fixed: Mapping[str, ColumnElement[Any]], statement: Any, rows: Rows) -> None:
    """Have PostgreSQL take all rows at once: a COPY into a table of this transaction's own, and an INSERT from there.

    COPY knows no conflicts; with both it is half of the time that a statement for each row takes.
    """
    connection, names = session.connection(), list(rows[0])
    quote = connection.dialect.identifier_preparer.quote
    new = sa_table(f"new_{_table(table).name}", *map(column, names))
    chosen = ", ".join(map(quote, names))
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {new.name} ON COMMIT DROP AS SELECT {chosen} FROM {_table(table).name} LIMIT 0"  # noqa: S608 - our own names
    )
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {new.name} ({chosen}) FROM STDIN") as copy:
            for row in zip(*_columns(session, table, names, rows), strict=True):
                copy.write_row(row)
    except driver.Error as error:
        if driver.closed:
            connection.invalidate(error)  # what SQLAlchemy does by itself for statements of its own
        raise DBAPIError.instance("COPY", None, error, driver.Error, dialect=connection.dialect) from error
    connection.execute(statement.from_select([*names, *fixed], select(*new.columns, *fixed.values())))
    connection.exec_driver_sql(f"DROP TABLE {new.name}")


def _execute_rows(session: Session, table: Any, statement: Any, rows: Rows, together: int) -> None:
    """Run an INSERT once for each row, or for so many ``together`` of one that ends with its values.

    Where the driver takes values by place and all are given, they go to it directly: SQLAlchemy makes two mappings of
    each row before, which takes twice as long as writing it.
    """
    connection = session.connection()
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    names = compiled.positiontup or ()
    if not compiled.positional or not rows[0].keys() >= set(names):
        connection.execute(statement, rows)
        return
    written = list(zip(*_columns(session, table, names, rows), strict=True))
    if together == 1:
        connection.exec_driver_sql(str(compiled), written)
        return
    insert, values, row = str(compiled).partition(" VALUES ")
    for start in range(0, len(written), together):
        some = written[start : start + together]
        statement = insert + values + ", ".join([row] * len(some))
        connection.exec_driver_sql(statement, tuple(chain.from_iterable(some)))


def _columns(session: Session, table: Any, names: Sequence[str], rows: Rows) -> list[Iterable[Any]]:
    """Return the values of each column, as the driver takes them."""
    dialect = session.get_bind().dialect
    writers = [_table(table).columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    given = [[row[name] for row in rows] for name in names]
    return [values if write is None else map(write, values) for write, values in zip(writers, given, strict=True)]


def new_ids(session: Session, table: Any, number: int) -> list[int]:
    """Return ``number`` ids for rows to be inserted in this transaction, rising.

    Knowing them beforehand lets all rows go in one statement: SQLite gives back the ids of new rows one by one only.
    """
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(_table(table).name, "id")
        return sorted(session.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, number))))
    last = session.scalar(select(func.max(_table(table).c.id))) or 0  # nobody else writes meanwhile: BEGIN IMMEDIATE
    return list(range(last + 1, last + 1 + number))


def _insert(session: Session, table: Any) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # 6 MB that an SQLite file does without

        return postgresql.insert(_table(table)).inline()
    return sqlite.insert(_table(table)).inline()  # else it asks for a literal key back, which Python 3.13.0 refuses


def _table(table: Any) -> Table:
    found: Table = table.__table__
    return found
