"""Whether a case can go on under another release: everything it stands on must be drawn there, and fit.

A token stays where it stands. So the element must be there, of the same kind, in the same place, with the
same repetition, the same call and the same inputs; a branch that waits for others must still be awaited at the same
join, and what it waits for must still be able to come. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.diagram import Element, Loop, Process, waits_for_ever
from engine.diagram.faults import Faults
from engine.run import listening, plan

if TYPE_CHECKING:
    from engine.findings import Finding
    from engine.release import Release
    from engine.run.motion import Motion
    from engine.run.tokens import Scope, Token

_JOINS = ("parallelGateway", "inclusiveGateway")
#: What to do about every element that does not fit.
_REMEDY = (
    "请等案件离开这一步再迁移，或在新版本中保留它。",
    "Move the case when it has left this step, or keep the step in the new release.",
)


def bars(motion: Motion, release: Release) -> tuple[Finding, ...]:
    """What keeps a case from going on under a release; empty: nothing."""
    found: list[Finding] = []
    processes = {id: process for id, (_, process) in release.processes.items()}
    for scope in motion.main.all_scopes():
        found += _of_scope(motion, scope, processes)
    found += _of_policy(motion, release)
    return tuple(found)


def _of_scope(motion: Motion, scope: Scope, processes: Mapping[str, Process]) -> list[Finding]:
    old, new = scope.process, processes.get(scope.process.id)
    faults = Faults(motion.own_release.processes[old.id][0].file)
    if new is None:
        faults.add("move-process-gone", old.id, f"案件正在流程“{old.name or old.id}”中，新版本没有这个流程。",
                   f"the case is in the process “{old.name or old.id}”, which the new release does not have.",
                   "请在新版本中保留它，或等案件离开。", "Keep it in the new release, or wait until the case has left it.")  # fmt: skip
        return faults.findings
    for token in scope.tokens:
        said = _why_not(motion, token, new, processes)
        if said is not None:
            code, zh, en = said
            label = token.element.label
            faults.add(code, token.element.id, f"“{label}”{zh}", f"“{label}” {en}", *_REMEDY)
    if not faults.findings:
        _note_starved(scope, new, faults)
    return faults.findings


_Said = tuple[str, str, str]


def _why_not(motion: Motion, token: Token, new: Process, processes: Mapping[str, Process]) -> _Said | None:
    """What is wrong with where a token stands, in both languages."""
    was, now = token.element, new.elements.get(token.element.id)
    if now is None:
        return "move-element-gone", "在新版本中不存在。", "is not drawn in the new release."
    if (was.kind, was.trigger) != (now.kind, now.trigger):
        return "move-other-kind", "在新版本中是另一种元素。", "is another kind of element in the new release."
    if was.parent != now.parent:
        return "move-elsewhere", "在新版本中画在另一个子流程里。", "is drawn in another sub-process in the new release."
    if _shape(was.zeebe.loop) != _shape(now.zeebe.loop):
        return "move-other-repetition", "在新版本中的重复方式不同。", "is repeated otherwise in the new release."
    if token.mapped and was.zeebe.inputs != now.zeebe.inputs:
        return "move-other-inputs", "已按旧的输入映射开始，新版本的输入不同。", "began with its old inputs; the new release gives it others."
    return (
        _call(motion, token, now, processes)
        or _chosen(token, now, new)
        or _errand(motion, token, now)
        or _way(token, now, new)
    )


def _shape(loop: Loop | None) -> Loop | None:
    """What of a repetition is settled when it begins; its conditions are asked anew each time."""
    return replace(loop, until="", again="", most=None, asked_first=False) if loop else None


def _call(motion: Motion, token: Token, now: Element, processes: Mapping[str, Process]) -> _Said | None:
    inside = motion.main.inside(token)
    if token.element.kind != "callActivity" or inside is None:
        return None
    was = token.element.zeebe
    if (was.called_process, was.propagate_parent) != (now.zeebe.called_process, now.zeebe.propagate_parent):
        return "move-other-call", "在新版本中调用另一个流程，或以另一种方式调用。", "calls another process in the new release, or calls it otherwise."
    return None


def _chosen(token: Token, now: Element, new: Process) -> _Said | None:
    was, is_ = token.element.zeebe.ad_hoc, now.zeebe.ad_hoc
    if was is None or is_ is None:
        return None
    if was.sequential != is_.sequential:
        return "move-other-repetition", "在新版本中的先后方式不同。", "goes from step to step otherwise in the new release."
    if not {*(token.rest or ())} <= {e.id for e in plan.choices(new, now.id)}:
        return "move-element-gone", "中已选的后续步骤在新版本中不存在。", "has chosen steps that the new release does not have."
    return None


def _errand(motion: Motion, token: Token, now: Element) -> _Said | None:
    """An errand that is under way was ordered by the old drawing: what it is must be the same."""
    was = token.element.zeebe
    phase = token.phase if token.phase in listening.PHASES else None
    if phase is not None and was.listeners != now.zeebe.listeners:
        return "move-other-errand", "正在等待监听事务，新版本的监听不同。", "waits for a listener that is another one in the new release."
    held = token.name if token.name in motion.errands else None
    if held is not None and (was.job, was.headers) != (now.zeebe.job, now.zeebe.headers):
        return "move-other-errand", "的事务正在办理，新版本要办的是另一件。", "has an errand under way that is another one in the new release."
    return None


def _way(token: Token, now: Element, new: Process) -> _Said | None:
    if token.element.kind in _JOINS and len(token.element.incoming) > 1 and token.via not in now.incoming:
        return (
            "move-flow-gone", "已有分支到达，但它来的那条连线在新版本中不再通向这里。",
            "holds a branch whose flow does not lead there in the new release.",
        )  # fmt: skip
    if token.begun_by is not None:
        was, is_ = token.process.elements[token.begun_by], new.elements.get(token.begun_by)
        if is_ is None or (is_.trigger, is_.parent) != (was.trigger, was.parent):
            return "move-element-gone", "的开始事件在新版本中不存在或已改变。", "was begun by an event that is gone, or another, in the new release."
    return None


def _note_starved(scope: Scope, new: Process, faults: Faults) -> None:
    """A drawing that is sound from its start may not be so from here: a join may wait for a branch that never began."""
    owner = scope.owner
    if owner is not None and owner.element.kind == "adHocSubProcess":
        return
    if _drawn_alike(plan.Same(scope.process), plan.Same(new), scope.place):
        return
    tokens = [t for t in scope.tokens if t.body is None and not t.element.by_event]
    at = frozenset((t.element.id, t.via if t.element.kind in _JOINS else None) for t in tokens)
    stuck = _stuck(plan.Same(new), scope.place, at)
    if stuck is None:
        faults.add("move-undecided", scope.place or new.id, "从案件现在的位置起，可能的状态太多，无法判断能否办结。",
                   "from where the case stands there are too many states to tell whether it can come to its end.", *_REMEDY)  # fmt: skip
    for id in stuck or ():
        label = new.elements[id].label
        faults.add("move-starves", id, f"迁移后“{label}”可能永远等下去：它等的分支在这个案件中从未开始，或不会再来。",
                   f"after the move “{label}” could wait for ever: a branch it waits for never began in this case.",
                   "请等案件走过这一处再迁移。", "Move the case when it has passed there.")  # fmt: skip


@lru_cache(maxsize=512)
def _drawn_alike(one: plan.Same, other: plan.Same, place: str | None) -> bool:
    return _drawn(one.process, place) == _drawn(other.process, place)


def _drawn(process: Process, place: str | None) -> tuple[frozenset[object], frozenset[object]]:
    """Where the ways of a level lead, whatever is written on them."""
    inside = process.scopes.get(place, ())
    elements = {(e.id, e.kind, e.trigger, e.attached_to, e.interrupting, e.link) for e in inside}
    flows = {(f, process.flows[f].source, process.flows[f].target) for e in inside for f in e.outgoing}
    return frozenset(elements), frozenset(flows)


@lru_cache(maxsize=512)
def _stuck(process: plan.Same, place: str | None, at: frozenset[tuple[str, str | None]]) -> tuple[str, ...] | None:
    return waits_for_ever(process.process, place, sorted(at, key=str))


def _of_policy(motion: Motion, release: Release) -> Iterator[Finding]:
    """What a case has and a release must know."""
    faults = Faults("pack.yaml")
    own, process = motion.own_release.policy, motion.facts.get("process")
    if process == own.process != release.policy.process:
        faults.add("move-other-process", "process", f"案件按流程“{process}”办理，新版本的主流程是“{release.policy.process}”。",
                   f"the case runs the process “{process}”; that of the new release is “{release.policy.process}”.",
                   "请保留主流程的编号，或让案件在原版本办结。", "Keep the id of the main process, or let the case end on its release.")  # fmt: skip
    if motion.facts.get("flow") != release.policy.flow:
        faults.add("move-other-flow", "flow", f"案件属于“{motion.facts.get('flow')}”，新版本改成了“{release.policy.flow}”。",
                   f"the case is of the flow “{motion.facts.get('flow')}”; that of the new release is “{release.policy.flow}”.",
                   "请保留 flow，或让案件在原版本办结。", "Keep the flow, or let the case end on its release.")  # fmt: skip
    status = motion.facts.get("status")
    if status and status in motion.own_release.policy.statuses and status not in release.policy.statuses:
        faults.add("move-status-gone", "statuses", f"案件的状态“{status}”在新版本中不存在。",
                   f"the case has the status “{status}”, which the new release does not have.",
                   "请在新版本中保留这个状态。", "Keep the status in the new release.")  # fmt: skip
    for role in sorted(_kept_roles(motion, release) & set(motion.own_release.policy.roles) - set(release.policy.roles)):
        faults.add("move-role-gone", "roles", f"有待办任务交给角色“{role}”，新版本没有这个角色。",
                   f"an open task is for the role “{role}”, which the new release does not have.",
                   "请在新版本中保留这个角色。", "Keep the role in the new release.")  # fmt: skip
    yield from faults.findings


def _kept_roles(motion: Motion, release: Release) -> set[str]:
    """Roles of open tasks that the new drawing does not give to others."""
    found: set[str] = set()
    for task in motion.tasks.values():
        was = motion.own_release.processes[task.process][1].elements[task.element]
        drawn = release.processes.get(task.process)
        now = drawn[1].elements.get(task.element) if drawn else None
        if now is not None and now.zeebe.groups == was.zeebe.groups:
            found |= {group.rpartition("/")[2] for group in task.groups}
    return found
