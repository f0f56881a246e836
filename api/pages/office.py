"""Who finds which of the office's pages: registers, figures, calendars, procedures. The frame asks for the entries."""

from __future__ import annotations

from dataclasses import dataclass

from engine.authority import AUDITOR, OWNER, Actor, owns_any
from engine.casebook import Casebook
from engine.policy import Policy


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the navigation."""

    name: str
    href: str
    icon: str


def entries(actor: Actor, casebook: Casebook) -> list[Entry]:
    """The pages of the office this person may use, in the order of the navigation."""
    found = [
        Entry(name="registers", href="/registers", icon="table"),
        Entry(name="calendars", href="/calendars", icon="calendar"),
    ]
    if may_see_figures(actor, casebook):
        found.insert(1, Entry(name="figures", href="/figures", icon="chart"))
    if may_own(actor):
        found.append(Entry(name="packs", href="/packs", icon="flow"))
    return found


def may_see_figures(actor: Actor, casebook: Casebook) -> bool:
    """Whether the actor answers for the work of others: owners of a procedure, auditors, administrators, and the roles
    a pack calls its managers.
    """
    return owns_any(actor) or _holds(actor, AUDITOR) or casebook.manages(actor)


def may_see_figures_of(actor: Actor, policy: Policy) -> bool:
    """Whether the actor answers for the work of one procedure."""
    return actor.is_admin() or _holds(actor, AUDITOR) or any(actor.has(policy.pack, r) for r in (OWNER, *policy.managers))


def may_own(actor: Actor) -> bool:
    """Whether the actor answers for a procedure: its owner, or an administrator."""
    return owns_any(actor)


def may_change_calendars(actor: Actor) -> bool:
    """Whether the actor may hand in and publish calendars, which hold for every procedure."""
    return actor.is_admin() or actor.has("*", OWNER)


def _holds(actor: Actor, role: str) -> bool:
    return any(membership.rpartition("/")[2] == role for membership in actor.all_memberships)
