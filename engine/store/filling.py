"""Many open tasks at once, to measure lists against: rows without histories, never part of a real database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import insert

from engine import history as h
from engine.store.cases import keyring_bytes
from engine.store.projection import EVERYBODY, Row, blank, candidates, listed, offer_of
from engine.store.store import Store
from engine.store.tables import OPEN, gram, head, offer, task

_BATCH = 20_000


def fill(
    store: Store, *, tasks: int, now: datetime, packs: int = 3, roles: int = 12, persons: int = 400, seed: int = 1
) -> None:
    """Put `tasks` open tasks, each of a case of its own, into the store.

    Packs are `pack-0`…, roles `role-0`…, persons `person-0`…; a third is in somebody's hands, due dates lie
    within sixty days before and after `now`, one in ten has none.
    """
    chance = random.Random(seed)
    offers = {
        (f"pack-{p}", f"role-{r}"): candidates(f"pack-{p}", [f"role-{r}"], [])
        for p in range(packs)
        for r in range(roles)
    }
    with store.begin() as tx:
        rows = [
            {"who": who, "offer": offer_of(pack, "service", keys), "pack": pack, "flow": "service"}
            for (pack, _), keys in offers.items()
            for who in (EVERYBODY, *keys)
        ]
        tx._sql.execute(insert(offer), rows)
    made = _made(tasks, now, packs, roles, persons, chance)
    while batch := list(islice(made, _BATCH)):
        with store.begin() as tx:
            tx._sql.execute(insert(head), [head_row for head_row, _ in batch])
            tx._sql.execute(insert(task), [task_row for _, task_row in batch])
            tx._sql.execute(
                insert(gram), [{"gram": "投诉", "case_id": r["case_id"]} for r, _ in batch if "投诉" in r["title"]]
            )


def _made(
    tasks: int, now: datetime, packs: int, roles: int, persons: int, chance: random.Random
) -> Iterator[tuple[Row, Row]]:
    at = h.micros(now)
    day = 86_400_000_000
    keys = keyring_bytes(h.Keyring())
    for n in range(tasks):
        pack, role = f"pack-{n % packs}", f"role-{chance.randrange(roles)}"
        holder = f"person-{chance.randrange(persons)}" if chance.random() < 1 / 3 else None
        opened = at - chance.randrange(60 * day)
        due = 2**62 if chance.random() < 0.1 else at + chance.randrange(-60 * day, 60 * day)
        case = f"B-{n}"
        yield (
            {
                **blank(case), "pack": pack, "release": "0" * 64, "process": "p", "flow": "service", "channel": "web",
                "parent": None, "opened_by": "system", "opened_us": opened, "changed_us": opened,
                "number": f"{n:07}", "title": "投诉" if n % 1000 == 0 else "样例", "seq": 2, "keyring": keys,
                "state": bytes(1500),
            },
            {
                "case_id": case, "name": "assess-1", "state": OPEN, "element": "assess", "process": "p", "pack": pack,
                "flow": "service", "sealed": False, "form": "F02", "groups": listed([role]), "users": "[]",
                "four_eyes": "[]", "offer": offer_of(pack, "service", candidates(pack, [role], [])), "assignee": None,
                "claimed_by": holder, "holder": holder or "", "held": int(holder is not None), "priority": 50,
                "limit_id": None, "due_us": due, "scope": "", "opened_us": opened, "opened_seq": 2,
                "closed_us": None, "done_by": None, "behalf": None,
            },
        )  # fmt: skip
