"""Any procedure that is drawn in blocks comes to its end, whatever people do, and leaves nothing behind."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history import ClockPaused, ErrandDone, ErrandFailed, MessageReceived, TaskCompleted, TimerFired
from engine.run import Run
from tests.run.drawing import Driven, drawn


class Pencil:
    """Draws a procedure of nested blocks; each block is entered at one element and left at one."""

    def __init__(self, dice: random.Random) -> None:
        self._dice, self._lines, self._count = dice, [], 0

    def drawing(self) -> str:
        """The whole procedure."""
        first, last = self.block(3)
        return "\n".join(["startEvent s", "endEvent e", *self._lines, f"s > {first}", f"{last} > e"])

    def block(self, deep: int) -> tuple[str, str]:
        """Some block."""
        kinds = [self._task, self._errand, self._script]
        if deep:
            kinds += [self._sequence, self._choice, self._branches, self._some, self._loop, self._inside, self._edge]
            kinds += [self._each, self._first_event, self._handled]
        return self._dice.choice(kinds)(deep)

    def _new(self, line: str) -> str:
        self._count += 1
        kind, _, rest = line.partition(" ")
        name = f"n{self._count}"
        self._lines.append(f"{kind} {name} {rest}")
        return name

    def _flow(self, source: str, target: str, condition: str = "") -> str:
        self._lines.append(f"{source} > {target}" + (f" ? ={condition}" if condition else ""))
        return f"{source}_{target}"

    def _task(self, deep: int) -> tuple[str, str]:
        return (name := self._new("userTask limit=L1")), name

    def _errand(self, deep: int) -> tuple[str, str]:
        return (name := self._new("serviceTask job=notify header:to=sales in:a==x")), name

    def _script(self, deep: int) -> tuple[str, str]:
        return (name := self._new("scriptTask script='=x + 1' result=y")), name

    def _each(self, deep: int) -> tuple[str, str]:
        how = self._dice.choice(["", "sequential", "until='=x = 1'"])
        return (name := self._new(f"userTask each==[1,2,3] item=i into=out from==x {how}")), name

    def _sequence(self, deep: int) -> tuple[str, str]:
        (a, b), (c, d) = self.block(deep - 1), self.block(deep - 1)
        self._flow(b, c)
        return a, d

    def _split(self, deep: int, kind: str, conditions: list[str]) -> tuple[str, str]:
        split, join = f"split{self._count}", self._new(kind)
        self._count += 1
        ways = []
        for condition in conditions:
            first, last = self.block(deep - 1)
            ways.append(self._flow(split, first, condition))
            self._flow(last, join)
        self._lines.append(f"{kind} {split}" + (f" default={ways[-1]}" if conditions[0] else ""))
        return split, join

    def _choice(self, deep: int) -> tuple[str, str]:
        return self._split(deep, "exclusiveGateway", ["x = 0", "x = 1", ""])

    def _branches(self, deep: int) -> tuple[str, str]:
        return self._split(deep, "parallelGateway", ["", ""])

    def _some(self, deep: int) -> tuple[str, str]:
        return self._split(deep, "inclusiveGateway", ["x > 0", "x > 1", ""])

    def _loop(self, deep: int) -> tuple[str, str]:
        top, (a, b) = self._new("exclusiveGateway"), self.block(deep - 1)
        again = f"again{self._count}"
        out = self._new("exclusiveGateway")
        self._flow(top, a)
        self._flow(b, again)
        self._lines.append(f"exclusiveGateway {again} default={again}_{out}")
        self._flow(again, out)
        task = self._new("userTask")
        self._flow(again, task, "x = 2 and luck")
        self._flow(task, top)
        return top, out

    def _inside(self, deep: int) -> tuple[str, str]:
        return self._sub(deep, "")

    def _handled(self, deep: int) -> tuple[str, str]:
        loose = self._dice.choice(["", "loose"])
        self._count += 1
        n = self._count
        handler = (
            f"subProcess handler{n} handler {{\nstartEvent hs{n} {loose} message=stop{n}\nuserTask ht{n}\n"
            f"hs{n} > ht{n}\n}}"
        )
        return self._sub(deep, handler)

    def _sub(self, deep: int, more: str) -> tuple[str, str]:
        self._count += 1
        name = f"sub{self._count}"
        outer, self._lines = self._lines, []
        first, last = self.block(deep - 1)
        inner = [
            f"startEvent s{name}",
            f"endEvent e{name}",
            *self._lines,
            f"s{name} > {first}",
            f"{last} > e{name}",
            more,
        ]
        self._lines = [*outer, f"subProcess {name} in:x==x {{", *inner, "}"]
        return name, name

    def _edge(self, deep: int) -> tuple[str, str]:
        host = self._dice.choice([self._task, self._inside, self._errand])(deep)[0]
        kind = self._dice.choice(["error=", "duration=P1D", "message=edge", "loose cycle=R2/P1D"])
        if "error" in kind and not host.startswith("n"):
            kind = "duration=P1D"
        event = self._new(f"boundaryEvent on={host} {kind}")
        merge = self._new("exclusiveGateway")
        first, last = self.block(deep - 1)
        self._flow(host, merge)
        self._flow(event, first)
        if "loose" not in kind:  # a path beside the activity ends by itself
            self._flow(last, merge)
        return host, merge

    def _first_event(self, deep: int) -> tuple[str, str]:
        gate, merge = self._new("eventBasedGateway"), self._new("exclusiveGateway")
        for event in ("duration=PT1H", "duration=PT2H", f"message=m{self._count}"):
            name = self._new(f"intermediateCatchEvent {event}")
            self._flow(gate, name)
            self._flow(name, merge)
        return gate, merge


@given(seed=st.integers(0, 10**9))
@settings(max_examples=80, deadline=None)
def test_a_block_drawing_always_ends_and_leaves_nothing_behind(seed: int) -> None:
    dice = random.Random(seed)
    text = Pencil(dice).drawing()
    # Given any drawing of nested blocks
    case = Driven(drawn(text), x=dice.randrange(3), luck=True)
    for step in range(400):
        if case.run.closed:
            break
        # When people, machines and time do whatever they like, for a while even the same again
        case.at = max([case.at, *(t.due for t in list(case.run.timers.values())[:1])])
        case.hear(_something(case.run, case, dice, luck=step < 60))
        assert not case.run.incidents or _only_errors(case), (text, case.run.incidents)
        for incident in list(case.run.incidents):
            case.resolve() if len(case.run.incidents) == 1 else _resolve(case, incident)
        if dice.random() < 0.2:
            case.restart()
    # I expect the end, and nothing that waits, is due, or is kept
    assert case.run.closed, text
    assert not case.run.tasks and not case.run.timers and not case.run.awaited and not case.run.errands
    assert not case.run.tokens and list(case.run.documents) == [""]


def _something(run: Run, case: Driven, dice: random.Random, luck: bool):  # type: ignore[no-untyped-def]
    answers = {"x": dice.randrange(3), "luck": luck}
    may = [TaskCompleted(at=case.at, task=t, answers=answers) for t in run.tasks]
    may += [TimerFired(at=t.due, timer=t.name, fired_at=case.at) for t in run.timers.values()]
    may += [MessageReceived(at=case.at, message=s.message, key=s.key) for s in run.awaited.values()]
    may += [ErrandDone(at=case.at, errand=e) for e in run.errands]
    if luck:
        may += [ErrandFailed(at=case.at, errand=e, error="E") for e in run.errands]
    if luck and not run.paused:
        may.append(ClockPaused(at=case.at, reason=""))
    return dice.choice(may)


def _only_errors(case: Driven) -> bool:
    return all(i.code == "uncaught-error" for i in case.run.incidents.values())


def _resolve(case: Driven, incident: str) -> None:
    from engine.history import IncidentResolved

    case.hear(IncidentResolved(at=case.at, incident=incident, reason=""))
