"""Everything paper says by itself, in Chinese and English."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.problems import language

WORDS: dict[str, tuple[str, str]] = {
    "number": ("编号：", "No. "),
    "made_on": ("日期：", "Date: "),
    "to": ("受文：", "To: "),
    "signed": ("签字", "Signed"),
    "behalf": ("（代 {}）", " (for {})"),
    "copy": ("第{}联", "Copy {}"),
    "keeps": ("{}存", "{}"),
    "withheld": ("不予显示（仅限指定角色阅看）", "not shown to you (kept for certain roles)"),
    "erased": ("已应请求删除（任何人不能再阅看）", "erased on request (nobody can read it any more)"),
    "release": ("制度版本", "Release"),
    "printed": ("打印", "Printed"),
    "page": ("第 {} 页 共 {} 页", "Page {} of {}"),
    "event": ("记录", "Event"),
    "not_signed": ("未签", "not signed"),
    "file_of": ("案件卷宗", "Case file"),
    "case": ("案件", "Case"),
    "procedure": ("制度", "Procedure"),
    "status": ("状态", "Status"),
    "opened": ("立案", "Opened"),
    "closed": ("结案", "Closed"),
    "channel": ("渠道", "Channel"),
    "sealed": (
        "保密案件：只限经办人、监督人与审计员阅览；每次查看均留痕。",
        "Sealed case: for those who take part, its overseers and auditors; every look leaves a trace.",
    ),
    "about": ("投诉内容", "What the case is about"),
    "deadlines": ("时限与依据", "Deadlines, and why they are when they are"),
    "decisions": ("判定", "Decisions"),
    "papers": ("单据", "Papers"),
    "correspondence": ("文书往来", "Correspondence"),
    "files": ("附件", "Files"),
    "remarks": ("往来留言", "Remarks"),
    "people": ("经办人", "People"),
    "history": ("经过", "History"),
    "proof": ("证明", "Proof"),
    "picture": ("流程走到哪里", "Where it stands on its diagram"),
    "contents": ("目录", "Contents"),
    "linked": ("关联案件", "Linked cases"),
    "nothing": ("无", "None"),
    "due": ("到期", "Due"),
    "limit": ("时限", "Limit"),
    "why": ("依据", "Why"),
    "kept": ("按时", "kept"),
    "late": ("逾期", "late"),
    "running": ("进行中", "running"),
    "rule": ("依据表", "Table"),
    "rows": ("适用行", "Row"),
    "given": ("结果", "Result"),
    "when": ("时间", "When"),
    "what": ("内容", "What"),
    "who": ("人员", "Who"),
    "did": ("办理", "Did"),
    "holds": ("在办", "Holds"),
    "size": ("大小", "Size"),
    "name": ("名称", "Name"),
    "seq": ("序号", "No."),
    "head_hash": ("最后一条记录的指纹（SHA-256 链）", "Hash of the last event (SHA-256 chain)"),
    "events": ("记录条数", "Events"),
    "holds_true": ("已重放核对：链条、结果与存档状态一致。", "Replayed and checked: chain, outcomes and stored state agree."),
    "holds_not": ("核对不一致，从第 {} 条记录起。", "The check found a difference, beginning at event {}."),
    "anyone": (
        "持有本卷宗者可请审计员以 kesu verify {} 复核：第 {} 条记录的指纹应与上面相同。",
        "Whoever holds this file can have it checked with kesu verify {}: the hash of event {} must be the one above.",
    ),
    "checked": ("核对", "Checked"),
    "reader": ("本卷宗按 {} 的阅览权限生成，对其保密的内容未载入。", "Made with the rights of {}: what is withheld from them is not in it."),
    "late_at": ("逾期", "late"),
    "row_of": ("{} · 第 {} 行", "{} · row {}"),
    "field": ("栏目", "Field"),
    "value": ("内容", "Value"),
    "part": ("表单", "Form"),
    "cases": ("案件", "Cases"),
    "worklist": ("待办", "Worklist"),
    "number_of": ("编号", "Number"),
    "subject": ("事由", "Subject"),
    "task": ("步骤", "Step"),
    "left": ("剩余", "Left"),
    "sealed_case": ("保密案件", "Sealed"),
    "nobody": ("未派", "Nobody's"),
    "flow": ("类别", "Flow"),
    "by_flow": ("分类", "By flow"),
    "by_person": ("人员", "By person"),
    "by_step": ("步骤", "By step"),
    "open_cases": ("在办案件", "Open cases"),
    "late_cases": ("逾期案件", "Late cases"),
    "closed_cases": ("结案", "Closed"),
    "median_days": ("办理天数（中位）", "Days (median)"),
    "open_tasks": ("在办", "Open"),
    "late_tasks": ("逾期", "Late"),
    "figure": ("项目", "Figure"),
    "count": ("件数", "Count"),
    "received": ("本期受理", "Received"),
    "open_at_the_end": ("期末在办", "Open at the end"),
    "by_channel": ("按渠道", "By channel"),
    "by_status": ("结案按状态", "Closed, by status"),
    "by_limit": ("按时限", "By limit"),
    "kept_late": ("逾期完成", "kept late"),
    "overrun": ("未完成", "not kept"),
    "kept_share": ("按时率（%）", "Kept (%)"),
    "by_task": ("按步骤", "By step"),
    "done": ("办结", "Done"),
    "done_late": ("其中逾期", "Late"),
    "overdue": ("期末逾期（催办）", "Overdue at the end"),
    "closed_late": ("逾期结案（查办）", "Closed late"),
    "period": ("期间：", "Period: "),
    "from_to": ("{} 至 {}", "{} to {}"),
    "sums": ("本期件数", "Counts of the period"),
    "compiled": ("制表", "Compiled by"),
    "remark": ("办理说明：", "Remark: "),
    "as_of": ("数据截至期末；制表时间：", "As of the end of the period; made "),
    "rates": ("按时率与目标", "Rates and targets"),
    "rate": ("项目", "Rate"),
    "fell_due": ("到期件数", "Due"),
    "target_share": ("目标（%）", "Target (%)"),
    "target_met": ("达标", "Target"),
    "target_kept": ("达标", "met"),
    "target_missed": ("未达标", "missed"),
    "nothing_due": ("本期无到期", "nothing due"),
    "closed_cases_of": ("本期结案：{}", "Closed in the period: {}"),
    "opened_cases_of": ("本期立案：{}", "Opened in the period: {}"),
    "list_of": ("台账", "Register"),
    "count_of": ("共 {} 条", "Rows: {}"),
    "system": ("系统", "System"),
    "colon": ("：", ": "),
    "comma": ("、", ", "),
}  # fmt: skip
_ORDINALS = "一二三四五六七八九十"


def said(name: str) -> str:
    """A text in the reader's language."""
    return WORDS[name][0 if language().startswith("zh") else 1]


def copy_name(place: int) -> str:
    """What a copy is called: 第一联."""
    zh = language().startswith("zh")
    return said("copy").format(_ORDINALS[place] if zh and place < len(_ORDINALS) else place + 1)


def day(at: date | datetime, zone: str) -> str:
    """A day as forms write it."""
    if isinstance(at, datetime):
        at = at.astimezone(ZoneInfo(zone)).date()
    return f"{at.year} 年 {at.month} 月 {at.day} 日" if language().startswith("zh") else f"{at.day} {at:%b} {at.year}"


def moment(at: datetime, zone: str) -> str:
    """A moment with its year: on paper nothing is "today". Midnight ends the day before, as limits do."""
    local = at.astimezone(ZoneInfo(zone))
    return (
        f"{local - timedelta(days=1):%Y-%m-%d} 24:00" if local.hour == local.minute == 0 else f"{local:%Y-%m-%d %H:%M}"
    )
