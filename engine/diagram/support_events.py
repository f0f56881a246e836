"""The support matrix, second half: start, intermediate, boundary and end events."""

from __future__ import annotations

from engine.diagram.construct import Row, Where, executed, refused, waits
from engine.diagram.model import SCOPES, Element, Process

_CATCHES = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"})


def _event(kind: str, *triggers: str | None) -> Where:
    return lambda e, p: e.kind == kind and e.trigger in triggers and not e.oddities


def _is_event(e: Element) -> bool:
    return e.kind.endswith("Event")


def _host(e: Element, p: Process) -> Element:
    return p.elements[e.attached_to or ""]


def _start_inside(e: Element, p: Process) -> bool:
    return e.kind == "startEvent" and e.parent is not None and not p.elements[e.parent].by_event


def _unnamed(e: Element, p: Process) -> bool:
    """An event that waits for something or throws it, without saying what."""
    named = {"message": e.message, "signal": e.signal, "link": e.link, "escalation": e.escalation}
    if "" in (e.error, e.escalation):
        return True  # a code is what they are known by
    if e.trigger == "message" and e.kind not in _CATCHES:
        return False  # an errand says what is sent
    if e.trigger == "escalation" and e.kind == "boundaryEvent":
        return False  # catches any
    if e.trigger == "error":
        return e.kind == "endEvent" and e.error is None
    return e.trigger in named and not named[e.trigger]


def _link_alone(e: Element, p: Process) -> bool:
    if e.trigger != "link" or e.kind not in ("intermediateThrowEvent", "intermediateCatchEvent"):
        return False
    others = [o for o in p.scopes[e.parent] if o.trigger == "link" and o.link == e.link]
    landings = sum(o.kind == "intermediateCatchEvent" for o in others)
    if e.incoming if e.kind == "intermediateCatchEvent" else e.outgoing:
        return True
    return landings != 1 or (e.kind == "intermediateCatchEvent" and len(others) < 2)


def _restless(e: Element, p: Process) -> bool:
    if e.kind != "boundaryEvent" or e.trigger != "conditional" or _host(e, p).kind not in SCOPES:
        return False
    return not any(waits(o) and any(s.id == e.attached_to for s in p.around(o)) for o in p.elements.values())


def _to_nobody(e: Element, p: Process) -> bool:
    throws = e.kind == "sendTask" or (e.trigger == "message" and e.kind in ("intermediateThrowEvent", "endEvent"))
    caught = any(o.message == e.message and o.kind in (*_CATCHES, "receiveTask") for o in p.elements.values())
    return throws and not e.zeebe.job and not (e.message and caught)


def _beside(e: Element, p: Process) -> list[Element]:
    """Events of which one may happen instead of this: on the same activity, in the same scope, behind the same gateway."""
    if e.kind == "boundaryEvent":
        return list(p.boundaries.get(e.attached_to or "", ()))
    if e.kind == "startEvent" and e.parent is not None:
        place = p.elements[e.parent].parent
        return [o for o in p.elements.values() if o.kind == "startEvent" and o.parent is not None
                and p.elements[o.parent].by_event and p.elements[o.parent].parent == place]  # fmt: skip
    before = [p.elements[p.flows[f].source] for f in e.incoming]
    ways = [f for o in before if o.kind == "eventBasedGateway" for f in o.outgoing]
    return [p.elements[p.flows[f].target] for f in ways]


def _waits_for(e: Element) -> tuple[str | None, ...]:
    return e.trigger or e.kind, e.message, e.zeebe.correlation, e.signal, e.error, e.escalation


def _caught_twice(e: Element, p: Process) -> bool:
    """Whether another waits for the same, so that which of them happens would be decided by the order of the file."""
    if e.trigger not in ("message", "signal", "error", "escalation") and e.kind != "receiveTask":
        return False
    one = e.trigger in ("error", "escalation") or e.kind in ("intermediateCatchEvent", "receiveTask")
    same = [o for o in _beside(e, p) if _waits_for(o) == _waits_for(e)]
    return len(same) > 1 and same[0].id != e.id and (one or any(o.interrupting for o in same))


_MULTIPLE_REMEDY = ("请为每个触发各画一个事件。", "Draw one event for each.")

_STARTS = (
    executed("start-none", "events", "普通开始事件", "None start event", "开案时开始。",
             "Starts when the case is opened.",
             where=lambda e, p: e.kind == "startEvent" and e.trigger is None and not e.oddities),
    executed("start-triggered", "events", "消息、定时开始事件", "Message or timer start event",
             "由开案触发：登记消息，或计划任务开案。",
             "Opening the case triggers it: someone enters the message, or the schedule opens the case.",
             where=lambda e, p: e.kind == "startEvent" and e.parent is None and e.trigger in ("message", "timer")),
    executed("start-of-event-sub-process", "events", "事件子流程的开始事件", "Start event of an event sub-process",
             "随事件子流程。", "As the event sub-process.", where=lambda e, p: e.kind == "startEvent"
             and e.parent is not None and p.elements[e.parent].by_event and not e.oddities),
    refused("handler-of-errors-passing", "events", "不中断的错误开始事件", "Error start event that does not interrupt",
            "错误总是中断。", "An error always interrupts.", "请改为中断，或用升级事件。",
            "Let it interrupt, or use an escalation.",
            where=lambda e, p: e.kind == "startEvent" and e.trigger == "error" and not e.interrupting),
    refused("start-other", "events", "信号、条件、多重等开始事件", "Signal, conditional or multiple start event",
            "案件由人、消息或时间启动。", "A case is opened by a person, a message or time.",
            "请改为普通、消息或定时开始事件。", "Use a plain, message or timer start event.",
            where=lambda e, p: e.kind == "startEvent" and not (e.parent and p.elements[e.parent].by_event)
            and e.trigger not in (None, "message", "timer")),
    refused("start-inside", "events", "子流程内带触发的开始事件", "Start event with a trigger inside a sub-process",
            "子流程在到达时开始。", "A sub-process starts when it is reached.", "请改为普通开始事件。",
            "Use a plain start event.", where=lambda e, p: _start_inside(e, p) and e.trigger is not None),
    refused("start-several", "events", "几个开始事件", "Several start events", "无法确定从哪里开始。",
            "Where to start is not certain.", "请保留一个，其后以网关区分。",
            "Keep one and draw a gateway behind it.", where=None, decided_by="structure"),
)  # fmt: skip

_INTERMEDIATE = (
    executed("catch-timer", "events", "定时捕获（时刻、时长）", "Timer catch event (date, duration)", "到时通过。",
             "Passes when it is due.", where=lambda e, p: _event("intermediateCatchEvent", "timer")(e, p)
             and e.timer is not None and e.timer.kind != "timeCycle"),
    executed("catch-message", "events", "消息、信号捕获", "Message or signal catch event", "收到时通过。",
             "Passes when it arrives.", where=_event("intermediateCatchEvent", "message", "signal")),
    executed("conditional-event", "events", "条件捕获、边界、事件子流程开始",
             "Conditional catch, boundary or event sub-process start",
             "案件停下等待时判断；条件由假变真时发生。",
             "Asked whenever the case comes to rest; happens when the condition has become true.",
             where=lambda e, p: e.trigger == "conditional" and e.kind in ("intermediateCatchEvent", "boundaryEvent")
             and bool(e.condition) and not e.oddities),
    executed("throw-none", "events", "普通中间事件", "None intermediate event", "立即通过，可记里程碑和状态。",
             "Passed at once; can be a milestone or a status.", where=_event("intermediateThrowEvent", None)),
    executed("throw-signal", "events", "信号、升级抛出", "Signal or escalation throw event", "案件内的捕获者收到。",
             "What waits for it inside the case receives it.",
             where=_event("intermediateThrowEvent", "signal", "escalation")),
    executed("signal-between-cases", "events", "案件之间的信号（属性 reach = pack）",
             "Signal between cases (property reach = pack)",
             "发出时正在等待的本制度包在办案件各收到一次，按发出时刻；不带个人信息；保密案件不收不发。信号不开案。",
             "Every open case of the pack that waits when it is thrown hears it once, as of that moment, without what is about "
             "persons; sealed cases neither send nor hear. No case is opened by it.", where=None),
    executed("throw-message", "events", "消息抛出", "Message throw event",
             "按事务名交办；或把消息送给案件内的等待者。",
             "An errand by name; or a message to what waits for it inside the case.",
             where=_event("intermediateThrowEvent", "message")),
    executed("links", "events", "链接事件", "Link events", "从抛出处到同名的捕获处。",
             "From the throw event to the catch event of the same name.",
             where=lambda e, p: e.trigger == "link" and e.kind.startswith("intermediate") and not e.oddities),
    refused("link-alone", "events", "没有成对的链接，或链接之间另有连线",
            "Link without its other half, or with a flow where the link leads", "不知通向何处。",
            "Where it leads is not certain.", "每个链接名画一个没有进线的捕获事件和至少一个没有出线的抛出事件。",
            "For each link name draw one catch event without a flow into it, and throw events without a flow out.", where=_link_alone),
    refused("timer-cycle-catch", "events", "循环定时捕获", "Timer catch event with a cycle", "会多次通过。",
            "It would pass several times.", "请改为时刻或时长。", "Use a date or a duration.",
            where=lambda e, p: e.kind == "intermediateCatchEvent" and e.timer is not None
            and e.timer.kind == "timeCycle"),
    refused("timer-empty", "events", "没有时间的定时事件", "Timer event without a time", "永远不会发生。",
            "It would never happen.", "请填写一个时刻、时长或循环。", "Fill in one date, duration or cycle.",
            where=lambda e, p: e.trigger == "timer" and (e.timer is None or not e.timer.text
            or "twoTimes" in e.oddities)),
    refused("event-unnamed", "events", "没有指明消息、信号、错误或升级的事件",
            "Event that does not say which message, signal, error or escalation", "不知等待或抛出什么。",
            "What it waits for or throws is not said.", "请选择。", "Choose it.", where=_unnamed),
    refused("throw-to-nobody", "events", "没有事务名、案件内也无人等待的消息",
            "Message thrown without an errand, for which nothing in the process waits",
            "它不会送到任何人。", "It would reach nobody.", "请填写 Task definition · Type，或画出等待它的事件。",
            "Fill in Task definition · Type, or draw the event that waits for it.", where=_to_nobody),
    refused("caught-twice", "events", "在同一处等待同一件事的两个事件", "Two events in one place that wait for the same",
            "哪一个会发生，要看文件中的次序。", "Which of them happens would depend on the order of the file.",
            "请只保留一个，其后用网关区分。", "Keep one, and draw a gateway behind it.", where=_caught_twice),
    refused("condition-empty", "events", "没有条件的条件事件", "Conditional event without a condition",
            "永远不会发生。", "It would never happen.", "请填写条件。", "Fill in the condition.",
            where=lambda e, p: e.trigger == "conditional" and not e.condition),
    refused("compensation-event", "events", "补偿、取消事件", "Compensation or cancel event", "不执行。",
            "It is not executed.", "请画出纠正的步骤，或用错误事件。",
            "Draw the corrective steps, or use an error event.",
            where=lambda e, p: e.trigger in ("compensation", "cancel")),
    refused("multiple-event", "events", "多重事件", "Event with several triggers", "不执行。", "It is not executed.",
            *_MULTIPLE_REMEDY, where=lambda e, p: e.trigger == "multiple" or "parallelMultiple" in e.oddities),
    refused("event-reference", "events", "引用共享的事件定义（eventDefinitionRef）",
            "Reference to a shared event definition (eventDefinitionRef)", "会被当作普通事件。",
            "It would be taken for a plain event.", "请直接在事件上设置。", "Set it on the event itself.",
            where=lambda e, p: "eventDefinitionRef" in e.oddities),
    refused("event-place", "events", "位置不对的事件", "Event in a place where it cannot be",
            "BPMN 不允许它在这里。", "BPMN does not allow it there.", "请换一种事件。", "Choose another event.",
            where=lambda e, p: (e.kind == "intermediateThrowEvent" and e.trigger in ("timer", "error", "terminate", "conditional"))
            or (e.kind == "intermediateCatchEvent" and e.trigger in (None, "error", "escalation", "terminate"))
            or (e.trigger == "link" and not e.kind.startswith("intermediate"))),
)  # fmt: skip

_BOUNDARIES = (
    executed("boundary-timer", "boundary events", "定时边界事件（可中断或不中断；不中断可循环）",
             "Timer boundary event (interrupting or not; a cycle when not)", "按到期时刻发生。",
             "Happens as of the moment it is due.", where=_event("boundaryEvent", "timer")),
    executed("boundary-message", "boundary events", "消息、信号边界事件", "Message or signal boundary event", "", "",
             where=_event("boundaryEvent", "message", "signal")),
    executed("boundary-error", "boundary events", "错误边界事件", "Error boundary event",
             "捕获子流程、被调用流程或事务的错误；不指明代码则全部捕获。",
             "Catches an error of a sub-process, a called process or an errand; without a code, any.",
             where=_event("boundaryEvent", "error")),
    executed("boundary-escalation", "boundary events", "升级边界事件", "Escalation boundary event", "", "",
             where=_event("boundaryEvent", "escalation")),
    refused("boundary-error-passing", "boundary events", "不中断的错误边界事件",
            "Error boundary event that does not interrupt",
            "错误总是中断。", "An error always interrupts.", "请改为中断，或用升级事件。",
            "Let it interrupt, or use an escalation.",
            where=lambda e, p: e.kind == "boundaryEvent" and e.trigger == "error" and not e.interrupting),
    refused("boundary-error-place", "boundary events", "错误边界事件附在不会出错的任务上",
            "Error boundary event on a task that throws none", "这里没有人抛出错误。", "Nothing throws an error there.",
            "请附在子流程、调用活动或服务任务上。", "Attach it to a sub-process, a call activity or a service task.",
            where=lambda e, p: e.kind == "boundaryEvent" and e.trigger == "error"
            and _host(e, p).kind in ("userTask", "receiveTask", "scriptTask")),
    refused("boundary-escalation-place", "boundary events", "升级边界事件附在任务上",
            "Escalation boundary event on a task",
            "任务不抛出升级。", "A task throws no escalation.", "请附在子流程或调用活动上。",
            "Attach it to a sub-process or a call activity.",
            where=lambda e, p: e.kind == "boundaryEvent" and e.trigger == "escalation"
            and _host(e, p).kind not in ("subProcess", "callActivity", "transaction", "adHocSubProcess")),
    refused("boundary-cycle-interrupting", "boundary events", "中断的循环定时边界事件",
            "Interrupting timer boundary event with a cycle", "中断之后不会再发生。",
            "Once interrupted it cannot repeat.",
            "请改为时刻或时长，或改为不中断。", "Use a date or a duration, or let it not interrupt.",
            where=lambda e, p: e.kind == "boundaryEvent" and e.interrupting and e.timer is not None
            and e.timer.kind == "timeCycle"),
    refused("boundary-condition-restless", "boundary events", "条件边界事件，附在从不等待的子流程上",
            "Conditional boundary event on a sub-process that never waits",
            "其中没有等待的步骤，条件不会被判断。", "Nothing inside waits, so the condition would not be asked.",
            "请在子流程前画网关。", "Draw a gateway before the sub-process.", where=_restless),
    refused("boundary-other", "boundary events", "普通、终止或链接边界事件", "Plain, terminate or link boundary event",
            "没有触发。", "Nothing triggers it.", "请选择定时、消息、信号、错误或升级。",
            "Choose timer, message, signal, error or escalation.",
            where=lambda e, p: e.kind == "boundaryEvent" and e.trigger in (None, "terminate", "link")),
)  # fmt: skip

_ENDS = (
    executed("end-none", "events", "普通结束、终止结束事件", "None or terminate end event", "", "",
             where=_event("endEvent", None, "terminate")),
    executed("end-error", "events", "错误、升级结束事件", "Error or escalation end event",
             "由外层的边界事件捕获。", "Caught by a boundary event further out.",
             where=_event("endEvent", "error", "escalation")),
    executed("end-message", "events", "消息、信号结束事件", "Message or signal end event",
             "先交办事务或抛出，再结束。", "The errand or what is thrown first, then the end.",
             where=_event("endEvent", "message", "signal")),
    refused("end-error-uncaught", "events", "无人捕获的错误结束事件", "Error end event that nobody catches",
            "案件会没有结果地停下。", "The case would stop without a result.",
            "请在子流程或调用活动上画错误边界事件，或改为终止结束。",
            "Draw an error boundary event on the sub-process or call activity, or use a terminate end.",
            where=None, decided_by="calls"),
    refused("end-other", "events", "定时、条件、链接结束事件", "Timer, conditional or link end event",
            "BPMN 不允许。", "BPMN does not allow it.", "请换一种结束事件。", "Choose another end event.",
            where=lambda e, p: e.kind == "endEvent" and e.trigger in ("timer", "link", "conditional")),
)  # fmt: skip

ROWS: tuple[Row, ...] = _STARTS + _INTERMEDIATE + _BOUNDARIES + _ENDS
