"""Rules of forms and columns of registers: whether each can be reckoned where it stands.

They have the functions of FEEL, the parameters of the pack and its calendar (`engine.shelf.context_of`); what only a running
case knows (its limits, who did what) they have not, and would be silently null there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from engine import diagram as diagrams
from engine.diagram import Given
from engine.feel import HOUSE, Compiled, FeelSyntaxError, compile, literal_or_expression
from engine.findings import Finding
from engine.release import Release
from forms import TYPES, Field, Form

#: FEEL type -> what values of it can be compared with.
_KINDS = {"number": "number", "date": "day", "date and time": "day", "time": "time"}
#: Functions of the house that ask a running case.
_OF_A_CASE = frozenset({"due", "warn", "milestone", "done by"})


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where an expression stands, and what may be known there."""

    file: str
    element: str
    #: Functions of the house that it does not have.
    barred: frozenset[str]
    #: None: nobody asks for the form, so that it is not certain.
    known: frozenset[str] | None
    params: frozenset[str]
    types: Mapping[str, str]


def rules_of(release: Release, forms: Mapping[str, Form], given: Given) -> Iterator[Finding]:
    """What is wrong with the rules of the forms and the columns of the registers."""
    drawn = list(release.diagrams.values())
    (known, anything), types = diagrams.known_beside(drawn, given), diagrams.types_known(drawn, given)
    for name, form in forms.items():
        told = None if name not in known else known[name] | {f.name for f in form.fields}
        place = _Place(
            file=f"forms/{name}.yaml", element="", barred=_OF_A_CASE, known=told, params=given.params, types=types
        )
        yield from _fields(form.fields, place, "")
    for name, register in release.policy.registers.items():
        # Where a register has several lines a case, its columns know each of them as `row`.
        told = anything | {"row"} if register.rows and anything is not None else anything
        texts = [(f"columns[{number}]", text, told) for number, (_, text) in enumerate(register.columns, 1)]
        for key, text, seen in [*texts, *([("rows", register.rows, anything)] if register.rows else [])]:
            place = _Place(file="pack.yaml", element=f"registers.{name}.{key}", barred=_OF_A_CASE - {"milestone"},
                           known=seen, params=given.params, types=types)  # fmt: skip
            is_feel, rest = literal_or_expression(text)
            try:
                yield from _expression(compile(rest), place) if is_feel else ()
            except FeelSyntaxError as error:
                yield _finding(
                    place,
                    "rule-syntax",
                    "error",
                    error.text("zh"),
                    error.text("en"),
                    "请改正表达式。",
                    "Correct the expression.",
                )


def _fields(fields: tuple[Field, ...], form: _Place, inside: str) -> Iterator[Finding]:
    for field in fields:
        rules = (
            ("required", field.required), ("when", field.when), ("value", field.value), ("min", field.least), ("max", field.most),
        )  # fmt: skip
        for key, rule in rules:
            if isinstance(rule, Compiled):
                place = _Place(file=form.file, element=f"{inside}{field.name}.{key}", barred=form.barred, known=form.known,
                               params=form.params, types=form.types)  # fmt: skip
                yield from _expression(rule, place)
                if key in ("min", "max"):
                    yield from _bound(field, rule, place)
        if field.columns:
            names = {column.name for column in field.columns}
            row = _Place(file=form.file, element="", barred=form.barred, known=None if form.known is None else form.known | names,
                         params=form.params, types={n: of for n, of in form.types.items() if n not in names})  # fmt: skip
            yield from _fields(field.columns, row, f"{inside}{field.name}.")


def _bound(field: Field, rule: Compiled, place: _Place) -> Iterator[Finding]:
    """A bound must be of a kind that the entry can be compared with; what is not known is asked when it is entered."""
    found = rule.type(place.types)
    if found is None or found in ("Any", "null") or _KINDS.get(found) == _KINDS[TYPES[field.type]]:
        return
    yield _finding(place, "bound-kind", "error", f"界限的类型是 {found}，无法与这一栏比较。",
                   f"The bound is of type {found}, which this field cannot be compared with.",
                   "请写同类的算式。", "Write a rule that gives the field's own kind.")  # fmt: skip


def _expression(rule: Compiled, place: _Place) -> Iterator[Finding]:
    for name in sorted(rule.calls & rule.used):
        yield _finding(place, "function-unknown", "error", f"函数“{name}”不存在。", f"The function “{name}” does not exist.",
                       "请改正函数名。", "Correct its name.")  # fmt: skip
    for name in sorted(rule.calls & place.barred):
        yield _finding(place, "function-not-here", "error", f"这里没有函数“{name}”，结果总是 null。",
                       f"The function “{name}” is not known here; it would always be null.",
                       "请在流程图中计算，把结果写入案件资料，再读那个名称。",
                       "Reckon it in the diagram and read the name that takes the result.")  # fmt: skip
    for name in rule.named_in_calls("param"):
        if name not in place.params:
            near = get_close_matches(name, sorted(place.params), n=1, cutoff=0.7)
            yield _finding(place, "parameter-unknown", "error", f"没有名为“{name}”的参数。", f"There is no parameter “{name}”.",
                           f"是否为“{near[0]}”？" if near else "请改正或补上。",
                           f"Did you mean “{near[0]}”?" if near else "Correct it or add it.")  # fmt: skip
    read = {name.partition(".")[0] for name in rule.used - rule.calls} - set(HOUSE)
    for name in sorted(read - place.known) if place.known is not None else ():
        near = get_close_matches(name, sorted(place.known or ()), n=1, cutoff=0.7)
        yield _finding(place, "reads-unknown", "warning", f"要读“{name}”，但没有表单或步骤会在它之前给出；总是 null。",
                       f"It reads “{name}”, which no form or step before it gives; that is always null.",
                       f"是否为“{near[0]}”？" if near else "请改正名称，或在之前给出。",
                       f"Did you mean “{near[0]}”?" if near else "Correct the name, or give it before.")  # fmt: skip
    for why in rule.nulls(place.types)[:3]:
        yield _finding(place, "only-null", "warning", f"有一处只会得到 null：{why.text('zh')}", f"A part can only be null: {why.text('en')}",
                       "请改正这一处；如要空值，请写 null。", "Correct it; write null where null is meant.")  # fmt: skip


def _finding(place: _Place, code: str, severity: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Finding:
    return Finding(
        code=code, severity="error" if severity == "error" else "warning", file=place.file, element=place.element, zh=zh, en=en,
        remedy_zh=remedy_zh, remedy_en=remedy_en,
    )  # fmt: skip
