"""verdicts and trends"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('verdicts') as table:
        table.add_column(sa.Column('nearest', sa.Integer(), nullable=True))
        table.add_column(sa.Column('last_listed', sa.Date(), nullable=True))
        table.create_foreign_key(op.f('fk_verdicts_nearest_papers'), 'papers', ['nearest'], ['id'])
    with op.batch_alter_table('batches') as table:
        table.add_column(sa.Column('flood', sa.Integer(), nullable=False, server_default='0'))
    with op.batch_alter_table('papers') as table:
        table.add_column(sa.Column('author_ids', sa.JSON(), nullable=False, server_default='[]'))
    _trends()


def _trends() -> None:
    with op.batch_alter_table('trends') as table:
        table.add_column(sa.Column('state_at', UTCDateTime(), nullable=True))
        table.create_index(op.f('ix_trends_state_at'), ['state_at'], unique=False)
    op.create_table(
        'term_sheets',
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('source', AutoString(), nullable=False),
        sa.Column('through', sa.Integer(), nullable=False),
        sa.Column('packed', sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint('day', 'source', name=op.f('pk_term_sheets')),
    )
    with op.batch_alter_table('term_sheets') as table:
        table.create_index(op.f('ix_term_sheets_through'), ['through'], unique=False)
