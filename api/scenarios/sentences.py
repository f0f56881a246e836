"""The sentences of scenarios, in Chinese and English, and what each means.

A word in quotation marks is one of the pack's own: a role, a task, a limit, a status, a form, a field. `docs/scenarios.md`
lists them; a test says that it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from api.scenarios import varying
from api.scenarios.telling import Step
from engine.errors import EngineError
from engine.release import tidy

if TYPE_CHECKING:
    from api.scenarios.playing import Stage


class SentenceUnknown(EngineError):
    """“{sentence}” is no sentence we know; docs/scenarios.md lists them"""

    zh = "没有“{sentence}”这样的句子；可用的句子见 docs/scenarios.md"


Do = Callable[..., None]
#: (Chinese, English, what it does). `{x}` stands for a word in quotation marks, `<n>` for a number.
SENTENCES: list[tuple[str, str, Do]] = []


def _sentence(zh: str, en: str) -> Callable[[Do], Do]:
    def keep(act: Do) -> Do:
        SENTENCES.append((zh, en, act))
        return act

    return keep


def do(stage: Stage, step: Step) -> None:
    """Do, or check, what a sentence says.

    Raises:
        SentenceUnknown: there is no such sentence.
        Otherwise: it is not so.
    """
    for zh, en, act in SENTENCES:
        for pattern in (zh, en):
            if found := _pattern(pattern).fullmatch(step.text.strip()):
                act(stage, step, **found.groupdict())
                return
    raise SentenceUnknown(sentence=step.text)


@lru_cache
def _pattern(sentence: str) -> re.Pattern[str]:
    text = re.escape(sentence).replace(r"\{", "{").replace(r"\}", "}").replace(r"\ ", r"\s*")
    text = re.sub(r"<(\w+)>", r"(?P<\1>\\d+)", text)
    return re.compile(re.sub(r"\{(\w+)\}", r'[“"](?P<\1>[^”"]*)[”"]', text))


def _several(text: str) -> list[str]:
    return [part for part in re.split(r"[、,，]\s*", text) if part]


# --- what happens ---------------------------------------------------------------------------------------


@_sentence("现在是 {moment}", "it is {moment}")
@_sentence("时间到 {moment}", "it becomes {moment}")
def _clock(stage: Stage, step: Step, moment: str) -> None:
    stage.house.pass_until(stage.words.moment(moment))


@_sentence(varying.ZH, varying.EN)
def _set(stage: Stage, step: Step, param: str, value: str) -> None:
    found = stage.house.release.policy.params[stage.words.param(param)].value
    stage.tells(str(found) == str(varying.valued(value)), found)


@_sentence("过了 <count> 天", "<count> days pass")
def _days(stage: Stage, step: Step, count: str) -> None:
    stage.let_pass(timedelta(days=int(count)))


@_sentence("过了 <count> 小时", "<count> hours pass")
def _hours(stage: Stage, step: Step, count: str) -> None:
    stage.let_pass(timedelta(hours=int(count)))


@_sentence("{who} 收到投诉", "{who} receives a complaint")
def _receive(stage: Stage, step: Step, who: str) -> None:
    stage.receive(who, step)


@_sentence("{who} 办理 {task}", "{who} does {task}")
def _work(stage: Stage, step: Step, who: str, task: str) -> None:
    stage.work(who, task, step)


@_sentence("照常办理到 {task}", "all goes as usual until {task}")
def _go_on(stage: Stage, step: Step, task: str) -> None:
    stage.go_on(task, step)


@_sentence("照常办理到结案", "all goes as usual to the end")
def _to_the_end(stage: Stage, step: Step) -> None:
    stage.go_on(None, step)


@_sentence("{who} 录入 {message}", "{who} enters {message}")
def _enter(stage: Stage, step: Step, who: str, message: str) -> None:
    stage.enter(who, message, step)


@_sentence(
    "{who} 将 {limit} 延长 <amount> 个工作日，理由 {reason}",
    "{who} extends {limit} by <amount> working days because {reason}",
)
def _extend_workdays(stage: Stage, step: Step, who: str, limit: str, amount: str, reason: str) -> None:
    _extend(stage, who, limit, int(amount), "workday", reason)


@_sentence(
    "{who} 将 {limit} 延长 <amount> 日，理由 {reason}", "{who} extends {limit} by <amount> days because {reason}"
)
def _extend_days(stage: Stage, step: Step, who: str, limit: str, amount: str, reason: str) -> None:
    _extend(stage, who, limit, int(amount), "day", reason)


@_sentence("{who} 回避 {person}，理由 {reason}", "{who} recuses {person} because {reason}")
def _recuse(stage: Stage, step: Step, who: str, person: str, reason: str) -> None:
    stage.act(who, "/recuse", {"person": stage.words.person(person), "reason": reason})


@_sentence("{who} 暂停计时，理由 {reason}", "{who} stops the clocks because {reason}")
def _pause(stage: Stage, step: Step, who: str, reason: str) -> None:
    stage.act(who, "/pause", {"reason": reason})


@_sentence("{who} 恢复计时", "{who} lets the clocks go on")
def _resume(stage: Stage, step: Step, who: str) -> None:
    stage.act(who, "/resume", {})


@_sentence("转到新立的关联案件", "the linked case is looked at")
def _linked(stage: Stage, step: Step) -> None:
    stage.linked()


# --- what is to be so -----------------------------------------------------------------------------------


@_sentence("待办是 {tasks}", "what is to be done is {tasks}")
def _tasks(stage: Stage, step: Step, tasks: str) -> None:
    found = sorted(t["element"] for t in stage.view()["tasks"])
    wanted = _several(tasks)
    titles = "、".join(t["title"]["zh"] for t in stage.view()["tasks"])
    fits = len(found) == len(wanted) and all(any(e in stage.words.element(w) for e in found) for w in wanted)
    stage.tells(fits and all(any(e in stage.words.element(w) for w in wanted) for e in found), titles or "无 none")


@_sentence("{task} 由 {role} 办理", "{task} is for {role}")
def _for_whom(stage: Stage, step: Step, task: str, role: str) -> None:
    row = stage.open(task)
    groups = [stage.words.role(g["zh"]) for g in row["groups"]]
    stage.tells(stage.words.role(role) in groups, [g["zh"] for g in row["groups"]])


@_sentence("状态是 {status}", "the status is {status}")
def _status(stage: Stage, step: Step, status: str) -> None:
    found = stage.view()["head"]["status"]
    stage.tells(found == stage.words.status(status), found)


@_sentence("编号是 {number}", "the number is {number}")
def _number(stage: Stage, step: Step, number: str) -> None:
    found = stage.view()["head"]["number"]
    stage.tells(found == number, found)


@_sentence("没有编号", "there is no number")
def _no_number(stage: Stage, step: Step) -> None:
    found = stage.view()["head"]["number"]
    stage.tells(found is None, found)


@_sentence("案件已结案", "the case is closed")
def _closed(stage: Stage, step: Step) -> None:
    stage.tells(stage.view()["head"]["closed_at"] is not None, "未结案 open")


@_sentence("案件未结案", "the case is open")
def _still_open(stage: Stage, step: Step) -> None:
    stage.tells(stage.view()["head"]["closed_at"] is None, "已结案 closed")


@_sentence("{what} 于 {moment} 到期", "{what} is due at {moment}")
def _due(stage: Stage, step: Step, what: str, moment: str) -> None:
    from api.scenarios.playing import at

    limit = stage.words.limit(what)
    if limit is None:
        found = at(stage.open(what)["due"])
    else:
        rows = [d for d in stage.view()["deadlines"] if d["limit"] == limit]
        found = at(rows[-1]["due"]) if rows else None
    local = f"{found.astimezone(stage.words.zone):%Y-%m-%d %H:%M}" if found else "无 none"
    stage.tells(found == stage.words.moment(moment), local)


@_sentence("{task} 按 {limit} 计时", "{task} is timed by {limit}")
def _timed(stage: Stage, step: Step, task: str, limit: str) -> None:
    name = stage.open(task)["task"]
    found = [d["limit"] for d in stage.view()["deadlines"] if d["deadline"] == name]
    stage.tells(found == [stage.words.limit(limit)], found)


@_sentence("向 {role} 发出 {paper}", "{paper} goes to {role}")
def _reminded(stage: Stage, step: Step, role: str, paper: str) -> None:
    sent = _reminders(stage, paper)
    stage.tells(stage.words.role(role) in sent, sent)


@_sentence("没有向 {role} 发出 {paper}", "no {paper} goes to {role}")
def _not_to(stage: Stage, step: Step, role: str, paper: str) -> None:
    sent = _reminders(stage, paper)
    stage.tells(stage.words.role(role) not in sent, sent)


def _reminders(stage: Stage, paper: str) -> list[str | None]:
    kind = {"催办单": "催办", "reminder": "催办", "查办单": "查办", "inquiry": "查办"}.get(paper, paper)
    return [e.get("to") for e in stage.errands("send-reminder", "notify") if e.get("kind") == kind]


@_sentence("没有发出 {paper}", "no {paper} goes out")
def _not_reminded(stage: Stage, step: Step, paper: str) -> None:
    kind = {"催办单": "催办", "reminder": "催办", "查办单": "查办", "inquiry": "查办"}.get(paper, paper)
    sent = [e for e in stage.errands("send-reminder") if e.get("kind") == kind]
    stage.tells(not sent, sent)


@_sentence("上报 {role}", "it is reported to {role}")
def _escalated(stage: Stage, step: Step, role: str) -> None:
    told = [e.get("to") for e in stage.errands("escalate")]
    stage.tells(stage.words.role(role) in told, told)


@_sentence("没有上报 {role}", "it is not reported to {role}")
def _not_escalated(stage: Stage, step: Step, role: str) -> None:
    told = [e.get("to") for e in stage.errands("escalate")]
    stage.tells(stage.words.role(role) not in told, told)


@_sentence("出具 {paper}", "{paper} is issued")
def _issued(stage: Stage, step: Step, paper: str) -> None:
    _paper(stage, paper, "issue-document", "archive-copies", "publish-notice")


@_sentence("寄出 {paper}", "{paper} is sent")
def _sent(stage: Stage, step: Step, paper: str) -> None:
    _paper(stage, paper, "send-letter")


@_sentence("登记 {register}", "it is entered in {register}")
def _entered(stage: Stage, step: Step, register: str) -> None:
    rows = stage.house.release.policy.registers
    wanted = {id for id, row in rows.items() if register in (id, row.label.zh, row.label.en)}
    found = {e.get("register") for e in stage.errands("enter-register")}
    stage.tells(bool(wanted & found), found)


@_sentence("{who} 不能办理 {task}", "{who} may not do {task}")
def _may_not(stage: Stage, step: Step, who: str, task: str) -> None:
    stage.refused(who, task)


@_sentence("{who} 看不到案件", "{who} cannot see the case")
def _unseen(stage: Stage, step: Step, who: str) -> None:
    stage.unseen(who)


@_sentence("{who} 读得到 {field}", "{who} can read {field}")
def _read(stage: Stage, step: Step, who: str, field: str) -> None:
    stage.tells(stage.hidden(who, field) is None, stage.hidden(who, field))


@_sentence("{who} 读不到 {field}", "{who} cannot read {field}")
def _unread(stage: Stage, step: Step, who: str, field: str) -> None:
    stage.tells(stage.hidden(who, field) is not None, "可读 can be read")


@_sentence("{field} 为 {value}", "{field} is {value}")
def _value(stage: Stage, step: Step, field: str, value: str) -> None:
    wanted = stage.words.field(field)
    found: Any = None
    for paper in stage.view()["papers"]:
        for line in paper["lines"]:
            if line["name"] == wanted.name:
                found = line["text"]
    expected = stage.words.entry(wanted, value)
    stage.tells(found is not None and _same(found, value, expected), found)


@_sentence("决策表 {table} 判定 {outcome}", "table {table} says {outcome}")
def _decided(stage: Stage, step: Step, table: str, outcome: str) -> None:
    found = [
        e["record"].get("result", e["record"].get("outputs"))
        for e in stage.events("DecisionMade")
        if table == e["decision"] or tidy(table) in _names(stage, e["decision"])
    ]
    stage.tells(bool(found) and outcome in str(found[-1]), found[-1] if found else "未用 not asked")


@_sentence("关联案件已立", "a linked case is opened")
def _is_linked(stage: Stage, step: Step) -> None:
    stage.tells(bool(stage.events("CaseLinked")), "无 none")


def _extend(stage: Stage, who: str, limit: str, amount: int, unit: str, reason: str) -> None:
    id = stage.words.limit(limit)
    rows = [d["deadline"] for d in stage.view()["deadlines"] if d["limit"] == (id or limit) and d["met"] is None]
    stage.tells(bool(rows), "没有这一期限 no such deadline")
    stage.act(who, f"/deadlines/{id if id in rows else rows[-1]}/extend", {"amount": amount, "unit": unit, "reason": reason})


def _paper(stage: Stage, paper: str, *types: str) -> None:
    found = [e.get("form") or e.get("title") or e.get("text") for e in stage.errands(*types)]
    titles = [e.get("title") for e in stage.errands(*types)]
    wanted = {paper} if paper in titles else {stage.words.form(paper)}
    stage.tells(bool(wanted & {*found, *titles}), found)


def _names(stage: Stage, decision: str) -> set[str]:
    model = stage.house.release.decision(decision)
    label = stage.house.release.written(model.decisions[decision].name) if model else None
    return {tidy(label.zh), tidy(label.en)} if label else set()


def _same(found: str, value: str, expected: Any) -> bool:
    plain = found.replace(",", "").removesuffix("元").removesuffix("CNY").strip()
    return found == value or plain == str(expected) or plain.startswith(f"{expected} ") or value in found
