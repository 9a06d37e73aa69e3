"""near misses"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('near_misses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('profile', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('topic', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('verdict_id', sa.Integer(), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.Column('probability', sa.Float(), nullable=False),
    sa.Column('threshold', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['paper_id'], ['papers.id'], name=op.f('fk_near_misses_paper_id_papers')),
    sa.ForeignKeyConstraint(['verdict_id'], ['verdicts.id'], name=op.f('fk_near_misses_verdict_id_verdicts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_near_misses')),
    sa.UniqueConstraint('profile', 'topic', 'verdict_id', name='uq_near_misses_profile_topic_verdict'),
    )
    op.create_index(op.f('ix_near_misses_verdict_id'), 'near_misses', ['verdict_id'])
