"""Makes the drawing of one level smaller without changing what can go wrong in it.

A step with one way in and one way out only passes a token on; a split whose ways all meet in the join of its kind, and a loop
that leads back to where it began, do no more from outside. Each is taken into the flow before it, which remembers what it holds,
so that paths still name every element. What is left is looked at state by state.
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
    edged: frozenset[str]
    source: list[str]
    target: list[str]
    out: dict[str, list[int]]
    into: dict[str, list[int]]
    #: Flow -> elements it has taken in, in the order a token passes them.
    holds: dict[int, tuple[str, ...]] = field(default_factory=dict)
    #: Flow -> other elements that may be passed on the way.
    beside: dict[int, frozenset[str]] = field(default_factory=dict)

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
        closes = _CLOSED_BY.get(self.elements[name].kind)
        if closes is None or name in self.edged or len(self.into[name]) != 1 or len(ways) < 2:
            return False
        join = self.target[ways[0]]
        if join == name or self.elements[join].kind != closes or join in self.edged or len(self.out[join]) != 1:
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

    def _loop(self, name: str) -> bool:
        """A merge that leads straight to a choice, one way of which leads straight back."""
        if self.elements[name].kind != "exclusiveGateway" or len(self.out[name]) != 1 or len(self.into[name]) != 2:
            return False
        (onward,) = self.out[name]
        choice = self.target[onward]
        if choice == name or self.elements[choice].kind != "exclusiveGateway" or self.into[choice] != [onward]:
            return False
        backs = [way for way in self.out[choice] if self.target[way] == name]
        entries = [flow for flow in self.into[name] if flow not in backs]
        if len(backs) != 1 or len(entries) != 1 or len(self.out[choice]) < 2:
            return False
        self.out[choice].remove(backs[0])
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
