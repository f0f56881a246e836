"""What the token game finds on each level of a process: can it always come to its end?

The search is bounded by a number of states; beyond it the answer is "undecided", never silence.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.diagram.faults import Faults
from engine.diagram.model import Process
from engine.diagram.token_game import Level


def note_soundness(process: Process, faults: Faults) -> None:
    """Note what can get stuck, run twice or never run."""
    for scope, inside in process.scopes.items():
        level = Level(process, [e for e in inside if not e.by_event])
        if scope is not None and process.elements[scope].kind == "adHocSubProcess":
            # Nothing joins there (the support matrix sees to it), so that nothing can get stuck.
            level.begin_anywhere()
            _unreached(level, level.reachable(), faults)
        elif level.starts:
            _note(level, scope or process.id, faults)


def _note(level: Level, where: str, faults: Faults) -> None:
    reached = level.reachable()
    _unreached(level, reached, faults)
    found = level.play()
    for name, path in found.stuck.items():
        label = level.elements[name].label
        faults.add("deadlock", name, f"“{label}”可能永远等下去：并非每条进线都会有令牌到达。",
                   f"“{label}” can wait for ever: a flow into it may never be taken.",
                   "汇合要与分支对应：排他分支用排他网关汇合，并行分支用并行网关汇合。",
                   "Join as you split: exclusive with exclusive, parallel with parallel.", path=path)  # fmt: skip
    for name, path in found.twice.items():
        label = level.elements[name].label
        faults.add("runs-twice", name, f"“{label}”可能同时到达两次，其后会执行两遍。",
                   f"“{label}” can be reached twice at a time; what follows then runs twice.",
                   "如非本意，请先用并行或包容网关汇合。", "If it is not meant, join with a parallel or inclusive gateway.",
                   severity="warning", path=path)  # fmt: skip
    if not found.decided:
        faults.add("soundness-undecided", where, "可能的状态太多，未能全部检查。", "more states are possible than can be looked at.",
                   "请把并行的部分移入子流程。", "Move parallel parts into sub-processes.",
                   severity="warning")  # fmt: skip
        return
    if found.livelock is not None:
        faults.add("no-way-to-the-end", where, "有一处走进去就到不了结束。",
                   "there is a place from which the end cannot be reached.",
                   "请从循环中画一条通向结束的出路。", "Draw a way out of the loop to an end.",
                   path=found.livelock)  # fmt: skip
    if not found.twice and not found.stuck:
        for name in reached - found.fired:
            element = level.elements[name]
            faults.add("never-runs", name, f"“{element.label}”永远不会执行。", f"“{element.label}” can never run.",
                       "请检查它前面的网关。", "Look at the gateways before it.", line=element.line)  # fmt: skip


def _unreached(level: Level, reached: set[str], faults: Faults) -> None:
    for element in level.elements.values():
        if element.id not in reached:
            faults.add("unreachable", element.id, f"“{element.label}”永远到不了。",
                       f"“{element.label}” can never be reached.",
                       "请连上它或删除它。", "Connect it or delete it.", line=element.line)  # fmt: skip


def waits_for_ever(process: Process, place: str | None, at: Iterable[tuple[str, str | None]]) -> tuple[str, ...] | None:
    """Elements of a level at which a token may wait for ever, if tokens are where they are said to be.

    Args:
        place: the sub-process whose inside it is; None: the process.
        at: where tokens are: element, and the flow each came by, where that matters.

    Returns:
        None: too many states are possible, not all were looked at.
    """
    level = Level(process, [e for e in process.scopes.get(place, ()) if not e.by_event])
    first = frozenset(flow for element, via in at for flow in level.marked(element, via))
    found = level.play(first=first)
    return tuple(found.stuck) if found.stuck or found.decided else None
