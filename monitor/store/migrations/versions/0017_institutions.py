"""institutions"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('papers') as table:
        table.add_column(sa.Column('institutions', sa.JSON(), nullable=False, server_default='[]'))
