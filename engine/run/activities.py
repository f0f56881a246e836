"""Activities: tasks of persons, errands, scripts, decisions, sub-processes and calls; and how they are left."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.diagram import Process
from engine.history import DecisionMade, ErrandStarted, TaskOpened
from engine.run import limits, listening, plan, repeating, waits
from engine.run.documents import Bounds, marked, settled
from engine.run.faults import NotAMoment, NotAPriority, NotExecuted, TooDeep, UnknownDecision, UnknownProcess
from engine.run.known import OpenErrand, OpenTask
from engine.run.mapping import give_out, localise, one_text, pass_on, take_in, texts, tries
from engine.run.reckoning import as_instant
from engine.values import Value

if TYPE_CHECKING:
    from engine.run.motion import Motion
    from engine.run.tokens import Scope, Token

#: Before the name of an instance, where elements and instances stand side by side; no element's id begins so.
_BY_ITSELF = "/"
_PRIORITY = re.compile(r"[0-9]{1,3}")
#: Processes called inside processes.
DEEPEST_CALL = 20


def leave(motion: Motion, token: Token) -> bool:
    """Leave an activity, or an event that has happened: map what it brought, then take the flows."""
    element = token.element
    if token.loop is not None:  # each instance has mapped what it brought
        return pass_on(motion, token)
    if _is_call(token) and element.zeebe.propagate_child and not element.zeebe.outputs:
        _hand_back(motion, token)
    give_out(motion, token, token.payload or {}, token.whose, told=token.told)
    return _leave(motion, token)


def _leave(motion: Motion, token: Token) -> bool:
    if token.body is not None:
        return repeating.instance_over(motion, token)
    return over(motion, token)


def over(motion: Motion, token: Token) -> bool:
    """An element is over but for its listeners."""
    return not listening.begins(motion, token, "end") and pass_on(motion, token)


def finish(motion: Motion, token: Token, payload: dict[str, Value], whose: dict[str, str]) -> bool:
    """An activity that is done at once brought this."""
    give_out(motion, token, payload, whose)
    return _leave(motion, token)


# --- tasks of persons ---


def user_task(motion: Motion, token: Token) -> bool:
    """Open a task for a person."""
    take_in(motion, token)
    element, zeebe = token.element, token.element.zeebe
    name = motion.named(token)
    properties = zeebe.properties
    limit = one_text(motion, token, properties.get("limit"), "limit")
    task = OpenTask(
        name=name,
        element=element.id,
        process=token.process.id,
        title=element.label,
        form=zeebe.form,
        groups=texts(motion, token, zeebe.groups, "candidateGroups"),
        users=texts(motion, token, zeebe.users, "candidateUsers"),
        assignee=one_text(motion, token, zeebe.assignee, "assignee"),
        priority=priority_of(motion, token),
        four_eyes=texts(motion, token, properties.get("four-eyes"), "four-eyes"),
        scope=token.own,
        opened=motion.at,
        item=_item(motion, token),
        **due_of(motion, token, name, limit, motion.at),
    )
    motion.tasks[name], motion.holders[name] = task, token.number
    motion.tell(
        TaskOpened(
            at=motion.at, task=name, element=task.element, process=task.process, form=task.form, groups=task.groups,
            users=task.users, assignee=task.assignee, priority=task.priority, four_eyes=task.four_eyes,
            limit=task.limit, due=task.due, trace=task.trace, scope=task.scope, item=_told_item(motion, token, task),
        )
    )  # fmt: skip
    return False


def due_of(motion: Motion, token: Token, name: str, limit: str | None, opened: datetime) -> dict[str, Any]:
    """What a task is told of when it is due; where a limit says so, its deadline runs from now on.

    Raises:
        NotAMoment, UnknownLimit.
    """
    if limit is None:
        if not token.element.zeebe.due:
            return {}
        value = motion.expressions.value(token.element.zeebe.due, token.own, element=token.element.id)
        due = as_instant(value, motion.release.calendar())
        if due is None and value is not None:
            raise NotAMoment(element=token.element.label, text=str(value))
        return {"due": due}
    variant = one_text(motion, token, token.element.zeebe.properties.get("limit-variant"), "limit-variant") or ""
    row = limits.row_of(motion.release, limit, variant)
    running = motion.deadlines.get(limit)
    if running is not None and running.met is None and running.variant == variant:
        deadline = replace(running, name=name)  # the limit of the case, with what it was extended by
    else:
        start = opened if row.start == "task" else motion.milestones.get(row.start, opened)
        deadline = motion.new_deadline(name, limit, variant, start)
    motion.deadlines[name] = deadline
    return {"limit": limit, "due": deadline.due, "trace": deadline.trace}


def priority_of(motion: Motion, token: Token) -> int:
    """How urgent a task is, 0 to 100.

    Raises:
        NotAPriority.
    """
    text = token.element.zeebe.priority
    value = motion.expressions.value(text, token.own, element=token.element.id) if text else 50
    if isinstance(value, str) and _PRIORITY.fullmatch(value.strip()):
        value = int(value)
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or not 0 <= value <= 100 or value != int(value):
        raise NotAPriority(element=token.element.label)
    return int(value)


def _item(motion: Motion, token: Token) -> Value:
    loop = token.element.zeebe.loop
    if token.body is None or loop is None:
        return None
    return motion.documents.of[token.own].get(loop.item) if loop.item else token.index + 1


def _told_item(motion: Motion, token: Token, task: OpenTask) -> Value:
    loop = token.element.zeebe.loop
    of = motion.documents.whose_name(token.own, loop.item) if loop and token.body is not None else None
    return marked(task.item, of)


# --- tasks of machines ---


def errand(motion: Motion, token: Token) -> bool:
    """Ask a machine to do something outside."""
    given = take_in(motion, token)
    element, zeebe = token.element, token.element.zeebe
    if not zeebe.job:
        raise NotExecuted(element=element.label, kind=f"{element.kind} without taskDefinition")
    name = motion.named(token)
    type_ = one_text(motion, token, zeebe.job, "taskDefinition type") or ""
    headers = dict(zeebe.headers) or None
    motion.errands[name] = OpenErrand(name=name, element=element.id, type=type_, headers=headers, inputs=given or None)
    motion.holders[name] = token.number
    told = {n: marked(v, motion.documents.whose_name(name, n)) for n, v in given.items()}
    motion.tell(
        ErrandStarted(
            at=motion.at, errand=name, element=element.id, type=type_, headers=headers, inputs=told or None, retries=tries(zeebe.retries)
        )
    )
    return False


def receive(motion: Motion, token: Token) -> bool:
    """Wait for a message."""
    take_in(motion, token)
    waits.await_event(motion, token, token.element, how="catch")
    return False


def script(motion: Motion, token: Token) -> bool:
    """Evaluate an expression and keep the result."""
    given = take_in(motion, token)
    zeebe = token.element.zeebe
    if zeebe.script is None:
        return errand(motion, token) if zeebe.job else finish(motion, token, {}, {})
    value, of = motion.expressions.feel(zeebe.script, token.own, given, element=token.element.id)
    name = zeebe.result
    return finish(motion, token, {name: value} if name else {}, {name: of} if name and of else {})


def decision(motion: Motion, token: Token) -> bool:
    """Ask a decision table and keep what it says and why."""
    zeebe = token.element.zeebe
    if not zeebe.decision:
        return errand(motion, token)
    take_in(motion, token)
    asked = one_text(motion, token, zeebe.decision, "decisionId") or ""
    model = motion.release.decision(asked)
    if model is None:
        raise UnknownDecision(decision=asked, element=token.element.label)
    names = motion.expressions.names(token.own)
    context = motion.expressions.context()
    made = model.decide(asked, names, context=context)
    if made.value is None and context.budget and context.budget.warnings:
        motion.lacks_value(token.element.id, asked, [(zh, en) for _, zh, en in context.budget.warnings])
    of = motion.expressions.whose(model.inputs(asked), token.own)
    record = settled(made.record)
    if of is not None:
        record = {**record, "inputs": marked(record.get("inputs"), of), "outputs": marked(record.get("outputs"), of)}
    motion.tell(DecisionMade(at=motion.at, element=token.element.id, decision=asked, record=record))
    name = zeebe.result
    return finish(motion, token, {name: settled(made.value)} if name else {}, {name: of} if name and of else {})


def nothing(motion: Motion, token: Token) -> bool:
    """A task that is only drawn: it is passed."""
    take_in(motion, token)
    return finish(motion, token, {}, {})


# --- insides ---


def sub_process(motion: Motion, token: Token) -> bool:
    """Begin the inside of a sub-process, at its plain start or at the event that called for it."""
    take_in(motion, token)
    scope = localise(motion, token)
    outer: Scope = token.workflow
    inner = motion.main.open_inside(token, token.process, token.element.id, scope, outer.called)
    if token.begun_by is not None:
        event = token.process.elements[token.begun_by]
        motion.place(inner, event, phase="caught", payload=token.payload, whose=token.whose, told=token.told)
        token.put(payload=None, whose={}, told=True)
        waits.arm_inside(motion, inner)
        return False
    _begin_inside(motion, inner, token.process, token.element.id)
    return False


def _note_called(motion: Motion, element: str, name: str, called: str) -> None:
    """An activity mostly calls one process, however often it begins; only an instance that calls another is noted by itself."""
    if element not in motion.called:
        motion.called[element] = called
    elif motion.called[element] != called:
        motion.called[_BY_ITSELF + name] = called


def call(motion: Motion, token: Token) -> bool:
    """Call a process: it has a document of its own, sees what is known around it, and hands back what it wrote."""
    zeebe = token.element.zeebe
    take_in(motion, token)
    called = one_text(motion, token, zeebe.called_process, "processId") or ""
    process = motion.process(called)
    if process is None:
        raise UnknownProcess(process=called, element=token.element.label)
    if len([s for s in _outwards(token) if s.place is None]) > DEEPEST_CALL:
        raise TooDeep(element=token.element.label, most=DEEPEST_CALL)
    scope = localise(motion, token, Bounds(parent=token.scope, wall=True, through=zeebe.propagate_parent))
    _note_called(motion, token.element.id, scope, called)
    inner = motion.main.open_inside(token, process, None, scope, scope)
    _begin_inside(motion, inner, process, None)
    return False


def _begin_inside(motion: Motion, inner: Scope, process: Process, place: str | None) -> None:
    for element in plan.starts(process, place):
        motion.place(inner, element)
    waits.arm_inside(motion, inner)


def _outwards(token: Token) -> list[Scope]:
    found: list[Scope] = [token.workflow]
    while (owner := found[-1].owner) is not None:
        found.append(owner.workflow)
    return found


def _is_call(token: Token) -> bool:
    return token.element.kind == "callActivity"


def _hand_back(motion: Motion, token: Token) -> None:
    """What a called process wrote goes to the caller; what it was given by mapping stays behind."""
    scope, zeebe = token.own, token.element.zeebe
    values = {n: v for n, v in motion.documents.of[scope].items() if n not in zeebe.own}
    whose = {n: of for n, of in motion.documents.whose.get(scope, {}).items() if n in values}
    if values:
        motion.write(token.element.id, token.scope, values, whose)


ENTER: Mapping[str, Callable[[Motion, Token], bool]] = {
    "userTask": user_task,
    "serviceTask": errand,
    "receiveTask": receive,
    "scriptTask": script,
    "businessRuleTask": decision,
    "manualTask": nothing,
    "task": nothing,
    "subProcess": sub_process,
    "transaction": sub_process,
    "callActivity": call,
}
