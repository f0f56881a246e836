"""SQLite finds by its index what begins with one character: a Chinese word of one character is the beginning of a pair."""

from alembic import op

revision = "0013"
down_revision = "0012"

MADE = (
    "CREATE VIRTUAL TABLE passage_words USING fts5(words, content='passage', content_rowid='id', prefix='1', "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
)


def upgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        return
    # The index holds no copy of the words: it is made anew from the passages. The triggers belong to the table of these.
    op.execute("DROP TABLE passage_words")
    op.execute(MADE)
    op.execute("INSERT INTO passage_words (passage_words) VALUES ('rebuild')")
