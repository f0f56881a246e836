"""A forecast of a move is made a part at a time: how far it is, and whether somebody asked for the move."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # What was put down before was foreseen as a whole and asked for in one.
    op.add_column("move", sa.Column("stage", NAME, nullable=False, server_default="asked"))
    op.add_column("move", sa.Column("total", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("move", sa.Column("done", sa.Integer(), nullable=False, server_default="0"))
