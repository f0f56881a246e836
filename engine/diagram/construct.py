"""A row of the support matrix: one construct of BPMN and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.diagram.model import Element, Process

Verdict = Literal["executed", "rewritten", "refused"]
Where = Callable[[Element, Process], bool]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One construct of BPMN and what becomes of it."""

    #: Stable name; the code of the finding where it is refused.
    id: str
    group: str
    zh: str
    en: str
    verdict: Verdict
    #: How it is executed or rewritten, or why it is refused.
    how_zh: str = ""
    how_en: str = ""
    remedy_zh: str = ""
    remedy_en: str = ""
    #: Whether an element is such a thing; None: decided elsewhere (`decided_by`).
    where: Where | None = None
    #: What finds it where no single element shows it.
    decided_by: str = ""


def executed(id: str, group: str, zh: str, en: str, how_zh: str = "", how_en: str = "", *, where: Where | None) -> Row:
    """A row for what runs as it is drawn."""
    return Row(id=id, group=group, zh=zh, en=en, verdict="executed", how_zh=how_zh, how_en=how_en, where=where)


def rewritten(id: str, group: str, zh: str, en: str, how_zh: str, how_en: str, *, where: Where | None) -> Row:
    """A row for what is turned into the same thing in other words."""
    return Row(id=id, group=group, zh=zh, en=en, verdict="rewritten", how_zh=how_zh, how_en=how_en, where=where)


def refused(
    id: str,
    group: str,
    zh: str,
    en: str,
    how_zh: str,
    how_en: str,
    remedy_zh: str,
    remedy_en: str,
    *,
    where: Where | None,
    decided_by: str = "",
) -> Row:
    """A row for what may not be published."""
    return Row(
        id=id, group=group, zh=zh, en=en, verdict="refused", how_zh=how_zh, how_en=how_en,
        remedy_zh=remedy_zh, remedy_en=remedy_en, where=where, decided_by=decided_by,
    )  # fmt: skip


def waits(element: Element) -> bool:
    """Whether a case may come to rest at the element, or inside it."""
    return bool(element.zeebe.job) or element.kind in (
        "userTask", "receiveTask", "callActivity", "intermediateCatchEvent", "eventBasedGateway", "subProcess", "transaction",
        "adHocSubProcess",
    )  # fmt: skip
