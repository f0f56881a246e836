"""Who a visitor may sign in as, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from api.demo.people import PASSWORD, VISITOR
from api.wiring import Parts
from engine.authority import Actor
from engine.policy import Label
from engine.store import Person, WorklistQuery

#: How many tasks the visitor finds in their own list.
IN_HAND = 4
_EVERYWHERE = {
    "*/admin": Label(zh="管理员", en="Administrator"),
    "*/auditor": Label(zh="审计", en="Auditor"),
}


def introduce(parts: Parts, hired: Sequence[Person]) -> str:
    """The demo people: one for every role of every pack, with the number of tasks each may do now."""
    port = parts.settings.port
    host = f"http://{parts.settings.host}:{port}/" if port else "下面的网址 (the address below)"
    lines = [
        "",
        f"打开 {host} ，以 {VISITOR} 登录，密码 {PASSWORD}（所有演示人员相同），在待办中点开一件，填好必填栏，按“提交”。",
        f"Open {host}, sign in as {VISITOR} with the password {PASSWORD} (everybody has the same), open a task, fill in",
        "what is required, press Submit. Other demo people, one for each role (the number says how many tasks each may do now):",
    ]
    for title, rows in _by_pack(parts, hired):
        lines += ["", title, *(f"  {row}" for row in rows)]
    lines += [
        "",
        "时间从模拟结束时继续走；管理员可在命令行用 POST /api/v1/clock 把时钟向前拨。",
        'Time goes on from the end of the simulation; move it ahead with POST /api/v1/clock {"advance": "PT4H"}.',
        "",
    ]
    return "\n".join(lines)


def hand_some(parts: Parts, visitor: Person) -> int:
    """Put a few of the tasks that the visitor may do into their hands, so that their list is not empty; returns how many.

    One of each procedure first, the shortest forms first.
    """
    actor = Actor(name=visitor.name, memberships=visitor.memberships)
    with parts.store.look() as reading:
        offered = reading.worklist(WorklistQuery(person=visitor.name, scope="group", limit=100), actor).rows
    views = []
    for row in offered:
        view = parts.casebook.task(row.case, row.task, actor)
        if view.why_not is None:
            views.append((len(view.form.fields) if view.form else 0, row.pack, row.case, row.task))
    views.sort()
    first = {pack: (case, task) for _, pack, case, task in reversed(views)}
    chosen = [*first.values(), *((case, task) for _, _, case, task in views if (case, task) not in first.values())]
    for case, task in chosen[:IN_HAND]:
        parts.desk.claim_task(case, task, actor)
    return len(chosen[:IN_HAND])


def _by_pack(parts: Parts, hired: Sequence[Person]) -> Iterator[tuple[str, list[str]]]:
    packs = parts.casebook.packs(Actor(name=VISITOR))
    with parts.store.look() as reading:
        everywhere = list(_EVERYWHERE.items())
        owner = [(f"{packs[0].pack}/owner", Label(zh="流程负责人（两人）", en="Process owners (two)"))]
        yield "全部 everywhere", [_row(parts, hired, role, label) for role, label in [*everywhere, *owner]]
        for pack in packs:
            policy = parts.shelf.release(pack.release, reading).policy
            roles = [(f"{pack.pack}/{role}", label) for role, label in policy.roles.items()]
            yield (
                f"{pack.title.zh} {pack.title.en} ({pack.pack})",
                [_row(parts, hired, role, label) for role, label in roles],
            )


def _row(parts: Parts, hired: Sequence[Person], role: str, label: Label) -> str:
    holders = [p for p in hired if role in p.memberships and p.name != VISITOR]
    if role.endswith("/owner"):
        return f"{', '.join(p.name for p in holders):26} {label.zh} {label.en}"
    person = holders[0]
    actor = Actor(name=person.name, memberships=person.memberships)
    query = WorklistQuery(person=person.name, scope="all")
    with parts.store.look() as reading:
        waiting = reading.count_tasks(query, actor) if not actor.is_admin() else 0
    return f"{person.name:20} {waiting or '-':>4}  {label.zh} {label.en}"
