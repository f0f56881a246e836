"""What of a pack no scenario touches: elements, flows, rows of tables, limits, fields of forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.scenarios.house import House
from engine.authority import AUDITOR, Actor
from engine.history import CaseOpened, DecisionMade, MessageReceived, TaskCompleted, bare
from engine.release import Release
from engine.shelf import read_form


@dataclass
class Touched:
    """What the scenarios played so far have touched."""

    #: "process/element" and "process/flow".
    drawn: set[str] = field(default_factory=set)
    #: "decision#row".
    rows: set[str] = field(default_factory=set)
    limits: set[str] = field(default_factory=set)
    #: "form.field".
    fields: set[str] = field(default_factory=set)

    def note(self, house: House, cases: Iterable[str]) -> None:
        """Add what these cases touched."""
        auditor = Actor(name=AUDITOR, memberships=frozenset({f"*/{AUDITOR}"}))
        for case in cases:
            with house.parts.store.look() as reading:
                head, records = reading.head(case), reading.history(case)
            if head.pack != house.release.pack:
                continue
            for diagram in house.parts.casebook.diagram(case, auditor):
                self.drawn |= {f"{diagram.process}/{id}" for id in (*diagram.passed, *diagram.here)}
            forms = {"": house.release.policy.intake}
            for record in records:
                self._event(record.event, house.release, forms)

    def _event(self, event: object, release: Release, forms: dict[str, str]) -> None:
        limit = getattr(event, "limit", None) or getattr(event, "deadline", None)
        if isinstance(limit, str):
            self.limits.add(limit)
        task, form = getattr(event, "task", None), getattr(event, "form", None)
        if task and form:
            forms[task] = form
        match event:
            case DecisionMade():
                self.rows |= {f"{event.decision}#{row}" for row in _matched(event.record)}
            case CaseOpened():
                self._answers(forms[""], event.answers)
            case TaskCompleted():
                self._answers(forms.get(event.task, ""), event.answers)
            case MessageReceived() if event.payload and (kind := release.policy.messages.get(event.message)):
                self._answers(kind.form or "", event.payload)

    def _answers(self, form: str, answers: Mapping[str, object] | None) -> None:
        self.fields |= {
            f"{form}.{name}" for name, value in (answers or {}).items() if bare(value) not in (None, [], "")
        }


@dataclass(frozen=True, kw_only=True)
class Untouched:
    """What no scenario touches, by kind."""

    elements: tuple[str, ...]
    flows: tuple[str, ...]
    rows: tuple[str, ...]
    limits: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def count(self) -> int:
        """How much it is."""
        return sum(map(len, (self.elements, self.flows, self.rows, self.limits, self.fields)))


def untouched(release: Release, touched: Touched) -> Untouched:
    """Compare what there is with what was touched."""
    processes = {id: process for id, (_, process) in release.processes.items()}
    # A limit may be asked for in an expression, such as an input of a called process, and need not be a task's own.
    said = " ".join(x.text for p, process in processes.items() for e, element in process.elements.items()
                    if f"{p}/{e}" in touched.drawn for x in element.expressions)  # fmt: skip
    forms = {name: read_form(release, name) for name in release.forms}
    # A questionnaire stands on a sheet, goes out empty and is filled in by hand.
    by_hand = {part for form in forms.values() for place in form.printed.parts for part in place} - release.asked
    return Untouched(
        elements=tuple(f"{p}/{e}" for p, process in processes.items() for e in process.elements if f"{p}/{e}" not in touched.drawn),
        flows=tuple(f"{p}/{f}" for p, process in processes.items() for f in process.flows if f"{p}/{f}" not in touched.drawn),
        rows=tuple(
            f"{id}#{rule.number}"
            for model in release.decisions.values()
            for id, decision in model.decisions.items()
            for rule in (decision.table.rules if decision.table else ())
            if f"{id}#{rule.number}" not in touched.rows
        ),
        limits=tuple(limit for limit in release.policy.limits if limit not in touched.limits and f'"{limit}"' not in said),
        fields=tuple(
            f"{name}.{f.name}"
            for name, form in forms.items()
            if name not in by_hand
            for f in form.fields
            if f.name and not f.silent and f"{name}.{f.name}" not in touched.fields
        ),
    )  # fmt: skip


def _matched(record: Mapping[str, object]) -> list[object]:
    """The numbers of the rows an evaluation matched."""
    found = record.get("rules")
    return [row["number"] for row in found if isinstance(row, dict)] if isinstance(found, list | tuple) else []
