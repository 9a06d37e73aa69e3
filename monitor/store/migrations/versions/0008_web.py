"""web"""

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString
TIME = sqlmodel.sql.sqltypes.UTCDateTime


# As monitor/store/tables/full_text.py has it for a fresh database, and the papers that are there.
FULL_TEXT = (
    """CREATE VIEW papers_text AS SELECT id, title, abstract,
    (SELECT group_concat(value, ' ; ') FROM json_each(authors)) AS authors FROM papers""",
    """CREATE VIRTUAL TABLE papers_fts USING fts5(title, abstract, authors, content='papers_text', content_rowid='id',
    tokenize='unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER papers_fts_insert AFTER INSERT ON papers BEGIN
    INSERT INTO papers_fts(rowid, title, abstract, authors) VALUES (new.id, new.title, new.abstract,
    (SELECT group_concat(value, ' ; ') FROM json_each(new.authors))); END""",
    """CREATE TRIGGER papers_fts_update AFTER UPDATE OF title, abstract, authors ON papers
    WHEN new.title IS NOT old.title OR new.abstract IS NOT old.abstract OR new.authors IS NOT old.authors BEGIN
    INSERT INTO papers_fts(papers_fts, rowid, title, abstract, authors) VALUES ('delete', old.id, old.title,
    old.abstract, (SELECT group_concat(value, ' ; ') FROM json_each(old.authors)));
    INSERT INTO papers_fts(rowid, title, abstract, authors) VALUES (new.id, new.title, new.abstract,
    (SELECT group_concat(value, ' ; ') FROM json_each(new.authors))); END""",
    "INSERT INTO papers_fts(rowid, title, abstract, authors) SELECT id, title, abstract, authors FROM papers_text",
)


def upgrade() -> None:
    with op.batch_alter_table('subscriptions') as table:
        table.add_column(sa.Column('origin', TEXT(), nullable=False, server_default=''))
        table.add_column(sa.Column('schedule', sa.JSON(), nullable=True))
        table.add_column(sa.Column('paused_until', sa.Date(), nullable=True))
    with op.batch_alter_table('feedback') as table:
        table.add_column(sa.Column('recipient', TEXT(), nullable=False, server_default=''))
    with op.batch_alter_table('sightings') as table:
        table.drop_index('ix_sightings_listed_on')
        table.create_index('ix_sightings_listed_on', ['listed_on', 'paper_id', 'upvotes', 'rank'])
    with op.batch_alter_table('verdicts') as table:
        table.create_index(op.f('ix_verdicts_of'), ['of'])
    with op.batch_alter_table('matches') as table:
        table.create_index(op.f('ix_matches_paper_id'), ['paper_id'])
    for statement in FULL_TEXT if op.get_bind().dialect.name == 'sqlite' else ():
        op.execute(statement)
    op.create_table('signups',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('profile', TEXT(), nullable=False),
    sa.Column('address', TEXT(), nullable=False),
    sa.Column('mailbox', TEXT(), nullable=False),
    sa.Column('subscription', sa.Integer(), nullable=True),
    sa.Column('schedule', sa.JSON(), nullable=True),
    sa.Column('asked_at', TIME(), nullable=False),
    sa.Column('is_due', sa.Boolean(), nullable=False),
    sa.Column('mailed_at', TIME(), nullable=True),
    sa.Column('confirmed_at', TIME(), nullable=True),
    sa.ForeignKeyConstraint(['subscription'], ['subscriptions.id'], name=op.f('fk_signups_subscription_subscriptions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signups'))
    )
    with op.batch_alter_table('signups') as table:
        table.create_index(op.f('ix_signups_mailbox'), ['mailbox'])
        table.create_index(op.f('ix_signups_asked_at'), ['asked_at'])
        table.create_index(op.f('ix_signups_is_due'), ['is_due'])
    op.create_table('actions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', TIME(), nullable=False),
    sa.Column('who', TEXT(), nullable=False),
    sa.Column('what', TEXT(), nullable=False),
    sa.Column('of', TEXT(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_actions'))
    )
