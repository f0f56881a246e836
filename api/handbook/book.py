"""One page for one procedure: who, what, when, on which conditions, and where each of it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from api.handbook.markdown import both, code, plain, table
from api.handbook.steps import steps
from api.handbook.tables import decisions
from api.scenarios import Scenario
from engine.casebook.channels import channel
from engine.deadline import span_text
from engine.numbering import Pattern
from engine.policy import Amount, Label, LimitRow, Series
from engine.release import Release
from forms import Field, Form

_FLOWS = {
    "product-quality": "产品质量 product quality",
    "service": "服务 service",
    "staff-conduct": "人员行为 staff conduct",
}
_STAGES = {"task": "任务 task", "case": "案件 case", "legal": "法定 legal"}
_TYPES = {
    "text": "文本 text", "textarea": "长文本 long text", "integer": "整数 whole number", "number": "数字 number", "money": "金额 money",
    "date": "日期 date", "datetime": "日期时间 date and time", "time": "时间 time", "yesno": "是否 yes or no", "choice": "单选 one of",
    "choices": "多选 some of", "person": "人员 person", "role": "角色 role", "file": "文件 file", "table": "表格 rows",
    "computed": "自动计算 computed", "show": "只读 shown", "phone": "电话 telephone", "email": "电子邮件 e-mail",
}  # fmt: skip
#: The day of the examples.
_DAY = date(2026, 3, 16)
_EVERY = {"week": "每周 weekly", "month": "每月 monthly", "quarter": "每季 quarterly", "year": "每年 yearly"}


def written(
    release: Release, *, told: Iterable[Scenario] = (), drawing: Callable[[str], str] = lambda process: ""
) -> str:
    """The page, in Markdown.

    Args:
        told: its scenarios.
        drawing: process -> address of its drawing; "" where there is none.
    """
    chapters = (
        _head,
        _people,
        _numbers,
        _pictures(drawing),
        steps,
        _limits,
        decisions,
        _forms,
        _guidance,
        _outside,
        _papers,
        _params,
    )
    lines = [line for chapter in chapters for line in chapter(release)]
    return "\n".join([*lines, *_promises(told)]).rstrip() + "\n"


def _head(release: Release) -> Iterator[str]:
    policy = release.policy
    yield f"# {both(policy.title)}"
    yield ""
    said = [
        ("制度 Procedure", f"{plain(policy.system)} · {code(policy.pack)}"),
        ("流程 Flow", _FLOWS.get(policy.flow, plain(policy.flow))),
        ("渠道 Channels", "、".join(f"{channel(c, 'zh')} {channel(c, 'en')}" for c in policy.channels)),
        ("登记人 Who may open a case", _roles(release, policy.starters) or "任何登录者 everybody signed in"),
        ("日历 Calendar", code(policy.calendar)),
        ("保密 Sealed", "仅参与人可见 seen only by those who take part" if policy.sealed else ""),
        ("密名 Secrets", "；".join(f"{code(what)} → {_roles(release, who)}" for what, who in policy.secrets.items())),
        ("基础 Base", "见 base.yaml；本包只写其不同之处 on a shared base; the pack says what is its own" if "base.yaml" in release.files else ""),
    ]  # fmt: skip
    yield from table(("", ""), [row for row in said if row[1]])


def _people(release: Release) -> Iterator[str]:
    yield "## 角色 Roles"
    yield ""
    yield from table(
        ("角色 Role", "编号 Id"), [(both(label), code(role)) for role, label in release.policy.roles.items()]
    )


def _numbers(release: Release) -> Iterator[str]:
    series = release.policy.numbering
    if series:
        yield "## 编号与状态 Numbers and statuses"
        yield ""
    yield from table(("编号 Series", "格式 Pattern", "例如 Such as", "重置 Anew", "依据 Source"), [
        (both(s.label), code(s.pattern), _example(s), plain(s.reset), plain(s.source)) for s in series.values()
    ])  # fmt: skip
    said = "、".join(both(label) for label in release.policy.statuses.values())
    if said:
        yield f"状态 Statuses: {said}."
        yield ""


def _example(series: Series) -> str:
    pattern = Pattern.parse(series.pattern, reset=series.reset, overflow=series.overflow)
    return code(pattern.format(_DAY, 7, **{part: part.upper()[:1] for part in pattern.parts}))


def _pictures(drawing: Callable[[str], str]) -> Callable[[Release], Iterator[str]]:
    def chapter(release: Release) -> Iterator[str]:
        yield "## 流程图 Diagrams"
        yield ""
        for process in processes(release):
            where = drawing(process)
            if where:
                name = release.written(release.process(process)[1].name or process)
                yield f"**{both(name)}**"
                yield ""
                yield f"![{plain(name.zh)}]({where})"
                yield ""

    return chapter


def processes(release: Release) -> list[str]:
    """The processes of a release, the main one first."""
    main = release.policy.process
    return sorted(release.processes, key=lambda p: (p != main, release.processes[p][0].file, p))


def _limits(release: Release) -> Iterator[str]:
    limits = release.policy.limits
    if limits:
        yield "## 时限 Limits"
        yield ""
    yield from table(
        (
            "时限 Limit",
            "",
            "多久 How long",
            "起止 From, to",
            "提醒 Warning",
            "延期与上限 Extension, cap",
            "依据 Source",
        ),
        [
            (
                code(name),
                both(limit.label),
                _long(limit),
                _span(limit),
                _amount(limit.warn),
                _room(release, limit),
                plain(limit.source),
            )
            for name, limit in limits.items()
        ],
    )


def _amount(amount: Amount | None) -> str:
    return (
        f"{span_text(amount.value, amount.unit, 'zh')} {span_text(amount.value, amount.unit, 'en')}" if amount else ""
    )


def _long(limit: LimitRow) -> str:
    said = [
        f"{plain(variant)}: {_amount(amount)}" if variant else _amount(amount)
        for variant, amount in limit.amounts.items()
    ]
    rules = [
        text
        for text, holds in (("民法典 civil law", limit.civil), (f"roll {limit.roll}", limit.roll != "none"))
        if holds
    ]
    return "；".join([*said, *rules])


def _span(limit: LimitRow) -> str:
    start = f"{limit.start} ({limit.set_at})" if limit.set_at else limit.start
    return f"{_STAGES.get(limit.stage, limit.stage)}: {code(start)} → {', '.join(map(code, limit.ends))}"


def _room(release: Release, limit: LimitRow) -> str:
    said = [f"总长不超过 at most {_amount(limit.cap)}"] if limit.cap else []
    if limit.extend_by:
        said.append(f"可由 by {_roles(release, limit.extend_by)} {_amount(limit.extend_max)}".rstrip())
    return "；".join([*said, *(["可暂停 may pause"] if limit.pausable else [])])


def _roles(release: Release, roles: Iterable[str]) -> str:
    known = release.policy.roles
    return "、".join(both(known[role]) if role in known else code(role) for role in roles)


def _forms(release: Release) -> Iterator[str]:
    yield "## 表单 Forms"
    yield ""
    for name, data in sorted(release.forms.items()):
        form = Form.read(data, f"forms/{name}.yaml", roles=release.policy.roles)
        yield f"### {both(form.title)} {code(form.id)}"
        yield ""
        if form.source:
            yield f"依据 Source: {plain(form.source)}"
            yield ""
        yield from table(
            ("栏目 Field", "名称 Name", "类型 Type", "必填 Required", "何时显示 Shown when"), _fields(form.fields)
        )


def _fields(fields: Iterable[Field], above: str = "") -> Iterator[tuple[str, ...]]:
    for one in fields:
        if one.type in ("section", "note"):
            continue
        kind = _TYPES[one.type] + (f": {'、'.join(both(o.label) for o in one.options)}" if one.options else "")
        kind += f" = {code(one.value.text)}" if one.value else ""
        must = (
            {True: "是 yes", False: ""}.get(one.required, "")
            if isinstance(one.required, bool)
            else code(one.required.text)
        )
        yield (both(one.label), code(above + one.name), kind, must, code(one.when.text) if one.when else "")
        yield from _fields(one.columns, f"{above}{one.name}[].")


def _guidance(release: Release) -> Iterator[str]:
    shown = release.policy.guidance
    if not shown:
        return
    yield "## 指引 Guidance"
    yield ""
    yield "办理时可展开查看，不是规则。Can be unfolded beside the task; no rule."
    yield ""
    yield from table(("任务或表单 Task or form", "指引 Guidance", "依据 Source"), [
        (code(place), both(section.title), plain(section.source))
        for place in shown for section in release.guidance(place)
    ])  # fmt: skip


def _outside(release: Release) -> Iterator[str]:
    messages = release.policy.messages
    if messages:
        yield "## 外部来件 Messages from outside"
        yield ""
    yield from table(("来件 Message", "名称 Name", "表单 Form", "谁登记 Who enters it"), [
        (both(kind.label), code(name), code(kind.form or ""), _roles(release, kind.roles)) for name, kind in messages.items()
    ])  # fmt: skip


def _papers(release: Release) -> Iterator[str]:
    policy = release.policy
    if policy.copies or policy.registers or policy.reports:
        yield "## 联单、台账与报表 Copies, registers, reports"
        yield ""
    yield from table(
        ("单据 Paper", "各联 Copies"), [(code(form), "、".join(map(both, to))) for form, to in policy.copies.items()]
    )
    yield from table(("台账 Register", "栏目 Columns", "依据 Source"), [
        (both(r.label), "、".join(plain(label.zh) for label, _ in r.columns), plain(r.source)) for r in policy.registers.values()
    ])  # fmt: skip
    yield from table(("按时率 Rate", "时限 Limits", "目标（%） Target (%)", "依据 Source"), [
        (both(r.label), "、".join(map(code, r.limits)), f"{policy.params[r.target].value} ({code(r.target)})", plain(r.source))
        for r in policy.rates.values()
    ])  # fmt: skip
    yield from table(("比率 Share", "栏目 Field", "计为是的答案 Answers counted", "依据 Source"), [
        (both(s.label), code(s.field), "、".join(map(code, s.good)), plain(s.source)) for s in policy.shares.values()
    ])  # fmt: skip
    yield from table(("报表 Report", "周期 Every", "截止日 By day", "由谁办理 Seen to by", "依据 Source"), [
        (both(r.label), _EVERY.get(r.every, plain(r.every)), str(r.by_day), _roles(release, policy.seen_to_by(r)), plain(r.source))
        for r in policy.reports
    ])  # fmt: skip


def _params(release: Release) -> Iterator[str]:
    params: Mapping[str, tuple[Label, str, str]] = {
        name: (p.label, str(p.value), p.source) for name, p in release.policy.params.items()
    }
    if params:
        yield "## 参数 Parameters"
        yield ""
        yield "原文没有写明之处由制度负责人设定；依据 D-nn 为缺省值。Where the text is silent the owner decides; D-nn marks a default."
        yield ""
    yield from table(("参数 Parameter", "名称 Name", "值 Value", "依据 Source"), [
        (both(label), code(name), code(value), plain(source)) for name, (label, value, source) in params.items()
    ])  # fmt: skip


def _promises(told: Iterable[Scenario]) -> Iterator[str]:
    scenarios = list(told)
    if not scenarios:
        return
    yield f"## 场景 Scenarios ({len(scenarios)})"
    yield ""
    yield "每次测试都在模拟日历上经由 API 走一遍。Each is played over the API on a simulated calendar, in every run of the tests."
    yield ""
    yield from (f"- {plain(s.name)}" for s in scenarios)
