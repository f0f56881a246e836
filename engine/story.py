"""Histories in sentences a manager understands, in Chinese and English: one for every kind of event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine import history as h
from engine.deadline import span_text
from engine.errands import ERRANDS
from engine.policy import Label
from engine.release import Release


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An input with what the procedure made of it."""

    record: h.Record
    sentence: str
    outcomes: tuple[tuple[h.Record, str], ...]


class Teller:
    """Tells the events of one case."""

    def __init__(self, release: Release, lang: str, *, names: Mapping[str, str] | None = None) -> None:
        """
        Args:
            lang: "zh…" or anything else for English.
            names: user name -> display name.
        """
        self._release, self._zh = release, lang.startswith("zh")
        self._names = names or {}
        self._zone = ZoneInfo(release.calendar().zone)
        #: Task, timer and errand names met so far -> their element and process.
        self._met: dict[str, tuple[str, str]] = {}

    def tell(self, record: h.Record) -> str:
        """One sentence."""
        self._meet(record.event)
        return _SENTENCES[type(record.event)](self, record.event)

    def diary(self, records: Iterable[h.Record]) -> list[Entry]:
        """Inputs in order, each with its outcomes."""
        entries: list[tuple[h.Record, str, list[tuple[h.Record, str]]]] = []
        for record in records:
            sentence = self.tell(record)
            if isinstance(record.event, h.Input) or not entries:
                entries.append((record, sentence, []))
            else:
                entries[-1][2].append((record, sentence))
        return [Entry(record=r, sentence=s, outcomes=tuple(o)) for r, s, o in entries]

    # --- names ----------------------------------------------------------------------------------------

    def say(self, zh: str, en: str) -> str:
        """The sentence in the reader's language."""
        return zh if self._zh else en

    def who(self, event: h.Input) -> str:
        """Who did it, and for whom."""
        name = self.person(event.actor)
        if event.on_behalf_of is None:
            return name
        return self.say(
            f"{name}（代 {self.person(event.on_behalf_of)}）", f"{name} (for {self.person(event.on_behalf_of)})"
        )

    def person(self, name: str | None) -> str:
        """A person's display name."""
        if name in (None, "system"):
            return self.say("系统", "The system")
        return self._names.get(str(name), str(name))

    def task(self, name: str) -> str:
        """What a task, timer or errand is called on the diagram."""
        element, process = self._met.get(name, (name.rpartition("-")[0] or name, ""))
        return self.element(element, process)

    def element(self, element: str, process: str = "") -> str:
        """What an element is called on the diagram."""
        drawn = (
            [self._release.processes[process]]
            if process in self._release.processes
            else self._release.processes.values()
        )
        for _, found in drawn:
            if element in found.elements:
                zh = found.elements[element].name or element
                en = found.elements[element].documentation.strip().partition("\n")[0] or zh
                return self.quoted(self.say(zh, en))
        return self.quoted(element)

    def quoted(self, text: str) -> str:
        """A name in the quotation marks of the language."""
        return self.say(f"“{text}”", f"“{text}”")

    def label(self, labels: Mapping[str, Any], key: str | None) -> str:
        """A label of the pack, else the key."""
        found = labels.get(key or "")
        label = found if isinstance(found, Label) else getattr(found, "label", None)
        return (label.zh if self._zh else label.en) if label else str(key)

    def at(self, moment: datetime) -> str:
        """A moment in the zone of the pack."""
        return f"{moment.astimezone(self._zone):%Y-%m-%d %H:%M}"

    def limit(self, name: str) -> str:
        """A limit by its label, or the task it belongs to."""
        limits = self._release.policy.limits
        return self.quoted(self.label(limits, name)) if name in limits else self.task(name)

    def because(self, reason: str) -> str:
        """The reason as the end of a sentence."""
        return self.say(f"，理由：{reason}", f", because: {reason}") if reason else ""

    @property
    def release(self) -> Release:
        """The release the case runs on."""
        return self._release

    def _meet(self, event: h.Event) -> None:
        # A timer names its task, too: the element is the timer's, so the first name is whose it is.
        for key in ("timer", "errand", "subscription", "incident", "task"):
            name, element = getattr(event, key, None), getattr(event, "element", None)
            if name and element:
                self._met[name] = (element, getattr(event, "process", ""))
                return


def _opened(t: Teller, e: h.CaseOpened) -> str:
    pack = t.quoted(t.say(t.release.policy.title.zh, t.release.policy.title.en))
    return t.say(f"{t.who(e)} 按{pack}受理投诉：{e.title or '（无标题）'}。",
                 f"{t.who(e)} received the complaint under {pack}: {e.title or '(no title)'}.")  # fmt: skip


def _completed(t: Teller, e: h.TaskCompleted) -> str:
    said = _approval(t, h.bare(dict(e.answers)))
    return t.say(f"{t.who(e)} 完成了{t.task(e.task)}{said}。", f"{t.who(e)} completed {t.task(e.task)}{said}.")


def _approval(t: Teller, answers: Mapping[str, Any]) -> str:
    verdict = answers.get("approved")
    if not isinstance(verdict, bool):
        return ""
    said = t.say("：同意" if verdict else "：不同意", ": approved" if verdict else ": not approved")
    reason = answers.get("reason")
    return said + (t.say(f"，{reason}", f", {reason}") if isinstance(reason, str) and reason else "")


def _timer_fired(t: Teller, e: h.TimerFired) -> str:
    late = e.fired_at - e.at
    note = ""
    if late.total_seconds() > 60:
        note = t.say(f"（系统于 {t.at(e.fired_at)} 补办）", f" (noticed at {t.at(e.fired_at)})")
    return t.say(f"{t.task(e.timer)} 时间到{note}。", f"{t.task(e.timer)}: its time has come{note}.")


def _task_opened(t: Teller, e: h.TaskOpened) -> str:
    roles = t.say("、", ", ").join(t.label(t.release.policy.roles, g.rpartition("/")[2]) for g in e.groups)
    to = t.person(e.assignee) if e.assignee else roles or t.say("、", ", ").join(t.person(u) for u in e.users)
    due = t.say(f"，期限 {t.at(e.due)}", f", due {t.at(e.due)}") if e.due else ""
    return t.say(f"待办：{t.task(e.task)}，交 {to or '-'}{due}。", f"To do: {t.task(e.task)}, for {to or '-'}{due}.")


def _errand_started(t: Teller, e: h.ErrandStarted) -> str:
    kind = ERRANDS.get(e.type)
    what = t.say(kind.label.zh, kind.label.en) if kind else e.type
    facts = {**(e.headers or {}), **(e.inputs or {})}
    role = str(facts.get("to") or "")
    to = t.label(t.release.policy.roles, role) if role else ""
    kind_text = str(facts.get("kind") or "")
    more = t.say(f"（{kind_text}）", f" ({kind_text})") if kind_text else ""
    return t.say(f"{what}{more}{'：' + to if to else ''}。", f"{what}{more}{': ' + to if to else ''}.")


def _errand_done(t: Teller, e: h.ErrandDone) -> str:
    number = (e.result or {}).get("number")
    if number:
        return t.say(f"编号为 {number}。", f"Numbered {number}.")
    return t.say(f"{t.task(e.errand)} 已办。", f"{t.task(e.errand)} was done.")


def _decision(t: Teller, e: h.DecisionMade) -> str:
    outputs = e.record.get("outputs")
    rules = e.record.get("rules") or []
    said = "，".join(f"{k} = {v}" for k, v in outputs.items()) if isinstance(outputs, dict) else str(outputs)
    hit = t.say(f"第 {'、'.join(str(r.get('number', r)) if isinstance(r, dict) else str(r) for r in rules)} 行",
                f"row {', '.join(str(r.get('number', r)) if isinstance(r, dict) else str(r) for r in rules)}") if rules else "-"  # fmt: skip
    return t.say(f"按决策表“{e.decision}”{hit}：{said}。", f"Decision table “{e.decision}”, {hit}: {said}.")


def _simple(zh: str, en: str) -> Callable[[Teller, Any], str]:
    """A sentence with places for {who}, {task}, {reason} and the like."""

    def tell(t: Teller, e: Any) -> str:
        facts = {
            "who": t.who(e) if isinstance(e, h.Input) else "",
            "task": t.task(getattr(e, "task", None) or getattr(e, "timer", None) or getattr(e, "errand", None) or ""),
            "element": t.element(getattr(e, "element", None) or ""),
            "reason": t.because(getattr(e, "reason", "")),
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


def _comment(t: Teller, e: h.CommentAdded) -> str:
    text = h.bare(e.text) or "█"
    inner = (
        t.say("（仅内部）", " (internal)")
        if e.audience == "internal"
        else t.say("（投诉人可见）", " (for the complainant)")
    )
    return t.say(f"{t.who(e)} 说{inner}：{text}", f"{t.who(e)} wrote{inner}: {text}")


def _attachment(t: Teller, e: h.AttachmentAdded) -> str:
    name = h.bare(e.name) or "█"
    return t.say(f"{t.who(e)} 添加了附件“{name}”。", f"{t.who(e)} added the file “{name}”.")


def _extended(t: Teller, e: h.DeadlineExtended) -> str:
    zh, en = span_text(e.amount, e.unit, "zh"), span_text(e.amount, e.unit, "en")
    return t.say(f"{t.who(e)} 批准{t.limit(e.deadline)}延长 {zh}{t.because(e.reason)}。",
                 f"{t.who(e)} extended {t.limit(e.deadline)} by {en}{t.because(e.reason)}.")  # fmt: skip


def _met(t: Teller, e: h.DeadlineMet) -> str:
    return t.say(f"{t.limit(e.deadline)}已完成{'，超期' if e.late else '，未超期'}。",
                 f"{t.limit(e.deadline)} was kept{' late' if e.late else ' in time'}.")  # fmt: skip


def _data(t: Teller, e: h.DataSet) -> str:
    names = t.say("、", ", ").join(sorted(e.values))
    return t.say(f"{t.element(e.element)} 记入：{names}。", f"{t.element(e.element)} noted: {names}.")


def _incident(t: Teller, e: h.IncidentRaised) -> str:
    return t.say(f"案件停在{t.element(e.element)}：{e.zh}", f"The case stands still at {t.element(e.element)}: {e.en}")


def _milestone(t: Teller, e: h.MilestoneReached) -> str:
    where = t.element(e.element) if e.element else e.milestone
    return t.say(f"到达节点：{where}。", f"Milestone reached: {where}.")


def _path(t: Teller, e: h.PathTaken) -> str:
    steps = [step.rpartition("/")[2] for step in e.passed]
    drawn = [t.element(s) for s in steps if any(s in p.elements for _, p in t.release.processes.values())]
    way = " → ".join(drawn) or "-"
    return t.say(f"流程走过：{way}。", f"The procedure went: {way}.")


_SENTENCES: Mapping[type[h.Event], Callable[[Teller, Any], str]] = {
    h.CaseOpened: _opened,
    h.TaskClaimed: _simple("{who} 领取了{task}。", "{who} took {task}."),
    h.TaskReleased: _simple("{who} 退回了{task}。", "{who} gave {task} back."),
    h.TaskDelegated: _simple("{who} 将{task}转交 {to}{reason}。", "{who} handed {task} to {to}{reason}."),
    h.TaskCompleted: _completed,
    h.TimerFired: _timer_fired,
    h.MessageReceived: _simple("{who} 录入：{message}。", "{who} entered: {message}."),
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
    h.PersonErased: _simple("应请求删除了个人信息{reason}。", "Personal data were erased on request{reason}."),
    h.PathTaken: _path,
    h.TaskOpened: _task_opened,
    h.TaskWithdrawn: _simple("{task} 不再需要办理。", "{task} is no longer needed."),
    h.TimerSet: _simple("等待{task}：{due}。", "Waiting for {task}: {due}."),
    h.TimerMoved: _simple("{task} 改为 {due}。", "{task} was moved to {due}."),
    h.TimerCancelled: _simple("不再等待{task}。", "No longer waiting for {task}."),
    h.MessageAwaited: _simple("等待外部消息：{message}。", "Waiting from outside: {message}."),
    h.MessageDropped: _simple("不再等待该消息。", "No longer waiting for that message."),
    h.ErrandStarted: _errand_started,
    h.ErrandCancelled: _simple("{task} 不再需要。", "{task} is no longer wanted."),
    h.DecisionMade: _decision,
    h.DataSet: _data,
    h.MilestoneReached: _milestone,
    h.StatusChanged: _simple("状态变为{status}。", "The status became {status}."),
    h.DeadlineSet: _simple("{limit}开始计算，期限 {due}。", "{limit} began to count; due {due}."),
    h.DeadlineMoved: _simple("{limit}改为 {due}。", "{limit} was moved to {due}."),
    h.DeadlineMet: _met,
    h.MessageSent: _simple("发出消息：{message}。", "Sent the message {message}."),
    h.SignalSent: _simple("发出信号“{e.signal}”。", "Sent the signal “{e.signal}”."),
    h.IncidentRaised: _incident,
    h.CaseClosed: _simple("案件在{element}结束。", "The case was closed at {element}."),
}
