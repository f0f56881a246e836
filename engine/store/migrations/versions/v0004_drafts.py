"""Drafts of packs: an owner's working copy, with every text its files ever had."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "pack_draft",
        sa.Column("id", NAME, nullable=False),
        sa.Column("pack", NAME, nullable=False),
        sa.Column("base", NAME, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by", NAME, nullable=False),
        sa.Column("made_us", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", NAME, nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.Column("handed_in", NAME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("pack_draft_pack", "pack_draft", ["pack", "id"], unique=False)
    op.create_table(
        "pack_draft_file",
        sa.Column("draft", NAME, nullable=False),
        sa.Column("path", NAME, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("saved_by", NAME, nullable=False),
        sa.Column("saved_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("draft", "path", "version"),
    )
