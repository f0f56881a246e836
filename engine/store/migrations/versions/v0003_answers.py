"""Answers to requests that may come twice are kept word for word."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("idempotency", sa.Column("answer", sa.Text(), nullable=True))
