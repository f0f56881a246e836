"""Moves of running cases to another release: what was foreseen for each, who decided, what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "move",
        sa.Column("id", NAME, nullable=False),
        sa.Column("pack", NAME, nullable=False),
        sa.Column("before", NAME, nullable=False),
        sa.Column("after", NAME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", NAME, nullable=False),
        sa.Column("asked_us", sa.BigInteger(), nullable=False),
        sa.Column("decision", NAME, nullable=True),
        sa.Column("decided_by", NAME, nullable=True),
        sa.Column("decided_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("move_pack", "move", ["pack", "asked_us"], unique=False)
    op.create_table(
        "move_case",
        sa.Column("move", NAME, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("why", NAME, nullable=False),
        sa.Column("foreseen", sa.Text(), nullable=False),
        sa.Column("done_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("move", "case_id"),
    )
