"""One sentence for every kind of event, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine import history as h
from engine.deadline import span_text
from engine.errands import ERRANDS
from engine.story.names import Names


def _opened(t: Names, e: h.CaseOpened) -> str:
    pack = t.quoted(t.say(t.release.policy.title.zh, t.release.policy.title.en))
    return t.say(f"{t.who(e)} 按{pack}受理投诉：{e.title or '（无标题）'}。",
                 f"{t.who(e)} received the complaint under {pack}: {e.title or '(no title)'}.")  # fmt: skip


def _completed(t: Names, e: h.TaskCompleted) -> str:
    said = _answers(t, e.answers)
    return t.say(f"{t.who(e)} 完成了{t.task(e.task)}{said}。", f"{t.who(e)} completed {t.task(e.task)}{said}.")


def _answers(t: Names, answers: Mapping[str, Any]) -> str:
    """What was decided: yes or no and why, else the choices and amounts of the form, three at most."""
    verdict = h.bare(answers.get("approved"))
    if not isinstance(verdict, bool):
        told = [said for name, value in answers.items() if (said := t.choice(name, value))][:3]
        return t.say("：" + "，".join(told), ": " + ", ".join(told)) if told else ""
    said = t.say("：同意" if verdict else "：不同意", ": approved" if verdict else ": not approved")
    given = answers.get("reason")
    why = given.hidden if isinstance(given, h.Personal) else None
    reason = t.hidden(why) if why else h.bare(given)
    return said + (t.say(f"，{reason}", f", {reason}") if isinstance(reason, str) and reason else "")


def _timer_fired(t: Names, e: h.TimerFired) -> str:
    late = e.fired_at - e.at
    note = ""
    if late.total_seconds() > 60:
        note = t.say(f"（系统于 {t.at(e.fired_at)} 补办）", f" (noticed at {t.at(e.fired_at)})")
    timer = t.timers.get(e.timer)
    if timer is not None and timer.task is not None:
        return t.say(f"{t.task(timer.task)}的时限{t.task(e.timer)}到了{note}。",
                     f"{t.task(timer.task)}: its limit {t.task(e.timer)} ran out{note}.")  # fmt: skip
    if timer is not None and timer.limit is not None:
        return t.say(f"{t.limit(timer.limit)}到了{note}。", f"{t.limit(timer.limit)} ran out{note}.")
    return t.say(f"{t.task(e.timer)}时间到{note}。", f"{t.task(e.timer)}: its time has come{note}.")


def _task_opened(t: Names, e: h.TaskOpened) -> str:
    roles = t.roles(e.groups)
    to = t.person(e.assignee) if e.assignee else roles or t.say("、", ", ").join(t.person(u) for u in e.users)
    due = t.say(f"，期限 {t.at(e.due)}", f", due {t.at(e.due)}") if e.due else ""
    return t.say(f"待办：{t.task(e.task)}，交 {to or '-'}{due}。", f"To do: {t.task(e.task)}, for {to or '-'}{due}.")


def _revised(t: Names, e: h.TaskRevised) -> str:
    roles = t.roles(e.groups)
    to = t.person(e.claimed_by or e.assignee) if e.claimed_by or e.assignee else roles or t.say("、", ", ").join(t.person(u) for u in e.users)
    due = t.say(f"，期限 {t.at(e.due)}", f", due {t.at(e.due)}") if e.due else t.say("，无期限", ", without a due date")
    return t.say(f"{t.task(e.task)}改按新版本办理：交 {to or '-'}{due}。",
                 f"{t.task(e.task)} goes on as the new release says: for {to or '-'}{due}.")  # fmt: skip


#: What reminders are called in English.
_KINDS = {"催办": "urging", "查办": "inquiry into the delay", "督办": "supervision", "提醒": "early warning"}


def _errand_started(t: Names, e: h.ErrandStarted) -> str:
    kind = ERRANDS.get(e.type)
    what = t.say(kind.label.zh, kind.label.en) if kind else e.type
    facts = {**(e.headers or {}), **(e.inputs or {})}
    role = str(facts.get("to") or "")
    to = t.label(t.release.policy.roles, role) if role else ""
    said = str(facts.get("kind") or "")
    more = t.say(f"（{said}）", f" ({_KINDS.get(said, said)})") if said else ""
    if e.type == "send-reminder" and said:
        what, more = t.say(f"发出{said}单", f"Reminder sent ({_KINDS.get(said, said)})"), ""
    return t.say(f"{what}{more}{'：' + to if to else ''}。", f"{what}{more}{': ' + to if to else ''}.")


def _errand_done(t: Names, e: h.ErrandDone) -> str:
    number = (e.result or {}).get("number")
    if number:
        return t.say(f"编号为 {number}。", f"Numbered {number}.")
    return t.say(f"{t.task(e.errand)} 已办。", f"{t.task(e.errand)} was done.")


def _decision(t: Names, e: h.DecisionMade) -> str:
    rules = e.record.get("rules")
    numbers = [str(r.get("number")) for r in rules if isinstance(r, dict)] if isinstance(rules, list) else []
    table = t.decision(e.decision)
    if not numbers:
        return t.say(f"按决策表{table}：没有一条适用。", f"Decision table {table}: no row applies.")
    inputs, given = e.record.get("inputs"), t.outputs(e.record.get("outputs"))
    asked = [
        said for name, value in (inputs if isinstance(inputs, dict) else {}).items() if (said := t.given(name, value))
    ]
    why = t.say(f"（{'，'.join(asked)}）", f" ({', '.join(asked)})") if asked else ""
    row = t.say(f"第 {'、'.join(numbers)} 行", f", row {', '.join(numbers)}")
    return t.say(f"按决策表{table}{row}{why}{'：' + given if given else ''}。",
                 f"Decision table {table}{row}{why}{': ' + given if given else ''}.")  # fmt: skip


def _simple(zh: str, en: str) -> Callable[[Names, Any], str]:
    """A sentence with places for {who}, {task}, {reason} and the like."""

    def tell(t: Names, e: Any) -> str:
        reason = getattr(e, "reason", "")
        facts = {
            "who": t.who(e) if isinstance(e, h.Input) else "",
            "task": t.task(getattr(e, "task", None) or getattr(e, "timer", None) or getattr(e, "errand", None) or ""),
            "element": t.element(getattr(e, "element", None) or ""),
            "reason": t.because(t.say(reason, getattr(e, "reason_en", "") or reason)),
            "to": t.person(getattr(e, "to", None)),
            "person": t.person(getattr(e, "person", None)),
            "message": t.quoted(t.label(t.release.policy.messages, getattr(e, "message", None))),
            "status": t.quoted(t.label(t.release.policy.statuses, getattr(e, "status", None))),
            "limit": t.limit(getattr(e, "deadline", None) or ""),
            "due": t.at(e.due) if getattr(e, "due", None) else "",
            "e": e,
        }
        return t.say(zh, en).format(**facts)

    return tell


def _comment(t: Names, e: h.CommentAdded) -> str:
    text = t.hidden(e.text.hidden) if isinstance(e.text, h.Personal) and e.text.hidden else h.bare(e.text) or ""
    inner = (
        t.say("（仅内部）", " (internal)")
        if e.audience == "internal"
        else t.say("（投诉人可见）", " (for the complainant)")
    )
    return t.say(f"{t.who(e)} 说{inner}：{text}", f"{t.who(e)} wrote{inner}: {text}")


def _attachment(t: Names, e: h.AttachmentAdded) -> str:
    why = e.name.hidden if isinstance(e.name, h.Personal) else None
    if why:
        return t.say(f"{t.who(e)} 添加了附件{t.hidden(why)}。", f"{t.who(e)} added a file {t.hidden(why)}.")
    name = h.bare(e.name) or ""
    return t.say(f"{t.who(e)} 添加了附件“{name}”。", f"{t.who(e)} added the file “{name}”.")


def _extended(t: Names, e: h.DeadlineExtended) -> str:
    zh, en = span_text(e.amount, e.unit, "zh"), span_text(e.amount, e.unit, "en")
    return t.say(f"{t.who(e)} 批准{t.limit(e.deadline)}延长 {zh}{t.because(e.reason)}。",
                 f"{t.who(e)} extended {t.limit(e.deadline)} by {en}{t.because(e.reason)}.")  # fmt: skip


def _met(t: Names, e: h.DeadlineMet) -> str:
    return t.say(f"{t.limit(e.deadline)}已完成{'，超期' if e.late else '，未超期'}。",
                 f"{t.limit(e.deadline)} was kept{' late' if e.late else ' in time'}.")  # fmt: skip


def _data(t: Names, e: h.DataSet) -> str:
    names = t.say("、", ", ").join(sorted({t.field(name) for name in e.values}))
    return t.say(f"{t.element(e.element)} 记入：{names}。", f"{t.element(e.element)} noted: {names}.")


def _missing(t: Names, e: h.ValueMissing) -> str:
    place = t.element(e.element)
    return t.say(f"{place} 处的算式 {e.text} 没有得出值：{e.zh}。", f"At {place} the expression {e.text} gave no value: {e.en}.")


def _incident(t: Names, e: h.IncidentRaised) -> str:
    return t.say(f"案件停在{t.element(e.element)}：{e.zh}", f"The case stands still at {t.element(e.element)}: {e.en}")


def _milestone(t: Names, e: h.MilestoneReached) -> str:
    if not e.element:
        return t.say("从此开始计时。", "From here time counts.")
    return t.say(f"到达节点：{t.element(e.element)}。", f"Milestone reached: {t.element(e.element)}.")


def _path(t: Names, e: h.PathTaken) -> str:
    # Flows are left out, and so are gateways without a name, which only bring branches together.
    steps = [said for step in e.passed if (said := t.drawn(step.rpartition("/")[2]))]
    way = " → ".join(steps) or "-"
    return t.say(f"流程走过：{way}。", f"The procedure went: {way}.")


SENTENCES: Mapping[type[h.Event], Callable[[Names, Any], str]] = {
    h.CaseOpened: _opened,
    h.TaskClaimed: _simple("{who} 领取了{task}。", "{who} took {task}."),
    h.TaskReleased: _simple("{who} 退回了{task}。", "{who} gave {task} back."),
    h.TaskDelegated: _simple("{who} 将{task}转交 {to}{reason}。", "{who} handed {task} to {to}{reason}."),
    h.TaskCompleted: _completed,
    h.TimerFired: _timer_fired,
    h.MessageReceived: _simple("{who} 录入：{message}。", "{who} entered: {message}."),
    h.SignalReceived: _simple("收到另一案件的信号“{e.signal}”。", "Heard the signal “{e.signal}” of another case."),
    h.ErrandDone: _errand_done,
    h.ErrandFailed: _simple("{task} 未能办成{reason}。", "{task} could not be done{reason}."),
    h.CommentAdded: _comment,
    h.AttachmentAdded: _attachment,
    h.DeadlineExtended: _extended,
    h.ClockPaused: _simple("{who} 暂停了计时{reason}。", "{who} stopped the clocks{reason}."),
    h.ClockResumed: _simple("{who} 恢复了计时{reason}。", "{who} let the clocks go on{reason}."),
    h.CalendarReplaced: _simple(
        "{who} 改按日历 {e.calendar}（版本 {e.version}）计算期限{reason}。",
        "{who} let the case count by calendar {e.calendar} (version {e.version}){reason}.",
    ),
    h.PersonRecused: _simple("{person} 回避本案{reason}。", "{person} was taken off the case{reason}."),
    h.CaseLinked: _simple("与案件 {e.other} 关联。", "Linked to case {e.other}."),
    h.IncidentResolved: _simple(
        "{who} 处理了故障，案件继续{reason}。", "{who} let the case go on after an incident{reason}."
    ),
    h.CaseMoved: _simple(
        "{who} 将案件迁移到制度的另一版本（{e.release:.12}）{reason}。",
        "{who} moved the case to another release of its procedure ({e.release:.12}){reason}.",
    ),
    h.PersonErased: _simple("应请求删除了个人信息{reason}。", "Personal data were erased on request{reason}."),
    h.PathTaken: _path,
    h.TaskOpened: _task_opened,
    h.TaskRevised: _revised,
    h.TaskWithdrawn: _simple("{task}不再需要办理。", "{task} is no longer needed."),
    h.TimerSet: _simple("等待{task}：{due}。", "Waiting for {task}: {due}."),
    h.TimerMoved: _simple("{task}改为 {due}。", "{task} was moved to {due}."),
    h.TimerCancelled: _simple("不再等待{task}。", "No longer waiting for {task}."),
    h.MessageAwaited: _simple("等待外部消息：{message}。", "Waiting from outside: {message}."),
    h.MessageDropped: _simple("不再等待该消息。", "No longer waiting for that message."),
    h.SignalAwaited: _simple("等待信号“{e.signal}”。", "Waiting for the signal “{e.signal}”."),
    h.SignalDropped: _simple("不再等待该信号。", "No longer waiting for that signal."),
    h.ErrandStarted: _errand_started,
    h.ErrandCancelled: _simple("{task} 不再需要。", "{task} is no longer wanted."),
    h.DecisionMade: _decision,
    h.DataSet: _data,
    h.ValueMissing: _missing,
    h.MilestoneReached: _milestone,
    h.StatusChanged: _simple("状态变为{status}。", "The status became {status}."),
    h.DeadlineSet: _simple("{limit}开始计算，期限 {due}。", "{limit} began to count; due {due}."),
    h.DeadlineMoved: _simple("{limit}改为 {due}。", "{limit} was moved to {due}."),
    h.DeadlineDropped: _simple("新版本不再限定{limit}。", "{limit} is no limit of the new release."),
    h.DeadlineMet: _met,
    h.MessageSent: _simple("发出消息：{message}。", "Sent the message {message}."),
    h.SignalSent: _simple("发出信号“{e.signal}”。", "Sent the signal “{e.signal}”."),
    h.IncidentRaised: _incident,
    h.CaseClosed: _simple("案件在{element}结束。", "The case was closed at {element}."),
}
