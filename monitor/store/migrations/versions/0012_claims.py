"""claims"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('outbox') as table:
        table.add_column(sa.Column('holder', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
        table.add_column(sa.Column('priority', sa.Integer(), nullable=False, server_default='0'))
