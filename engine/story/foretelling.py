"""One sentence for every thing that a move to another release would change in a case, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.foreseen import Change
from engine.story.names import Names

_FACTS: Mapping[str, tuple[str, str]] = {
    "form": ("表单", "form"), "groups": ("办理角色", "for"), "users": ("办理人", "for"), "assignee": ("指派给", "assigned to"),
    "claimed_by": ("领取人", "held by"), "priority": ("优先级", "priority"), "four_eyes": ("不得由同一人办理的步骤", "not by who did"),
    "limit": ("时限", "limit"), "due": ("期限", "due"),
}  # fmt: skip
_THINGS: Mapping[str, tuple[str, str]] = {
    "task": ("待办", "the task"), "message": ("外部消息", "the message"), "signal": ("信号", "the signal"), "errand": ("事务", "the errand"),
    "timer": ("定时", "the timer"), "deadline": ("期限", "the limit"),
}  # fmt: skip


def foretold(change: Change, was: Names, now: Names) -> str:
    """What a change comes to.

    Args:
        was: names as the old release has them.
        now: names as the new one has them.
    """
    say = now.say
    before, after = (_said(change, side, names) for side, names in ((change.before, was), (change.after, now)))
    name = was.limit(change.name) if change.how == "ends" or change.of == "fields" else now.limit(change.name)
    match (change.of, change.how):
        case ("fields", _):
            gained = say(f"新增 {after}", f"asks also {after}") if after else ""
            lost = say(f"不再填写 {before}", f"no longer asks {before}") if before else ""
            return f"{name}{say('：', ': ')}{say('；', '; ').join(filter(None, (gained, lost)))}"
        case ("task", "changed"):
            fact = say(*_FACTS[change.what])
            return f"{name}{say('：', ': ')}{fact} {before or '-'} → {after or '-'}"
        case ("deadline", "changed") if change.what == "met":
            return say(f"{name}在新版本中已算完成", f"{name} counts as kept in the new release")
        case ("deadline" | "timer", "changed"):
            return f"{name}{say('：', ': ')}{before or '-'} → {after or say('立即', 'at once')}"
        case ("deadline", "begins"):
            return say(f"开始计算{name}，期限 {after}", f"{name} begins to count; due {after}")
        case ("timer", "begins"):
            return say(f"开始等待{name}：{after or '立即'}", f"waits for {name}: {after or 'at once'}")
        case ("status", _):
            return say(f"状态：{before or '-'} → {after}", f"status: {before or '-'} → {after}")
        case ("incident", _):
            return say(f"将停在{name}", f"would stand still at {name}")
        case ("case", _):
            return say("案件将结束", "the case would end")
        case (of, "begins"):
            return say(f"开始：{_THINGS[of][0]}{name} {after}", f"begins: {_THINGS[of][1]} {name} {after}").strip()
        case (of, _):
            ended = f" {before}" if before else ""
            return say(f"取消：{_THINGS[of][0]}{name}{ended}", f"ends: {_THINGS[of][1]} {name}{ended}")


def _said(change: Change, text: str, names: Names) -> str:
    if not text:
        return ""
    if change.of in ("deadline", "timer") or change.what == "due":
        return names.at(datetime.fromisoformat(text)) if change.what != "met" else text
    comma = names.say("、", ", ")
    parts = text.split(", ")
    if change.of == "fields":
        return comma.join(names.field(p) for p in parts)
    if change.of == "message":
        return names.label(names.release.policy.messages, text)
    if change.of == "status":
        return names.label(names.release.policy.statuses, text)
    match change.what:
        case "groups":
            return names.roles(parts)
        case "users" | "assignee" | "claimed_by":
            return comma.join(names.person(p) for p in parts)
        case "limit":
            return names.limit(text)
        case "four_eyes":
            return comma.join(names.element(p) for p in parts)
    return text
