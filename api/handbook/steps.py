"""Who does what: every element of the diagrams that is more than a line or a dot."""

from __future__ import annotations

from collections.abc import Iterator

from api.handbook.markdown import both, code, plain, table
from engine.diagram import Element, Process
from engine.release import Release

_KINDS = {
    "userTask": "任务 task", "serviceTask": "差事 errand", "sendTask": "发送 sending", "receiveTask": "等待来件 waits",
    "businessRuleTask": "决策 decision", "scriptTask": "计算 computation", "callActivity": "子流程 sub-process",
    "subProcess": "子流程 sub-process", "transaction": "事务 transaction",
    "adHocSubProcess": "自由选择 at will", "manualTask": "手工 by hand", "task": "步骤 step",
}  # fmt: skip
_EVENTS = {"startEvent": "开始 start", "endEvent": "结束 end", "boundaryEvent": "边界 on", "intermediateCatchEvent": "等待 waits",
           "intermediateThrowEvent": "经过 passes"}  # fmt: skip
_QUESTIONS = ("exclusiveGateway", "inclusiveGateway", "complexGateway")


def steps(release: Release) -> Iterator[str]:
    """A table for each process: its steps, and the conditions at its questions."""
    yield "## 步骤 Steps"
    yield ""
    main = release.policy.process
    for name in sorted(release.processes, key=lambda p: (p != main, release.processes[p][0].file, p)):
        process = release.process(name)[1]
        yield f"### {both(release.written(process.name or name))} {code(name)}"
        yield ""
        yield from table(
            ("步骤 Step", "编号 Id", "种类 Kind", "谁 Who", "用什么 With", "时限 Limit", "说明 Note"),
            [
                _row(release, name, e)
                for e in process.elements.values()
                if e.kind in _KINDS or (e.kind in _EVENTS and _says(e))
            ],
        )
        yield from table(("问题 Question", "走向 Way", "条件 Condition"), _ways(release, process))


def _says(event: Element) -> bool:
    return event.trigger is not None or bool(event.zeebe.properties)


def _row(release: Release, process: str, e: Element) -> tuple[str, ...]:
    noted = e.zeebe.properties
    kind = _KINDS.get(e.kind) or _EVENTS[e.kind]
    kind += f" {e.attached_to}" if e.attached_to else ""
    kind += " (不中断 runs on)" if not e.interrupting else ""
    if (loop := e.zeebe.loop) is not None:
        kind += " (循环 loop)" if loop.standard else " (逐个 one by one)" if loop.sequential else " (各办 each)"
    limit = " ".join(noted[key] for key in ("limit", "limit-variant") if key in noted)
    more = [f"{label} {code(noted[key])}" for key, label in (
        ("four-eyes", "四眼 four eyes"), ("milestone", "里程碑 milestone"), ("status", "状态 status"),
    ) if key in noted]  # fmt: skip
    return (
        both(release.title(process, e.id)), code(e.id), kind, _who(release, e), _with(e),
        code(limit or (e.timer.text if e.timer else "")), "；".join(more),
    )  # fmt: skip


def _who(release: Release, e: Element) -> str:
    if e.zeebe.assignee or e.zeebe.users:
        return code(e.zeebe.assignee or e.zeebe.users or "")
    groups = e.zeebe.groups or ""
    if groups.startswith("="):
        return code(groups)
    known = release.policy.roles
    named = [g.strip() for g in groups.split(",") if g.strip()]
    return "、".join(both(known[g]) if g in known else code(g) for g in named) or plain(
        e.lane if e.kind == "userTask" else ""
    )


def _with(e: Element) -> str:
    z = e.zeebe
    for said in (
        z.form,
        z.decision,
        z.job,
        z.called_process,
        z.script,
        e.message,
        e.signal,
        e.error,
        e.escalation,
        e.condition,
    ):
        if said:
            return code(said)
    return ""


def _ways(release: Release, process: Process) -> Iterator[tuple[str, ...]]:
    for e in process.elements.values():
        if e.kind not in _QUESTIONS or len(e.outgoing) < 2:
            continue
        for flow in (process.flows[f] for f in e.outgoing):
            otherwise = "其余 otherwise" if flow.id == e.default_flow else ""
            yield (
                both(release.title(process.id, e.id)),
                both(release.written(flow.name)) if flow.name else plain(flow.target),
                code(flow.condition.removeprefix("=").strip()) if flow.condition else otherwise,
            )
