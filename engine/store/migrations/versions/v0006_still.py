"""Rows tell since when a clock stands still; letters, further tries and sessions are found by indexes."""

import json
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.release import BASE, PACK, pausable_limits

revision = "0006"
down_revision = "0005"

#: What tells which clocks stand still.
KINDS = (
    "clock_paused", "clock_resumed", "task_opened", "task_completed", "task_withdrawn", "deadline_set", "deadline_met",
)  # fmt: skip

Name = tuple[str, str]


def upgrade() -> None:
    for table in ("case_head", "task", "deadline"):
        op.add_column(table, sa.Column("still_us", sa.BigInteger(), nullable=True))
    op.add_column("report", sa.Column("reminded_us", sa.BigInteger(), nullable=True))
    for name, column, where in (
        ("job_undelivered", "due_us", "kind = 'errand' AND state IN (0, 1)"),
        ("job_not_timed", "next_us", "state = 0 AND (attempts > 0 OR kind = 'delivery')"),
    ):
        op.create_index(name, "job", [column], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.create_index("ticket_expires", "ticket", ["expires_us"])
    sql = op.get_bind()
    for case, release in sql.execute(sa.text(_PAUSED)).all():
        stood_still(sql, case, pausable(sql, release))


_PAUSED = (
    "SELECT case_id, release FROM case_head WHERE case_id IN (SELECT case_id FROM event WHERE kind = 'clock_paused') "
    "ORDER BY case_id"
)
_FILES = (
    "SELECT f.path, b.content FROM release_file f JOIN blob b ON b.sha256 = f.sha256 WHERE f.digest = :release "
    "AND f.path IN (:pack, :base)"
)


def pausable(sql: sa.Connection, release: str) -> frozenset[str]:
    """The limits of a release whose clocks may stand still."""
    facts = {"release": release, "pack": PACK, "base": BASE}
    files = {path: bytes(content) for path, content in sql.execute(sa.text(_FILES), facts)}
    return pausable_limits(files[PACK], files.get(BASE)) if PACK in files else frozenset()


def stood_still(sql: sa.Connection, case: str, limits: Collection[str]) -> None:
    """Fill the new columns of a case whose clocks stood still at some time."""
    told: Any = sa.select(sa.column("kind"), sa.column("at_us"), sa.column("sealed")).select_from(sa.table("event"))
    told = told.where(sa.column("case_id") == case, sa.column("kind").in_(KINDS)).order_by(sa.column("seq"))
    events = [(row.kind, row.at_us, json.loads(row.sealed)) for row in sql.execute(told)]
    since, still = standing(events, limits)
    sql.execute(sa.text("UPDATE case_head SET still_us = :since WHERE case_id = :case"), {"since": since, "case": case})
    for (table, name), moment in still.items():
        row = {"moment": moment, "case": case, "name": name}
        sql.execute(sa.text(f"UPDATE {table} SET still_us = :moment WHERE case_id = :case AND name = :name"), row)


def standing(events: list[tuple[str, int, dict[str, Any]]], limits: Collection[str]) -> tuple[int | None, dict[Name, int]]:
    """Since when the clocks of a case stand still, and since when each of its tasks and deadlines does, or did at its end."""
    since: int | None = None
    still: dict[Name, int] = {}
    #: Not over, and of a limit whose clock may stand still.
    running: set[Name] = set()
    for kind, at, facts in events:
        if kind in ("clock_paused", "clock_resumed"):
            since = at if kind == "clock_paused" else None
            for name in running:
                still.pop(name, None)
        for name in begun(kind, facts, limits):
            still.pop(name, None)
            running.add(name)
        if since is not None:
            still |= dict.fromkeys(running - still.keys(), since)
        running -= set(ended(kind, facts))
    return since, still


def begun(kind: str, facts: dict[str, Any], limits: Collection[str]) -> Iterator[Name]:
    if kind == "task_opened" and facts.get("limit") in limits:
        yield "task", facts["task"]
    if kind == "deadline_set" and facts["deadline"] in limits:
        yield "deadline", facts["deadline"]


def ended(kind: str, facts: dict[str, Any]) -> Iterator[Name]:
    if kind in ("task_completed", "task_withdrawn"):
        yield "task", facts["task"]
    if kind == "deadline_met":
        yield "deadline", facts["deadline"]
