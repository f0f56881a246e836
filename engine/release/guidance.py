"""Guidance: what somebody at a task should keep in mind, said in both languages with its source. Never a rule.

`guidance/*.yaml` hold it; `guidance:` in pack.yaml says at which tasks and forms which sections are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.findings import Refused, errors
from engine.policy import Label
from engine.policy_reading import Reading
from engine.release.settings import yaml_of


@dataclass(frozen=True, kw_only=True)
class GuideSection:
    """Some pieces of advice that belong together."""

    id: str
    title: Label
    #: One piece of advice each.
    lines: tuple[Label, ...]
    #: Where the seed, or the owner, says so.
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Guide:
    """A file of guidance."""

    #: File name without ending.
    id: str
    title: Label
    #: Which procedure of the catalogue it stems from, if any.
    system: str = ""
    source: str = ""
    sections: Mapping[str, GuideSection] = field(default_factory=dict)


def guide_of(data: bytes, path: str) -> Guide:
    """Read a file of guidance.

    Raises:
        Refused: with a finding for every key that is missing, unknown or wrong.
    """
    read = Reading(yaml_of(data, path), path)
    sections = [_section(row) for row in read.rows("sections")]
    if not sections:
        read.fault("sections", "缺少指引内容", "holds no guidance", "请列出各节。", "List its sections.")
    guide = Guide(
        id=Path(path).stem, title=_label(read.part("title")), system=read.text("system", default=""),
        source=read.text("source", default=""), sections={s.id: s for s in sections},
    )  # fmt: skip
    if errors(findings := read.finish()):
        raise Refused(findings)
    return guide


def guides_named(settings: Mapping[str, object]) -> set[str]:
    """The files of guidance that pack.yaml names, as far as it can be read."""
    shown = settings.get("guidance")
    named = [n for names in shown.values() if isinstance(names, list) for n in names] if isinstance(shown, dict) else []
    return {str(name).partition("/")[0] for name in named}


def _section(read: Reading) -> GuideSection:
    lines = tuple(_label(row) for row in read.rows("lines"))
    if not lines:
        read.fault("lines", "没有一条指引", "says nothing", "请列出各条。", "List what it says.")
    return GuideSection(
        id=read.name("id"), title=_label(read.part("title")), lines=lines, source=read.text("source", default="")
    )


def _label(read: Reading) -> Label:
    return Label(zh=read.text("zh"), en=read.text("en"))
