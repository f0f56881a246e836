"""The token game on one level of a process: every marking that can be reached is looked at, within bounds.

A level is a process or the inside of a sub-process; what is inside an activity counts as one step,
boundary events may happen while it lasts. Conditions are taken as free choices, so a path may be
found that data would never allow; a process that relies on that is hard to read for people too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from engine.diagram.model import Element, Process
from engine.diagram.reducing import Net

#: States looked at on one level, and steps from one to another: wide drawings have many in each.
MOST_STATES, MOST_MOVES = 6_000, 20_000
#: Ways out of an inclusive gateway of which every combination is tried.
MOST_COMBINED = 5

#: Ends that end everything on their level.
_OVER = ("terminate", "error", "cancel")

Marking = frozenset[int]


@dataclass(kw_only=True)
class Found:
    """What the search saw."""

    fired: set[str] = field(default_factory=set)
    #: Element that two tokens reach, with the path that leads there.
    twice: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: Element at which a token waits for ever, with the path.
    stuck: dict[str, tuple[str, ...]] = field(default_factory=dict)
    livelock: tuple[str, ...] | None = None
    decided: bool = True
    #: How many markings and steps were looked at.
    states: int = 0
    moves: int = 0


class Level:
    """Elements and flows of one level, flows by number."""

    def __init__(self, process: Process, inside: Iterable[Element]) -> None:
        self.elements: dict[str, Element] = {e.id: e for e in inside}
        self._process = process
        self._target: list[str] = []
        self._source: list[str] = []
        self.out: dict[str, list[int]] = {e: [] for e in self.elements}
        self.into: dict[str, list[int]] = {e: [] for e in self.elements}
        for element in self.elements.values():
            for flow in element.outgoing:
                # A flow to an event sub-process is refused by the support matrix.
                if process.flows[flow].target in self.elements:
                    self._flow(element.id, process.flows[flow].target)
        landings = {e.link: e.id for e in self.elements.values() if e.trigger == "link" and "Catch" in e.kind}
        for element in self.elements.values():
            if element.trigger == "link" and "Throw" in element.kind and element.link in landings:
                self._flow(element.id, landings[element.link])
        self.starts = [e.id for e in self.elements.values() if e.kind == "startEvent"]
        self._ahead: dict[tuple[int, str], frozenset[int]] = {}
        self._asides: dict[str, frozenset[int]] = {}
        #: Events whose ways touch nothing else: they are looked at by themselves.
        self._apart: tuple[str, ...] = ()

    def begin_anywhere(self) -> None:
        """As in an ad-hoc sub-process: whatever no flow leads to may begin."""
        first = (e for e in self.elements.values() if not e.incoming and e.kind != "boundaryEvent" and e.trigger != "link")
        self.starts = [e.id for e in first]

    def marked(self, element: str, via: str | None) -> list[int]:
        """The flow that holds the token of an element: the one it came by, else any into it; else those it will leave by."""
        into = self.into.get(element, [])
        came = self._process.flows[via].source if via is not None and via in self._process.flows else None
        ways = [f for f in into if self._source[f] == came] or into
        return ways[:1] or self.out.get(element, [])

    def _flow(self, source: str, target: str) -> None:
        self.out[source].append(len(self._target))
        self.into[target].append(len(self._target))
        self._source.append(source)
        self._target.append(target)

    def _boundaries(self, element: str) -> list[str]:
        return [b.id for b in self._process.boundaries.get(element, ())]

    def reachable(self, barrier: str = "") -> set[str]:
        """Elements some flow leads to from a start."""
        return self._from(self.starts, barrier)

    def _from(self, begin: Iterable[str], barrier: str) -> set[str]:
        seen, todo = set(begin), list(begin)
        while todo:
            here = todo.pop()
            if here == barrier:
                continue
            for after in [self._target[f] for f in self.out[here]] + self._boundaries(here):
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
        return seen

    def play(self, *, whole: bool = False, together: bool = False, first: Marking | None = None) -> Found:
        """Search all markings, the shortest ways first.

        Args:
            whole: of the drawing as it is, not made smaller.
            together: what touches nothing else is not looked at by itself.
            first: the marking to begin with, of the whole drawing; that of the start, if nothing is said.
        """
        found = Found()
        found.fired.update(self.starts)
        before = {} if together or first is not None else {event: self._way_to(event) for event in self._events_apart()}
        self._apart = tuple(before)
        self._shrink(whole or first is not None)
        self._search(frozenset(f for s in self.starts[:1] for f in self.out[s]) if first is None else first, (), found)
        for event, way in before.items():
            found.fired.add(event)
            self._search(frozenset(self.out[event]), way, found)
        return found

    def _search(self, first: Marking, way: tuple[str, ...], found: Found) -> None:
        """All markings that follow from one; `way` is how that comes about."""
        self._note_passed(first, found)
        came: dict[Marking, tuple[Marking, str] | None] = {first: None}
        before: dict[Marking, set[Marking]] = {first: set()}
        todo = deque([first])
        while todo:
            here = todo.popleft()
            moved = False
            for name in self._met_twice(here):
                found.twice.setdefault(name, way + self._path(came, here, name))
            for element, after, doubled in self._moves(here):
                moved = True
                found.moves += 1
                found.fired.add(element)
                self._note_passed(after - here, found)
                if doubled is not None:
                    # The first thing on the flow is what is reached twice; the event that led there is not.
                    on_flow = (*self._net.held(doubled), self._target[doubled])
                    name = next(n for n in on_flow if self.elements[n].kind != "boundaryEvent")
                    found.twice.setdefault(name, way + self._path(came, here, element))
                    continue
                before.setdefault(after, set()).add(here)
                if after not in came:
                    came[after] = (here, element)
                    todo.append(after)
            if not moved:
                for flow in here:
                    found.stuck.setdefault(self._target[flow], way + self._path(came, here, self._target[flow]))
            found.states += 1
            if found.states > MOST_STATES or found.moves > MOST_MOVES:
                found.decided = False
                return
        if not found.stuck and not found.twice and found.livelock is None:
            lost = self._no_way_out(came, before)
            found.livelock = None if lost is None else way + lost

    def _shrink(self, whole: bool) -> None:
        """Take in what cannot go wrong; flows and elements that are left are as before."""
        edged = {name: events for name in self.elements if (events := [e for e in self._boundaries(name) if e not in self._apart])}
        self._edged = edged
        self._net = Net(
            elements=self.elements, edged=set(edged), source=self._source, target=self._target, out=self.out, into=self.into
        )
        if whole:
            return
        for host, events in edged.items():
            self._net.choose(host, events)
        self._net.reduce()

    def _events_apart(self) -> list[str]:
        """Events that do not interrupt and whose ways touch nothing else: tokens there and elsewhere never meet.

        So what can go wrong is what can go wrong on either side, and the sides need not be combined.
        """
        found: list[str] = []
        for event in (e.id for e in self.elements.values() if e.kind == "boundaryEvent" and not e.interrupting):
            behind = self._from([event], "")
            over = any(self.elements[n].kind == "endEvent" and self.elements[n].trigger in _OVER for n in behind)
            # A plain end does nothing to what else comes there.
            ends = {n for n in behind if self.elements[n].kind == "endEvent"}
            if not over and not behind & (self.reachable(event) - {event} - ends):
                found.append(event)
        # What lies behind one of them and is one itself is looked at as its part.
        inner = {e for event in found for e in self._from([event], "") - {event}}
        return [event for event in found if event not in inner and event in self.reachable()]

    def _way_to(self, event: str) -> tuple[str, ...]:
        """The shortest way from a start to an event, by its host."""
        came: dict[str, str] = dict.fromkeys(self.starts[:1], "")
        todo = deque(came)
        while todo:
            here = todo.popleft()
            for after in [self._target[f] for f in self.out[here]] + self._boundaries(here):
                if after not in came:
                    came[after] = here
                    todo.append(after)
        way = [event]
        while (here := came.get(way[-1], "")) and here not in self.starts:
            way.append(here)
        return tuple(reversed(way))

    def _note_passed(self, flows: Iterable[int], found: Found) -> None:
        for flow in flows:
            found.fired.update(self._net.passed(flow))

    def _moves(self, marking: Marking) -> Iterator[tuple[str, Marking, int | None]]:
        """Each thing that can happen next: the element, what is marked then, and a flow that would hold two tokens."""
        for name in dict.fromkeys(self._target[f] for f in sorted(marking)):
            element = self.elements[name]
            here = [f for f in self.into[name] if f in marking]
            if element.kind == "parallelGateway":
                if len(here) == len(self.into[name]):
                    yield self._put(name, marking.difference(here), self.out[name])
                continue
            if element.kind == "inclusiveGateway" and len(self.into[name]) > 1:
                if not self._awaits_more(name, marking, here):
                    for chosen in self._combinations(name) or [()]:
                        yield self._put(name, marking.difference(here), chosen)
                continue
            for flow in here:
                yield from self._step(element, marking, flow)

    def _step(self, element: Element, marking: Marking, flow: int) -> Iterator[tuple[str, Marking, int | None]]:
        rest = marking - {flow}
        for event in self._edged.get(element.id, ()) if element.id not in self._net.choices else ():
            stays = not self.elements[event].interrupting
            if not stays:
                yield self._put(event, rest, self.out[event])
            elif not marking.intersection(self._aside(event)):
                yield self._put(event, marking, self.out[event])
        if element.kind == "endEvent":
            over = element.trigger in _OVER
            yield element.id, frozenset() if over else rest, None
        elif not self.out[element.id]:
            # Where nothing leads on, a token ends, at a gateway as well.
            yield element.id, rest, None
        elif self._net.kind(element.id) in ("exclusiveGateway", "eventBasedGateway"):
            for way in self.out[element.id]:
                yield self._put(element.id, rest, [way])
        elif element.kind in ("inclusiveGateway", "complexGateway"):
            for chosen in self._combinations(element.id):
                yield self._put(element.id, rest, chosen)
        else:
            yield self._put(element.id, rest, self.out[element.id])

    def _put(self, name: str, rest: Marking, flows: Iterable[int]) -> tuple[str, Marking, int | None]:
        flows = list(flows)
        # Two tokens on the way into an end do no more than one.
        doubled = (
            f for f in flows
            if f in rest and (self._net.held(f) or self.elements[self._target[f]].kind != "endEvent")
        )  # fmt: skip
        return name, rest.union(flows), next(doubled, None)

    def _met_twice(self, marking: Marking) -> Iterator[str]:
        """Elements to which two flows have brought a token, and which do not join."""
        targets = [self._target[f] for f in sorted(marking)]
        for name in dict.fromkeys(targets):
            joins = self.elements[name].kind.endswith("Gateway") or self.elements[name].kind == "endEvent"
            if not joins and targets.count(name) > 1:
                yield name

    def _aside(self, event: str) -> frozenset[int]:
        """The flows only this event leads to: while one holds a token, the event is not repeated.

        A deadline happens once while its activity lasts; to let it happen any number of times would
        find two tokens wherever somebody is reminded.
        """
        if event not in self._asides:
            behind, besides = self._from([event], ""), self.reachable(event) - {event}
            own = (f for f, source in enumerate(self._source) if source in behind and source not in besides)
            self._asides[event] = frozenset(own)
        return self._asides[event]

    def _combinations(self, name: str) -> list[tuple[int, ...]]:
        ways = self.out[name]
        if len(ways) > MOST_COMBINED:
            return [tuple(ways)] + [(way,) for way in ways]
        return [chosen for size in range(1, len(ways) + 1) for chosen in combinations(ways, size)]

    def _awaits_more(self, join: str, marking: Marking, here: list[int]) -> bool:
        """As BPMN says: a token elsewhere can still come by a flow that has none, and by none that has one."""
        has = set(here)
        ways = (self._ways(flow, join) for flow in marking if flow not in has)
        return any(way and not way & has for way in ways)

    def _ways(self, flow: int, join: str) -> frozenset[int]:
        """The flows into the join by which a token on the flow may come."""
        key = (flow, join)
        if key not in self._ahead:
            # What leaves the join itself comes too late for the token that is waited for.
            reached = self._from([self._target[flow]], join) - {join}
            self._ahead[key] = frozenset(f for f in self.into[join] if self._source[f] in reached)
        return self._ahead[key]

    def _path(self, came: Mapping[Marking, tuple[Marking, str] | None], marking: Marking, last: str) -> tuple[str, ...]:
        """Every element on the way to a marking, and the last one."""
        path = [last]
        ways = (flow for flow in sorted(marking) if self._target[flow] == last)
        path += [name for flow in ways for name in reversed(self._net.held(flow))]
        step = came[marking]
        while step is not None:
            before, element = step
            path.append(element)
            path += [name for flow in sorted(before - marking) for name in reversed(self._net.held(flow))]
            marking, step = before, came[before]
        return tuple(reversed(path))

    def _no_way_out(
        self, came: Mapping[Marking, tuple[Marking, str] | None], before: Mapping[Marking, set[Marking]]
    ) -> tuple[str, ...] | None:
        """The way to a state from which nothing leads to the end; None where there is no such state."""
        good: set[Marking] = {frozenset()} if frozenset() in came else set()
        todo = list(good)
        while todo:
            for earlier in before[todo.pop()]:
                if earlier not in good:
                    good.add(earlier)
                    todo.append(earlier)
        for marking, step in came.items():
            if marking not in good:
                return self._path(came, step[0], step[1]) if step else ()
        return None
