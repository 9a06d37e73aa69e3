"""experiments"""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('matches') as table:
        table.add_column(sa.Column('tried_own', sa.Float(), nullable=True))
        table.add_column(sa.Column('tried_other', sa.Float(), nullable=True))
    with op.batch_alter_table('placements') as table:
        table.add_column(sa.Column('team', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
