"""Everything that can be done to the company, by the room that does it. A test says that none of the code's is missing.

An act is done with one key, so that a client who heard no answer may ask again.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

from api.app import create
from api.cli import main
from api.commands import serve
from api.settings import Settings
from api.signin import COOKIE, csrf_of
from engine import moving
from engine.almanac import Almanac
from engine.casebook import Presence
from engine.clock import Clock
from engine.desk import Desk
from engine.drafting import Drafting
from engine.duties import Duties
from engine.moving import Moving
from engine.publishing import Publishing
from engine.staff import Staff
from engine.store import Deputy, Person, Store
from engine.timekeeper import Executor, Mending, NotDelivered
from tests.desk.office import SHARED
from tests.proof.pack import PROOF, set_up
from tests.proof.world import (
    ADA,
    CARL,
    DONE_AT,
    DRAFT,
    FRESH,
    HANA,
    HELD,
    LATER_ALONE,
    LEASE,
    MOVE,
    OLGA,
    OMAR,
    PASSWORD,
    PAUSED,
    RITA,
    SECRET,
    SESSION,
    SPARE,
    STUCK,
    TOKEN,
    Act,
    Refusal,
    World,
    ticket,
)

ANSWERS = {"finding": "the hinge broke"}
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def _later(world: World) -> str:
    return world.almanac.read(LATER_ALONE).version


def _incident(world: World) -> str:
    with world.store.look() as reading:
        found = reading.incidents(STUCK)
    return found[0].incident if found else "none"


def _poison(world: World) -> int:
    return next((job.id for job in world.mending.given_up(ADA)[1] if job.key == "poison"), 0)


def _order_replan(world: World) -> None:
    world.almanac.replan("cn", "announced", OLGA)


def _replan(world: World) -> None:
    with world.store.look() as reading:
        ordered = any(a.kind == "calendar-replanned" for a in reading.acts())
    if not ordered:
        _order_replan(world)
    world.do_job("replan")


def _move(world: World) -> None:
    """Cases are moved, one by one."""
    with world.store.look() as reading:
        ordered = reading.move(MOVE).decision
    if not ordered:
        world.moving.approve(MOVE, OMAR)
    world.do_job("move")


def _ask_move(world: World) -> None:
    with world.store.look() as reading:
        found = reading.move(MOVE)
    world.moving.propose("office", found.before, found.after, "again", OLGA)


def _foresee(world: World) -> None:
    """A forecast is made a part at a time."""
    with world.store.look() as reading:
        found = reading.move(MOVE)
    before, moving.PART = moving.PART, 1
    try:
        world.moving.foresee("office", found.before, found.after, OLGA)
        world.do_job("foresee")
    finally:
        moving.PART = before


def _ask_foreseen(world: World) -> None:
    with world.store.look() as reading:
        found = reading.move(MOVE)
    world.moving.ask(world.moving.foresee("office", found.before, found.after, OLGA).id, "shorter", OMAR)


def _signal(world: World) -> None:
    """A case is withdrawn, and the others hear of it."""
    world.desk.receive_message(FRESH, "withdraw", {}, CARL, idempotency="k")
    world.executor.poke()


def _release(world: World) -> str:
    changed = {**PROOF, "pack.yaml": PROOF["pack.yaml"] + b"# new\n"}
    return (world.publishing.propose(changed, OLGA).release or set_up(world.store)).digest


def _publish(world: World) -> None:
    world.publishing.publish(_release(world), OMAR)


def _fail(world: World) -> None:
    jobs = world.executor._claim()
    if not any(job.kind == "errand" for job in jobs):
        # Somebody who died holds it: another does it when the lease has run out.
        world.clock.advance(LEASE + timedelta(seconds=1))
        jobs = world.executor._claim()
    for job in jobs:
        if job.kind == "errand":
            world.executor._told_the_case(job, NotDelivered(key=job.key, reason="no answer"), world.clock.now())


def _stand_in(world: World) -> None:
    someone = Deputy(absent="carl", deputy="cora", since=world.clock.now(), until=world.clock.now() + 3 * _DAY)
    world.parts.staff.add_deputy(someone, CARL, idempotency="k")


def _stand_down(world: World) -> None:
    with world.store.look() as reading:
        number = next((d.id for d in reading.deputies("hana")), 0)
    world.parts.staff.end_deputy(number, HANA)


def _cli(*words: str) -> Act:
    """A command of `kesu`, on the database of the company."""

    def act(world: World) -> None:
        said = [w.replace("SAVED", str(world.folder.parent / "saved.db")) for w in words]
        if main([*said, "--database", world.url]):
            raise Refusal(said=" ".join(words))

    return act


def _restore(world: World) -> None:
    """Copy everything out, and into a database of the same kind that is not there yet."""
    saved, url = world.folder.parent / "saved.db", _elsewhere(world, "again")
    if not saved.exists():
        _cli("backup", "SAVED", "--unproved")(world)
    if main(["restore", str(saved), "--unproved", "--database", url]):
        raise Refusal(said="restore")
    assert _events(url, world.clock) == _events(world.url, world.clock)


def _events(url: str, clock: Clock) -> int:
    """How many events a database holds."""
    store = Store(url, clock=clock)
    try:
        with store.look() as reading:
            return sum(reading.head(case).seq for case in reading.every_case())
    finally:
        store.close()


def _elsewhere(world: World, name: str) -> str:
    """The address of a database beside that of the company: a file, or a schema of its own."""
    if world.store.sqlite:
        return f"sqlite:///{world.folder.parent / f'saved-{name}.db'}"
    with world.store.begin() as tx:
        tx._sql.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {name}")
    return f"{world.url}{'&' if '?' in world.url else '?'}options=-csearch_path%3D{name}"


def _posted(path: str, *, by: str = SESSION, **form: str) -> Act:
    """A form sent from a page, by carl."""

    def act(world: World) -> None:
        client = create(world.parts, world.signin).test_client()
        client.set_cookie(COOKIE, by)
        answer = client.post(path, data={**form, "csrf": csrf_of(by)})
        if answer.status_code >= 400:
            raise Refusal(said=answer.text[:300])

    return act


def _end_lent(world: World) -> None:
    with world.store.look() as reading:
        number = next((d.id for d in reading.deputies("carl")), 0)
    _posted("/profile/deputies/end", id=str(number))(world)


def _asked(path: str, body: dict[str, object]) -> Act:
    """A request to the API, by ada, under a key."""

    def act(world: World) -> None:
        client = create(world.parts, world.signin).test_client()
        headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": "k"}
        answer = client.post(f"/api/v1{path}", json=body, headers=headers)
        if answer.status_code >= 400:
            raise Refusal(said=answer.text[:300])

    return act


def _first_start(world: World) -> None:
    """`kesu serve` where nothing is yet, up to the moment at which it listens; and what it made."""
    folder, url = world.folder.parent / "shipped", _elsewhere(world, "first")
    _ship(folder)
    environ = {"bpmn": folder / "bpmn", "forms": folder / "forms", "database": url, "start": DONE_AT.isoformat()}
    parts, _ = serve.begun(Settings.load({**environ, "simulated_clock": True, "outbox": folder}, {}))
    try:
        with parts.store.look() as reading:
            made = [sorted(reading.packs()), [r.in_force for r in reading.calendars("cn")]]
            assert made == [["office"], [True]] and [p.name for p in reading.people()] == ["admin"], made
            assert reading.queue().waiting == 1  # the report
    finally:
        parts.close()


def _ship(folder: Path) -> None:
    pack = folder / "bpmn" / "packs" / "office"
    for path, data in PROOF.items():
        (pack / path).parent.mkdir(parents=True, exist_ok=True)
        (pack / path).write_bytes(data)
    calendars = folder / "bpmn" / "shared" / "calendars"
    calendars.mkdir(parents=True, exist_ok=True)
    (folder / "forms").mkdir(exist_ok=True)
    (calendars / "cn.toml").write_bytes((SHARED / "calendars" / "cn.toml").read_bytes())


def _hold(world: World) -> None:
    """What every node does beside its pokes: renew, say that it lives, seal the ledger."""
    world.executor._claim()
    world.parts.waker._hold()


_DESK: Mapping[str, Act] = {
    "Desk.open_case": lambda w: w.desk.open_case(
        "office", {"subject": "new", "loss": "2", "customer": "王芳"}, RITA, channel="web", idempotency="k"
    ),
    "Desk.complete_task": lambda w: w.desk.complete_task(FRESH, "look-1", ANSWERS, CARL, idempotency="k"),
    "Desk.claim_task": lambda w: w.desk.claim_task(FRESH, "look-1", CARL),
    "Desk.release_task": lambda w: w.desk.release_task(HELD, "look-1", CARL),
    "Desk.delegate_task": lambda w: w.desk.delegate_task(HELD, "look-1", "cora", CARL, "ill"),
    "Desk.save_draft": lambda w: w.desk.save_draft(FRESH, "look-1", {"finding": "h"}, CARL),
    "Desk.comment": lambda w: w.desk.comment(FRESH, "hello", CARL, idempotency="k"),
    "Desk.attach": lambda w: w.desk.attach(FRESH, "a.txt", "text/plain", b"text", CARL, idempotency="k"),
    "Desk.receive_message": lambda w: w.desk.receive_message(FRESH, "withdraw", {}, CARL, idempotency="k"),
    "Desk.extend_deadline": lambda w: w.desk.extend_deadline(FRESH, "look-1", 1, "workday", "r", HANA, idempotency="k"),
    "Desk.pause": lambda w: w.desk.pause(FRESH, "r", CARL),
    "Desk.resume": lambda w: w.desk.resume(PAUSED, CARL),
    "Desk.recuse": lambda w: w.desk.recuse(HELD, "carl", "r", CARL),
    "Desk.erase": lambda w: w.desk.erase(HELD, "complainant", "r", ADA, idempotency="k"),
    "Desk.resolve_incident": lambda w: w.desk.resolve_incident(STUCK, _incident(w), "mended", ADA),
    "Desk.fire_timer": lambda w: w.do_job("timer"),
    "Desk.finish_errand": lambda w: w.do_job("errand"),
    "Desk.fail_errand": _fail,
    "Desk.replace_calendar": _replan,
    "Desk.hear_signal": _signal,
    "Desk.move_case": _move,
}
_UPKEEP: Mapping[str, Act] = {
    "Publishing.propose": _release,
    "Publishing.publish": _publish,
    "Almanac.propose": lambda w: w.almanac.propose(LATER_ALONE + b'[[company]]\nfrom = 2026-01-16\nzh = "z"\n', OLGA),
    "Almanac.publish": lambda w: w.almanac.publish("cn", _later(w), "r", OMAR),
    "Almanac.replan": _order_replan,
    "Moving.propose": _ask_move,
    "Moving.foresee": _foresee,
    "Moving.ask": _ask_foreseen,
    "Moving.approve": lambda w: w.moving.approve(MOVE, OMAR),
    "Moving.withdraw": lambda w: w.moving.withdraw(MOVE, OLGA),
    "Duties.produce": lambda w: w.do_job("schedule"),
    "Duties.see_to": lambda w: (w.do_job("schedule"), w.duties.see_to("office", "daily", "2026-W02", "ok", HANA)),
    "Duties.reminded": lambda w: w.do_job("remind"),
    "Duties.order_all": lambda w: w.duties.order_all(),
    "Mending.resume": lambda w: w.mending.resume(_poison(w), "r", ADA),
    "Mending.drop": lambda w: w.mending.drop(_poison(w), "r", ADA),
    "Executor.poke": lambda w: w.executor.poke(),
    "Executor.stop": lambda w: (w.executor._claim(), w.executor.stop()),
    "Executor.renew": lambda w: (w.executor._claim(), w.executor.renew()),
    "Executor.let_time_pass": lambda w: w.executor.let_time_pass(w.clock, DONE_AT + 2 * _HOUR),
}
_DRAFTS: Mapping[str, Act] = {
    "Drafting.begin": lambda w: w.parts.drafting.begin("office", OLGA),
    "Drafting.begin_with": lambda w: w.parts.drafting.begin_with(PROOF, OLGA),
    "Drafting.save": lambda w: w.parts.drafting.save(
        DRAFT, {"forms/F02.yaml": PROOF["forms/F02.yaml"] + b"# x\n"}, OLGA
    ),
    "Drafting.drop": lambda w: w.parts.drafting.drop(DRAFT, OLGA),
    "Drafting.hand_in": lambda w: w.parts.drafting.hand_in(DRAFT, OLGA),
}
_PEOPLE: Mapping[str, Act] = {
    "Staff.put_person": lambda w: w.parts.staff.put_person(
        Person(name="nora", zh="诺拉", en="Nora", memberships=frozenset({"office/clerk"})), None, ADA
    ),
    "Staff.add_deputy": _stand_in,
    "Staff.end_deputy": _stand_down,
    "Staff.watch": lambda w: w.parts.staff.watch(HELD, CARL),
    "Staff.unwatch": lambda w: w.parts.staff.unwatch(HELD, CARL),
    "Staff.keep_filter": lambda w: w.parts.staff.keep_filter("late", "scope=overdue", CARL),
    "Staff.drop_filter": lambda w: w.parts.staff.drop_filter("late", CARL),
    "Staff.give_token": lambda w: w.parts.staff.give_token(ticket("carl", "a token", w.clock.now(), kind="token")),
    "Staff.withdraw_token": lambda w: w.parts.staff.withdraw_token(
        ticket("carl", SPARE, w.clock.now(), kind="session").hash[:20], CARL
    ),
    "Casebook.case": lambda w: w.parts.casebook.case(SECRET, CARL),
    "Presence.look": lambda w: Presence(w.parts.store, w.clock).look(HELD, CARL),
    "SignIn.open": lambda w: w.signin.open("cora", PASSWORD),
    "SignIn.close": lambda w: w.signin.close(SPARE),
    "SignIn.change": lambda w: w.signin.change("cora", PASSWORD, "another horse"),
    "page: stand in": _posted("/profile/deputies", key="k", deputy="cora", since="2026-02-01", until="2026-02-03"),
    "page: end a standing in": _end_lent,
    "page: speak": _posted("/profile/language", lang="en"),
    "page: password": _posted("/profile/password", old=PASSWORD, new="another horse"),
}
_HOUSE: Mapping[str, Act] = {
    "POST /clock": _asked("/clock", {"now": (DONE_AT + 2 * _HOUR).isoformat()}),
    "POST /cases/{case}/comments": _asked(f"/cases/{FRESH}/comments", {"text": "seen"}),
    "a node's heartbeat": _hold,
    "a node's end": lambda w: w.parts.close(),
    "kesu serve, the first start": _first_start,
    "kesu users add": _cli("users", "add", "nora", "--zh", "诺拉", "--role", "office/clerk"),
    "kesu users roles": _cli("users", "roles", "cora", "office/head"),
    "kesu users password": _cli("users", "password", "cora"),
    "kesu users deactivate": _cli("users", "deactivate", "cora"),
    "kesu rebuild": _cli("rebuild"),
    "kesu verify": _cli("verify", "--all"),
    "kesu export": _cli("export", SECRET, "--out", "SAVED"),
    "kesu backup": _cli("backup", "SAVED", "--unproved"),
    "kesu restore": _restore,
}
ACTS: Mapping[str, Act] = MappingProxyType({**_DESK, **_UPKEEP, **_DRAFTS, **_PEOPLE, **_HOUSE})
#: Door -> an act that goes through it; that it does is seen whenever the act is tried.
DOORS: Mapping[str, str] = {
    "api/commands/audit.py:run_rebuild": "kesu rebuild",
    "api/commands/audit.py:run_verify": "kesu verify",
    "api/commands/capsule.py:run_export": "kesu export",
    "api/commands/keeping.py:_copied": "kesu restore",
    "api/commands/opening.py:alone": "kesu rebuild",
    "api/commands/proving.py:_derived": "kesu verify",
    "api/commands/serve.py:first_administrator": "kesu serve, the first start",
    "api/commands/users.py:_add": "kesu users add",
    "api/commands/users.py:_password": "kesu users password",
    "api/commands/users.py:_roles": "kesu users roles",
    "api/commands/users.py:_switched": "kesu users deactivate",
    "api/pages/self.py:blueprint.<locals>.speak": "page: speak",
    "api/rest/clock.py:move_clock": "POST /clock",
    "api/rest/twice.py:Once._by_steps": "POST /clock",
    "api/rest/twice.py:Once.answer": "POST /cases/{case}/comments",
    "api/signin.py:SignIn._count": "SignIn.open",
    "api/signin.py:SignIn._proved": "SignIn.open",
    "api/signin.py:SignIn.change": "SignIn.change",
    "api/signin.py:SignIn.close": "SignIn.close",
    "api/signin.py:SignIn.ticket": "SignIn.open",
    "api/wiring.py:Parts.close": "a node's end",
    "api/wiring.py:build.<locals>.hold": "a node's heartbeat",
    "engine/almanac.py:Almanac.bootstrap": "kesu serve, the first start",
    "engine/almanac.py:Almanac.propose": "Almanac.propose",
    "engine/almanac.py:Almanac.publish": "Almanac.publish",
    "engine/almanac.py:Almanac.replan": "Almanac.replan",
    "engine/casebook/looking.py:Looking._note": "Casebook.case",
    "engine/casebook/presence.py:Presence.look": "Presence.look",
    "engine/desk/opening.py:Opening.open_case": "Desk.open_case",
    "engine/desk/road.py:Road._sitting": "Desk.complete_task",
    "engine/desk/tasks.py:Tasks.save_draft": "Desk.save_draft",
    **{f"engine/drafting/drafting.py:{act}": act for act in _DRAFTS},
    "engine/duties.py:Duties.order_all": "Duties.order_all",
    "engine/duties.py:Duties.see_to": "Duties.see_to",
    **{f"engine/moving.py:{act}": act for act in ("Moving.foresee", "Moving.ask", "Moving.approve", "Moving.withdraw")},
    "engine/publishing.py:Publishing._save": "Publishing.propose",
    "engine/publishing.py:Publishing.bootstrap": "kesu serve, the first start",
    "engine/publishing.py:Publishing.publish": "Publishing.publish",
    **{f"engine/staff.py:{act}": act for act in _PEOPLE if act.startswith("Staff.")},
    "engine/store/copying.py:copy": "kesu restore",
    "engine/store/schema.py:upgrade": "kesu serve, the first start",
    "engine/store/store.py:Store.become_node": "kesu serve, the first start",
    "engine/timekeeper/executor.py:Executor._claim": "Executor.poke",
    "engine/timekeeper/executor.py:Executor._failed": "Executor.poke",
    "engine/timekeeper/executor.py:Executor._written": "Executor.poke",
    "engine/timekeeper/executor.py:Executor.renew": "Executor.renew",
    "engine/timekeeper/executor.py:Executor.stop": "Executor.stop",
    "engine/timekeeper/mending.py:Mending._act": "Mending.resume",
}
#: There is nothing behind these where several nodes may work.
ONLY_SQLITE = frozenset({"api/commands/opening.py:alone"})
#: Kind of job -> an act that does one.
KINDS: Mapping[str, str] = {
    "timer": "Desk.fire_timer", "errand": "Desk.finish_errand", "schedule": "Duties.produce", "replan": "Desk.replace_calendar",
    "delivery": "Desk.hear_signal", "remind": "Duties.reminded", "move": "Desk.move_case",
    "foresee": "Moving.foresee",
}  # fmt: skip
#: What an act that was asked for twice may leave one more of: somebody looked twice, or signed in twice.
MORE: Mapping[str, tuple[str, ...]] = {
    "Casebook.case": ("sealed_reading",), "kesu export": ("sealed_reading",), "SignIn.open": ("ticket",),
    # Over the API a key keeps a second one from being begun.
    **{f"Moving.{act}": ("move", "move_case") for act in ("propose", "foresee", "ask")},
    "Drafting.begin": ("pack_draft", "pack_draft_file"), "Drafting.begin_with": ("pack_draft", "pack_draft_file"),
}  # fmt: skip
#: What is told apart: who changed their password and heard nothing signs in anew.
APART: Mapping[str, tuple[str, ...]] = {"page: password": ("ticket",)}
#: Public methods that change nothing, are inside another's transaction, or are done at the first start, which is
#: tried by starting: they are no use cases of their own.
NO_ACTS = frozenset(
    {"Almanac.effect", "Almanac.read", "Almanac.resting_on_unpublished", "Almanac.version", "Almanac.versions",
     "Almanac.bootstrap", "Publishing.bootstrap", "Duties.order", "Duties.report", "Duties.reports", "Duties.reminder", "Duties.waiting",
     "Moving.forecast", "Moving.moves", "Moving.view", "Moving.part", "Moving.put_down",
     "Almanac.look_at", "Publishing.look_at", "Mending.given_up", "Executor.rest", "Staff.may_change_people", "Staff.tokens",
     *(f"Drafting.{name}" for name in ("check", "contents", "drafts", "file", "shelf", "sides", "texts", "view"))}
)  # fmt: skip


def use_cases() -> set[str]:
    """Every public method of the rooms that write."""
    return {
        f"{room.__name__}.{name}"
        for room in (Desk, Publishing, Almanac, Moving, Duties, Drafting, Mending, Executor, Staff)
        for name, _ in inspect.getmembers(room, inspect.isfunction)
        if not name.startswith("_")
    }


__all__ = ["ACTS", "APART", "DOORS", "KINDS", "MORE", "NO_ACTS", "ONLY_SQLITE", "use_cases"]
