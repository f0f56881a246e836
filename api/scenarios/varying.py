"""A procedure with other parameters: what a scenario sets before anything happens, as the owner could.

Some paths of a shared flow are taken only where the owner chose so: whether a settlement is approved before the answer
or after it, whether anybody calls afterwards. A scenario sets the parameter and shows what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from api.scenarios.telling import Scenario
from api.scenarios.words import Words
from engine.release import Release, yaml_of

#: The sentence, in both languages; `sentences` has it, too, and checks that it is so.
ZH, EN = "参数 {param} 设为 {value}", "the parameter {param} is set to {value}"
_SET = re.compile(r'(?:参数\s*|the parameter )[“"]([^”"]*)[”"](?:\s*设为\s*| is set to )[“"]([^”"]*)[”"]')
_PACK = "pack.yaml"


def varied(release: Release, scenario: Scenario) -> Release:
    """The release with the parameters that a scenario sets; itself where it sets none.

    Raises:
        WordUnknown: there is no such parameter.
    """
    changes = list(_changes(scenario))
    if not changes:
        return release
    settings: dict[str, Any] = yaml_of(release.files[_PACK], _PACK)
    for name, value in changes:
        settings.setdefault("params", {}).setdefault(Words(release).param(name), {})["value"] = valued(value)
    written = yaml.safe_dump(settings, allow_unicode=True, sort_keys=False).encode()
    return Release.of({**release.files, _PACK: written})


def valued(text: str) -> str | bool:
    """A value as a scenario writes it."""
    return {"是": True, "true": True, "否": False, "false": False}.get(text, text)


def _changes(scenario: Scenario) -> Iterator[tuple[str, str]]:
    for step in scenario.steps:
        if found := _SET.fullmatch(step.text.strip()):
            yield found[1], found[2]
