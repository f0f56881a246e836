"""Makes the drawing of one level smaller without changing what can go wrong in it.

A step with one way in and one way out only passes a token on; a split whose ways all meet in the join of its kind, and a loop
that leads back to where it began, do no more from outside. Each is taken into the flow before it, which remembers what it holds,
so that paths still name every element. An activity that something may interrupt is a choice: its own way on, or that of the event.
What is left is looked at state by state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.diagram.model import Element

_GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")
#: Kind of a split -> kind of the join that takes back exactly what it gave.
_CLOSED_BY = {
    "exclusiveGateway": "exclusiveGateway", "eventBasedGateway": "exclusiveGateway", "parallelGateway": "parallelGateway",
    "inclusiveGateway": "inclusiveGateway",
}  # fmt: skip
_STAYS = ("startEvent", "endEvent", "boundaryEvent", "complexGateway", "eventBasedGateway")


@dataclass(kw_only=True)
class Net:
    """Elements and flows, flows by number."""

    elements: Mapping[str, Element]
    #: Elements on which something may happen beside their own end.
    edged: set[str]
    source: list[str]
    target: list[str]
    out: dict[str, list[int]]
    into: dict[str, list[int]]
    #: Flow -> elements it has taken in, in the order a token passes them.
    holds: dict[int, tuple[str, ...]] = field(default_factory=dict)
    #: Flow -> other elements that may be passed on the way.
    beside: dict[int, frozenset[str]] = field(default_factory=dict)
    #: Activities that have become a choice between their own way on and those of what may interrupt them.
    choices: set[str] = field(default_factory=set)

    def kind(self, name: str) -> str:
        """What an element does with a token."""
        return "exclusiveGateway" if name in self.choices else self.elements[name].kind

    def choose(self, host: str, events: list[str]) -> None:
        """Let an activity be a choice, if everything on its edge interrupts it and leads one way."""
        if len(self.out[host]) != 1 or not all(self.elements[e].interrupting and len(self.out[e]) == 1 for e in events):
            return
        for event in events:
            (way,) = self.out[event]
            self.holds[way] = (event, *self.held(way))
            self.source[way] = host
            self.out[host].append(way)
            self.out[event] = []
        self.edged.discard(host)
        self.choices.add(host)

    def reduce(self) -> None:
        """Take in whatever can be taken in."""
        todo = list(self.elements)
        while todo:
            again: list[str] = []
            for name in todo:
                if name in self.out and (self._pass(name) or self._block(name) or self._loop(name)):
                    again += [n for n in self.elements if n in self.out]
            todo = list(dict.fromkeys(again))

    def held(self, flow: int) -> tuple[str, ...]:
        """What a token on the flow passes before it reaches the target."""
        return self.holds.get(flow, ())

    def passed(self, flow: int) -> set[str]:
        """Everything that can happen on the flow."""
        return {*self.held(flow), *self.beside.get(flow, ())}

    def _pass(self, name: str) -> bool:
        """One way in, one way out."""
        element = self.elements[name]
        if element.kind in _STAYS or name in self.edged or len(self.into[name]) != 1 or len(self.out[name]) != 1:
            return False
        (before,), (after,) = self.into[name], self.out[name]
        if before == after:
            return False
        self._take_in(before, [name, *self.held(after)], self.passed(after), after)
        self._forget(name)
        return True

    def _block(self, name: str) -> bool:
        """A split of which every way leads to the join of its kind, which nothing else leads to."""
        ways = self.out[name]
        closes = _CLOSED_BY.get(self.kind(name))
        if closes is None or name in self.edged or len(self.into[name]) != 1 or len(ways) < 2:
            return False
        join = self.target[ways[0]]
        if join == name or not self._closes(join, closes) or join in self.edged or len(self.out[join]) != 1:
            return False
        if set(self.into[join]) != set(ways) or any(self.target[way] != join for way in ways):
            return False
        (before,), (after,) = self.into[name], self.out[join]
        if after in ways or before == after:
            return False
        first = ways if self.elements[name].kind == "parallelGateway" else ways[:1]
        within = [held for way in first for held in self.held(way)]
        everything = {passed for way in [*ways, after] for passed in self.passed(way)}
        self._take_in(before, [name, *within, join, *self.held(after)], everything, after)
        self._forget(name)
        self._forget(join)
        return True

    def _closes(self, join: str, kind: str) -> bool:
        """Whether an element takes back what a split gave; a choice may meet again in any step."""
        found = self.kind(join)
        return found == kind or (kind == "exclusiveGateway" and not found.endswith("Gateway") and found not in _STAYS)

    def _loop(self, name: str) -> bool:
        """A merge, or a step that is one, that leads straight to a choice, one way of which leads straight back."""
        kind = self.elements[name].kind
        if kind in (*_STAYS, "parallelGateway", "inclusiveGateway") or name in self.edged:
            return False
        if len(self.out[name]) != 1 or len(self.into[name]) < 2:
            return False
        (onward,) = self.out[name]
        choice = self.target[onward]
        if choice == name or self.kind(choice) != "exclusiveGateway" or self.into[choice] != [onward]:
            return False
        backs = [way for way in self.out[choice] if self.target[way] == name]
        entries = [flow for flow in self.into[name] if flow not in backs]
        if len(backs) != 1 or not entries or len(self.out[choice]) < 2:
            return False
        self.out[choice].remove(backs[0])
        if len(entries) > 1:  # others lead back, too: this way back is only noted
            self.into[name].remove(backs[0])
            self.beside[onward] = frozenset(self.passed(onward) | self.passed(backs[0]) - set(self.held(onward)))
            return True
        self._take_in(entries[0], [name, *self.held(onward)], self.passed(onward) | self.passed(backs[0]), onward)
        self._forget(name)
        return True

    def _take_in(self, flow: int, held: list[str], passed: set[str], last: int) -> None:
        """Let a flow hold more, and lead to where the last flow led."""
        self.holds[flow] = (*self.held(flow), *held)
        self.beside[flow] = frozenset(self.beside.get(flow, frozenset()) | passed)
        self.target[flow] = target = self.target[last]
        self.into[target] = [flow if f == last else f for f in self.into[target]]

    def _forget(self, name: str) -> None:
        del self.into[name], self.out[name]
