"""The owner's numbers and names, as `pack.yaml` gives them: roles, limits, numbering, parameters, texts.

Everything an organisation decides for itself is here and nothing of it is in Python. This module
reads a parsed mapping; it knows neither files nor YAML, and does not compute deadlines.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.findings import Refused, errors
from engine.policy_reading import Reading
from engine.values import Value

FLOWS = ("product-quality", "service", "staff-conduct")
STAGES = ("task", "case", "legal")
UNITS = ("minute", "hour", "work_hour", "workday", "day", "week", "month", "date_field")
ROLLS = ("none", "next_workday", "previous_workday")


@dataclass(frozen=True, kw_only=True)
class Label:
    """A text in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """The text for a reader (`zh…` or anything else for English)."""
        return self.zh if lang.startswith("zh") else self.en


@dataclass(frozen=True, kw_only=True)
class Amount:
    """A span as the owner wrote it: 14 day, 2 workday, 3 month."""

    value: int
    unit: str


@dataclass(frozen=True, kw_only=True)
class LimitRow:
    """One row of the limits table."""

    id: str
    label: Label
    #: "task": set when the task opens; "case" and "legal": when the start milestone is reached.
    stage: str
    #: Milestone from which it counts; "task" for the opening of the task.
    start: str
    #: Milestones by which it must be kept: the first that is reached ends it.
    ends: tuple[str, ...]
    #: Milestone at which it is set, where that is later than the one it counts from ("" : the same).
    set_at: str = ""
    #: Span by variant; "" is the row's own.
    amounts: Mapping[str, Amount]
    warn: Amount | None = None
    roll: str = "none"
    civil: bool = False
    #: Greatest span in all, extensions and pauses included.
    cap: Amount | None = None
    pausable: bool = False
    calendar: str | None = None
    #: Where it comes from: seed lines, article, or a default D-nn.
    source: str = ""
    #: Roles that may extend it, and by how much at most in one go.
    extend_by: tuple[str, ...] = ()
    extend_max: Amount | None = None

    def amount(self, variant: str = "") -> Amount | None:
        """The span for a variant, falling back to the row's own."""
        return self.amounts.get(variant) or self.amounts.get("")


@dataclass(frozen=True, kw_only=True)
class Param:
    """A number or text the owner may change, with its source."""

    value: Value
    label: Label
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Series:
    """How one kind of number is made; `engine.numbering` reads the pattern."""

    pattern: str
    reset: str = "year"
    overflow: str = "refuse"
    label: Label
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageKind:
    """Something that can come from outside and who may enter it."""

    label: Label
    form: str | None = None
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Register:
    """A list over cases; each column is a FEEL expression over the case."""

    label: Label
    columns: tuple[tuple[Label, str], ...]
    source: str = ""
    #: Where a case has several lines: the list of them; each is `row` to the columns. "": one line a case.
    rows: str = ""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A statistic the procedure asks for at set times."""

    id: str
    label: Label
    #: "week", "month", "quarter" or "year".
    every: str
    #: Day of the period by which it must be there (inclusive).
    by_day: int
    source: str = ""
    #: Roles that see to it.
    roles: tuple[str, ...] = ()
    #: A register: its lines of the cases that were closed (or "opened") in the period stand on it. "": sums alone.
    register: str = ""
    of: str = "closed"
    #: Who signs it on paper.
    signs: tuple[Label, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many of a hundred are to be within their limit."""

    label: Label
    #: Deadlines of these limits are counted.
    limits: tuple[str, ...]
    #: The parameter that says how many of a hundred.
    target: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of the cases in which a question was answered were answered in one way: content, complained of before."""

    label: Label
    #: The field, and those of its answers that are counted.
    field: str
    good: tuple[str, ...]
    #: The other answers that count as given; empty: all the others.
    others: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Everything `pack.yaml` says."""

    pack: str
    title: Label
    system: str
    flow: str
    process: str
    intake: str
    calendar: str
    starters: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    #: Only participants see the cases of this pack.
    sealed: bool = False
    #: Intake field that names the case in lists, and the one that names the person complained of.
    subject: str = "subject"
    #: Whose name heads its papers; None: the title of the procedure does.
    letterhead: Label | None = None
    accused: str | None = None
    #: Whose personal data -> the roles that may read them; whose is not named here is read by whoever sees the case.
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Roles that may read who looked at a sealed case.
    overseers: tuple[str, ...] = ()
    #: Roles that look after the work of others and see figures of it.
    managers: tuple[str, ...] = ()
    roles: Mapping[str, Label] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)
    limits: Mapping[str, LimitRow] = field(default_factory=dict)
    numbering: Mapping[str, Series] = field(default_factory=dict)
    statuses: Mapping[str, Label] = field(default_factory=dict)
    messages: Mapping[str, MessageKind] = field(default_factory=dict)
    #: Form -> who keeps its copies, the first copy first.
    copies: Mapping[str, tuple[Label, ...]] = field(default_factory=dict)
    registers: Mapping[str, Register] = field(default_factory=dict)
    reports: tuple[Report, ...] = ()
    rates: Mapping[str, Rate] = field(default_factory=dict)
    #: What is counted of the answers: how many were content, how many came again.
    shares: Mapping[str, Share] = field(default_factory=dict)
    #: Element or form -> texts shown there, `guide` or `guide/section`.
    guidance: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: How often a case may go round a loop before it stands still with an incident.
    most_passes: int = 10_000

    @property
    def heading(self) -> Label:
        """What stands at the head of its papers."""
        return self.letterhead or self.title

    def seen_to_by(self, report: Report) -> tuple[str, ...]:
        """The roles that see to a report: where it names none, the managers."""
        return report.roles or self.managers

    @classmethod
    def of(cls, data: Any, file: str = "pack.yaml") -> Policy:
        """The policy that a parsed `pack.yaml` states.

        Raises:
            Refused: with one finding for each key that is missing, unknown or wrong.
        """
        read = Reading(data, file)
        roles = {k: _label(r) for k, r in read.parts("roles")}
        policy = cls(
            pack=read.name("pack"),
            title=_label(read.part("title")),
            system=read.text("system", default=""),
            flow=read.choice("flow", FLOWS),
            process=read.text("process"),
            intake=read.text("intake"),
            calendar=read.text("calendar"),
            starters=read.texts("starters"),
            channels=read.texts("channels"),
            sealed=read.yes("sealed"),
            subject=read.text("subject", default="subject"),
            letterhead=_label(read.part("letterhead")) if read.has("letterhead") else None,
            accused=read.text("accused", default="") or None,
            secrets=read.lists("secrets"),
            overseers=read.texts("overseers"),
            # Where the owner names none, it is the role of that name, if there is one.
            managers=read.texts("managers") if read.has("managers") else tuple(r for r in roles if r == "manager"),
            roles=roles,
            params={k: _param(r) for k, r in read.parts("params")},
            limits={k: _limit(k, r) for k, r in read.parts("limits")},
            numbering={k: _series(r) for k, r in read.parts("numbering")},
            statuses={k: _label(r) for k, r in read.parts("statuses")},
            messages={k: _message(r) for k, r in read.parts("messages")},
            copies={form: tuple(map(_keeper, keepers)) for form, keepers in read.mixed("copies").items()},
            registers={k: _register(r) for k, r in read.parts("registers")},
            reports=tuple(_report(r) for r in read.rows("reports")),
            rates={k: _rate(r) for k, r in read.parts("rates")},
            shares={k: _share(r) for k, r in read.parts("shares")},
            guidance=read.lists("guidance"),
            most_passes=read.whole("most_passes", least=1) if read.has("most_passes") else 10_000,
        )
        loose = _loose_ends(policy, read)
        findings = read.finish() + loose
        if errors(findings):
            raise Refused(findings)
        return policy


def _label(read: Reading) -> Label:
    return Label(zh=read.text("zh"), en=read.text("en"))


def _keeper(said: Reading | str) -> Label:
    """Who keeps a copy; releases from before keepers had two languages say it in one."""
    return Label(zh=said, en=said) if isinstance(said, str) else _label(said)


def _param(read: Reading) -> Param:
    value = read.any("value")
    if isinstance(value, str):
        with contextlib.suppress(ArithmeticError):  # a text is a text
            value = Decimal(value)
    return Param(value=value, label=_label(read), source=read.text("source", default=""))


def _amount(read: Reading) -> Amount:
    return Amount(value=read.whole("value", least=0), unit=read.choice("unit", UNITS))


def _limit(key: str, read: Reading) -> LimitRow:
    amounts = {k: _amount(r) for k, r in read.parts("variants")}
    if read.has("value"):
        amounts[""] = Amount(value=read.whole("value", least=0), unit=read.choice("unit", UNITS))
    if not amounts:
        read.fault(
            "value",
            "没有时限数值",
            "has no span",
            "写 value 和 unit，或写 variants。",
            "Give value and unit, or variants.",
        )
    stage = read.choice("stage", STAGES)
    return LimitRow(
        id=key,
        label=_label(read),
        stage=stage,
        start=read.text("from"),
        ends=read.one_or_more("to", default="closed"),
        set_at=read.text("set_at", default=""),
        amounts=amounts,
        warn=_amount(read.part("warn")) if read.has("warn") else None,
        roll=read.choice("roll", ROLLS, default="none"),
        civil=read.yes("civil"),
        cap=_amount(read.part("cap")) if read.has("cap") else None,
        pausable=read.yes("pausable"),
        calendar=read.text("calendar", default="") or None,
        source=read.text("source", default=""),
        extend_by=read.texts("extend_by"),
        extend_max=_amount(read.part("extend_max")) if read.has("extend_max") else None,
    )


def _series(read: Reading) -> Series:
    return Series(
        pattern=read.text("pattern"),
        reset=read.choice("reset", ("year", "month", "day", "never"), default="year"),
        overflow=read.choice("overflow", ("refuse", "widen"), default="refuse"),
        label=Label(zh=read.text("zh", default="编号"), en=read.text("en", default="Number")),
        source=read.text("source", default=""),
    )


def _message(read: Reading) -> MessageKind:
    return MessageKind(label=_label(read), form=read.text("form", default="") or None, roles=read.texts("roles"))


def _register(read: Reading) -> Register:
    columns = tuple((_label(c), c.text("value")) for c in read.rows("columns"))
    return Register(
        label=_label(read), columns=columns, source=read.text("source", default=""), rows=read.text("rows", default="")
    )


def _report(read: Reading) -> Report:
    return Report(
        id=read.name("id"),
        label=_label(read),
        every=read.choice("every", ("week", "month", "quarter", "year")),
        by_day=read.whole("by_day", least=1),
        source=read.text("source", default=""),
        roles=read.texts("roles"),
        register=read.text("register", default=""),
        of=read.choice("of", ("closed", "opened"), default="closed"),
        signs=tuple(_label(r) for r in read.rows("signs")),
    )


def _rate(read: Reading) -> Rate:
    return Rate(
        label=_label(read), limits=read.texts("limits"), target=read.text("target"), source=read.text("source", default="")
    )


def _share(read: Reading) -> Share:
    def answers(key: str) -> tuple[str, ...]:
        # A yes written without quotes is a yes all the same.
        return tuple(one.lower() if one in ("True", "False") else one for one in read.texts(key))

    return Share(
        label=_label(read), field=read.text("field"), good=answers("good"), others=answers("others"),
        source=read.text("source", default=""),
    )  # fmt: skip


def _loose_ends(policy: Policy, read: Reading) -> list[Any]:
    """Names that point nowhere inside the file."""
    known = policy.roles
    named = [("starters", policy.starters), ("overseers", policy.overseers), ("managers", policy.managers)]
    named += [(f"messages.{m}.roles", k.roles) for m, k in policy.messages.items()]
    named += [(f"secrets.{of}", roles) for of, roles in policy.secrets.items()]
    named += [(f"reports.{row.id}.roles", row.roles) for row in policy.reports]
    named += [(f"limits.{i}.extend_by", row.extend_by) for i, row in policy.limits.items()]
    found = [read.unknown(where, role, known) for where, roles in named for role in roles if role not in known]
    found += [
        read.unknown(f"reports.{row.id}.register", row.register, policy.registers)
        for row in policy.reports
        if row.register and row.register not in policy.registers
    ]
    for name, rate in policy.rates.items():
        found += [read.unknown(f"rates.{name}.limits", i, policy.limits) for i in rate.limits if i not in policy.limits]
        if rate.target not in policy.params:
            found.append(read.unknown(f"rates.{name}.target", rate.target, policy.params))
        elif not isinstance(policy.params[rate.target].value, Decimal | int):
            read.fault(f"rates.{name}.target", f"参数“{rate.target}”不是数", f"the parameter “{rate.target}” is no number",
                       "写百分数，如 \"99\"。", 'Write a percentage, such as "99".')  # fmt: skip
    return found
