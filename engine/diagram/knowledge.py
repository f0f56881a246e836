"""What is known where: the names that may have been given before an expression reads them.

A name counts as known when some way leads there on which it was given; whether every way gives it
is not asked, for a name that nobody gave is null in FEEL and conditions may ask for that. Called
processes begin with what their callers hand in.

What leaves an element is what the run lets out of it: with outputs mapped, those; else everything it
brings but the names it has of its own (`Zeebe.own`: its inputs, the item of a repetition, the name its
output is read from). What is set inside a sub-process under a name of the sub-process's own stays there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from engine.diagram.calls import Drawn, callers
from engine.diagram.faults import Faults
from engine.diagram.given import FieldFacts, Given
from engine.diagram.model import Element, Process
from engine.diagram.wording import compiled, texts_of
from engine.feel import FeelSyntaxError

#: What every expression sees.
ALWAYS = frozenset({"case"})
#: What the condition that ends a repetition is asked with.
COUNTED = frozenset({"numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances",
                     "numberOfTerminatedInstances"})  # fmt: skip
#: Names errands bring with them.
FROM_ERRANDS: Mapping[str, frozenset[str]] = {
    "take-number": frozenset({"number", "series"}),
    "open-linked-case": frozenset({"linked_case"}),
    "find-earlier": frozenset({"earlier_cases"}),
    "find-overruns": frozenset({"overruns", "late_units"}),
}
#: Elements at which a case waits for a message or a signal.
CATCHES = frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask"})
#: Places where the run decides by what it reads: nothing personal may decide.
DECIDING = frozenset({
    "condition", "completionCondition", "inputCollection", "loopCardinality", "loopCondition", "activeElementsCollection",
    "timeDate", "timeDuration", "timeCycle", "correlationKey",
})  # fmt: skip
_NAME = re.compile(r"[^.]+")

Names = frozenset[str]


class Knowledge:
    """What may be known at each element of each process."""

    def __init__(self, drawn: Drawn, given: Given) -> None:
        self._drawn, self._given = drawn, given
        self._callers = callers(drawn)
        self._before = {name: _Order(process) for name, (_, process) in drawn.items()}
        #: Names known when a process begins; it grows until nothing is added.
        self._begin: dict[str, Names] = {name: self._first(name) for name in drawn}
        self._all: dict[str, Names] = {name: frozenset() for name in drawn}
        self._thrown = _thrown(process for _, process in drawn.values())
        self._noted: dict[tuple[str, str], Names] = {}
        while self._grow():
            self._noted.clear()

    def is_told(self, process: Process) -> bool:
        """Whether it is certain what the process begins with: somebody calls it, or a case opens with it."""
        given = self._given
        return process.id in self._callers or (process.id == given.process and given.intake in given.forms)

    def outside(self, process: Process, element: Element) -> Names:
        """Names that may be known when a token comes to the element."""
        known = self._noted.get((process.id, element.id))
        if known is None:
            before = self._before[process.id].of(element.id)
            inside = {element.id, *(scope.id for scope in process.around(element))}
            given = [self._let_out(process, process.elements[e], inside) for e in before]
            local = [_own(scope) for scope in process.around(element)]
            known = self._noted[process.id, element.id] = self._begin[process.id].union(ALWAYS, *given, *local)
        return known

    def at(self, process: Process, element: Element) -> Names:
        """Names that may be known when a token is at the element, what is handed into it included."""
        return self.outside(process, element) | _own(element)

    def after(self, process: Process, element: Element) -> Names:
        """The same, with what the element gave: for the conditions of the flows that leave it."""
        return self.at(process, element) | self._gives(element)

    def within(self, process: Process, element: Element) -> Names:
        """The same, with what the element itself brings: for its outputs and what is asked when an instance is done."""
        return self.at(process, element) | self._brings(element) | self._gives(element)

    def _first(self, process: str) -> Names:
        begin = frozenset(self._fields(self._given.intake)) if process == self._given.process else frozenset()
        starts = [e for e in self._drawn[process][1].elements.values() if e.kind == "startEvent" and e.message]
        return begin.union(*(self._fields(self._given.messages.get(e.message or "") or "") for e in starts))

    def _grow(self) -> bool:
        before = (dict(self._begin), dict(self._all))
        for name, (_, process) in self._drawn.items():
            gives = (self._let_out(process, e, set()) for e in process.elements.values())
            self._all[name] = self._begin[name].union(*gives)
            for caller, call in self._callers.get(name, ()):
                handed = _own(call)
                if call.zeebe.propagate_parent:
                    handed |= self.at(caller, call)
                self._begin[name] |= handed
        return before != (self._begin, self._all)

    def _let_out(self, process: Process, element: Element, inside: Iterable[str]) -> Names:
        """What an element gives to a place that lies inside these sub-processes."""
        given = self._gives(element)
        for scope in process.around(element):
            if scope.id not in inside:
                given -= _own(scope)
        return given

    def _gives(self, element: Element) -> Names:
        """Names that are known after an element."""
        settings = element.zeebe
        given = frozenset(line.name for line in settings.outputs) or self._brings(element)
        for listener in settings.listeners:
            if listener.event == "end":
                given |= FROM_ERRANDS.get(listener.type, frozenset())
        if settings.loop is None:
            return given if settings.outputs else given - _own(element)
        return given - _own(element) | ({settings.loop.output_collection} - {""})

    def _brings(self, element: Element) -> Names:
        """Names an element makes before its outputs are mapped."""
        settings = element.zeebe
        names: set[str] = set()
        if settings.result:
            names.add(settings.result)
        if settings.form:
            names |= self._fields(settings.form)
        if element.message and element.message in self._given.messages:
            names |= self._fields(self._given.messages[element.message] or "")
        if element.kind in CATCHES:
            names |= self._thrown.get(("signal", element.signal), frozenset())
            names |= self._thrown.get(("message", element.message), frozenset())
        if settings.job:
            names |= FROM_ERRANDS.get(settings.job, frozenset())
        if element.called in self._drawn and (settings.propagate_child or settings.outputs):
            names |= self._all[element.called or ""]
        return frozenset(names)

    def _fields(self, form: str) -> Names:
        return frozenset(name for name, facts in self._given.forms.get(form, {}).items() if facts.given)

    def of_forms(self) -> Mapping[str, Names]:
        """Form -> names that may be known where it is filled in, its own not included; at its message, anything may be."""
        asked: dict[str, Names] = {self._given.intake: ALWAYS}
        anything = self.anywhere()
        for form in self._given.messages.values():
            if form:
                asked[form] = asked.get(form, frozenset()) | anything
        for _, process in self._drawn.values():
            for element in process.elements.values():
                if form := element.zeebe.form:
                    known = self.at(process, element) if self.is_told(process) else anything
                    asked[form] = asked.get(form, frozenset()) | known
        return asked

    def anywhere(self) -> Names:
        """Names that may be known at some time."""
        return ALWAYS.union(*self._all.values())

    def personal(self) -> Mapping[str, FieldFacts]:
        """Fields that are about a person."""
        return {n: f for fields in self._given.forms.values() for n, f in fields.items() if f.personal}


def _own(element: Element) -> Names:
    """Names an element has of its own: those the run gives it, and what its listeners bring at its start."""
    brought = (FROM_ERRANDS.get(x.type, frozenset()) for x in element.zeebe.listeners if x.event == "start")
    return element.zeebe.own.union(*brought)


def _thrown(processes: Iterable[Process]) -> Mapping[tuple[str, str | None], Names]:
    """What goes along with each message and signal that something in the release throws."""
    found: dict[tuple[str, str | None], Names] = {}
    for element in (e for process in processes for e in process.elements.values() if e.kind not in CATCHES):
        sent = frozenset(line.name for line in element.zeebe.inputs)
        for key in (("signal", element.signal), ("message", element.message)):
            if key[1]:
                found[key] = found.get(key, frozenset()) | sent
    return found


def note_knowledge(process: Process, knowledge: Knowledge, given: Given, faults: Faults) -> None:
    """Note names that nobody gives before they are read, and personal fields that would decide."""
    personal = knowledge.personal()
    told = knowledge.is_told(process)
    for element, on, where, text in texts_of(process):
        read = _read(where, text)
        if where in DECIDING:
            for name in sorted(n for n in read if n in personal):
                _personal(element, on, where, name, faults)
        if told:
            known = _seen(knowledge, process, element, on, where)
            for name in sorted(read - known):
                _unknown(element, on, where, text, name, known, faults)
    if told:
        _decisions(process, knowledge, given, faults)


def _seen(knowledge: Knowledge, process: Process, element: Element, on: str, where: str) -> Names:
    if on != element.id:  # the condition of a flow
        return knowledge.after(process, element)
    if where in ("inputCollection", "loopCardinality"):  # they are read before there is an instance
        return knowledge.outside(process, element)
    if where == "loopCondition":
        return knowledge.within(process, element)
    if where.startswith("output"):
        return knowledge.within(process, element)
    if where == "completionCondition":
        counted = COUNTED if element.zeebe.loop is not None else frozenset()
        collected = {element.zeebe.loop.output_collection} if element.zeebe.loop is not None else set()
        return knowledge.within(process, element).union(counted, collected)
    host = process.elements.get(element.attached_to or "")
    # What sits on the edge of an activity sees what is known inside it; a repetition has its edge around all instances.
    edge = _own(host) if host is not None and host.zeebe.loop is None else frozenset()
    return knowledge.at(process, element) | edge


def _decisions(process: Process, knowledge: Knowledge, given: Given, faults: Faults) -> None:
    for element in process.elements.values():
        inputs, _ = given.decisions.get(element.zeebe.decision or "", ((), ()))
        known = knowledge.at(process, element)
        for name in sorted({_head(i) for i in inputs} - known):
            faults.add("decision-reads-unknown", element.id,
                       f"“{element.label}”的决策表要读“{name}”，但在它之前没有表单或步骤给出。",
                       f"the decision of “{element.label}” reads “{name}”, which no form or step before it gives.",
                       f"请在之前的表单中加入这一项，或用输入映射给出。{_near(name, known)[0]}",
                       f"Add it to a form before it, or give it by an input mapping.{_near(name, known)[1]}",
                       line=element.line, name=name)  # fmt: skip


def reads(text: str) -> Names:
    """The names an expression reads."""
    return _read("input", text)


def _read(where: str, text: str) -> Names:
    try:
        expression = compiled(where, text)
    except FeelSyntaxError:
        return frozenset()
    # A function nobody knows is told by `wording`.
    return frozenset(_head(path) for path in expression.used - expression.calls) if expression else frozenset()


def _unknown(element: Element, on: str, where: str, text: str, name: str, known: Iterable[str], faults: Faults) -> None:
    near_zh, near_en = _near(name, known)
    faults.add("reads-unknown", on, f"“{element.label}”的 {where} 要读“{name}”，但在它之前没有表单或步骤给出。",
               f"{where} of “{element.label}” reads “{name}”, which no form or step before it gives.",
               f"请改正名称，或在之前的表单中加入这一项。{near_zh}",
               f"Correct the name, or add it to a form before it.{near_en}",
               where=where, text=text, name=name)  # fmt: skip


def _personal(element: Element, on: str, where: str, name: str, faults: Faults) -> None:
    faults.add("personal-decides", on, f"“{element.label}”的 {where} 读了个人信息“{name}”。",
               f"{where} of “{element.label}” reads “{name}”, which is about a person: it may be erased, "
               "and a case may not turn on that.",
               "请另设一个不涉及个人的栏目（如是否匿名）。", "Ask for what matters in a field that is not about a person.",
               where=where, name=name)  # fmt: skip


def _near(name: str, known: Iterable[str]) -> tuple[str, str]:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    return (f"是否为“{near[0]}”？", f" Did you mean “{near[0]}”?") if near else ("", "")


def _head(path: str) -> str:
    found = _NAME.match(path)
    return found[0] if found else path


class _Order:
    """Which elements may come before which."""

    def __init__(self, process: Process) -> None:
        self._after: dict[str, set[str]] = {name: set() for name in process.elements}
        links = {(e.parent, e.link): e.id for e in process.elements.values() if e.link and "Catch" in e.kind}
        for element in process.elements.values():
            after = self._after[element.id]
            after.update(process.flows[f].target for f in element.outgoing)
            after.update(b.id for b in process.boundaries.get(element.id, ()))
            if element.link and "Throw" in element.kind and (element.parent, element.link) in links:
                after.add(links[element.parent, element.link])
            if element.parent is not None and not element.outgoing:
                after.add(element.parent)
        self._enter(process)
        self._before: dict[str, frozenset[str]] = {}
        self._into: dict[str, set[str]] = {name: set() for name in self._after}
        for name, others in self._after.items():
            for other in others:
                self._into[other].add(name)

    def _enter(self, process: Process) -> None:
        """What leads to a sub-process leads to its starts; an event sub-process may start at any time."""
        for element in process.elements.values():
            outer = process.elements[element.parent] if element.parent is not None else None
            chosen = outer is not None and outer.kind == "adHocSubProcess" and not element.incoming
            if outer is not None and (element.kind == "startEvent" or chosen):
                before = [n for n, after in self._after.items() if outer.id in after]
                if outer.by_event:
                    before = [e.id for e in process.scopes[outer.parent] if e.id != outer.id]
                for name in before:
                    self._after[name].add(element.id)

    def of(self, element: str) -> frozenset[str]:
        """Everything that may have happened before the element; itself when a loop leads back to it."""
        if element not in self._before:
            seen: set[str] = set()
            todo = list(self._into[element])
            while todo:
                here = todo.pop()
                if here not in seen:
                    seen.add(here)
                    todo += self._into[here]
            self._before[element] = frozenset(seen)
        return self._before[element]
