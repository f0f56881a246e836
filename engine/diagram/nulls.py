"""Expressions of a diagram that can only be null: as far as that can be told before they run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.diagram.faults import Faults
from engine.diagram.given import Given
from engine.diagram.model import Process
from engine.diagram.results import otherwise
from engine.diagram.wording import compiled, texts_of
from engine.feel import FeelSyntaxError

#: What is known of the case itself.
OF_THE_CASE: Mapping[str, str] = {
    **{f"case.{name}": "string" for name in ("id", "number", "flow", "channel", "status", "pack", "parent")}, "case.opened": "date and time",
}  # fmt: skip


def types_of(processes: Iterable[Process], given: Given) -> Mapping[str, str]:
    """Names that only forms give, all of them with the same type: FEEL type by name."""
    elements = [e for p in processes for e in p.elements.values()]
    others = {e.zeebe.result for e in elements}.union(*map(otherwise, elements))
    found: dict[str, set[str]] = {}
    for fields in given.forms.values():
        for name, facts in fields.items():
            found.setdefault(name, set()).add(facts.type.partition("<")[0] if facts.given else "Any")
    sure = {name: (of - {"Any"}).pop() for name, of in found.items() if len(of - {"Any"}) == 1 and name not in others}
    return {**{name: of for name, of in sure.items() if of not in ("Any", "null")}, **OF_THE_CASE}


def note_nulls(process: Process, types: Mapping[str, str], faults: Faults) -> None:
    """Note each place that can only be null because of a mistake."""
    for element, on, where, text in texts_of(process):
        try:
            expression = compiled(where, text)
        except FeelSyntaxError:
            continue
        for why in expression.nulls(types)[:3] if expression else ():
            faults.add("only-null", on, f"“{element.label}”的 {where} 中有一处只会得到 null：{text}　{why.text('zh')}",
                       f"a part of {where} of “{element.label}” can only be null: {text} {why.text('en')}",
                       "请改正这一处；如要空值，请写 null。", "Correct it; write null where null is meant.",
                       severity="warning", where=where, text=text, line=why.line, column=why.column)  # fmt: skip
