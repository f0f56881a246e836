"""Reasons for people: the names of persons, roles and steps instead of their ids."""

from __future__ import annotations

from collections.abc import Mapping

from engine.casebook.lines import label_of, role_of
from engine.errors import EngineError
from engine.release import Release

#: Facts of an error that name a person, roles, an element or a task.
_PERSONS, _ROLES, _ELEMENTS = ("person", "holder", "absent"), ("role",), ("element", "task")


def told(error: EngineError, release: Release, process: str, names: Mapping[str, str], lang: str) -> str:
    """The sentence of an error in the reader's language, with what things are called.

    Args:
        process: where the elements it names are drawn.
        names: user name -> display name.
    """
    facts = dict(error.facts)
    for key in _PERSONS:
        if key in facts:
            facts[key] = names.get(str(facts[key]), facts[key])
    for key in _ROLES:
        if key in facts:
            roles = facts[key] if isinstance(facts[key], tuple) else (str(facts[key]),)
            facts[key] = tuple(role_of(release, role).text(lang) for role in roles)
    for key in _ELEMENTS:
        if key in facts:
            facts[key] = label_of(release, process, _element(str(facts[key]), release, process)).text(lang)
    named = type(error).__new__(type(error))
    named.facts = facts
    return named.text(lang)


def _element(name: str, release: Release, process: str) -> str:
    """The element of a task ("trace-2" -> "trace"), or the name itself where it is one."""
    drawn = release.processes[process][1].elements if process in release.processes else {}
    return name if name in drawn else name.rpartition("-")[0]
