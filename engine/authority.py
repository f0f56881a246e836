"""Who may do what. Every entrance asks here: at assignment, at completion, at looking.

Pure: it is handed the person, the task and what is known about the case. It does not know
how a person signed in, nor where memberships are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.errors import EngineError

#: Membership keys are "pack/role"; these roles hold in every pack.
ADMIN, AUDITOR, OWNER = "admin", "auditor", "owner"


class NotAuthorised(EngineError):
    """{person} may not do this: it needs the role {role}."""

    zh = "{person} 无权办理：需要“{role}”角色。"


class NotYours(EngineError):
    """Task {task} is with {holder}; ask for it to be released or handed over."""

    zh = "任务 {task} 由 {holder} 办理；请其释放或转交。"


class FourEyesRequired(EngineError):
    """{person} did {element} in this case and so may not do {task}: a second pair of eyes is required."""

    zh = "{person} 已办理本案的 {element}，不得再办理 {task}：须由另一人复核。"


class Recused(EngineError):
    """{person} has been taken off this case and may not act in it."""

    zh = "{person} 已回避本案，不得参与办理。"


class ComplainedOf(Recused):
    """This complaint is about {person}, who therefore may not take it in; somebody else must, or the entry is wrong."""

    zh = "投诉对象就是 {person} 本人，不得由其登记；请由他人登记，或更正此栏。"


class DeputyNotValid(EngineError):
    """{person} is not deputy of {absent} at this time."""

    zh = "{person} 此时不是 {absent} 的代理人。"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """The person behind an input, and what they may stand for."""

    name: str
    #: "pack/role" and "*/role".
    memberships: frozenset[str] = frozenset()
    locale: str = "zh-CN"
    #: The absent person for whom the actor acts, and that person's memberships.
    on_behalf_of: str | None = None
    behalf_memberships: frozenset[str] = frozenset()

    @property
    def persons(self) -> tuple[str, ...]:
        """Everybody this act is counted for."""
        return (self.name, self.on_behalf_of) if self.on_behalf_of else (self.name,)

    @property
    def all_memberships(self) -> frozenset[str]:
        """What the actor may stand for, the absent person's roles included."""
        return self.memberships | self.behalf_memberships

    def has(self, pack: str, role: str) -> bool:
        """Whether the actor holds the role in the pack (or in every pack)."""
        return f"{pack}/{role}" in self.all_memberships or f"*/{role}" in self.all_memberships

    def is_admin(self) -> bool:
        """Whether the actor runs the installation."""
        return f"*/{ADMIN}" in self.memberships


#: The service itself: timers, errands.
SYSTEM = Actor(name="system", memberships=frozenset({"*/system"}))


class Task(Protocol):
    """What must be known of an open task."""

    @property
    def name(self) -> str: ...
    @property
    def groups(self) -> tuple[str, ...]: ...
    @property
    def users(self) -> tuple[str, ...]: ...
    @property
    def assignee(self) -> str | None: ...
    @property
    def claimed_by(self) -> str | None: ...
    @property
    def four_eyes(self) -> tuple[str, ...]: ...


class Case(Protocol):
    """What must be known of a case."""

    @property
    def barred(self) -> Iterable[str]: ...
    @property
    def done_by(self) -> Mapping[str, tuple[str, ...]]: ...


def may_open(actor: Actor, pack: str, starters: Iterable[str]) -> None:
    """Raise unless the actor may open a case of the pack; no starters means everybody.

    Raises:
        NotAuthorised: the actor holds none of the starting roles.
    """
    starters = tuple(starters)
    if starters and not any(actor.has(pack, role) for role in starters):
        raise NotAuthorised(person=actor.name, role=starters)


def may_take(actor: Actor, task: Task, case: Case, pack: str) -> None:
    """Raise unless the actor may claim the task: candidate, not barred, second pair of eyes.

    Raises:
        Recused, NotYours, NotAuthorised, FourEyesRequired.
    """
    _not_barred(actor.persons, case)
    holder = task.claimed_by or task.assignee
    if holder is not None and holder not in actor.persons and (holder == task.assignee or is_candidate(actor, task, pack)):
        raise NotYours(task=task.name, holder=holder)
    # Who could never take it is told the role, not whose hands it is in.
    # Who took a task while standing in for somebody, or lost the role since, may not finish it.
    named = holder is not None and holder == task.assignee
    if not named and not is_candidate(actor, task, pack):
        raise NotAuthorised(person=actor.name, role=tuple(task.groups) or tuple(task.users))
    _second_eyes(actor.persons, task, case)


def may_complete(actor: Actor, task: Task, case: Case, pack: str) -> None:
    """Raise unless the actor may complete the task: the same question as taking it, asked again."""
    may_take(actor, task, case, pack)


def may_be_given(person: Actor, task: Task, case: Case, pack: str) -> None:
    """Raise unless the task may be handed to `person`, whoever holds it now.

    Raises:
        Recused, FourEyesRequired, NotAuthorised: the person holds none of the task's roles.
    """
    _not_barred(person.persons, case)
    # A task drawn for one person by name may be given to anybody: else it is lost when that person steps off.
    if (task.groups or task.users) and not is_candidate(person, task, pack):
        raise NotAuthorised(person=person.name, role=tuple(task.groups))
    _second_eyes(person.persons, task, case)


def may_hand_over(actor: Actor, task: Task, case: Case, pack: str) -> None:
    """Raise unless the actor may give the task away: its holder, a candidate while nobody has it, an administrator."""
    _not_barred(actor.persons, case)
    if actor.is_admin():
        return
    may_take(actor, task, case, pack)


def is_candidate(actor: Actor, task: Task, pack: str) -> bool:
    """Whether the task was offered to the actor, by name or by role."""
    if not task.groups and not task.users:
        return task.assignee in actor.persons
    return any(p in task.users for p in actor.persons) or any(actor.has(pack, group) for group in task.groups)


def need_role(actor: Actor, pack: str, roles: Iterable[str]) -> None:
    """Raise unless the actor holds one of the roles in the pack, or is an administrator.

    Raises:
        NotAuthorised.
    """
    roles = tuple(roles)
    if not actor.is_admin() and not any(actor.has(pack, role) for role in roles):
        raise NotAuthorised(person=actor.name, role=tuple(roles) or ADMIN)


def owns_any(actor: Actor) -> bool:
    """Whether the actor answers for a procedure, or runs the installation."""
    return actor.is_admin() or any(held.rpartition("/")[2] == OWNER for held in actor.all_memberships)


def need_an_owner(actor: Actor) -> None:
    """Raise unless the actor owns a pack, whichever, or is an administrator.

    Raises:
        NotAuthorised.
    """
    if not owns_any(actor):
        raise NotAuthorised(person=actor.name, role=OWNER)


def not_barred(actor: Actor, case: Case) -> None:
    """Raise if the actor, or the one they act for, is off the case.

    Raises:
        Recused.
    """
    _not_barred(actor.persons, case)


def why_not(actor: Actor, task: Task, case: Case, pack: str) -> EngineError | None:
    """The reason why the actor may not do the task, or None."""
    try:
        may_take(actor, task, case, pack)
    except EngineError as error:
        return error
    return None


def _not_barred(persons: Iterable[str], case: Case) -> None:
    for person in persons:
        if person in case.barred:
            raise Recused(person=person)


def _second_eyes(persons: Iterable[str], task: Task, case: Case) -> None:
    for element in task.four_eyes:
        for person in persons:
            if person in case.done_by.get(element, ()):
                raise FourEyesRequired(person=person, element=element, task=task.name)
