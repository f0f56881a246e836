"""Inputs that a case cannot hear. A refused input leaves the case as it was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.errors import EngineError
from engine.findings import Finding


class InputRefused(EngineError):
    """The case cannot hear this now."""

    zh = "案件现在不能接受这一输入。"


class TaskNotOpen(InputRefused):
    """Task {task} is not open in case {case}: it was done, withdrawn, or never there."""

    zh = "案件 {case} 中没有待办任务 {task}：它已办理、已撤回或从未存在。"


class TimerNotSet(InputRefused):
    """Case {case} is not waiting for timer {timer}."""

    zh = "案件 {case} 没有在等待定时 {timer}。"


class MessageNotAwaited(InputRefused):
    """Case {case} is not waiting for the message {message}."""

    zh = "案件 {case} 没有在等待消息“{message}”。"


class SignalNotAwaited(InputRefused):
    """Case {case} is not waiting there for the signal {signal}."""

    zh = "案件 {case} 没有在该处等待信号“{signal}”。"


class ErrandNotOpen(InputRefused):
    """Case {case} has no errand {errand} under way."""

    zh = "案件 {case} 没有进行中的事务 {errand}。"


class DeadlineNotRunning(InputRefused):
    """Case {case} has no running deadline {deadline}."""

    zh = "案件 {case} 没有进行中的期限 {deadline}。"


class ClockNotSo(InputRefused):
    """The clocks of case {case} already stand still, or already run."""

    zh = "案件 {case} 的计时已经暂停，或已经在走。"


class IncidentNotOpen(InputRefused):
    """Case {case} has no incident {incident}."""

    zh = "案件 {case} 没有异常 {incident}。"


class NotCaseData(InputRefused):
    """Case {case} cannot take this in: {why}."""

    zh = "案件 {case} 不能接受此输入：{why}。"


class CalendarNotSo(InputRefused):
    """Case {case} cannot count by version {version} of a calendar {calendar}: its release has none, or it is another."""

    zh = "案件 {case} 不能按日历 {calendar} 的版本 {version} 计算：其发布中没有该日历，或版本不符。"


class NotOnRelease(InputRefused):
    """Case {case} is not on release {release} (any more), so it cannot be moved from there."""

    zh = "案件 {case} 不在（或已不在）版本 {release} 上，不能从该版本迁移。"


class CannotMove(InputRefused):
    """Case {case} cannot go on under release {release}: {why}"""

    zh = "案件 {case} 不能迁移到版本 {release}：{why}"

    def __init__(self, findings: Iterable[Finding], **facts: Any) -> None:
        self.findings = tuple(findings)
        super().__init__(**facts)

    def text(self, lang: str) -> str:
        """The sentence, with every reason."""
        why = (" " if not lang.startswith("zh") else "").join(f.text(lang) for f in self.findings)
        return (self.zh if lang.startswith("zh") else self.en).format(**{**self.facts, "why": why})


class CaseIsClosed(InputRefused):
    """Case {case} is closed; nothing more can happen in it."""

    zh = "案件 {case} 已结案，不能再办理。"


class SnapshotUnusable(EngineError):
    """The stored state of case {case} was made by another version or for another release; replay the history."""

    zh = "案件 {case} 的存储状态由其他版本或其他发布生成；请按历史重放。"


class CannotOpen(EngineError):
    """Case {case} cannot begin: the process {process} has no plain start event."""

    zh = "案件 {case} 无法开始：流程 {process} 没有普通开始事件。"
