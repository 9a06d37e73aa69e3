"""pace"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('profiles') as table:
        table.add_column(sa.Column('threshold', sa.Float(), nullable=True))
        table.add_column(sa.Column('paced_on', sa.Date(), nullable=True))
