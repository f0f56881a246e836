"""How the demo's people behave: who takes what, what they write, how they decide. When they come is in `pace`.

They know no pack: they read the form that is before them and fill it in as its fields ask. What makes a
case go one way or another are the dice, weighted towards what mostly happens: approvals are mostly given,
customers mostly accept, and after a second round everybody wants to be done.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from api.demo.complaints import Complaint
from engine.authority import OWNER, Actor
from engine.casebook import PackView
from engine.clock import Clock
from engine.feel import Compiled, Context
from engine.history import bare
from engine.shelf import not_yet_open
from engine.store import Person
from forms import AnswersRefused, Field, Form

_ZONE = ZoneInfo("Asia/Shanghai")
_FAMILIES = "王李张刘陈杨黄吴周徐孙胡朱林何郭马罗"
_GIVEN = ("女士", "先生", "小姐", "经理", "师傅")
#: What is written where a form asks for a code of a certain shape.
_CODES = ("A1", "K7", "WM3", "A1-20260105-K7-001", "WM3-20260209-A1-012", "260103")
_REMARKS = (
    "已电话联系客户，约明天上午再谈。", "请把检验记录补一份。", "客户情绪比较激动，注意措辞。", "照片和批号已核对，一致。",
    "这件和上月那件原因相同，请一并考虑。", "已与仓库确认库存，可先换货。", "合同条款已查，第六条适用。", "等实验室报告，预计周四。",
)  # fmt: skip
_VERDICTS = (
    "", "已阅，各项与上期持平。", "逾期件已约谈责任部门。", "已报经理，周会通报。", "重复投诉集中在同一批次，已转品质跟进。",
)  # fmt: skip
#: What was found, and what is to be done, by the flow of the complaint.
_FINDINGS: dict[str, tuple[str, ...]] = {
    "product-quality": (
        "经核对生产记录与留样，确认该批次第三工序温度偏低，属我方责任。", "现场查看后认定为运输途中碰撞，包装未破损。",
        "客户使用方法与说明书不符，但我方标签提示不够醒目。", "检验结果符合标准，客户对允许偏差理解有误，已解释。",
        "抽查同批次二十件，另有一件存在相同问题。", "留样复检两次，结果与客户所述一致。",
    ),
    "service": (
        "调阅通话录音，业务人员未完整说明条款，客户陈述基本属实。", "经三方对账，差额系系统重复扣款所致，已更正。",
        "上门时间晚于约定四十分钟，派工记录属实。", "客户所述与登记一致，处理人员未及时回电。",
        "核对合同与收费标准，收费无误，已向客户逐项解释。", "现场照片与维修记录相符，首次维修不彻底。",
    ),
    "staff-conduct": (
        "责任人对事实无异议，已提交书面说明。", "调阅监控与值班记录，所述时段当事人在岗。",
        "两名证人的陈述一致，与举报内容相符。", "所反映的收费与凭证不符，涉及金额已核实。",
        "举报内容部分属实，其余无据可查。",
    ),
}  # fmt: skip
_MEASURES: dict[str, tuple[str, ...]] = {
    "product-quality": (
        "修订作业指导书，增加首件确认；对当班人员再培训一次。", "更换包装供应商，运输协议增加赔付条款。",
        "按约定折让百分之八，下批发货前加严检验。", "换货二十件，旧品随车收回。",
    ),
    "service": (
        "全额退款并书面致歉，三日内到账。", "重新派工，由班长陪同上门，完工后回访。",
        "补寄说明材料，并由主管当面解释。", "对经办人员进行条款讲解培训，抽查录音一个月。",
    ),
    "staff-conduct": (
        "责成当事人书面检讨，暂停相关权限。", "退还所收款项，全科通报。",
        "调整岗位分工，两人复核后方可收费。", "移交人事部门按规定处理。",
    ),
}  # fmt: skip
#: What is written on a line: words in its label, and what then stands there. {n} is a number.
_LINES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("工号", "证件", "身份证"), ("E{n}07", "A1{n}")),
    (("时间",), ("上午十点", "三个工作日内", "下周二上午")),
    (("地址", "地点", "住址", "位置"), ("解放路 {n} 号", "高新区创业大道 {n} 号", "滨江花园 3 幢 {n} 室")),
    (("电话", "手机"), ("0571-88000{n}", "13800138{n}")),
    (("编号", "单号", "号码", "合同", "批号", "批次", "料号", "凭证", "订单", "序号"), ("A2609-{n}", "B26{n}", "2609{n}")),
    (("客户", "公司", "顾客", "单位", "厂家", "供应商", "经销商", "酒店"), (
        "宏达贸易有限公司", "新城物业", "启明装饰工程公司", "康宁药房", "远洋运输",
    )),
    (("部门", "科室", "车间", "班组", "岗位"), ("制造二部", "品质管理部", "客户服务部", "仓储部")),
    (("产品", "品名", "型号", "规格", "货物", "商品", "机型", "车型"), ("型号 KX-{n}", "规格 20×16", "标准型 {n}", "二十升装 {n}")),
    (("项目", "费用", "内容", "要点", "事项", "名目"), ("更换配件", "运输费", "检验报告第 {n} 号", "现场复测", "返工工时")),
)  # fmt: skip
_NOTES = ("见附件", "已核对，无误", "按约定办理", "已当面说明", "待补充", "与记录一致")
#: Choices that end a matter well: taken most of the time.
_WELL = ("yes", "accept", "accepted", "agree", "agreed", "approve", "approved", "satisfied", "valid", "pass", "passed", "close",
         "done", "founded", "established", "ok")  # fmt: skip
#: Yes/no fields whose "yes" makes a case longer.
_LONGER = ("refuse", "return", "reject", "appeal", "dispute", "need", "more", "major", "extension", "extend", "joint", "panel", "visit",
           "test", "again", "reopen", "transfer", "escalat", "overdue", "recuse", "conflict")  # fmt: skip


#: Lists of those who did something wrong: mostly empty.
_BLAME = ("late", "overdue", "absent", "liable", "blamed")
#: Names of fields by which something is granted, whatever else they are called.
_GRANTED = ("approved", "agreed", "ok", "accepted", "matches")


class Offered(Protocol):
    """A task as far as it says for whom it is."""

    @property
    def groups(self) -> Sequence[str]: ...
    @property
    def users(self) -> Sequence[str]: ...
    @property
    def assignee(self) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Somebody at their desk."""

    actor: Actor
    zh: str


class Staff:
    """The people of the demo at work."""

    def __init__(
        self,
        people: Sequence[Person],
        packs: Sequence[PackView],
        clock: Clock,
        dice: random.Random,
        *,
        rules_of: Callable[[str], Context] | None = None,
    ) -> None:
        """
        Args:
            rules_of: what the rules of the forms of a release (its digest) are evaluated with; without, only the time.
        """
        self._people = [
            Worker(actor=Actor(name=p.name, memberships=p.memberships), zh=p.zh) for p in people if not p.external
        ]
        self._packs = {pack.pack: pack for pack in packs}
        self._clock, self._dice, self._rules_of = clock, dice, rules_of
        #: Who took in the last complaint.
        self._opener: Worker | None = None

    def pack(self, pack: str) -> PackView:
        """A procedure in force."""
        return self._packs[pack]

    # --- who ----------------------------------------------------------------------------------------

    def opener(self, pack: str) -> Worker:
        """Somebody who may receive complaints of the pack."""
        starters = self._packs[pack].starters
        able = [w for w in self._people if not starters or any(w.actor.has(pack, role) for role in starters)]
        found = self._opener = self._dice.choice(able)
        return found

    def willing(self, pack: str, task: Offered) -> Iterator[Worker]:
        """Those to whom the task was offered, in the order in which they look into their list."""
        roles = [group.rpartition("/")[2] for group in task.groups]
        able = [
            w
            for w in self._people
            if w.actor.name == task.assignee
            or (not task.assignee and (w.actor.name in task.users or any(w.actor.has(pack, r) for r in roles)))
        ]
        self._dice.shuffle(able)
        yield from able

    def mailroom(self, pack: str, roles: Sequence[str]) -> list[Worker]:
        """Those who may enter what came from outside, in the order in which they look into the post."""
        able = [w for w in self._people if not roles or any(w.actor.has(pack, role) for role in roles)]
        self._dice.shuffle(able)
        return able

    # --- what ---------------------------------------------------------------------------------------

    def remark(self) -> str:
        """Something said by the way."""
        return self._dice.choice(_REMARKS)

    def verdict(self) -> str:
        """What is said to a report."""
        return self._dice.choice(_VERDICTS)

    def intake(self, pack: PackView, complaint: Complaint, channel: str) -> dict[str, Any]:
        """The intake form, with what the complaint says where the form asks for it."""
        known = {"subject": complaint.title, "title": complaint.title, **complaint.facts}
        fields = pack.intake.fields
        for field in fields:
            if field.name not in known and field.type == "textarea":
                known[field.name] = complaint.text
                break
        names = {field.name for field in fields if not field.silent and field.type != "computed"}
        given = {name: value for name, value in known.items() if name in names}
        coming = not_yet_open(pack=pack.pack, flow=pack.flow, channel=channel)
        return self.answers(pack.intake, coming, "intake-1", known=given, pack=pack.pack, release=pack.release)

    def answers(
        self,
        form: Form,
        document: Mapping[str, Any],
        task: str,
        known: Mapping[str, Any] | None = None,
        pack: str | None = None,
        release: str | None = None,
    ) -> dict[str, Any]:
        """A filled form: field by field, then again for what the first entries brought to light.

        Args:
            pack: whose roles are meant where the form asks for one; None: any.
            release: whose parameters and calendar the form's rules read.
        """
        filled: dict[str, Any] = dict(known or {})
        context = self._rules_of(release) if self._rules_of and release else Context(now=self._clock.now())
        weary = int(task.rpartition("-")[2]) > 1 if task.rpartition("-")[2].isdigit() else False
        for _ in range(4):
            before = len(filled)
            for field in form.shown(filled, document, context):
                if (
                    field.name
                    and field.name not in filled
                    and not field.silent
                    and field.type != "computed"
                    and not field.readonly
                ):
                    entered = self._entry(field, filled, document, context, weary, pack)
                    if entered is not None:
                        filled[field.name] = entered
            if len(filled) == before:
                break
        _within_bounds(form, filled, document, context)
        shown = {field.name for field in form.shown(filled, document, context)}
        return {name: value for name, value in filled.items() if name in shown}

    def _entry(
        self,
        field: Field,
        filled: Mapping[str, Any],
        document: Mapping[str, Any],
        context: Context,
        weary: bool,
        pack: str | None,
    ) -> Any:
        required = (
            field.required
            if isinstance(field.required, bool)
            else (field.required.run({**document, **filled}, context=context).value is True)
        )
        if (
            not required
            and self._dice.random() < 0.35
            and field.type not in ("yesno", "choice", "money", "number", "integer")
        ):
            return None
        make: Callable[[Field], Any] | None = {
            "text": self._line, "textarea": lambda f: self._text(f, pack), "integer": self._number, "number": self._number, "money": self._number,
            "date": self._date, "datetime": self._moment, "time": lambda f: "09:30", "choice": self._choice,
            "choices": self._choices, "person": lambda f: self._person(f, pack, required), "role": lambda f: self._role(f, pack),
            "phone": self._phone, "email": lambda f: f"customer{self._dice.randrange(1000)}@example.com",
        }.get(field.type)  # fmt: skip
        if field.type == "yesno":
            return self._yesno(field, weary)
        if field.type in ("text", "phone", "email") and isinstance(known := document.get(field.name), str) and known:
            return known  # what the case says already is said again
        if field.type in ("number", "integer", "money") and (same := self._same_as_before(field, document)) is not None:
            return same
        if field.type == "table":
            rows = max(1, int(field.least) if isinstance(field.least, Decimal) else 1)
            return [
                {
                    c.name: self._entry(c, {}, document, context, weary, pack)
                    for c in field.columns
                    if c.type != "computed" and not c.silent
                }
                for _ in range(rows + (self._dice.random() < 0.3))
            ]
        if required is False and any(word in field.name for word in _BLAME) and self._dice.random() < 0.85:
            return None
        made = make(field) if make else None
        return [made] if field.many and made is not None and field.type in ("person", "role") else made

    def _same_as_before(self, field: Field, document: Mapping[str, Any]) -> str | None:
        """What was counted before is mostly counted again: the last quantity or amount of that name."""
        last = field.name.rpartition("_")[2]
        known = [
            v
            for n, v in document.items()
            if n.rpartition("_")[2] == last
            and isinstance(v, Decimal | int)
            and not isinstance(v, bool)
            and n != field.name
        ]
        return str(known[-1]) if known and self._dice.random() < 0.85 else None

    def _line(self, field: Field) -> str:
        if field.pattern:
            fitting = [code for code in _CODES if re.fullmatch(field.pattern, code)]
            return self._dice.choice(fitting or _CODES)
        label = field.label.zh
        for words, said in _LINES:
            if any(word in label for word in words):
                return self._dice.choice(said).format(n=self._dice.randrange(100, 999))
        if field.personal or "name" in field.name or label.endswith(("人", "者", "员")):
            return self._dice.choice(_FAMILIES) + self._dice.choice(_GIVEN)
        return self._dice.choice(_NOTES)

    def _text(self, field: Field, pack: str | None) -> str:
        flow = self._packs[pack].flow if pack in self._packs else "service"
        planned = any(w in field.name for w in ("measure", "plan", "remedy", "action", "proposal"))
        pool = (_MEASURES if planned else _FINDINGS)[flow]
        said = self._dice.choice(pool)
        while isinstance(field.least, Decimal) and len(said) < field.least:
            said += self._dice.choice(pool)
        return said

    def _number(self, field: Field) -> str:
        least = field.least if isinstance(field.least, Decimal) else Decimal(0)
        most = (
            field.most if isinstance(field.most, Decimal) else Decimal(self._dice.choice((800, 4_000, 12_000, 40_000)))
        )
        value = least + (most - least) * Decimal(self._dice.randrange(0, 1001)) / 1000
        places = {"money": field.decimals, "integer": 0}.get(field.type, 1)
        return f"{value:.{places}f}"

    def _date(self, field: Field) -> str:
        day: date = self._clock.now().astimezone(_ZONE).date()
        later = any(w in field.name for w in ("planned", "promise", "due", "next", "until"))
        return (day + timedelta(days=self._dice.randrange(1, 10) * (1 if later else -1))).isoformat()

    def _moment(self, field: Field) -> str:
        return f"{self._clock.now().astimezone(_ZONE) - timedelta(hours=self._dice.randrange(1, 30)):%Y-%m-%d %H:%M}"

    def _choice(self, field: Field) -> str:
        well = [o.value for o in field.options if o.value in _WELL]
        if well and self._dice.random() < 0.75:
            return well[0]
        return self._dice.choice(field.options).value

    def _choices(self, field: Field) -> list[str]:
        return [self._dice.choice(field.options).value]

    def _person(self, field: Field, pack: str | None, required: bool) -> str | None:
        def fits(membership: str) -> bool:
            of, _, role = membership.partition("/")
            return role == field.role and pack in (None, of)

        able = [w for w in self._people if field.role is None or any(map(fits, w.actor.memberships))]
        # Nobody names a colleague as the one complained of by chance: that would bar them from their own work. Where
        # the form wants one, it is not whoever takes the complaint in.
        if field.name == "accused" and required:
            return next((w.actor.name for w in able if w is not self._opener), None)
        spared = field.name in ("accused", "recused") and not required
        return None if spared or not able else self._dice.choice(able).actor.name

    def _role(self, field: Field, pack: str | None) -> str | None:
        held = {m.partition("/")[::2] for w in self._people for m in w.actor.memberships if not m.startswith("*")}
        roles = sorted({role for of, role in held if pack in (None, of) and role != OWNER})
        return self._dice.choice(roles) if roles else None

    def _phone(self, field: Field) -> str:
        return f"138{self._dice.randrange(10_000_000, 99_999_999)}"

    def _yesno(self, field: Field, weary: bool) -> bool:
        if any(word in field.name for word in _LONGER) and not field.name.endswith(_GRANTED):
            return not weary and self._dice.random() < 0.2
        return weary or self._dice.random() < 0.87


def _within_bounds(form: Form, filled: dict[str, Any], document: Mapping[str, Any], context: Context) -> None:
    """Put entries that a rule bounds on the bound, where they were beyond it."""
    bounded = {f.name: [b for b in (f.least, f.most) if isinstance(b, Compiled)] for f in form.fields}
    others = {name: value for name, value in filled.items() if not bounded.get(name)}
    if len(others) == len(filled):
        return
    try:
        known = {**document, **{n: bare(v) for n, v in form.accept(others, document=document, context=context, draft=True).items()}}
    except AnswersRefused:
        return
    for name in filled.keys() - others.keys():
        for bound in bounded[name]:
            try:
                form.accept(others | {name: filled[name]}, document=document, context=context, draft=True)
            except AnswersRefused:
                edge = bound.run(known, context=context).value
                filled[name] = edge.isoformat() if isinstance(edge, date) else str(edge)
