"""Who held which role from when until when; of those who hold one already it is known from now on."""

import sqlalchemy as sa
from alembic import context, op

revision = "0012"
down_revision = "0011"

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
#: As in the tables: until further notice.
NEVER = 2**62


def upgrade() -> None:
    op.create_table(
        "role_spell",
        sa.Column("person", NAME, nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.Column("since_us", sa.BigInteger(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", "role", "since_us"),
        sqlite_with_rowid=False,
    )
    begun = {"now": context.config.attributes["now_us"], "never": NEVER}
    op.get_bind().execute(sa.text(_SIGN_IN), begun)
    op.get_bind().execute(sa.text(_HOLD), begun)


_SIGN_IN = "INSERT INTO role_spell (person, role, since_us, until_us) SELECT name, '', :now, :never FROM person WHERE active"
_HOLD = (
    "INSERT INTO role_spell (person, role, since_us, until_us) SELECT m.person, m.role, :now, :never FROM membership m "
    "JOIN person p ON p.name = m.person WHERE p.active"
)
