"""What is not as it was: diagrams element by element, tables rule by rule, forms and settings entry by entry, and every text line by line.

An element is the same one while it keeps its id in its file, whatever it is called and wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from engine.decision import read as read_decisions
from engine.diagram import Diagram, Element, Flow
from engine.diagram.picture import Box, Picture, picture_of
from engine.drafting.changes import Change, details
from engine.drafting.entries import entries
from engine.drafting.rules import TableDifference, table_differences
from engine.errors import EngineError
from engine.release import tidy

#: Lines shown around a difference.
_AROUND = 2
#: Lines that are matched with each other, beyond those that are the same at both ends: matching takes the square of them.
#: Of longer texts so many are shown.
_MOST_LINES, _SHOWN_LINES = 2_000, 200
#: Facts of an element that follow from its flows, or from where it stands in the file.
_DERIVED = frozenset({"id", "incoming", "outgoing", "line", "expressions", "zeebe", "oddities"})


#: A line of a text and its place, from 0.
_Numbered = tuple[int, str]


@dataclass(frozen=True, kw_only=True)
class TextLine:
    """A row of two texts side by side; None: there is nothing on that side."""

    kind: Literal["same", "changed", "added", "removed", "gap"]
    left_number: int | None = None
    left: str | None = None
    right_number: int | None = None
    right: str | None = None


@dataclass(frozen=True, kw_only=True)
class FileDifference:
    """A file that is not as it was."""

    path: str
    kind: Literal["added", "removed", "changed"]
    #: Of a diagram that could be read on both sides.
    changes: tuple[Change, ...] = ()
    #: Of decision tables.
    tables: tuple[TableDifference, ...] = ()
    #: Of forms, settings and names that stand on both sides.
    entries: tuple[Change, ...] = ()
    #: Of everything but drawings, as text.
    lines: tuple[TextLine, ...] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether it is told element by element."""
        return self.path.endswith(".bpmn") and not self.lines


def differences(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> tuple[FileDifference, ...]:
    """Every file that is not as it was, in the order of their paths."""
    paths = sorted(before.keys() | after.keys())
    return tuple(difference(p, before.get(p), after.get(p)) for p in paths if before.get(p) != after.get(p))


def difference(path: str, before: bytes | None, after: bytes | None) -> FileDifference:
    """What became of one file."""
    kind: Literal["added", "removed", "changed"] = (
        "added" if before is None else "removed" if after is None else "changed"
    )
    if path.endswith(".bpmn"):
        try:
            return FileDifference(path=path, kind=kind, changes=tuple(_drawn(path, before, after)))
        except EngineError:
            pass  # not to be read: shown as the text it is
    tables: tuple[TableDifference, ...] = ()
    if path.endswith(".dmn"):
        with suppress(EngineError):  # shown as the text it is
            tables = table_differences(path, before, after)
    told = entries(path, before, after) if path.endswith(".yaml") and kind == "changed" else None
    lines = tuple(side_by_side(_lines(path, before), _lines(path, after)))
    return FileDifference(path=path, kind=kind, tables=tables, entries=told or (), lines=lines)


# --- diagrams ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Thing:
    """Something drawn, as facts that can be compared."""

    type: str
    name: str
    facts: Mapping[str, str]
    box: Box | None = None


def _drawn(path: str, before: bytes | None, after: bytes | None) -> Iterator[Change]:
    old, new = _things(path, before), _things(path, after)
    for id_, thing in old.items():
        if id_ not in new:
            yield Change(kind="removed", element=id_, name=thing.name, type=thing.type)
    for id_, thing in new.items():
        was = old.get(id_)
        if was is None:
            yield Change(kind="added", element=id_, name=thing.name, type=thing.type, details=details({}, thing.facts))
        elif told := details(was.facts, thing.facts):
            yield Change(kind="changed", element=id_, name=thing.name, type=thing.type, details=told)
        elif was.box != thing.box:
            yield Change(kind="moved", element=id_, name=thing.name, type=thing.type)


def _things(path: str, data: bytes | None) -> dict[str, _Thing]:
    if data is None:
        return {}
    diagram, picture = Diagram.read(data, path), picture_of(data, path)
    found: dict[str, _Thing] = {}
    for process in diagram.processes.values():
        facts = {"name": tidy(process.name), "documentation": process.documentation, "versionTag": process.version_tag}
        found[process.id] = _Thing(type="process", name=tidy(process.name), facts=_said(facts))
        for lane in process.lanes:
            found[lane.id] = _Thing(type="lane", name=tidy(lane.name), facts=_said({"name": tidy(lane.name)}), box=picture.boxes.get(lane.id))
        found |= {e.id: _element(e, picture) for e in process.elements.values()}
        found |= {f.id: _flow(f, process.elements) for f in process.flows.values()}
    for note, text in picture.notes.items():
        found[note] = _Thing(type="textAnnotation", name=text, facts=_said({"text": text}), box=picture.boxes.get(note))
    return found


def _element(element: Element, picture: Picture) -> _Thing:
    facts: dict[str, Any] = {f.name: getattr(element, f.name) for f in fields(element) if f.name not in _DERIVED}
    facts["name"] = tidy(element.name)
    if element.timer:
        facts["timer"] = f"{element.timer.kind} {element.timer.text}"
    zeebe = element.zeebe
    facts |= {f.name: getattr(zeebe, f.name) for f in fields(zeebe) if f.name not in ("properties", "headers", "inputs", "outputs", "loop", "ad_hoc")}
    facts |= {f"property:{k}": v for k, v in zeebe.properties.items()}
    facts |= {f"header:{k}": v for k, v in zeebe.headers.items()}
    facts |= {f"input:{m.target}": m.source for m in zeebe.inputs}
    facts |= {f"output:{m.target}": m.source for m in zeebe.outputs}
    for part in ("loop", "ad_hoc"):
        if (value := getattr(zeebe, part)) is not None:
            facts |= {f"{part}:{f.name}": getattr(value, f.name) for f in fields(value)}
    return _Thing(type=element.kind, name=tidy(element.name), facts=_said(facts), box=picture.boxes.get(element.id))


def _flow(flow: Flow, elements: Mapping[str, Element]) -> _Thing:
    source, target = elements.get(flow.source), elements.get(flow.target)
    ends = f"{tidy(source.label) if source else flow.source} → {tidy(target.label) if target else flow.target}"
    facts = {"name": tidy(flow.name), "condition": flow.condition, "source": flow.source, "target": flow.target}
    return _Thing(type="sequenceFlow", name=tidy(flow.name) or ends, facts=_said(facts))


def _said(facts: Mapping[str, Any]) -> dict[str, str]:
    """Facts as texts; what is not set is left out."""
    return {what: _text(value) for what, value in facts.items() if value not in (None, "", (), frozenset())}


def _text(value: Any) -> str:
    match value:
        case bool():
            return "✓" if value else "✗"
        case str():
            return value
    return str(value)


# --- tables and texts -------------------------------------------------------------------------------


def _lines(path: str, data: bytes | None) -> list[str]:
    if data is None:
        return []
    if path.endswith(".dmn"):
        try:
            return list(_table_lines(data, path))
        except EngineError:
            pass  # shown as the text it is
    return data.decode("utf-8", "replace").splitlines()


def _table_lines(data: bytes, path: str) -> Iterator[str]:
    """Decision tables as one reads them: a line per rule."""
    for decision in read_decisions(data, path).facts.decisions.values():
        yield f"{decision.name or decision.id} ({decision.id})"
        if decision.expression is not None:
            yield f"= {decision.expression.text}"
        if (table := decision.table) is None:
            continue
        heads = [i.label or i.expression.text for i in table.inputs]
        yield f"{table.policy} {table.aggregation}".strip()
        yield f"{' | '.join(heads)} → {' | '.join(o.label or o.name for o in table.outputs)}"
        for rule in table.rules:
            note = f"  // {rule.note}" if rule.note else ""
            yield f"{' | '.join(t.text for t in rule.tests)} → {' | '.join(v.text for v in rule.values)}{note}"


def side_by_side(left: Sequence[str], right: Sequence[str]) -> Iterator[TextLine]:
    """Two texts beside each other; what is the same is shown only near a difference. Between very long texts that share
    little, no line is matched with any other: only how they begin to differ is shown.
    """
    begin = _shared(left, right)
    end = _shared(left[begin:][::-1], right[begin:][::-1])
    if max(len(left), len(right)) - begin - end > _MOST_LINES:
        yield from _unmatched(left, right, begin)
        return
    lefts, rights = list(enumerate(left)), list(enumerate(right))
    groups = SequenceMatcher(None, left, right, autojunk=False).get_grouped_opcodes(_AROUND)
    for number, group in enumerate(groups):
        if number or group[0][1] or group[0][3]:
            yield TextLine(kind="gap")
        for what, l0, l1, r0, r1 in group:
            for pair in zip_longest(lefts[l0:l1], rights[r0:r1]):
                yield _beside(*pair, same=what == "equal")


def _beside(left: _Numbered | None, right: _Numbered | None, *, same: bool = False) -> TextLine:
    """A line of one text beside a line of the other; None: that side has come to its end."""
    return TextLine(
        kind="same" if same else "changed" if left and right else "removed" if left else "added",
        left_number=left[0] + 1 if left else None, left=left[1] if left else None,
        right_number=right[0] + 1 if right else None, right=right[1] if right else None,
    )  # fmt: skip


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    """How many lines they begin with in common."""
    return next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _unmatched(left: Sequence[str], right: Sequence[str], begin: int) -> Iterator[TextLine]:
    """Where two texts begin to differ, and that they go on."""
    if begin:
        yield TextLine(kind="gap")
    shown = slice(begin, begin + _SHOWN_LINES)
    for pair in zip_longest(list(enumerate(left))[shown], list(enumerate(right))[shown]):
        yield _beside(*pair)
    yield TextLine(kind="gap")
