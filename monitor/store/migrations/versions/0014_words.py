"""words"""

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

# As monitor/store/tables/full_text.py has it for a fresh database.
WORDS = """CREATE INDEX papers_words ON papers USING gin ((to_tsvector('simple', regexp_replace(regexp_replace(normalize(
lower(papers.title || ' ' || papers.abstract || ' ' || papers.authors::jsonb::text), NFKD), '[\\u0300-\\u036f]', '', 'g'),
'[^a-z0-9]+', ' ', 'g'))))"""


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.get_bind().exec_driver_sql(WORDS)
