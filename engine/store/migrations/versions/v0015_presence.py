"""Who looks at a case is known to all nodes."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "presence",
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "person"),
        sqlite_with_rowid=False,
    )
    op.create_index("presence_at", "presence", ["at_us"], unique=False)
