"""What changes for whom: two releases of a pack compared as the people see it who work by them, in sentences by role.

Only what a person would notice is told: tasks that come, go or pass to others, forms that ask more or less, time that is
longer or shorter, four eyes, messages one may enter. What has no role of its own (conditions, decision tables,
parameters, limits of the case) is told to everybody. The element-level difference beside it says the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.deadline import span_text
from engine.diagram import Element
from engine.policy import Amount, Label, LimitRow
from engine.release import Release, tidy
from forms import Field, Form

#: Who is told what has no role of its own.
EVERYBODY = ""

Told = tuple[str, Label]
ReadForm = Callable[[Release, str], Form]


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """What changes for the holders of a role."""

    #: Id of the role; "" for everybody.
    role: str
    label: Label
    said: tuple[Label, ...]


def consequences(before: Release, after: Release, form: ReadForm) -> tuple[Consequence, ...]:
    """What changes, by role in the order of the pack; everybody last.

    Args:
        form: reads a form of a release.
    """
    told: dict[str, dict[str, Label]] = defaultdict(dict)
    for role, said in _Comparing(before, after, form).all():
        told[role].setdefault(said.zh, said)
    roles = {**before.policy.roles, **after.policy.roles, EVERYBODY: Label(zh="所有人", en="Everybody")}
    return tuple(
        Consequence(role=role, label=label, said=tuple(told[role].values())) for role, label in roles.items() if told.get(role)
    )


class _Comparing:
    """Two releases side by side."""

    def __init__(self, before: Release, after: Release, form: ReadForm) -> None:
        self._sides, self._form = (before, after), form
        self._before, self._after = before, after

    def all(self) -> Iterator[Told]:
        """Everything that is told, role by role."""
        old, new = ({(p, e.id): e for p, (_, d) in side.processes.items() for e in d.elements.values()} for side in self._sides)
        for key, element in new.items():
            if element.kind == "userTask":
                was = old.get(key)
                yield from self._new_task(key[0], element) if was is None or was.kind != "userTask" else self._task(key[0], was, element)
        for key, element in old.items():
            if element.kind == "userTask" and (key not in new or new[key].kind != "userTask"):
                yield from self._gone(key[0], element)
        yield from self._conditions()
        yield from self._limits()
        yield from self._intake()
        yield from self._messages()
        yield from self._tables()

    # --- tasks ---

    def _new_task(self, process: str, task: Element) -> Iterator[Told]:
        name, limit = self._name(self._after, process, task), self._limit_of(self._after, task)
        within = (f"，时限 {limit.zh}", f", within {limit.en}") if limit else ("", "")
        for role in _roles(task):
            yield role, Label(zh=f"新任务{name.zh}{within[0]}。", en=f"New task {name.en}{within[1]}.")

    def _gone(self, process: str, task: Element) -> Iterator[Told]:
        name = self._name(self._before, process, task)
        for role in _roles(task):
            yield role, Label(zh=f"不再有任务{name.zh}。", en=f"There is no task {name.en} any more.")

    def _task(self, process: str, was: Element, now: Element) -> Iterator[Told]:
        name = self._name(self._after, process, now)
        old, new = _roles(was), _roles(now)
        for role in new:
            if role not in old:
                yield role, Label(zh=f"任务{name.zh}现在由你们办理。", en=f"Task {name.en} is yours now.")
        for role in old:
            if role not in new:
                others = self._labels(self._after, new)
                yield role, Label(zh=f"任务{name.zh}改由 {others.zh} 办理。", en=f"Task {name.en} passes to {others.en}.")
        for said in (*self._asked(name, was, now), *self._limited(name, was, now), *self._watched(process, name, was, now)):
            for role in new:
                yield role, said

    def _asked(self, name: Label, was: Element, now: Element) -> Iterator[Label]:
        forms = [self._read(side, e.zeebe.form) for side, e in zip(self._sides, (was, now), strict=True)]
        old, new = ({f.name: f for f in form.fields if f.name} if form else {} for form in forms)
        yield from _fields(name, old, new)

    def _read(self, release: Release, form: str | None) -> Form | None:
        return self._form(release, form) if form and form in release.forms else None

    def _limited(self, name: Label, was: Element, now: Element) -> Iterator[Label]:
        old, new = self._limit_of(self._before, was), self._limit_of(self._after, now)
        if old == new:
            return
        if new is None:
            yield Label(zh=f"{name.zh}不再有时限。", en=f"{name.en} has no limit any more.")
        elif old is None:
            yield Label(zh=f"{name.zh}须在 {new.zh} 内办完。", en=f"{name.en} must be done within {new.en}.")
        else:
            yield Label(zh=f"{name.zh}的时限 {old.zh} → {new.zh}。", en=f"{name.en}: limit {old.en} → {new.en}.")

    def _watched(self, process: str, name: Label, was: Element, now: Element) -> Iterator[Label]:
        old, new = was.zeebe.properties.get("four-eyes", ""), now.zeebe.properties.get("four-eyes", "")
        if old == new:
            return
        if not new:
            yield Label(zh=f"{name.zh}不再要求四眼。", en=f"{name.en} no longer needs a second pair of eyes.")
            return
        elements = self._after.processes[process][1].elements
        listed = [self._name(self._after, process, elements[e.strip()]) for e in new.split(",") if e.strip() in elements]
        zh, en = "、".join(n.zh for n in listed) or new, ", ".join(n.en for n in listed) or new
        yield Label(zh=f"办过{zh}的人不得办{name.zh}。", en=f"Whoever did {en} may not do {name.en}.")

    # --- what is for everybody ---

    def _conditions(self) -> Iterator[Told]:
        for id, (_, process) in self._after.processes.items():
            if id not in self._before.processes:
                continue
            old = self._before.processes[id][1].flows
            for flow in process.flows.values():
                was = old.get(flow.id)
                if was is None or was.condition == flow.condition:
                    continue
                source = self._name(self._after, id, process.elements[flow.source])
                said = f"{tidy(flow.name) or flow.id}: {was.condition or '-'} → {flow.condition or '-'}"
                yield EVERYBODY, Label(zh=f"在{source.zh}分路的条件改变：{said}。", en=f"The way from {source.en} is chosen otherwise: {said}.")

    def _limits(self) -> Iterator[Told]:
        old, new = self._before.policy.limits, self._after.policy.limits
        for id, row in new.items():
            was = old.get(id)
            if row.stage == "task" or (was and was.amounts == row.amounts and (was.start, was.ends) == (row.start, row.ends)):
                continue
            spans = [_spans(r) for r in (was, row)]
            if was is None:
                yield EVERYBODY, Label(zh=f"新时限“{row.label.zh}”：{spans[1].zh}。", en=f"New limit “{row.label.en}”: {spans[1].en}.")
            elif spans[0] != spans[1]:
                yield EVERYBODY, Label(zh=f"“{row.label.zh}” {spans[0].zh} → {spans[1].zh}。", en=f"“{row.label.en}” {spans[0].en} → {spans[1].en}.")
            else:
                yield EVERYBODY, Label(zh=f"“{row.label.zh}”从别处起算或到别处为止。", en=f"“{row.label.en}” begins or ends elsewhere.")
        for id, row in old.items():
            if id not in new and row.stage != "task":
                yield EVERYBODY, Label(zh=f"不再有时限“{row.label.zh}”。", en=f"There is no limit “{row.label.en}” any more.")

    def _tables(self) -> Iterator[Told]:
        for path in sorted(self._before.decisions.keys() | self._after.decisions.keys()):
            if self._before.files.get(path) == self._after.files.get(path):
                continue
            model = self._after.decisions.get(path) or self._before.decisions[path]
            for decision in model.decisions.values():
                name = self._after.written(decision.name or decision.id)
                yield EVERYBODY, Label(zh=f"决策表“{name.zh}”有改动。", en=f"The decision table “{name.en}” is changed.")
        for id, param in self._after.policy.params.items():
            was = self._before.policy.params.get(id)
            if was is not None and was.value != param.value:
                yield EVERYBODY, Label(
                    zh=f"“{param.label.zh}” {was.value} → {param.value}。", en=f"“{param.label.en}” {was.value} → {param.value}."
                )

    # --- who receives, and what comes from outside ---

    def _intake(self) -> Iterator[Told]:
        old, new = (self._read(side, side.policy.intake) for side in self._sides)
        name = Label(zh="登记投诉", en="Receiving a complaint")
        for said in _fields(name, *({f.name: f for f in form.fields if f.name} if form else {} for form in (old, new))):
            for role in self._after.policy.starters or (EVERYBODY,):
                yield role, said
        before, after = self._before.policy.starters, self._after.policy.starters
        for role in after:
            if before and role not in before:
                yield role, Label(zh="现在可以登记投诉。", en="May receive complaints now.")
        for role in before:
            if after and role not in after:
                yield role, Label(zh="不再登记投诉。", en="May no longer receive complaints.")

    def _messages(self) -> Iterator[Told]:
        old, new = self._before.policy.messages, self._after.policy.messages
        for name, kind in new.items():
            for role in kind.roles:
                if name not in old or role not in old[name].roles:
                    yield role, Label(zh=f"现在可以录入“{kind.label.zh}”。", en=f"May enter “{kind.label.en}” now.")
        for name, kind in old.items():
            for role in kind.roles:
                if name not in new or role not in new[name].roles:
                    yield role, Label(zh=f"不再录入“{kind.label.zh}”。", en=f"May no longer enter “{kind.label.en}”.")

    # --- names ---

    def _name(self, release: Release, process: str, element: Element) -> Label:
        title = release.title(process, element.id)
        return Label(zh=f"“{title.zh}”", en=f"“{title.en}”")

    def _limit_of(self, release: Release, task: Element) -> Label | None:
        row = release.policy.limits.get(task.zeebe.properties.get("limit", ""))
        if row is None:
            return None
        amount = row.amount(task.zeebe.properties.get("limit-variant", ""))
        return _span(amount) if amount else _spans(row)

    def _labels(self, release: Release, roles: tuple[str, ...]) -> Label:
        found = [release.policy.roles.get(r, Label(zh=r, en=r)) for r in roles]
        return Label(zh="、".join(r.zh for r in found) or "-", en=", ".join(r.en for r in found) or "-")


def _fields(name: Label, old: Mapping[str, Field], new: Mapping[str, Field]) -> Iterator[Label]:
    """What a form asks that it did not, no longer asks, or asks otherwise."""
    gained = [f.label for n, f in new.items() if n not in old and f.type not in ("section", "note", "show")]
    lost = [f.label for n, f in old.items() if n not in new and f.type not in ("section", "note", "show")]
    must = [f.label for n, f in new.items() if n in old and f.required and not old[n].required]
    may = [f.label for n, f in new.items() if n in old and old[n].required and not f.required]
    for labels, zh, en in (
        (gained, "新增填写", "asks also"), (lost, "不再填写", "no longer asks"),
        (must, "改为必填", "now requires"), (may, "改为选填", "no longer requires"),
    ):  # fmt: skip
        if labels:
            yield Label(
                zh=f"{name.zh}{zh}：{'、'.join(a.zh for a in labels)}。", en=f"{name.en} {en}: {', '.join(a.en for a in labels)}."
            )


def _roles(task: Element) -> tuple[str, ...]:
    """Roles a task is offered to, where they are written as they are; an expression is for everybody to read."""
    groups = task.zeebe.groups or ""
    if groups.strip().startswith("="):
        return (EVERYBODY,)
    return tuple(g.strip() for g in groups.split(",") if g.strip()) or (EVERYBODY,)


def _span(amount: Amount) -> Label:
    return Label(zh=span_text(amount.value, amount.unit, "zh"), en=span_text(amount.value, amount.unit, "en"))


def _spans(row: LimitRow | None) -> Label:
    """All spans of a limit, by variant."""
    found = [_span(amount) for amount in row.amounts.values()] if row else []
    return Label(zh="、".join(s.zh for s in found) or "-", en=", ".join(s.en for s in found) or "-")


__all__ = ["EVERYBODY", "Consequence", "consequences"]
