"""every listing"""

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime
LONG_AGO = '2026-01-01 00:00:00.000000'


def upgrade() -> None:
    with op.batch_alter_table('sources') as table:
        table.add_column(sa.Column('first_ok_at', TIME(), nullable=True))
        table.add_column(sa.Column('gone', TEXT(), nullable=True))
    op.execute('UPDATE sources SET first_ok_at = last_ok_at')
    with op.batch_alter_table('addresses') as table:
        table.add_column(sa.Column('moved_to', TEXT(), nullable=True))
        table.add_column(sa.Column('next_url', TEXT(), nullable=True))
        table.add_column(sa.Column('answered_at', TIME(), nullable=False, server_default=LONG_AGO))
        table.create_index(op.f('ix_addresses_answered_at'), ['answered_at'])
    with op.batch_alter_table('snapshots') as table:
        table.add_column(sa.Column('size', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('contents', sa.LargeBinary(), nullable=False, server_default=''))
    op.execute('UPDATE snapshots SET size = length(body)')
    with op.batch_alter_table('batches') as table:
        table.add_column(sa.Column('late', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('past', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('state', TEXT(), nullable=False, server_default='whole'))
        table.add_column(sa.Column('note', TEXT(), nullable=False, server_default=''))
    with op.batch_alter_table('papers') as table:
        table.add_column(sa.Column('published_precision', TEXT(), nullable=False, server_default='second'))
        table.add_column(sa.Column('language', TEXT(), nullable=False, server_default=''))
        table.add_column(sa.Column('merged_into', sa.Integer(), nullable=True))
        table.create_foreign_key(op.f('fk_papers_merged_into_papers'), 'papers', ['merged_into'], ['id'])
        table.create_index(op.f('ix_papers_merged_into'), ['merged_into'])
    with op.batch_alter_table('prints') as table:
        table.add_column(sa.Column('seal', sa.LargeBinary(), nullable=False, server_default=''))
    with op.batch_alter_table('verdicts') as table:
        table.add_column(sa.Column('arrival', TEXT(), nullable=False, server_default='on time'))
        table.add_column(sa.Column('listed_on', sa.Date(), nullable=True))
        table.add_column(sa.Column('judged', sa.Boolean(), nullable=False, server_default=sa.true()))
        table.create_index(op.f('ix_verdicts_judged'), ['judged'])
    op.create_table('hosts',
    sa.Column('site', TEXT(), nullable=False),
    sa.Column('holder', TEXT(), nullable=False),
    sa.Column('free_at', TIME(), nullable=False),
    sa.PrimaryKeyConstraint('site', name=op.f('pk_hosts'))
    )
    op.create_table('backfills',
    sa.Column('source', TEXT(), nullable=False),
    sa.Column('first', sa.Date(), nullable=False),
    sa.Column('last', sa.Date(), nullable=False),
    sa.Column('request', sa.Integer(), nullable=False),
    sa.Column('url', TEXT(), nullable=True),
    sa.Column('read', sa.Integer(), nullable=False),
    sa.Column('new', sa.Integer(), nullable=False),
    sa.Column('finished_at', TIME(), nullable=True),
    sa.PrimaryKeyConstraint('source', 'first', 'last', name=op.f('pk_backfills'))
    )
    op.create_table('joins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.Column('source', TEXT(), nullable=False),
    sa.Column('key', TEXT(), nullable=False),
    sa.Column('at', TIME(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=True),
    sa.Column('keys', sa.JSON(), nullable=False),
    sa.Column('undone_at', TIME(), nullable=True),
    sa.ForeignKeyConstraint(['other_id'], ['papers.id'], name=op.f('fk_joins_other_id_papers')),
    sa.ForeignKeyConstraint(['paper_id'], ['papers.id'], name=op.f('fk_joins_paper_id_papers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joins'))
    )
    with op.batch_alter_table('joins') as table:
        table.create_index(op.f('ix_joins_paper_id'), ['paper_id'])
    op.create_table('pins',
    sa.Column('source', TEXT(), nullable=False),
    sa.Column('key', TEXT(), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['paper_id'], ['papers.id'], name=op.f('fk_pins_paper_id_papers')),
    sa.PrimaryKeyConstraint('source', 'key', name=op.f('pk_pins'))
    )
