"""Wrong passwords are counted for all nodes together."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "password_try",
        sa.Column("name", NAME, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("since_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_index("password_try_since", "password_try", ["since_us"], unique=False)
