"""Cases that somebody watches, and questions to the worklist that somebody keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "watch",
        sa.Column("person", NAME, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.PrimaryKeyConstraint("person", "case_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "kept_filter",
        sa.Column("person", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", "name"),
        sqlite_with_rowid=False,
    )
