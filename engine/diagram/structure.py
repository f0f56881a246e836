"""How a process must be drawn, whatever it is about: starts, ends, names, conditions."""

from __future__ import annotations

from engine.diagram.construct import Row, waits
from engine.diagram.faults import Faults
from engine.diagram.model import GATEWAYS, Element, Process
from engine.diagram.wording import is_hurried

_BOXES = ("subProcess", "transaction", "adHocSubProcess")
_ASKING = ("exclusiveGateway", "inclusiveGateway")


def note_structure(process: Process, rows: dict[str, Row], faults: Faults) -> None:
    """Note what is missing or unclear in the drawing."""
    for scope, inside in process.scopes.items():
        _starts(process, scope, inside, rows, faults)
    for box in (e for e in process.elements.values() if e.kind in _BOXES and e.id not in process.scopes):
        faults.add("sub-process-empty", box.id, f"子流程“{box.label}”是空的。",
                   f"the sub-process “{box.label}” is empty.",
                   "请画出其中的步骤，或改为任务。", "Draw its steps, or make it a task.", line=box.line)  # fmt: skip
    _lanes(process, faults)
    _restless(process, faults)
    for element in process.elements.values():
        if element.kind in GATEWAYS:
            _gateway(element, process, faults)
        if element.kind == "userTask":
            _user_task(element, faults)
        if element.timer is not None and element.timer.kind == "timeCycle" and is_hurried(element.timer.text):
            faults.add("timer-hurried", element.id, f"“{element.label}”每分钟不止一次，而且没有终点。",
                       f"“{element.label}” comes more than once a minute, without end.",
                       "请写明次数（如 R10/PT30S），或至少间隔一分钟。", "Say how many times (R10/PT30S), or leave a minute between.",
                       severity="warning", line=element.line)  # fmt: skip
        if element.kind == "boundaryEvent" and not element.outgoing and element.trigger != "compensation":
            faults.add("boundary-leads-nowhere", element.id, f"边界事件“{element.label}”没有通向任何步骤：发生后什么也不做。",
                       f"the boundary event “{element.label}” leads nowhere: nothing is done when it happens.",
                       "请连到下一步，或删除它。", "Lead it to the next step, or delete it.", severity="warning", line=element.line)  # fmt: skip


def _starts(
    process: Process, scope: str | None, inside: tuple[Element, ...], rows: dict[str, Row], faults: Faults
) -> None:
    where = scope or process.id
    starts = [e for e in inside if e.kind == "startEvent"]
    if scope is not None and process.elements[scope].kind == "adHocSubProcess":
        return
    if not starts:
        faults.add("start-missing", where, "没有开始事件。", "there is no start event.",
                   "请画一个开始事件并连到第一个步骤。", "Draw one and lead it to the first step.")  # fmt: skip
    if len(starts) > 1:
        row = rows["start-several"]
        faults.add(row.id, where, f"{row.zh}。{row.how_zh}", f"{row.en}. {row.how_en}", row.remedy_zh, row.remedy_en,
                   elements=tuple(s.id for s in starts))  # fmt: skip
    if starts and not any(e.kind == "endEvent" for e in inside):
        faults.add("end-missing", where, "没有结束事件。", "there is no end event.",
                   "请在最后一步之后画结束事件。", "Draw one behind the last step.")  # fmt: skip
    for start in starts:
        if not start.outgoing:
            faults.add("start-leads-nowhere", start.id, f"“{start.label}”没有通向任何步骤。",
                       f"“{start.label}” leads nowhere.", "请连到第一个步骤。", "Lead it to the first step.",
                       line=start.line)  # fmt: skip


def _lanes(process: Process, faults: Faults) -> None:
    drawn = {name for lane in process.lanes for name in lane.elements}
    for name in sorted(drawn - process.elements.keys() - {""}):
        faults.add("lane-nowhere", name, f"泳道列出了不存在的元素“{name}”。",
                   f"a lane lists “{name}”, which this process does not hold.",
                   "请用流程图编辑器重新保存。", "Save it again in the diagram editor.")  # fmt: skip
    for element in process.scopes[None] if process.lanes else ():
        if element.id not in drawn:
            faults.add("not-in-a-lane", element.id, f"“{element.label}”不在任何泳道中。",
                       f"“{element.label}” is in no lane.", "请拖入泳道。", "Drag it into one.",
                       severity="warning", line=element.line)  # fmt: skip


def _restless(process: Process, faults: Faults) -> None:
    """A loop in which nothing waits turns until the limit on steps is reached, unless its own steps end it."""
    after = {
        e.id: [t for f in e.outgoing if not waits(process.elements[t := process.flows[f].target])]
        for e in process.elements.values()
        if not waits(e)
    }
    for name in sorted(after):
        seen, todo = set[str](), list(after[name])
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo += after[here]
        if name in seen and process.elements[name].kind in GATEWAYS:
            element = process.elements[name]
            faults.add("loop-without-waiting", name, f"经过“{element.label}”的循环中没有等待的步骤。",
                       f"nothing waits in the loop through “{element.label}”.",
                       "请确认循环中的步骤会使条件改变，否则案件会停在异常。",
                       "See that its steps change what the gateway asks; else the case stops with an incident.",
                       severity="warning", line=element.line)  # fmt: skip


def _gateway(gateway: Element, process: Process, faults: Faults) -> None:
    if not gateway.outgoing:
        faults.add("gateway-leads-nowhere", gateway.id, f"网关“{gateway.label}”没有出线。",
                   f"the gateway “{gateway.label}” leads nowhere.", "请连到下一步。", "Lead it to the next step.",
                   line=gateway.line)  # fmt: skip
    if gateway.kind not in _ASKING or len(gateway.outgoing) < 2:
        return
    if not gateway.name.rstrip().endswith(("?", "？")):
        faults.add("gateway-no-question", gateway.id, "这个网关没有写成问句。", "this gateway is not named as a question.",
                   "请命名为问句，例如“客户接受吗？”。", "Name it as one, for instance “Does the customer accept?”.",
                   severity="warning", line=gateway.line)  # fmt: skip
    flows = [process.flows[f] for f in gateway.outgoing]
    for flow in flows:
        if not flow.condition and flow.id != gateway.default_flow:
            faults.add("flow-without-condition", flow.id,
                       f"从网关“{gateway.label}”到“{process.elements[flow.target].label}”的连线没有条件，也不是默认流。",
                       f"the flow from “{gateway.label}” to “{process.elements[flow.target].label}” has no condition "
                       "and is not the default.",
                       "请填写条件，或把它设为默认流。", "Give it a condition or make it the default flow.",
                       line=flow.line)  # fmt: skip
        elif flow.condition and flow.id == gateway.default_flow:
            faults.add("default-with-condition", flow.id, "默认流的条件不会被判断。",
                       "the condition of a default flow is never asked.",
                       "请删除条件。", "Remove the condition.", severity="warning", line=flow.line)  # fmt: skip
    if gateway.default_flow is None and not any(f.condition == "=true" for f in flows):
        faults.add("gateway-without-default", gateway.id, f"网关“{gateway.label}”没有默认流：条件都不成立时案件会停下。",
                   f"the gateway “{gateway.label}” has no default flow: when no condition holds the case stops "
                   "with an incident.",
                   "请指定默认流。", "Choose a default flow.", severity="warning", line=gateway.line)  # fmt: skip


def _user_task(task: Element, faults: Faults) -> None:
    settings = task.zeebe
    if not settings.form:
        faults.add("task-without-form", task.id, f"用户任务“{task.label}”没有表单。",
                   f"the user task “{task.label}” has no form.",
                   "请在属性中选择表单。", "Choose one in its properties.", line=task.line)  # fmt: skip
    if not (settings.groups or settings.users or settings.assignee):
        faults.add("task-without-people", task.id, f"用户任务“{task.label}”没有指明由谁办理。",
                   f"the user task “{task.label}” does not say who does it.",
                   "请填写候选角色或办理人。", "Fill in candidate groups or an assignee.", line=task.line)  # fmt: skip
    if not task.name:
        faults.add("task-without-name", task.id, "这个用户任务没有名称。", "this user task has no name.",
                   "请命名，待办中会显示。", "Name it: the worklist shows the name.", line=task.line)  # fmt: skip
