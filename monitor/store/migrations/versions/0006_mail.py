"""mail"""

import hashlib
import zlib

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    with op.batch_alter_table('outbox') as table:
        table.alter_column('content', existing_type=sa.LargeBinary(), nullable=True)
        table.drop_column('html')
        table.add_column(sa.Column('fingerprint', TEXT(), nullable=False, server_default=''))
        table.add_column(sa.Column('tree', sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column('channel', TEXT(), nullable=False, server_default=''))
        table.add_column(sa.Column('doubts', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('broken', sa.Integer(), nullable=False, server_default='0'))
        table.create_index(op.f('ix_outbox_recipient'), ['recipient'])
    _fingerprint_what_is_there()
    op.create_table('channels',
    sa.Column('name', TEXT(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('failing_since', TIME(), nullable=True),
    sa.Column('paused_until', TIME(), nullable=True),
    sa.Column('reason', TEXT(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_channels'))
    )
    op.create_table('bounces',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('report', TEXT(), nullable=False),
    sa.Column('recipient', TEXT(), nullable=False),
    sa.Column('outbox_id', sa.Integer(), nullable=True),
    sa.Column('kind', TEXT(), nullable=False),
    sa.Column('at', TIME(), nullable=False),
    sa.Column('text', TEXT(), nullable=False),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_bounces_outbox_id_outbox')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bounces')),
    sa.UniqueConstraint('report', name=op.f('uq_bounces_report'))
    )
    with op.batch_alter_table('bounces') as table:
        table.create_index(op.f('ix_bounces_recipient'), ['recipient'])
    op.create_table('suppressions',
    sa.Column('recipient', TEXT(), nullable=False),
    sa.Column('profile', TEXT(), nullable=False),
    sa.Column('reason', TEXT(), nullable=False),
    sa.Column('since', TIME(), nullable=False),
    sa.Column('note', TEXT(), nullable=False),
    sa.PrimaryKeyConstraint('recipient', 'profile', name=op.f('pk_suppressions'))
    )


def _fingerprint_what_is_there() -> None:
    connection = op.get_bind()
    outbox = sa.table('outbox', sa.column('id'), sa.column('content', sa.LargeBinary()), sa.column('fingerprint'))
    for (row,) in connection.execute(sa.select(outbox.c.id)).all():
        (content,) = connection.execute(sa.select(outbox.c.content).where(outbox.c.id == row)).one()
        found = hashlib.blake2b(zlib.decompress(content), digest_size=16).hexdigest()
        connection.execute(outbox.update().where(outbox.c.id == row).values(fingerprint=found))
