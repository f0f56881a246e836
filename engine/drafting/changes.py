"""What a difference is told in: things that came, went or changed, each with its settings before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One setting that is not as it was."""

    #: "name", "form", "groups", "property:limit", "condition" …; in files of text the keys that lead to it: "label.zh".
    what: str
    #: "": not set.
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """An element, a field, a limit … that is not as it was."""

    kind: Kind
    #: Its id in its file.
    element: str
    #: What it is called now, or was called when it went; "" where it has no name.
    name: str
    #: "userTask", "sequenceFlow", "lane" …; in files of text what its list is called: "fields", "limits".
    type: str
    #: Its name in English, where the file says it; of what is drawn the pack's names do.
    en: str = ""
    details: tuple[Detail, ...] = ()


def details(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Detail, ...]:
    """The settings that are not as they were."""
    return tuple(
        Detail(what=what, before=before.get(what, ""), after=after.get(what, ""))
        for what in dict.fromkeys((*after, *before))
        if before.get(what, "") != after.get(what, "")
    )


def in_order(places: Sequence[int]) -> frozenset[int]:
    """The longest part of the places that rises: what stands there did not move, the others did."""
    best: list[tuple[int, ...]] = []
    longest: tuple[int, ...] = ()
    for place in places:
        run: tuple[int, ...] = (place,)
        for earlier in best:
            if earlier[-1] < place and len(earlier) >= len(run):
                run = (*earlier, place)
        best.append(run)
        longest = run if len(run) > len(longest) else longest
    return frozenset(longest)


__all__ = ["Change", "Detail", "Kind", "details", "in_order"]
