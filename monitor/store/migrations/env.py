"""Alembic's entry: run by ``monitor.store.migrate`` inside its own connection and transaction."""

from alembic import context

from monitor.store.tables import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
