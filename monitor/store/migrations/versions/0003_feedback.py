"""feedback"""

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


def upgrade() -> None:
    op.create_table('feedback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('profile', TEXT(), nullable=False),
    sa.Column('topic', TEXT(), nullable=False),
    sa.Column('kind', TEXT(), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=True),
    sa.Column('text', TEXT(), nullable=False),
    sa.Column('at', TIME(), nullable=False),
    sa.Column('undone_at', TIME(), nullable=True),
    sa.ForeignKeyConstraint(['paper_id'], ['papers.id'], name=op.f('fk_feedback_paper_id_papers')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback'))
    )
    with op.batch_alter_table('feedback') as table:
        table.create_index(op.f('ix_feedback_profile'), ['profile'])
    with op.batch_alter_table('matches') as table:
        table.add_column(sa.Column('withheld', TEXT(), nullable=False, server_default=''))
