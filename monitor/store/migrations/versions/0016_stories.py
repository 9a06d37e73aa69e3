"""stories"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stories',
    sa.Column('profile', sa.String(), nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('scores', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('profile', 'topic', name=op.f('pk_stories')),
    )
