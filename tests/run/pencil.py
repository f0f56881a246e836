"""Random procedures that are sound by construction: nested blocks, each entered at one element and left at one.

Blocks: sequence, choice, branches, inclusive branches with their join, loop, sub-process, call activity, event sub-process (message,
timer, signal), boundary event (error, timer, repeated timer, message, escalation), event gateway, repeated tasks, sub-processes and calls
(by list, by number, by loop marker), tasks with listeners, ad-hoc sub-processes side by side and in sequence, signals to other cases.
"""

from __future__ import annotations

import random


class Pencil:
    """Draws a procedure of nested blocks; each block is entered at one element and left at one."""

    def __init__(self, dice: random.Random) -> None:
        self._dice, self._lines, self._count = dice, [], 0
        #: Processes that are called, by id.
        self.called: dict[str, str] = {}
        #: Which kinds of block were drawn.
        self.kinds: set[str] = set()

    def drawing(self) -> str:
        """The whole procedure."""
        first, last = self.block(3)
        return "\n".join(["startEvent s", "endEvent e", *self._lines, f"s > {first}", f"{last} > e"])

    def block(self, deep: int) -> tuple[str, str]:
        """Some block."""
        kinds = [self._task, self._errand, self._script, self._listened, self._counted, self._sent]
        if deep:
            kinds += [self._sequence, self._choice, self._branches, self._some, self._loop, self._inside, self._edge]
            kinds += [self._each, self._first_event, self._handled, self._call, self._each_inside, self._escalated]
            kinds += [self._marked, self._chosen]
        kind = self._dice.choice(kinds)
        self.kinds.add(kind.__name__.strip("_"))
        return kind(deep)

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

    def _listened(self, deep: int) -> tuple[str, str]:
        """A step that waits for its listeners."""
        person = "userTask task:creating=notify task:completing=escalate"
        kind = self._dice.choice([person, "scriptTask script==x result=y", "intermediateThrowEvent"])
        asked = self._dice.choice(["at:start=notify", "at:end=escalate", "at:start=notify at:start#2=escalate at:end=notify"])
        return (name := self._new(f"{kind} header:to=sales {asked}")), name

    def _counted(self, deep: int) -> tuple[str, str]:
        return (name := self._new(f"userTask times={self._dice.choice(['0', '2', '=x'])} {self._dice.choice(['', 'sequential'])}")), name

    def _sent(self, deep: int) -> tuple[str, str]:
        return (name := self._new("intermediateThrowEvent signal=abroad reach=pack in:a==x")), name

    def _marked(self, deep: int) -> tuple[str, str]:
        """A step or a sub-process with a loop marker; nothing inside need change what it asks, so it has an end of its own."""
        how = self._dice.choice(["most=2", "again='=x = 2' most=3", "again='=x = 2' most=2 first", "again='=loopCounter < 3'"])
        if self._dice.random() < 0.5:
            return (name := self._new(f"userTask {how}")), name
        return self._sub(deep, "", how)

    def _chosen(self, deep: int) -> tuple[str, str]:
        """An ad-hoc sub-process whose steps are chosen by their ids."""
        self._count += 1
        name = f"adhoc{self._count}"
        inner = [*(f"userTask {name}{n}" for n in "abd"), f"serviceTask {name}c job=notify header:to=sales", f"{name}a > {name}d"]
        how = self._dice.choice(["", "sequential", "enough='=x >= 0'", "sequential enough='=x >= 0'"])
        chosen = self._dice.choice([f"{name}b,{name}a", f"{name}c,{name}b,{name}a", ""])
        listed = "[" + ",".join(f'"{one}"' for one in chosen.split(",") if one) + "]"
        self._lines += [f"adHocSubProcess {name} active='={listed}' {how} {{", *inner, "}"]
        return name, name

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
        start = self._dice.choice([f"message=stop{n}", "duration=P1D", f"signal=stop{n}"])
        handler = (
            f"subProcess handler{n} handler {{\nstartEvent hs{n} {loose} {start}\nuserTask ht{n}\nhs{n} > ht{n}\n}}"
        )
        return self._sub(deep, handler)

    def _call(self, deep: int, how: str = "") -> tuple[str, str]:
        self._count += 1
        process = f"called{self._count}"
        outer, self._lines = self._lines, []
        first, last = self.block(deep - 1)
        inside = [f"startEvent s{process}", f"endEvent e{process}", *self._lines]
        self.called[process] = "\n".join([*inside, f"s{process} > {first}", f"{last} > e{process}"])
        self._lines = outer
        alone = self._dice.choice(["", "alone", "keep"])
        return (name := self._new(f"callActivity call={process} in:x==x in:luck==luck {alone} {how}")), name

    def _each_inside(self, deep: int) -> tuple[str, str]:
        """A sub-process or a call for each of a list, side by side or one after the other."""
        how = f"each==[1,2] item=i into=out from==i {self._dice.choice(['', 'sequential'])}"
        return self._call(deep, how) if self._dice.random() < 0.5 else self._sub(deep, "", how)

    def _escalated(self, deep: int) -> tuple[str, str]:
        """A sub-process from whose inside somebody is called beside it, or instead of it."""
        self._count += 1
        n = self._count
        name, _ = self._sub(deep, "", first=f"intermediateThrowEvent up{n} escalation=up{n}")
        event = self._new(f"boundaryEvent on={name} escalation=up{n} {(loose := self._dice.choice(['', 'loose']))}")
        merge = self._new("exclusiveGateway")
        begin, end = self.block(deep - 1)
        self._flow(name, merge)
        self._flow(event, begin)
        if not loose:
            self._flow(end, merge)
        return name, merge

    def _sub(self, deep: int, more: str, how: str = "", first: str = "") -> tuple[str, str]:
        self._count += 1
        name = f"sub{self._count}"
        outer, self._lines = self._lines, []
        begin, last = self.block(deep - 1)
        if first:
            self._lines.append(first)
            begin = self._flow_behind(first.split()[1], begin)
        inner = [
            f"startEvent s{name}",
            f"endEvent e{name}",
            *self._lines,
            f"s{name} > {begin}",
            f"{last} > e{name}",
            more,
        ]
        self._lines = [*outer, f"subProcess {name} in:x==x {how} {{", *inner, "}"]
        return name, name

    def _flow_behind(self, first: str, then: str) -> str:
        self._flow(first, then)
        return first

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
