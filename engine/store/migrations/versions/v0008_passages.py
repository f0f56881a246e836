"""What cases say can be searched. What older cases say is read from their histories after this step (`schema`)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0008"
down_revision = "0007"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(TSVECTOR(), "postgresql")
#: The index of SQLite holds no copy of the words: it is told what it must forget.
FORGET = "INSERT INTO passage_words (passage_words, rowid, words) VALUES ('delete', old.id, old.words);"
LEARN = "INSERT INTO passage_words (rowid, words) VALUES (new.id, new.words);"


def upgrade() -> None:
    op.create_table(
        "passage",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("words", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("passage_case", "passage", ["case_id", "turn"], unique=False)
    op.create_index("deadline_name", "deadline", ["name", "case_id"], unique=False)
    op.create_index("task_limit", "task", ["limit_id", "due_us", "closed_us", "case_id"], unique=False)
    if op.get_context().dialect.name != "sqlite":
        op.execute("CREATE INDEX passage_words ON passage USING gin (words)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE passage_words USING fts5(words, content='passage', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0 tokenchars '_'\")"
    )
    op.execute(f"CREATE TRIGGER passage_learnt AFTER INSERT ON passage BEGIN {LEARN} END")
    op.execute(f"CREATE TRIGGER passage_forgotten AFTER DELETE ON passage BEGIN {FORGET} END")
    op.execute(f"CREATE TRIGGER passage_changed AFTER UPDATE ON passage BEGIN {FORGET} {LEARN} END")
