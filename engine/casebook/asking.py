"""What can be asked for on the form of a task: the called work, such as co-handling or a panel, that its answers begin.

Read off the drawing alone: a flow into a call activity whose condition reads a field of the form, or what a table or a
script of the same process makes of it. What stands on another page of the diagram is asked for there.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine import feel
from engine.diagram import Element, Process
from engine.policy import Label
from engine.release import Release
from forms import Field, Form

#: What a table makes of more fields than this is not asked for in any one of them.
MOST_FIELDS = 6

Told = dict[str, frozenset[str]]


@dataclass(frozen=True, kw_only=True)
class Lead:
    """Work that is asked for on a form."""

    title: Label
    #: The fields that decide it.
    fields: tuple[Field, ...]


def leads_of(release: Release, process: str, form: Form | None) -> tuple[Lead, ...]:
    """The called work that the answers to a form can begin, in the order of the drawing."""
    if form is None or process not in release.processes:
        return ()
    drawn = release.processes[process][1]
    entered = {f.name: f for f in form.fields if f.name and not f.silent and f.type not in ("show", "computed")}
    told = _told(entered, drawn, release)
    asked: dict[str, set[str]] = {}
    for flow in drawn.flows.values():
        target = drawn.elements.get(flow.target)
        if flow.condition and target is not None and target.kind == "callActivity":
            names = _fields(_used(flow.condition), told)
            if 0 < len(names) <= MOST_FIELDS:
                asked.setdefault(target.id, set()).update(names)
    return tuple(
        Lead(title=release.title(process, one), fields=tuple(f for name, f in entered.items() if name in names))
        for one, names in asked.items()
    )


def _told(entered: dict[str, Field], drawn: Process, release: Release) -> Told:
    """Name -> the fields that it follows from."""
    told: Told = {name: frozenset({name}) for name in entered}
    makers = [e for e in drawn.elements.values() if e.zeebe.result and (e.zeebe.decision or e.zeebe.script)]
    # What one makes another may read, whatever the order of the file.
    for _ in makers:
        for one in makers:
            found = _fields(_read(one, release), told)
            name = str(one.zeebe.result)
            if found and name not in entered:
                told[name] = told.get(name, frozenset()) | found
    return told


def _read(one: Element, release: Release) -> frozenset[str]:
    """The names a table or a script reads from the case."""
    local = {line.name: _used(line.source) for line in one.zeebe.inputs}
    names = _used(one.zeebe.script or "")
    model = release.decision(one.zeebe.decision) if one.zeebe.decision else None
    if model is not None:
        for decision in model.decisions.values():
            for column in decision.table.inputs if decision.table else ():
                names |= column.expression.used
            names |= decision.expression.used if decision.expression else frozenset()
    heads = {name.partition(".")[0] for name in names}
    return frozenset().union(*(local.get(name, frozenset({name})) for name in heads))


def _fields(names: frozenset[str], told: Told) -> frozenset[str]:
    return frozenset().union(*(told.get(name.partition(".")[0], frozenset()) for name in names))


def _used(text: str) -> frozenset[str]:
    return feel.compile(text.removeprefix("=")).used if text.startswith("=") else frozenset()
