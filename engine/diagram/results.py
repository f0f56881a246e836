"""What decisions give: a table with one output gives that value itself, so that to read a part of it is to read null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from engine.diagram.faults import Faults
from engine.diagram.given import Given
from engine.diagram.knowledge import FROM_ERRANDS
from engine.diagram.model import Element, Process
from engine.diagram.wording import compiled, texts_of
from engine.feel import FeelSyntaxError

#: Name -> its decision, and the parts it has; none: it is one value.
Shapes = Mapping[str, tuple[str, frozenset[str]]]


def shapes_of(processes: Iterable[Process], given: Given) -> Shapes:
    """Names that nothing but decisions give, whose parts are certain."""
    elements = [e for p in processes for e in p.elements.values()]
    others = {name for fields in given.forms.values() for name in fields}.union(*map(otherwise, elements))
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for element in elements:
        name, decision = element.zeebe.result, element.zeebe.decision
        if not decision or not name or name in others:
            continue
        parts = given.parts.get(decision)
        if parts is None or (name in found and found[name][1] != parts):
            others.add(name)
            found.pop(name, None)
        else:
            found[name] = (decision, parts)
    return found


def otherwise(element: Element) -> set[str]:
    """Names an element gives that are no result of a decision."""
    settings, names = element.zeebe, set(element.zeebe.own)
    names |= {line.name for line in settings.outputs}
    if settings.loop is not None:
        names.add(settings.loop.output_collection)
    if settings.result and not settings.decision:
        names.add(settings.result)
    for job in (settings.job, *(listener.type for listener in settings.listeners)):
        names |= FROM_ERRANDS.get(job or "", frozenset())
    return names


def note_results(process: Process, shapes: Shapes, faults: Faults) -> None:
    """Note each expression that reads a part which the result of a decision has not."""
    for element, on, where, text in texts_of(process) if shapes else ():
        try:
            expression = compiled(where, text)
        except FeelSyntaxError:
            continue
        for path in sorted(expression.used) if expression else ():
            name, *rest = path.split(".")
            if rest and name in shapes and rest[0] not in shapes[name][1]:
                _note(element, on, where, name, rest[0], *shapes[name], faults)


def _note(
    element: Element, on: str, where: str, name: str, part: str, decision: str, parts: frozenset[str], faults: Faults
) -> None:
    said = f"{name}.{part}"
    if not parts:
        faults.add("result-has-no-parts", on, f"“{element.label}”的 {where} 读“{said}”，但决策“{decision}”只有一个输出，“{name}”就是那个值。",
                   f"{where} of “{element.label}” reads “{said}”, but the decision “{decision}” has one output and “{name}” is its value.",
                   f"请写“{name}”。", f"Write “{name}”.", where=where, name=said)  # fmt: skip
        return
    near = get_close_matches(part, sorted(parts), n=1, cutoff=0.6) or sorted(parts)[:1]
    faults.add("result-part-unknown", on, f"“{element.label}”的 {where} 读“{said}”，但决策“{decision}”没有这个输出。",
               f"{where} of “{element.label}” reads “{said}”, but the decision “{decision}” has no such output.",
               f"请改为它的输出之一，例如“{name}.{near[0]}”。", f"Use one of its outputs, for instance “{name}.{near[0]}”.",
               where=where, name=said)  # fmt: skip
