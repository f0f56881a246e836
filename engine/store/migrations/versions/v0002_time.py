"""Calendars by version, reports that are made by themselves, and what administrators did outside of cases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "act",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("actor", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("about", NAME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "calendar",
        sa.Column("name", NAME, nullable=False),
        sa.Column("version", NAME, nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", NAME, nullable=False),
        sa.Column("made_us", sa.BigInteger(), nullable=False),
        sa.Column("published_by", NAME, nullable=True),
        sa.Column("published_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", "version"),
    )
    op.create_table(
        "report",
        sa.Column("pack", NAME, nullable=False),
        sa.Column("report", NAME, nullable=False),
        sa.Column("period", NAME, nullable=False),
        sa.Column("since_us", sa.BigInteger(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("made_us", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("done_by", NAME, nullable=True),
        sa.Column("done_us", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("pack", "report", "period"),
    )
    op.create_index("report_until", "report", ["until_us", "pack", "report"], unique=False)
    guard()


def guard() -> None:
    """What administrators did is never changed or removed."""
    if op.get_context().dialect.name != "sqlite":
        op.execute(
            "CREATE TRIGGER act_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON act "
            "FOR EACH STATEMENT EXECUTE FUNCTION for_ever()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER act_no_{verb.lower()} BEFORE {verb} ON act "
            "BEGIN SELECT RAISE(ABORT, 'events are for ever'); END"
        )
