"""A small company with two packs whose drawing a test may choose: what is drawn, driven from the desk and by the executor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.authority import Actor
from engine.clock import StoppedClock
from engine.desk import Desk
from engine.gate import check
from engine.history import SignalReceived
from engine.replay import verify
from engine.shelf import Shelf
from engine.store import Person, Store
from engine.timekeeper import Executor, FolderPost
from tests.desk.office import SHARED
from tests.run.drawing import diagram

PACK = """
pack: NAME
title: {zh: 召回, en: Recalls}
flow: product-quality
process: NAME
intake: F01
calendar: cn
starters: [desk]
channels: [phone]
sealed: SEALED
numbering: {complaint: {pattern: "{yy}{mm}{seq:02}", reset: month}}
roles: {desk: {zh: 前台, en: Desk}, clerk: {zh: 经办, en: Clerk}}
"""
F01 = """
id: F01
title: {zh: 受理, en: Intake}
fields:
  - {name: subject, type: text, label: {zh: 事由, en: Subject}}
  - {name: recall, type: yesno, label: {zh: 召回, en: Recall}}
  - {name: lot, type: text, label: {zh: 批号, en: Lot}}
  - {name: customer, type: text, personal: customer, label: {zh: 客户, en: Customer}}
"""
F02 = "id: F02\ntitle: {zh: 调查, en: Look}\nfields:\n  - {name: seen, type: text, label: {zh: 结果, en: Seen}}\n"
DRAWING = """
    startEvent s
    exclusiveGateway g default=g_look
    userTask look groups=clerk form=F02
    boundaryEvent late on=look loose duration=P1D
    endEvent reminded
    boundaryEvent recalled on=look signal=recalled
    userTask told groups=clerk form=F02
    endEvent e
    intermediateThrowEvent recall signal=recalled reach=pack in:lot==lot
    endEvent o
    s > g > look > e
    late > reminded
    recalled > told > e
    g > recall ? =recall = true
    recall > o
"""
RITA = Actor(name="rita", memberships=frozenset({"goods/desk", "toys/desk"}))
ADA = Actor(name="ada", memberships=frozenset({"*/admin"}))
CARL = Actor(name="carl", memberships=frozenset({"goods/clerk", "toys/clerk"}))


def files(name: str = "goods", drawing: str = DRAWING, *, sealed: bool = False) -> dict[str, bytes]:
    pack = PACK.replace("NAME", name).replace("SEALED", str(sealed).lower())
    return {
        "pack.yaml": pack.encode(), f"diagrams/{name}.bpmn": diagram(name, drawing), "forms/F01.yaml": F01.encode(),
        "forms/F02.yaml": F02.encode(), "calendars/cn.toml": (SHARED / "calendars" / "cn.toml").read_bytes(),
    }  # fmt: skip


class House:
    """A desk, an executor, and packs in force."""

    def __init__(self, store: Store, clock: StoppedClock, outbox: Path) -> None:
        self.store, self.clock, self.desk = store, clock, Desk(store, clock, Shelf())
        self.executor = Executor(store, self.desk, clock, node="a", post=FolderPost(outbox))
        with store.begin() as tx:
            for who in (RITA, CARL, ADA):
                tx.put_person(Person(name=who.name, zh=who.name, en=who.name, memberships=who.memberships))
        self.publish("goods")
        self.publish("toys")

    def publish(self, name: str, drawing: str = DRAWING, *, sealed: bool = False) -> None:
        given = files(name, drawing, sealed=sealed)
        release = check(given).release
        assert release is not None, check(given).findings
        with self.store.begin() as tx:
            tx.save_release(release.digest, pack=name, files=release.files, by="owner", at=self.clock.now())
            tx.publish_release(release.digest, by="second", at=self.clock.now())

    def open(self, pack: str = "goods", **answers: Any) -> str:
        return self.desk.open_case(pack, {"subject": "x", "recall": False, **answers}, RITA, channel="phone").case

    def recall(self, lot: str = "L7", pack: str = "goods") -> str:
        return self.open(pack, recall=True, lot=lot, customer="Zhang")

    def resolve(self, case: str, incident: str, **values: Any) -> None:
        self.desk.resolve_incident(case, incident, "mended", ADA, values=values)

    def tasks(self, case: str) -> list[str]:
        with self.store.look() as reading:
            return [t.task for t in reading.tasks(case)]

    def heard(self, case: str, *kinds: type[Any]) -> list[Any]:
        with self.store.look() as reading:
            records = reading.history(case)
            release = self.desk.shelf.release(reading.head(case).release, reading)
            assert verify(records, lambda _: release, reading.head(case).state).agrees
        return [r.event for r in records if isinstance(r.event, kinds or (SignalReceived,))]
