"""Several tasks at once: tried first, item by item, with the reason where it will not do; then done, item by item.

Each item is an act of its own: what is refused for one does not undo another. The trial asks the same rules as
the act; between the two somebody else may have been faster, and then the result says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.pages import words
from api.pages.looks import people
from api.problems import language
from api.wiring import Parts
from engine.authority import Actor
from engine.casebook import TaskView
from engine.errors import EngineError
from engine.run import TaskNotOpen
from engine.store import CaseNotFound

ACTS = ("claim", "release", "delegate")


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be done with the tasks."""

    act: str
    #: To whom they are handed over.
    to: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of one task, or would."""

    case: str
    task: str
    view: TaskView | None
    #: Why not; None: it will do, or is done.
    why_not: str | None

    @property
    def pick(self) -> str:
        """How the page names it."""
        return f"{self.case}/{self.task}"


def try_out(parts: Parts, case: str, task: str, order: Order, actor: Actor) -> Result:
    """Whether it would do; nothing is changed."""
    try:
        view = parts.casebook.task(case, task, actor)
    except (CaseNotFound, TaskNotOpen) as error:
        return Result(case=case, task=task, view=None, why_not=error.text(language()))
    return Result(case=case, task=task, view=view, why_not=_why_not(view, order, actor))


def carry_out(parts: Parts, case: str, task: str, order: Order, actor: Actor) -> Result:
    """Do it, if it will do."""
    tried = try_out(parts, case, task, order, actor)
    if tried.why_not is not None:
        return tried
    try:
        match order.act:
            case "claim":
                parts.desk.claim_task(case, task, actor)
            case "release":
                parts.desk.release_task(case, task, actor)
            case _:
                parts.desk.delegate_task(case, task, order.to, actor, order.reason)
    except EngineError as error:
        return Result(case=case, task=task, view=tried.view, why_not=error.text(language()))
    return tried


def common(parts: Parts, picks: Sequence[tuple[str, str]], actor: Actor) -> list[str]:
    """Who could take at least one of the tasks, those who could take most first."""
    count: dict[str, int] = {}
    for case, task in picks:
        try:
            view = parts.casebook.task(case, task, actor)
        except EngineError:
            continue
        for name in view.candidates:
            count[name] = count.get(name, 0) + 1
    return sorted(count, key=lambda name: (-count[name], name))


def _why_not(view: TaskView, order: Order, actor: Actor) -> str | None:
    holder = view.line.claimed_by or view.line.assignee
    match order.act:
        case "claim" if holder in actor.persons:
            return words.word("bulk_yours", language())
        case "release":
            if view.line.claimed_by is None:
                return words.word("bulk_not_taken", language())
            held = view.line.claimed_by in actor.persons or actor.is_admin()
            return None if held else view.why_not or words.word("bulk_not_yours", language())
        case "delegate" if not order.to:
            return None
        case "delegate" if order.to not in view.candidates:
            return words.word("bulk_cannot_take", language()).format(people().get(order.to, order.to))
        case "delegate" if actor.is_admin():
            return None
    return view.why_not
