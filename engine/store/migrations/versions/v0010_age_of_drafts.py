"""Half-filled forms are found by their age, so that those nobody comes back to can be put away."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_index("draft_at", "draft", ["at_us"], unique=False)
