"""The beginning: all tables, and the guards that keep events as they are."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Tables whose rows are never changed or removed.
FOREVER = ("event", "sealed_reading", "ledger_leaf", "ledger_node", "ledger_checkpoint")


def only(where: str) -> dict[str, Any]:
    """The condition of a partial index, for both databases."""
    return {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}


def upgrade() -> None:
    make_tables()
    if op.get_context().dialect.name == "sqlite":
        guard_sqlite()
    else:
        guard_postgresql()


def guard_sqlite() -> None:
    for table in FOREVER:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'events are for ever'); END"
            )


def guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION for_ever() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are for ever'; END $$"
    )
    for table in FOREVER:
        op.execute(
            f"CREATE TRIGGER {table}_for_ever BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION for_ever()"
        )


def make_tables() -> None:
    op.create_table(
        "barred",
        sa.Column("person", NAME, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.PrimaryKeyConstraint("person", "case_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("barred_case", "barred", ["case_id"], unique=False)
    op.create_table(
        "blob",
        sa.Column("sha256", NAME, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "case_head",
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("pack", NAME, nullable=False),
        sa.Column("release", NAME, nullable=False),
        sa.Column("process", NAME, nullable=False),
        sa.Column("flow", NAME, nullable=False),
        sa.Column("channel", NAME, nullable=False),
        sa.Column("parent", NAME, nullable=True),
        sa.Column("opened_by", NAME, nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.Column("closed_us", sa.BigInteger(), nullable=True),
        sa.Column("status", NAME, nullable=True),
        sa.Column("number", NAME, nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("title_folded", sa.Text(), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("barred", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", NAME, nullable=False),
        sa.Column("drafted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("ledger_seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("head_number", "case_head", ["number"], unique=False)
    op.create_index("head_opened", "case_head", ["opened_us", "case_id"], unique=False)
    op.create_index("head_pack", "case_head", ["pack", "opened_us", "case_id"], unique=False)
    op.create_index("head_parent", "case_head", ["parent"], unique=False)
    op.create_index("head_release", "case_head", ["release"], unique=False)
    op.create_index("head_status", "case_head", ["pack", "status", "opened_us"], unique=False)
    op.create_index("head_unsealed", "case_head", ["case_id"], unique=False, **only("ledger_seq < seq"))
    op.create_table(
        "current_release",
        sa.Column("pack", NAME, nullable=False),
        sa.Column("digest", NAME, nullable=False),
        sa.Column("since_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("pack"),
    )
    op.create_table(
        "deadline",
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("start_us", sa.BigInteger(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("met_us", sa.BigInteger(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "name"),
    )
    op.create_index("deadline_open", "deadline", ["due_us", "case_id"], unique=False, **only("met_us IS NULL"))
    op.create_table(
        "deputy",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("absent", NAME, nullable=False),
        sa.Column("deputy", NAME, nullable=False),
        sa.Column("from_us", sa.BigInteger(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("deputy_deputy", "deputy", ["deputy", "until_us"], unique=False)
    op.create_table(
        "draft",
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("task", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "task", "person"),
    )
    op.create_table(
        "event",
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("actor", NAME, nullable=True),
        sa.Column("on_behalf_of", NAME, nullable=True),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("previous", NAME, nullable=False),
        sa.Column("hash", NAME, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq"),
    )
    op.create_index(
        "event_remark",
        "event",
        ["case_id", "seq"],
        unique=False,
        **only("kind IN ('comment_added', 'attachment_added')"),
    )
    op.create_table(
        "file",
        sa.Column("sha256", NAME, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", NAME, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "gram",
        sa.Column("gram", NAME, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.PrimaryKeyConstraint("gram", "case_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("gram_case", "gram", ["case_id"], unique=False)
    op.create_table(
        "idempotency",
        sa.Column("actor", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("request", NAME, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key"),
    )
    op.create_index("idempotency_at", "idempotency", ["at_us"], unique=False)
    op.create_table(
        "incident",
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("element", NAME, nullable=False),
        sa.Column("code", NAME, nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("raised_us", sa.BigInteger(), nullable=False),
        sa.Column("resolved_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", "name"),
    )
    op.create_index("incident_open", "incident", ["raised_us"], unique=False, **only("resolved_us IS NULL"))
    op.create_table(
        "job",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("key", NAME, nullable=False),
        sa.Column("element", NAME, nullable=True),
        sa.Column("type", NAME, nullable=True),
        sa.Column("task", NAME, nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("next_us", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("owner", NAME, nullable=True),
        sa.Column("lease_us", sa.BigInteger(), nullable=True),
        sa.Column("fence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("job_awaited", "job", ["type", "payload"], unique=False, **only("state = 5"))
    op.create_index("job_key", "job", ["case_id", "kind", "key"], unique=True)
    op.create_index("job_leased", "job", ["lease_us"], unique=False, **only("state = 1"))
    op.create_index("job_one_per_case", "job", ["case_id"], unique=True, **only("state = 1 AND case_id <> ''"))
    op.create_index("job_parked", "job", ["id"], unique=False, **only("state = 3"))
    op.create_index("job_ready", "job", ["next_us", "id"], unique=False, **only("state = 0"))
    op.create_table(
        "keyring",
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("ring", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_table(
        "ledger_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", NAME, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "ledger_leaf",
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", NAME, nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_index("leaf_case", "ledger_leaf", ["case_id", "seq"], unique=False)
    op.create_table(
        "ledger_node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", NAME, nullable=False),
        sa.PrimaryKeyConstraint("level", "place"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "membership",
        sa.Column("person", NAME, nullable=False),
        sa.Column("role", NAME, nullable=False),
        sa.PrimaryKeyConstraint("person", "role"),
        sqlite_with_rowid=False,
    )
    op.create_index("membership_role", "membership", ["role"], unique=False)
    op.create_table(
        "node",
        sa.Column("name", NAME, nullable=False),
        sa.Column("version", NAME, nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("seen_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "number_series",
        sa.Column("series", NAME, nullable=False),
        sa.Column("period", NAME, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series", "period"),
    )
    op.create_table(
        "offer",
        sa.Column("who", NAME, nullable=False),
        sa.Column("offer", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pack", NAME, nullable=False),
        sa.Column("flow", NAME, nullable=False),
        sa.PrimaryKeyConstraint("who", "offer"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "participant",
        sa.Column("who", NAME, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.PrimaryKeyConstraint("who", "case_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("participant_case", "participant", ["case_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("name", NAME, nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("locale", NAME, nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "release",
        sa.Column("digest", NAME, nullable=False),
        sa.Column("pack", NAME, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_by", NAME, nullable=False),
        sa.Column("made_us", sa.BigInteger(), nullable=False),
        sa.Column("published_by", NAME, nullable=True),
        sa.Column("published_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("release_pack", "release", ["pack", "made_us"], unique=False)
    op.create_table(
        "release_file",
        sa.Column("digest", NAME, nullable=False),
        sa.Column("path", NAME, nullable=False),
        sa.Column("sha256", NAME, nullable=False),
        sa.PrimaryKeyConstraint("digest", "path"),
    )
    op.create_table(
        "sealed_reading",
        sa.Column("id", SERIAL, autoincrement=True, nullable=False),
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("what", NAME, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("reading_case", "sealed_reading", ["case_id", "id"], unique=False)
    op.create_table(
        "task",
        sa.Column("case_id", NAME, nullable=False),
        sa.Column("name", NAME, nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("element", NAME, nullable=False),
        sa.Column("process", NAME, nullable=False),
        sa.Column("pack", NAME, nullable=False),
        sa.Column("flow", NAME, nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("form", NAME, nullable=True),
        sa.Column("groups", sa.Text(), nullable=False),
        sa.Column("users", sa.Text(), nullable=False),
        sa.Column("four_eyes", sa.Text(), nullable=False),
        sa.Column("offer", sa.BigInteger(), nullable=False),
        sa.Column("assignee", NAME, nullable=True),
        sa.Column("claimed_by", NAME, nullable=True),
        sa.Column("holder", NAME, nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("limit_id", NAME, nullable=True),
        sa.Column("due_us", sa.BigInteger(), nullable=False),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("opened_seq", sa.Integer(), nullable=False),
        sa.Column("closed_us", sa.BigInteger(), nullable=True),
        sa.Column("done_by", NAME, nullable=True),
        sa.Column("behalf", NAME, nullable=True),
        sa.PrimaryKeyConstraint("case_id", "name"),
    )
    op.create_index("task_done_by", "task", ["done_by", "closed_us"], unique=False)
    op.create_index("task_due", "task", ["due_us", "case_id", "name"], unique=False, **only("state = 0"))
    op.create_index(
        "task_holder_due",
        "task",
        ["holder", "due_us", "case_id", "name"],
        unique=False,
        **only("state = 0"),
    )
    op.create_index(
        "task_holder_opened",
        "task",
        ["holder", "opened_us", "case_id", "name"],
        unique=False,
        **only("state = 0"),
    )
    op.create_index(
        "task_offer_due",
        "task",
        ["offer", "held", "due_us", "case_id", "name"],
        unique=False,
        **only("state = 0"),
    )
    op.create_index(
        "task_offer_opened",
        "task",
        ["offer", "held", "opened_us", "case_id", "name"],
        unique=False,
        **only("state = 0"),
    )
    op.create_index("task_opened", "task", ["opened_us", "case_id", "name"], unique=False, **only("state = 0"))
    op.create_index("task_pack_due", "task", ["pack", "due_us", "case_id", "name"], unique=False, **only("state = 0"))
    op.create_table(
        "ticket",
        sa.Column("hash", NAME, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("person", NAME, nullable=False),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("expires_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ticket_person", "ticket", ["person"], unique=False)
