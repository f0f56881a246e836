"""The support matrix, first half: tasks, gateways, flows, sub-processes, calls, repetition, data."""

from __future__ import annotations

from engine.diagram.construct import Row, Where, executed, refused, rewritten
from engine.diagram.model import SCOPES, TASKS, Element, Process

_PASSING = frozenset({"task", "manualTask"})


def _kind(*kinds: str) -> Where:
    return lambda e, p: e.kind in kinds and not e.oddities


def _odd(oddity: str) -> Where:
    return lambda e, p: oddity in e.oddities


def _conditional(e: Element, p: Process) -> bool:
    return any(p.flows[f].condition is not None for f in e.outgoing)


def _ways(e: Element, p: Process) -> list[Element]:
    return [p.elements[p.flows[f].target] for f in e.outgoing]


def _may_follow_event_gateway(e: Element) -> bool:
    return e.kind == "receiveTask" or (
        e.kind == "intermediateCatchEvent" and e.trigger in ("timer", "message", "signal", "conditional")
    )


def _starts_by_event(e: Element, p: Process) -> bool:
    starts = [s for s in p.scopes.get(e.id, ()) if s.kind == "startEvent"]
    return len(starts) == 1 and starts[0].trigger in (
        "timer", "message", "signal", "conditional", "error", "escalation"
    )  # fmt: skip


def _bad_event_gateway(e: Element, p: Process) -> bool:
    ways = _ways(e, p)
    return e.kind == "eventBasedGateway" and (
        len(ways) < 2 or any(not _may_follow_event_gateway(w) or len(w.incoming) > 1 for w in ways)
    )


_TASKS = (
    executed("user-task", "tasks", "用户任务", "User task", "在待办中等待一个人完成。",
             "Waits in the worklist until a person completes it.", where=_kind("userTask")),
    executed("service-task", "tasks", "服务任务", "Service task",
             "按事务名交办，完成后继续。寄送不出去时试 retries 次（1–20，未写则 8 次），间隔渐长，之后报告异常。",
             "An errand by name; goes on when it is done. What cannot be delivered is tried as often as `retries` says (1 to 20, else 8 times), "
             "later and later, before it is an incident.", where=_kind("serviceTask")),
    executed("business-rule-task", "tasks", "业务规则任务", "Business rule task", "按决策表判定，或按事务名交办。",
             "Asks a decision table, or is an errand by name.", where=_kind("businessRuleTask")),
    executed("script-task", "tasks", "脚本任务（FEEL）", "Script task (FEEL)", "计算一个 FEEL 表达式。",
             "Computes a FEEL expression.", where=_kind("scriptTask")),
    executed("receive-task", "tasks", "接收任务", "Receive task", "等待它的消息。", "Waits for its message.",
             where=_kind("receiveTask")),
    executed("send-task", "tasks", "发送任务", "Send task", "按事务名交办；或把消息送给案件内的等待者。",
             "An errand by name; or a message to what waits for it inside the case.", where=_kind("sendTask")),
    executed("plain-task", "tasks", "未定类型的任务、手工任务", "Task of no type, manual task",
             "只供阅读，流程立即通过。", "For readers only; passed at once.",
             where=lambda e, p: e.kind in _PASSING and not e.oddities),
    refused("passing-task-with-edge", "tasks", "手工任务或未定类型任务上的边界事件或重复",
            "Boundary event or repetition on a manual or untyped task", "它不需要时间，这些永远不会发生。",
            "It takes no time, so these would never happen.", "请改为用户任务。", "Make it a user task.",
            where=lambda e, p: e.kind in _PASSING and (e.id in p.boundaries or e.zeebe.loop is not None)),
    refused("errand-missing", "tasks", "没有事务名的服务任务", "Service task without an errand",
            "没有可做的事。", "There is nothing to do.", "请填写 Task definition · Type。",
            "Fill in Task definition · Type.", where=lambda e, p: e.kind == "serviceTask" and not e.zeebe.job),
    refused("decision-missing", "tasks", "没有决策的业务规则任务", "Business rule task without a decision",
            "没有可判定的内容。", "There is nothing to decide.", "请选择决策和结果变量。",
            "Choose a decision and a result variable.",
            where=lambda e, p: e.kind == "businessRuleTask" and not e.zeebe.job
            and not (e.zeebe.decision and e.zeebe.result)),
    refused("script-language", "tasks", "FEEL 以外的脚本", "Script in another language than FEEL",
            "流程图中的代码不会被执行。", "Code in diagrams is never run.",
            "请改为 FEEL 表达式和结果变量。", "Write a FEEL expression and a result variable.",
            where=lambda e, p: e.kind == "scriptTask" and not e.zeebe.job
            and ("script" in e.oddities or not (e.zeebe.script and e.zeebe.result))),
    refused("receive-without-message", "tasks", "没有消息的接收任务", "Receive task without a message",
            "它会立即通过。", "It would pass at once.", "请选择消息。", "Choose a message.",
            where=lambda e, p: e.kind == "receiveTask" and not e.message),
    refused("receive-instantiates", "tasks", "启动流程的接收任务", "Receive task that starts a process",
            "案件由受理表单启动。", "A case is opened by its intake form.", "请改用开始事件。",
            "Draw a start event.", where=lambda e, p: "instantiate" in e.oddities and e.kind == "receiveTask"),
    refused("quantity", "tasks", "startQuantity、completionQuantity", "startQuantity, completionQuantity",
            "令牌数不会被计算。", "Numbers of tokens are not counted.", "请画出各分支。", "Draw the branches.",
            where=_odd("quantity")),
    refused("compensation-activity", "tasks", "补偿活动", "Compensation activity", "不执行补偿。",
            "Compensation is not executed.", "请画出纠正的步骤。", "Draw the corrective steps.",
            where=_odd("compensation")),
)  # fmt: skip

_LISTENERS = (
    executed("execution-listener", "listeners", "执行监听器（start、end）", "Execution listener (start, end)",
             "按名称交办事务，办完才继续：开始时在输入映射之后、执行之前，结果只在元素内可见；结束时在输出映射之后、离开之前，结果写到外面。"
             "依文件次序逐个进行；办不成即报告异常，处理后只重做那一个。",
             "An errand by name that the element waits for: at its start after its inputs are mapped and before it acts, the result known inside it; "
             "at its end after its outputs are mapped and before it is left, the result known outside. One after the other in the order of the "
             "file; one that fails is an incident, and it alone is asked again.", where=None),
    executed("task-listener", "listeners", "用户任务监听器（creating、completing）", "Task listener (creating, completing)",
             "任务出现之前、填写之后交办事务，办完才继续；不带回结果。",
             "An errand before the task is open, or after a person has done it, that the element waits for; it brings nothing.", where=None),
    refused("listener-event", "listeners", "其他时机的监听器（assigning、updating、canceling 等）",
            "Listener to another event (assigning, updating, canceling …)",
            "指派和修改任务不经流程，撤回的任务已不在。", "Tasks are assigned and changed without the process, and one that is withdrawn is gone.",
            "请用 start、end，用户任务还可用 creating、completing；或画成服务任务。",
            "Use start or end, on user tasks also creating or completing; or draw a service task.", where=None, decided_by="listeners"),
    refused("listener-place", "listeners", "不能监听之处的监听器",
            "Listener where nothing can be listened to",
            "开始事件、边界事件没有 start，网关没有 end；汇合、错误、升级、终止、链接、事件子流程、多实例处不能监听。",
            "Start and boundary events have no start, gateways no end; joins, error, escalation, terminate and link events, event sub-processes "
            "and repeated activities have none.",
            "请写到前后的元素上，或画成服务任务。", "Put it on the element before or behind, or draw a service task.",
            where=None, decided_by="listeners"),
    refused("listener-twice", "listeners", "同一时机、同一事务的监听器写了两次", "Two listeners to one event that name one errand",
            "与方言不符。", "The dialect does not allow it.", "请删去一个。", "Remove one.", where=None, decided_by="listeners"),
    refused("listener-result", "listeners", "要带回结果、却不能带回的监听器", "Listener whose errand brings something that would be lost",
            "任务监听器不带回结果，调用活动开始时带来的内容也不会保留。",
            "A task listener brings nothing, and what is brought at the start of a call is not kept.",
            "请改用 end 执行监听器，或画成服务任务。", "Use an execution listener at the end, or draw a service task.",
            where=None, decided_by="listeners"),
)  # fmt: skip

_GATEWAYS = (
    executed("exclusive-gateway", "gateways", "排他网关", "Exclusive gateway",
             "按文件中的次序取第一条成立的连线，否则取默认流；都不成立时报告异常。",
             "The first flow whose condition holds, in the order of the file, else the default; an incident if none.",
             where=_kind("exclusiveGateway")),
    executed("inclusive-gateway", "gateways", "包容网关", "Inclusive gateway",
             "取所有成立的连线；汇合时等待仍可能到达者。",
             "Takes every flow whose condition holds; joining, it waits for all that can still come.",
             where=_kind("inclusiveGateway")),
    executed("parallel-gateway", "gateways", "并行网关", "Parallel gateway", "全部分出，全部汇合。",
             "Splits into all, joins all.", where=_kind("parallelGateway")),
    executed("event-gateway", "gateways", "事件网关", "Event-based gateway", "先发生者定去向。",
             "What happens first decides.", where=_kind("eventBasedGateway")),
    refused("event-gateway-target", "gateways", "事件网关后不是可等待的事件",
            "Event-based gateway that leads to something that cannot be waited for",
            "其后只能是定时、消息、信号、条件捕获事件或接收任务，至少两个，且只从网关进入。",
            "Two or more timer, message, signal, conditional catch events or receive tasks may follow, from here alone.",
            "请在网关后画两个以上等待事件。", "Draw two or more waiting events behind the gateway.",
            where=_bad_event_gateway),
    refused("event-gateway-starts", "gateways", "启动流程的事件网关", "Event-based gateway that starts a process",
            "案件由受理表单启动。", "A case is opened by its intake form.", "请画开始事件。", "Draw a start event.",
            where=lambda e, p: "instantiate" in e.oddities and e.kind == "eventBasedGateway"),
    executed("inclusive-join-in-loop", "gateways", "循环中的包容汇合", "Inclusive join inside a loop", "每次经过都等齐。",
             "Waits for all each time it is reached.", where=None),
    executed("event-gateway-timers", "gateways", "事件网关后有几个定时器", "Event-based gateway with several timers",
             "最早的先发生。", "The earliest happens.", where=None),
    refused("complex-gateway", "gateways", "复杂网关", "Complex gateway", "不执行。", "It is not executed.",
            "请改用排他、包容或并行网关。", "Use exclusive, inclusive or parallel gateways.",
            where=lambda e, p: e.kind == "complexGateway"),
    refused("condition-ignored", "gateways", "并行或事件网关上的条件",
            "Conditions behind a parallel or event-based gateway",
            "这里不判断条件。", "No condition is asked there.", "请删除条件，或改用包容网关。",
            "Remove the condition, or use an inclusive gateway.",
            where=lambda e, p: e.kind in ("parallelGateway", "eventBasedGateway") and _conditional(e, p)),
)  # fmt: skip

_FLOWS = (
    rewritten("flow-without-id", "flows", "没有编号的连线", "Sequence flow without an id", "补上编号。", "Gets an id.",
              where=None),
    executed("implicit-split", "flows", "任务或事件有几条出线", "Several flows out of a task or event",
             "全部取用。", "All are taken.", where=None),
    executed("condition-on-task", "flows", "任务或事件出线上的条件", "Condition on a flow out of a task or event",
             "取所有成立的连线，都不成立时取默认流；没有默认流则报告异常。",
             "Every flow whose condition holds, else the default; an incident if there is none.", where=None),
    executed("default-beside-plain", "flows", "任务的默认流旁还有无条件的出线", "Default flow of a task beside a flow without a condition",
             "无条件的总是取用；有条件的都不成立时，再取默认流。",
             "What has no condition is always taken; the default, too, when none of the conditions holds.", where=None),
    executed("implicit-end", "flows", "路径在结束事件之外停下", "Path that stops without an end event", "到此结束。",
             "It ends there.", where=None),
    refused("flow-into-start", "flows", "连到开始事件、边界事件、事件子流程，或从结束事件连出",
            "Flow into a start event, a boundary event or an event sub-process, or out of an end event",
            "这里不由连线到达。", "No flow leads there.",
            "请改接到第一个步骤。", "Lead it to the first step instead.",
            where=lambda e, p: (e.kind == "startEvent" and bool(e.incoming))
            or (e.kind == "endEvent" and bool(e.outgoing)) or (e.kind == "boundaryEvent" and bool(e.incoming))
            or (e.by_event and bool(e.incoming or e.outgoing))),
    refused("flow-to-itself", "flows", "连回自身的连线", "Flow from an element to itself", "会一直重复。",
            "It would repeat for ever.", "请画一个网关，说明何时重复。", "Draw a gateway that says when to repeat.",
            where=lambda e, p: any(p.flows[f].target == e.id for f in e.outgoing)),
)  # fmt: skip

_SCOPES = (
    executed("sub-process", "sub-processes", "嵌入子流程", "Embedded sub-process", "",  "",
             where=lambda e, p: e.kind == "subProcess" and not e.by_event and not e.oddities),
    executed("call-activity", "sub-processes", "调用活动", "Call activity", "被调用的流程有自己的数据，按映射进出。",
             "The called process has data of its own; mappings lead in and out.", where=_kind("callActivity")),
    executed("event-sub-process", "sub-processes", "事件子流程（中断或不中断）",
             "Event sub-process (interrupting or not)", "定时、消息、信号、条件、错误、升级均可启动。",
             "Started by a timer, message, signal, condition, error or escalation.",
             where=lambda e, p: e.kind == "subProcess" and e.by_event and not e.oddities and e.zeebe.loop is None),
    refused("event-sub-process-start", "sub-processes", "事件子流程的开始事件不是一个带触发的事件",
            "Event sub-process that does not begin with exactly one triggered start event",
            "没有触发，或触发不止一个。", "Nothing starts it, or more than one thing.",
            "请画一个定时、消息、信号、条件、错误或升级开始事件。",
            "Draw one start event: timer, message, signal, condition, error or escalation.",
            where=lambda e, p: e.by_event and not _starts_by_event(e, p)),
    executed("transaction", "sub-processes", "事务子流程（不含取消）", "Transaction without cancelling",
             "与嵌入子流程相同：错误使它中断，已做的不撤销；取消、补偿事件另行拒绝。",
             "As an embedded sub-process: an error interrupts it, and nothing that was done is undone; cancel and compensation events are refused.",
             where=_kind("transaction")),
    executed("ad-hoc", "sub-processes", "特设子流程（并行）", "Ad-hoc sub-process (parallel)",
             "所选的步骤同时开始；全部做完或完成条件成立时结束。",
             "The steps that are chosen begin side by side; over when all are done or the completion condition holds.",
             where=lambda e, p: e.kind == "adHocSubProcess" and not e.oddities),
    refused("ad-hoc-choice", "sub-processes", "没有指明从哪些步骤开始的特设子流程",
            "Ad-hoc sub-process that does not say which of its steps begin", "不知道要做其中的哪些。",
            "Which of them are to be done is not said.",
            "请填写 Active elements collection，例如 =chosen（步骤编号的列表）。",
            "Fill in Active elements collection, for instance =chosen (a list of the steps' ids).",
            where=lambda e, p: e.kind == "adHocSubProcess" and not (e.zeebe.ad_hoc and e.zeebe.ad_hoc.active)),
    executed("ad-hoc-sequential", "sub-processes", "顺序的特设子流程", "Ad-hoc sub-process in sequence",
             "所选的步骤按列表的次序，前一步结束才开始下一步；完成条件成立时其余不再开始。",
             "The steps that are chosen begin in the order of the list, each when the one before it is over; those left do not begin once the "
             "completion condition holds.", where=None),
    refused("ad-hoc-inside", "sub-processes", "特设子流程中的开始、结束事件，事件子流程，汇合网关",
            "Start or end event, event sub-process, or joining gateway inside an ad-hoc sub-process",
            "其中的步骤各自开始和结束。", "Its steps begin and end each by itself.",
            "请删除它，或把这一段画成普通子流程。", "Remove it, or draw that part as a plain sub-process.",
            where=lambda e, p: e.parent is not None and p.elements[e.parent].kind == "adHocSubProcess"
            and (e.kind in ("startEvent", "endEvent") or e.by_event
                 or (e.kind in ("parallelGateway", "inclusiveGateway") and len(e.incoming) > 1))),
    refused("call-nothing", "sub-processes", "没有指明流程的调用活动", "Call activity that calls nothing",
            "没有可调用的流程。", "There is nothing to call.", "请填写 Called element · Process ID。",
            "Fill in Called element · Process ID.", where=lambda e, p: e.kind == "callActivity" and not e.called),
    refused("call-computed", "sub-processes", "用表达式指明的被调用流程", "Called process given by an expression",
            "发布时无法确定会运行什么。", "What would run cannot be checked at publishing.",
            "请画网关，各自调用。", "Draw a gateway and call each by its id.",
            where=lambda e, p: bool(e.called and e.called.startswith("="))),
    refused("call-itself", "sub-processes", "调用自己的流程", "Process that calls itself", "不会停止。",
            "It would not stop.", "请改为循环。", "Draw a loop.", where=None, decided_by="calls"),
)  # fmt: skip

_REPETITION = (
    executed("multi-instance", "repetition", "多实例（并行、顺序，含提前结束条件）",
             "Multi-instance (parallel, sequential, with completion condition)",
             "对集合的每一项执行一次。输出集合收集各次的结果；其本项、序号、输入和所收集的名称留在其中，"
             "其他填写的内容与普通任务一样写到外面，后完成者覆盖先完成者。",
             "Once for each item of the collection. The output collection takes the result of each; its item, its number, its "
             "inputs and the name that is collected stay inside, whatever else is answered goes out as from any task, the last one done last.",
             where=lambda e, p: e.zeebe.loop is not None and not e.oddities
             and (e.kind in TASKS - _PASSING or e.kind == "callActivity" or (e.kind in SCOPES and not e.by_event))),
    executed("multi-instance-count", "repetition", "多实例次数（loopCardinality）", "Multi-instance by loopCardinality",
             "进入时取定次数，0 到 1,000；loopCounter 是第几次。", "As often as it says when it is entered, 0 to 1,000; loopCounter tells which.",
             where=None),
    executed("standard-loop", "repetition", "循环标记（条件、上限、先判断）", "Loop marker (condition, maximum, tested before)",
             "一次接一次，条件成立就再做一次，不超过上限；testBefore 时第一次之前也判断。loopCounter 是第几次，判断时是已做几次。",
             "One pass after the other, as long as the condition holds and at most the maximum; tested before the first one, too, where it "
             "says so. loopCounter tells which pass, and how many are done where the condition is asked.", where=None),
    refused("multi-instance-empty", "repetition", "没有集合也没有次数的多实例", "Multi-instance without a collection or a number",
            "不知道重复几次。", "How often is not said.", "请填写 Input collection。", "Fill in Input collection.",
            where=lambda e, p: e.zeebe.loop is not None and not e.zeebe.loop.standard
            and not (e.zeebe.loop.collection or e.zeebe.loop.count)),
    refused("multi-instance-both", "repetition", "同时写了两种重复", "Two kinds of repetition at once",
            "按哪一种重复不明确。", "Which one counts is not clear.", "请只保留一种：集合、次数或循环标记。",
            "Keep one: the collection, the number or the loop marker.", where=_odd("twoCounts")),
    refused("loop-endless", "repetition", "没有条件也没有上限（正整数）的循环标记",
            "Loop marker without a condition or a maximum (a whole number above zero)",
            "它不会停止。", "It would not stop.", "请填写 loopCondition 或 loopMaximum，或用网关画出循环。",
            "Give it a loopCondition or a loopMaximum, or draw the loop with a gateway.", where=_odd("endlessLoop")),
    refused("multi-instance-output", "repetition", "只有输出集合或只有输出元素的多实例", "Multi-instance with one half of its output",
            "收集什么、收集到哪里，缺了一半，结果会全是 null 或丢失。",
            "What is collected, or where, is not said: the list would hold nothing, or nothing would be kept.",
            "请同时填写 Output collection 和 Output element，或都不填。", "Fill in both Output collection and Output element, or neither.",
            where=lambda e, p: e.zeebe.loop is not None and not e.zeebe.loop.standard
            and bool(e.zeebe.loop.output_collection) != bool(e.zeebe.loop.output_item)),
    refused("multi-instance-data", "repetition", "多实例的 loopDataInputRef 或 behavior",
            "Multi-instance by loopDataInputRef, or with a behavior", "不执行。", "It is not executed.",
            "请填写 Input collection 和 Output collection。", "Use Input collection and Output collection.",
            where=lambda e, p: bool(e.oddities & {"loopDataInput", "loopBehavior"})),
)  # fmt: skip

_DATA = (
    executed("lanes", "data", "泳道（含嵌套）；资源角色（potentialOwner、performer 等）",
             "Lanes, nested ones too; resource roles (potentialOwner, performer …)", "供阅读；由谁办理以指派为准。",
             "For readers; who does a task is what its assignment says.", where=None),
    rewritten("pools", "data", "其他参与者、消息流、注释、分组", "Other pools, message flows, notes, groups",
              "只供阅读，不执行。", "For readers; left out of what is executed.", where=None),
    rewritten("data-objects", "data", "数据对象、数据存储及其关联", "Data objects, data stores, associations",
              "只供阅读，不执行。", "For readers; left out of what is executed.", where=None),
    refused("other-dialect", "data", "其他引擎的扩展（camunda:、activiti:、flowable:、spiffworkflow: 等）",
            "Settings of other engines (camunda:, activiti:, flowable:, spiffworkflow: …)",
            "这里的设置不会生效。", "Such settings have no effect here.",
            "请在编辑器中选择 Camunda 8，重新填写这一项。",
            "Choose Camunda 8 in the editor and fill in this setting again.", where=None, decided_by="strangers"),
    refused("unknown-extension", "data", "不认识的 zeebe: 设置", "Unknown zeebe: setting", "它不会生效。",
            "It has no effect.", "请删除它。", "Remove it.", where=None, decided_by="strangers"),
    refused("unknown-element", "data", "流程中其他图形（编排、会话、全局任务等）",
            "Other figures (choreography, conversation, global tasks …)", "不执行。", "They are not executed.",
            "请只用流程图的图形。", "Keep to the figures of process diagrams.", where=None, decided_by="strangers"),
)  # fmt: skip

ROWS: tuple[Row, ...] = _TASKS + _LISTENERS + _GATEWAYS + _FLOWS + _SCOPES + _REPETITION + _DATA
