"""The index of all words of all papers, kept by the database itself, so that no writer can forget it.

SQLite's FTS5 reads the texts from the papers (an external content table) and is kept by triggers; a view gives the
authors as a line of text. PostgreSQL indexes what ``WORDS`` makes of a paper: letters without accents, and digits.
"""

from typing import Any

from sqlalchemy import DDL, event

from monitor.store.tables.papers import PaperRow

_AUTHORS = "(SELECT group_concat(value, ' ; ') FROM json_each({}authors))"
_NEW = f"VALUES (new.id, new.title, new.abstract, {_AUTHORS.format('new.')})"
_OLD = f"VALUES ('delete', old.id, old.title, old.abstract, {_AUTHORS.format('old.')})"
_INSERT = f"INSERT INTO papers_fts(rowid, title, abstract, authors) {_NEW}"
_DELETE = f"INSERT INTO papers_fts(papers_fts, rowid, title, abstract, authors) {_OLD}"
_CHANGED = " OR ".join(f"new.{name} IS NOT old.{name}" for name in ("title", "abstract", "authors"))

STATEMENTS = (
    f"CREATE VIEW papers_text AS SELECT id, title, abstract, {_AUTHORS.format('')} AS authors FROM papers",  # noqa: S608 - our own words
    (
        "CREATE VIRTUAL TABLE papers_fts USING fts5(title, abstract, authors, content='papers_text',"
        " content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    ),
    f"CREATE TRIGGER papers_fts_insert AFTER INSERT ON papers BEGIN {_INSERT}; END",
    (
        f"CREATE TRIGGER papers_fts_update AFTER UPDATE OF title, abstract, authors ON papers WHEN {_CHANGED}"
        f" BEGIN {_DELETE}; {_INSERT}; END"
    ),
)

_papers: Any = PaperRow.__table__  # type: ignore[attr-defined]  # SQLModel makes it
for statement in STATEMENTS:
    event.listen(_papers, "after_create", DDL(statement).execute_if(dialect="sqlite"))  # type: ignore[no-untyped-call]

WORDS = (
    "to_tsvector('simple', regexp_replace(regexp_replace(normalize(lower(papers.title || ' ' || papers.abstract ||"
    " ' ' || papers.authors::jsonb::text), NFKD), '[\\u0300-\\u036f]', '', 'g'), '[^a-z0-9]+', ' ', 'g'))"
)
WORDS_INDEX = f"CREATE INDEX papers_words ON papers USING gin (({WORDS}))"
event.listen(_papers, "after_create", DDL(WORDS_INDEX).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]
