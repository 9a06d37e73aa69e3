"""alike"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('alike',
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('shared', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['other_id'], ['papers.id'], name=op.f('fk_alike_other_id_papers')),
    sa.ForeignKeyConstraint(['paper_id'], ['papers.id'], name=op.f('fk_alike_paper_id_papers')),
    sa.PrimaryKeyConstraint('paper_id', 'other_id', name=op.f('pk_alike')),
    )
    op.create_index(op.f('ix_alike_other_id'), 'alike', ['other_id'])
