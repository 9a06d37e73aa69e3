"""reasons"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('reasons',
    sa.Column('hash', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_reasons'))
    )
    with op.batch_alter_table('matches') as table:
        table.add_column(sa.Column('reasons_hash', sa.BigInteger(), nullable=True))
