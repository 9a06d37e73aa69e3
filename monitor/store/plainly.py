"""Reading columns without objects."""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session

_Read = tuple[int, Callable[[Any], Any]]
"""The place of a column, and what makes our value of the driver's."""


def plainly(session: Session, query: Any, **values: Any) -> Any:
    """Return the rows of a query of columns; ``values`` are those that it asks for.

    The mapper of objects is left out: it costs several times the reading. A query that is put together once, for all
    its values, costs least.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(query, values)


class Glance(Session):
    """A session that answers only a ``Question``, by a driver's own connection: SQLAlchemy's part costs more than it.

    It has no engine: whatever else is asked of it raises UnboundExecutionError.
    """

    def __init__(self, dialect: Any, connection: Any) -> None:
        super().__init__(autoflush=False)
        self.dialect = dialect
        self._cursor = connection.cursor()

    def ask(self, text: str, asked: Any = ()) -> tuple[Sequence[Any], Sequence[Sequence[Any]]]:
        """Return the rows that the driver gives, and what it says of their columns."""
        self._cursor.execute(text, asked)
        return self._cursor.fetchall(), self._cursor.description


class Question:
    """A query of columns that is asked again and again: it is put into a database's own words once.

    What is asked for stands in it as ``bindparam`` and ``among``, which never change its words.
    """

    def __init__(self, query: Any) -> None:
        self._query = query
        self._asked: dict[str, Callable[[Session, dict[str, Any]], list[Any]]] = {}

    def __call__(self, session: Session, **values: Any) -> list[Any]:
        """Return the rows, as named tuples."""
        if session.autoflush:
            session.flush()
        dialect = session.dialect if isinstance(session, Glance) else session.get_bind().dialect
        ask = self._asked.get(dialect.name)
        if ask is None:
            ask = self._asked[dialect.name] = _put(self._query, dialect)
        return ask(session, values)


def _put(query: Any, dialect: Any) -> Callable[[Session, dict[str, Any]], list[Any]]:
    compiled = query.compile(dialect=dialect)
    text, order = str(compiled), compiled.positiontup
    said = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
    columns = list(query.selected_columns)
    reads: list[_Read] | None = None
    row: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024
    given = {name: bind.value for name, bind in compiled.binds.items()}

    def ask(session: Session, values: dict[str, Any]) -> list[Any]:
        bound = {name: process(value) if (process := said[name]) else value for name, value in (given | values).items()}
        asked: Any = tuple(bound[name] for name in order) if order is not None else bound
        nonlocal reads
        rows, described = _ask_driver(session, text, asked)
        if reads is None:  # a driver says of the first answer in which types it gives its columns
            reads = _reads(columns, described, dialect)
        return [row._make(_read(one, reads)) for one in rows] if reads else [row._make(one) for one in rows]

    return ask


def _ask_driver(session: Session, text: str, asked: Any) -> tuple[Sequence[Any], Sequence[Sequence[Any]]]:
    """Return the rows that a driver gives, and what it says of their columns."""
    if isinstance(session, Glance):
        return session.ask(text, asked)
    found = session.connection().exec_driver_sql(text, asked)
    described = found.cursor.description  # gone with the last row
    return found.all(), described


def _reads(columns: Sequence[Any], described: Sequence[Sequence[Any]], dialect: Any) -> list[_Read]:
    """Return what makes our values of a driver's, for the places where they are not the same."""
    made = [
        column.type.dialect_impl(dialect).result_processor(dialect, told[1])
        for column, told in zip(columns, described, strict=True)
    ]
    return [(place, one) for place, one in enumerate(made) if one]


def _read(row: Any, reads: list[_Read]) -> list[Any]:
    values = list(row)
    for place, read in reads:
        values[place] = read(values[place])
    return values


class _Many(TypeDecorator[Any]):
    """Any number of values in one parameter: JSON for SQLite, an array for PostgreSQL."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, kind: type[sa.types.TypeEngine[Any]] = sa.Integer) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Any) -> Any:
        return dialect.type_descriptor(ARRAY(self.kind) if dialect.name == "postgresql" else sa.Text())

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return list(value) if dialect.name == "postgresql" else json.dumps(list(value))


class _Among(sa.ColumnElement[bool]):
    inherit_cache = False
    type = sa.Boolean()

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.values = sa.bindparam(name, type_=_Many(sa.Integer if isinstance(column.type, sa.Integer) else sa.Text))

    def self_group(self, against: Any = None) -> _Among:  # noqa: ARG002 - SQLAlchemy calls it so
        """Return itself: it is a condition already, and binds closer than AND."""
        return self


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - columns and parameters


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **kw: Any) -> str:
    return f"{compiler.process(element.column, **kw)} = ANY({compiler.process(element.values, **kw)})"


def among(column: Any, name: str) -> Any:
    """Return that a column is among the values that a ``Question`` is asked with as ``name``; any number of them."""
    return _Among(column, name)
