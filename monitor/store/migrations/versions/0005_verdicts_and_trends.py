"""verdicts and trends"""

import sqlalchemy as sa
from alembic import op

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
