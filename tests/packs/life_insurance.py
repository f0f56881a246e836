"""The life insurer at work (SYS-22): the company of the tests, and what its tests look at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.clock import StoppedClock
from engine.desk import Done
from engine.history import DataSet, DecisionMade, ErrandDone, MilestoneReached, TaskCompleted, bare
from engine.replay import verify
from engine.store import Store
from tests.packs.company import Company, open_company, shipped
from tests.packs.life_insurance_answers import INTAKE, USUAL

#: From the acceptance to the plan, as a handler sees it.
INQUIRY = ["assign", "contact", "evidence", "hear"]
#: Plan, review, answer.
ANSWER = ["opinion", "decide", "answer"]
#: Closing a case with something to carry out.
END = ["execute", "finish", "file", "library", "report"]


class Insurer(Company):
    """The company, with what every test of it asks."""

    def do(self, case: str, element: str, which: int = 1, **answers: Any) -> Done:
        """As everywhere; minutes are taken by another handler than the one who presents the case."""
        return super().do(case, element, 2 if element == "minutes" else which, **answers)

    def accepted(self, case: str) -> None:
        """The customer says yes."""
        self.desk.receive_message(case, "customer-accepts", {}, self.person("handler"))

    def refused(self, case: str) -> None:
        """The customer says no."""
        self.desk.receive_message(case, "customer-refuses", {"reaction_text": "太少"}, self.person("handler"))

    def to_the_end(self, case: str, choices: Mapping[str, Any] | None = None) -> list[str]:
        """Carry the case to its answer, let the customer accept, and carry it to the archive."""
        path = self.carry(case, choices, until="answer")
        self.do(case, "answer")
        self.accepted(case)
        return [*path, "answer", *self.carry(case, choices)]

    def decided(self, case: str, decision: str) -> list[Any]:
        """What a table gave, each time it was asked."""
        events = [r.event for r in self.history(case) if isinstance(r.event, DecisionMade)]
        return [e.record["outputs"] for e in events if e.decision == decision]

    def known(self, case: str) -> dict[str, Any]:
        """Everything that was ever known about the case, the latest last."""
        told: dict[str, Any] = {}
        for event in (r.event for r in self.history(case)):
            if isinstance(event, DataSet):
                told |= {name: bare(value) for name, value in event.values.items()}
            elif isinstance(event, TaskCompleted):
                told |= {name: bare(value) for name, value in event.answers.items()}
        return told

    def numbers(self, case: str, series: str) -> list[str]:
        """The numbers a series gave to the case."""
        results = [r.event.result for r in self.history(case) if isinstance(r.event, ErrandDone)]
        return [str(r["number"]) for r in results if r.get("series") == series]

    def milestones(self, case: str) -> list[str]:
        """The milestones reached, in order."""
        return [r.event.milestone for r in self.history(case) if isinstance(r.event, MilestoneReached)]

    def dues(self, case: str) -> dict[str, Any]:
        """When each limit of the case is due; those that were kept with whether they were late."""
        with self.store.look() as reading:
            return {d.deadline: (d.due, d.late) for d in reading.deadlines(case) if d.deadline.startswith("T22")}

    def verified(self, case: str) -> bool:
        """Whether the history, played again, gives the same state byte for byte."""
        with self.store.look() as reading:
            head, records = reading.head(case), reading.history(case)
            return verify(records, lambda digest: self.desk.shelf.release(digest, reading), head.state).agrees


def insurer(url: str, clock: StoppedClock, folder: Path) -> Insurer:
    """The company on a database."""
    made = open_company(shipped("life-insurance"), Store(url, clock=clock, durable=False), clock, folder / "out", INTAKE, USUAL)
    return Insurer(**vars(made))
