"""A rolling upgrade: workers of the last release go on with the schema that the first worker of this one made."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
import sqlalchemy as sa

from monitor.store import migrate
from monitor.store.engine import connect_to

RELEASES = list(pairwise(sorted(migrate.known_versions())))[-3:]
VALUES = {
    int: 1, float: 0.5, str: "x", bytes: b"x", bool: True, object: [], date: date(2026, 3, 4),
    datetime: datetime(2026, 3, 4, tzinfo=UTC),
}  # fmt: skip


@pytest.fixture
def engine(cluster):
    url = cluster.new_database()
    made = connect_to(url)
    yield made
    made.dispose()
    cluster.drop(url)


def tables(engine):
    """The tables as a program knows them, by their names."""
    known = sa.MetaData()
    known.reflect(engine)
    return {name: table for name, table in known.tables.items() if name != "alembic_version"}


@pytest.mark.parametrize(("before", "after"), RELEASES)
def test_what_the_last_release_writes_and_reads_is_still_there(engine, before, after):
    migrate.upgrade(engine, before)
    known = tables(engine)
    migrate.upgrade(engine, after)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")  # no foreign keys
        for table in known.values():
            row = {column.name: VALUES[column.type.python_type] for column in table.columns}
            connection.execute(table.insert(), row)
            connection.execute(table.update().values(row))
            assert connection.execute(sa.select(table)).first() is not None
    assert known.keys() <= tables(engine).keys()
