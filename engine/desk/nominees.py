"""Persons whom answers name: they exist, hold the role that is asked for, and are not off the case.

The form knows which of its fields name persons; who works here is known by the store alone. What is refused here is
refused when a form is looked at, too, so that nobody hears of it only when they are done.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine.release import Release
from engine.store import PersonNotFound, Reading, Transaction
from forms import EntryWrong, Form


def unfit(
    reading: Reading | Transaction, form: Form, accepted: Mapping[str, Any], release: Release, barred: Collection[str]
) -> dict[str, list[EntryWrong]]:
    """What is wrong with the persons that accepted answers name: path of the field -> why."""
    wanted = {f.name: f.role for f in form.fields}
    wrong: dict[str, list[EntryWrong]] = {}
    for path, name in form.persons(accepted):
        if (why := _why_not(reading, name, wanted.get(path), release, barred)) is not None:
            wrong.setdefault(path, []).append(why)
    return wrong


def _why_not(
    reading: Reading | Transaction, name: str, role: str | None, release: Release, barred: Collection[str]
) -> EntryWrong | None:
    try:
        memberships = reading.person(name).memberships
    except PersonNotFound:
        return EntryWrong("没有这个人员，请从名单中选择。", "There is no such person; choose from the list.")
    if role is None:
        return None
    if name in barred:
        return EntryWrong("此人须回避本案，请另选他人。", "This person is off the case; choose somebody else.")
    if f"{release.pack}/{role}" in memberships or f"*/{role}" in memberships:
        return None
    label = release.policy.roles.get(role)
    return EntryWrong(
        f"此人不是“{label.zh if label else role}”。", f"This person is not “{label.en if label else role}”."
    )
