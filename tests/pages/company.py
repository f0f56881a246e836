"""A company at work, served: the packs we ship, people for every role, five weeks of complaints, a clock that stands still.

It is built once per test session, so a test that changes something opens its own complaint. *Now* is Saturday
2026-10-10 10:20 in Shanghai, a make-up working day after the national holidays.
"""

from __future__ import annotations

import heapq
import itertools
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import waitress
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.app import create
from api.demo.complaints import Complaint, shipped
from api.demo.pace import Pace
from api.demo.people import people_of
from api.demo.staff import Staff, Worker
from api.settings import Settings
from api.signin import COOKIE, SignIn, csrf_of
from api.wiring import Parts, build
from engine.authority import Actor
from engine.clock import StoppedClock
from engine.desk import Done
from engine.errors import EngineError
from engine.history import TaskOpened
from engine.store import Person
from tests.pages.zoo import zoo

#: Everybody's password.
PASSWORD = "correct horse"
BEGIN = datetime(2026, 9, 7, 1, 0, tzinfo=UTC)
NOW = datetime(2026, 10, 10, 2, 20, tzinfo=UTC)
#: So many complaints come in, of all packs together.
COMING_IN = 18
#: Of each so many tasks are done at most: enough to have some of everything, and soon built.
MOST_DONE = 9


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A signed-in browser without a window."""

    client: FlaskClient
    csrf: str

    def get(self, path: str) -> TestResponse:
        """What stands at an address."""
        return self.client.get(path, headers={"Accept": "text/html"})

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, csrf: str | None = None) -> TestResponse:
        """A form sent to an address."""
        sent = {"csrf": self.csrf if csrf is None else csrf, **(data or {})}
        return self.client.post(path, data=sent, headers={"Accept": "text/html"}, content_type="multipart/form-data")


@dataclass
class Company:
    """The served application and what a test needs to know of it."""

    parts: Parts
    clock: StoppedClock
    signin: SignIn
    staff: Staff
    pace: Pace
    people: dict[str, Person]
    address: str = ""
    app: Flask | None = None
    _agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=itertools.count)
    _done: Counter[str] = field(default_factory=Counter)

    # --- people -------------------------------------------------------------------------------------

    def holder(self, role: str, pack: str = "mfg-gm-office", *, place: int = 0) -> str:
        """Who holds a role: the first, or the one at `place`."""
        return [p.name for p in self.people.values() if f"{pack}/{role}" in p.memberships][place]

    def actor(self, name: str) -> Actor:
        """A person as the desk knows them."""
        return Actor(name=name, memberships=self.people[name].memberships)

    def cookie(self, name: str) -> dict[str, Any]:
        """What a browser keeps after `name` has signed in."""
        return {"name": COOKIE, "value": self.signin.ticket(name, "session", timedelta(hours=12)), "url": self.address}

    def client(self, name: str | None) -> Asking:
        """Asks as a browser would, without one; for what no browser sends."""
        assert self.app is not None
        client = self.app.test_client()
        client.set_cookie("lang", "en")
        if name is None:
            return Asking(client=client, csrf="")
        secret = str(self.cookie(name)["value"])
        client.set_cookie(COOKIE, secret)
        return Asking(client=client, csrf=csrf_of(secret))

    # --- work ---------------------------------------------------------------------------------------

    def receive(self, pack: str = "mfg-gm-office", **answers: Any) -> str:
        """A complaint comes in by telephone, filled in as the form asks; returns its case."""
        worker, view = self.staff.opener(pack), self.staff.pack(pack)
        complaint = next(iter(_complaints(pack, view.flow)))
        filled = {**self.staff.intake(view, complaint, view.channels[0]), **answers}
        return self.parts.desk.open_case(pack, filled, worker.actor, channel=view.channels[0]).case

    def open_tasks(self, case: str) -> dict[str, str]:
        """Open tasks of a case: element -> name."""
        with self.parts.store.look() as reading:
            return {row.element: row.task for row in reading.tasks(case)}

    def able(self, case: str, task: str) -> Worker:
        """Somebody who may do the task now."""
        with self.parts.store.look() as reading:
            row = reading.task(case, task)
        for worker in self.staff.willing(row.pack, row):
            if self.parts.casebook.task(case, task, worker.actor).why_not is None:
                return worker
        raise AssertionError(f"nobody may do {task} of {case}")

    def do(self, case: str, task: str, **answers: Any) -> Done:
        """Somebody who may does the task, filling in its form."""
        worker = self.able(case, task)
        view = self.parts.casebook.task(case, task, worker.actor)
        filled = self.staff.answers(
            view.form, view.document, task, known=answers, pack=view.head.pack, release=view.head.release
        ) if view.form else {}
        return self.parts.desk.complete_task(case, task, filled, worker.actor)

    def walk(self, case: str, element: str, *, most: int = 60, **known: Any) -> str:
        """Let the staff work until a task of this element is open; returns its name."""
        for _ in range(most):
            found = self.open_tasks(case)
            if element in found:
                return found[element]
            assert found, f"{case} was closed before it came to {element}"
            task = next(iter(found.values()))
            view = self.parts.casebook.task(case, task, self.able(case, task).actor)
            names = set(view.form.names) if view.form else set()
            self.do(case, task, **{name: value for name, value in known.items() if name in names})
        raise AssertionError(f"{case} never came to {element}")

    # --- the five weeks -----------------------------------------------------------------------------

    def live(self, dice: random.Random) -> None:
        """Let complaints come in and be worked on until now; a third of the tasks are left lying."""
        complaints = list(
            itertools.chain.from_iterable(_complaints(p.pack, p.flow) for p in self.parts.casebook.packs(_NOBODY))
        )
        gap = (NOW - BEGIN) / max(1, len(complaints))
        dice.shuffle(complaints)
        for place, complaint in enumerate(complaints):
            at = self.pace.working_moment(BEGIN + gap * place + gap * dice.random())
            self._plan(min(at, NOW - timedelta(minutes=30)), lambda c=complaint: self._open(c, dice))  # type: ignore[misc]
        while self._agenda and self._agenda[0][0] < NOW:
            at, _, act = heapq.heappop(self._agenda)
            self.parts.executor.let_time_pass(self.clock, at)
            act()
        self.parts.executor.let_time_pass(self.clock, NOW)
        self._take_in_hand(dice)

    def _open(self, complaint: Complaint, dice: random.Random) -> None:
        view = self.staff.pack(complaint.pack)
        worker = self.staff.opener(complaint.pack)
        channel = dice.choice(view.channels or ("web",))
        answers = self.staff.intake(view, complaint, channel)
        self._told(self.parts.desk.open_case(complaint.pack, answers, worker.actor, channel=channel), dice)

    def _told(self, done: Done, dice: random.Random) -> None:
        for record in done.records:
            match record.event:
                case TaskOpened(task=task, due=due, at=at):
                    if dice.random() < 0.86:
                        self._plan(
                            self.pace.comes(at, due, drags=dice.random() < 0.3),
                            lambda t=task: self._work(done.case, t, dice),  # type: ignore[misc]
                        )

    def _work(self, case: str, task: str, dice: random.Random) -> None:
        self._done[case] += 1
        if self._done[case] > MOST_DONE:
            return
        try:
            if dice.random() < 0.15:
                worker = self.able(case, task)
                self.parts.desk.comment(case, self.staff.remark(), worker.actor)
            self._told(self.do(case, task), dice)
        except (EngineError, AssertionError):
            return  # the clock was faster, or nobody is left who may

    def _take_in_hand(self, dice: random.Random) -> None:
        """Half of what is open is in somebody's hands: the first who holds the role and may."""
        with self.parts.store.look() as reading:
            rows = [row for case in reading.every_case() for row in reading.tasks(case)]
        for row in rows:
            if dice.random() < 0.5 and not (row.claimed_by or row.assignee):
                try:
                    found = self.parts.casebook.task(row.case, row.task, self.able(row.case, row.task).actor).candidates
                except AssertionError:
                    continue  # nobody is left who may
                for name in [name for name in self.people if name in found][:1]:
                    self.parts.desk.claim_task(row.case, row.task, self.actor(name))

    def _plan(self, at: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (max(at, self.clock.now()), next(self._order), act))


_NOBODY = Actor(name="nobody")


def build_company(folder: Path, *, with_zoo: bool = True) -> Company:
    """A company with five weeks behind it, not yet served.

    Args:
        with_zoo: with the pack of the tests, in which every kind of field is met.
    """
    clock, dice = StoppedClock(BEGIN), random.Random(20261010)
    settings = Settings.load(
        {"database": f"sqlite:///{folder / 'kesu.db'}", "outbox": folder / "outbox", "simulated_clock": True},
        environ={},
    )
    parts = build(settings, clock=clock)
    parts.store.create()
    parts.almanac.bootstrap(settings.bpmn / "shared" / "calendars")
    parts.publishing.bootstrap(settings.bpmn, settings.forms)
    # As little work as argon2 can do: it is not argon2 that is tested.
    signin = SignIn(parts, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    packs = parts.casebook.packs(_NOBODY)
    with parts.store.look() as reading:
        policies = [parts.shelf.release(pack.release, reading).policy for pack in packs]
        calendar = parts.shelf.release(packs[0].release, reading).calendar()
    password = signin.hash(PASSWORD)
    people = {
        p.name: Person(name=p.name, zh=p.zh, en=p.en, password=password, memberships=frozenset(p.memberships))
        for p in people_of(policies)
        # The demo's visitor holds roles of everything; who looks here holds one.
        if p.name != "demo"
    }
    with parts.store.begin() as tx:
        for person in people.values():
            tx.put_person(person)
    staff = Staff(list(people.values()), packs, clock, dice, rules_of=parts.casebook.context)
    company = Company(parts=parts, clock=clock, signin=signin, staff=staff, pace=Pace(calendar, dice), people=people)
    company.live(dice)
    _add_zoo(company, password, publish=with_zoo)
    return company


def served(company: Company) -> Iterator[Company]:
    """Serve it as `kesu serve` does, on a port of its own."""
    app = company.app = create(company.parts, company.signin)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    company.address = f"http://127.0.0.1:{server.effective_port}"
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield company
    server.close()
    thread.join(5)
    company.parts.close()


def _add_zoo(company: Company, password: str, *, publish: bool) -> None:
    release, person = (
        zoo(),
        Person(
            name="zoe", zh="左一", en="Zoe Left", password=password, memberships=frozenset({"zoo/keeper", "zoo/head"})
        ),
    )
    other = Person(
        name="hal", zh="何力", en="Hal He", password=password, memberships=frozenset({"zoo/keeper", "zoo/head"})
    )
    with company.parts.store.begin() as tx:
        now = company.clock.now()
        if publish:
            tx.save_release(release.digest, pack="zoo", files=release.files, by="system", at=now)
            tx.publish_release(release.digest, by="system", at=now)
        # Calendars hold for every procedure: two who answer for all of them.
        owners = [
            Person(name=name, zh=zh, en=en, password=password, memberships=frozenset({"*/owner"}))
            for name, zh, en in (("olga", "欧佳", "Olga Ou"), ("omar", "欧明", "Omar Ou"))
        ]
        for one in (person, other, *owners):
            tx.put_person(one)
            company.people[one.name] = one
    company.staff = Staff(
        list(company.people.values()),
        company.parts.casebook.packs(_NOBODY),
        company.clock,
        random.Random(7),
        rules_of=company.parts.casebook.context,
    )


@cache
def _all_complaints() -> list[Complaint]:
    return shipped()


def _complaints(pack: str, flow: str) -> list[Complaint]:
    found = [c for c in _all_complaints() if c.pack == pack]
    others = _OTHERS[flow]
    title, text = others[sum(pack.encode()) % len(others)]
    return found or [Complaint(pack=pack, source="", title=title, text=text, facts=_NOTHING)]


#: What is complained of where nothing is shipped for a procedure, by its flow.
_OTHERS = {
    "product-quality": (
        ("墙面起皮，要求查明原因", "完工不到两个月墙面起皮，照片已发，请派人到现场查看。"),
        ("收到的货与订单不符", "订的是二十升装，送来的是五升装，外箱标签却写二十升。"),
        ("同批产品颜色深浅不一", "同一批号的两桶颜色深浅不一，拼在一起看得很明显。"),
        ("到货破损三箱", "签收时发现三箱破损，其中一箱已经渗漏，司机在场。"),
        ("使用两周即出现裂纹", "按说明书使用，两周后出现裂纹，请检验并答复。"),
    ),
    "service": (
        ("同一笔费用扣了两次", "九月十二日同一笔费用扣了两次，请核对并退回一次。"),
        ("约好上门却没有人来", "约好周六上午上门，等到中午没有人来，也没有电话。"),
        ("维修后第三天又坏了", "上周刚修好，第三天又是同样的毛病，请派有经验的师傅来。"),
        ("等了一个多小时没有人接待", "排号等了一个多小时，后到的人先办了，要求说明原因。"),
        ("答应三日内回复，至今没有消息", "十天前说三日内回复，打了两次电话都说在处理。"),
    ),
    "staff-conduct": (
        ("收取费用不给凭证", "经手人收了押金，两次要凭证都说过几天给。"),
        ("对老人态度粗暴", "窗口人员对老人大声呵斥，旁边的人都听见了。"),
        ("交接班时擅自离岗", "早班还没有交接，人已经走了，客户等了四十分钟。"),
    ),
}


_NOTHING: Mapping[str, Any] = {}
