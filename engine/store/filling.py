"""Many open tasks at once, to measure lists against: rows without histories, never part of a real database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, text

from engine.history import micros
from engine.store.projection import EVERYBODY, candidates, grams, offer_of
from engine.store.store import Store
from engine.store.tables import NEVER, gram, offer

#: Every so many-th case is called this; the others have another title.
RARE, USUAL, EVERY = "投诉", "样例", 1000

# The database makes the rows itself: a million in well under a minute. Numbers that look random come
# from multiplying with primes, so that two fillings are the same.
_ROWS = "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :tasks - 1) SELECT "
_OPENED = ":at - (i * 7907 % 5184001) * 1000000"
_TITLE = "CASE i % :every WHEN 0 THEN :rare ELSE :usual END"
_HELD = "CASE i / 7 % 3 WHEN 0 THEN"
_HEAD = {
    "case_id": "'B-' || i", "pack": "'pack-' || (i % :packs)", "release": ":release", "process": "'p'", "flow": "'service'",
    "channel": "'web'", "opened_by": "'system'", "opened_us": _OPENED, "changed_us": ":at", "number": "'N' || i",
    "title": _TITLE, "title_folded": _TITLE, "sealed": "false", "barred": "'[]'", "seq": "2", "hash": "'h'",
    "drafted": "false", "state": ":state",
}  # fmt: skip
_TASK = {
    "case_id": "'B-' || i", "name": "'assess-1'", "state": "0", "element": "'assess'", "process": "'p'",
    "pack": "offer.pack", "flow": "'service'", "sealed": "false", "form": "'F02'", "groups": "'[]'", "users": "'[]'",
    "four_eyes": "'[]'", "offer": "offer.offer", "claimed_by": f"{_HELD} 'person-' || (i * 6971 % :persons) END",
    "holder": f"{_HELD} 'person-' || (i * 6971 % :persons) ELSE '' END", "held": f"{_HELD} 1 ELSE 0 END",
    "priority": "50", "scope": "''", "opened_us": _OPENED, "opened_seq": "2",
    "due_us": "CASE i * 6961 % 10 WHEN 0 THEN :never ELSE :at + (i * 7919 % 10368001 - 5184000) * 1000000 END",
}  # fmt: skip
_OFFERED = " JOIN offer ON offer.who = 'pack-' || (i % :packs) || '/role-' || (i * 7901 % 10007 % :roles)"
_HEADS = text(f"INSERT INTO case_head ({', '.join(_HEAD)}) {_ROWS} {', '.join(_HEAD.values())} FROM n")
_TASKS = text(f"INSERT INTO task ({', '.join(_TASK)}) {_ROWS} {', '.join(_TASK.values())} FROM n {_OFFERED}")


def fill(
    store: Store, *, tasks: int, now: datetime, packs: int = 3, roles: int = 12, persons: int = 400, release: str = "d"
) -> None:
    """Put `tasks` open tasks, each of a case of its own on `release`, into an empty store.

    Packs are `pack-0`…, roles `role-0`…, persons `person-0`…; a third is in somebody's hands, due dates lie
    within sixty days before and after `now`, one in ten has none.
    """
    sets = [(f"pack-{p}", candidates(f"pack-{p}", [f"role-{r}"], [])) for p in range(packs) for r in range(roles)]
    offered = [
        {"who": who, "offer": offer_of(pack, "service", keys), "pack": pack, "flow": "service"}
        for pack, keys in sets
        for who in (EVERYBODY, *keys)
    ]
    facts = {"tasks": tasks, "at": micros(now), "packs": packs}
    heads = {**facts, "rare": RARE, "usual": USUAL, "every": EVERY, "state": bytes(300), "release": release}
    named = [{"gram": g, "case_id": f"B-{i}"} for i in range(0, tasks, EVERY) for g in grams(RARE)]
    with store.begin() as tx:
        if store.sqlite:
            # Rows come in the order of cases, index entries in any: keep the pages at hand meanwhile.
            tx._sql.exec_driver_sql("PRAGMA cache_size = -600000")
        else:
            tx._sql.exec_driver_sql("SET LOCAL statement_timeout = 0")
        tx._sql.execute(insert(offer), offered)
        tx._sql.execute(_HEADS, heads)
        tx._sql.execute(_TASKS, {**facts, "roles": roles, "persons": persons, "never": NEVER})
        tx._sql.execute(insert(gram), named)
        if store.sqlite:
            tx._sql.exec_driver_sql("PRAGMA cache_size = -16000")
    store.settle()


def fill_jobs(store: Store, number: int, due: datetime, *, name: str) -> None:
    """So many jobs of no case that are due at one moment and, when done, do nothing: reports of a pack that is not there."""
    rows = (
        "INSERT INTO job (case_id, kind, key, payload, due_us, next_us, state, fence, attempts, max_attempts) "
        "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < :number - 1) "
        "SELECT '', 'schedule', :name || i, :payload, :due + i, :due + i, 0, 0, 0, 8 FROM n"
    )
    payload = '{"first":"2026-01-01","pack":"none","report":"none"}'
    with store.begin() as tx:
        facts = {"number": number, "name": name, "payload": payload, "due": micros(due)}
        tx._sql.execute(text(rows), facts)
    store.settle()
