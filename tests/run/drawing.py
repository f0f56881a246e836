"""Small diagrams from text, releases made of them, and a case one can drive in a sentence.

    userTask check groups=sales limit=L1
    check > gate > end
    gate > check ? =again
    subProcess talk {
    ...
    }

Settings: groups users assignee form limit limit-variant four-eyes milestone status reach due priority · in:NAME out:NAME ·
job header:NAME · at:EVENT task:EVENT · script result · decision · call alone keep · each item into from until sequential
· times · again most first · active enough patient sequential
· date duration cycle · message key signal error escalation condition link terminate · on=HOST loose handler.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.history import (
    GENESIS,
    CaseMoved,
    CaseOpened,
    ErrandDone,
    ErrandFailed,
    Event,
    IncidentResolved,
    Input,
    Keyring,
    MessageReceived,
    Outcome,
    Record,
    SignalReceived,
    TaskCompleted,
    TimerFired,
    canonical,
    micros,
    read,
    seal,
)  # fmt: skip
from engine.release import Release
from engine.run import Run

#: Monday, 09:00 in Shanghai.
MONDAY = datetime(2026, 1, 5, 1, tzinfo=UTC)

_NS = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="kesu" id="definitions"'
)
_PROPERTIES = ("limit", "limit-variant", "four-eyes", "milestone", "status", "reach")
_TIMERS = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}
_EVENTS = ("message", "signal", "error", "escalation")

PACK = """
pack: drawn
title: {zh: 示例, en: Drawn}
system: SYS-00
flow: service
process: main
intake: F01
channels: [web]
calendar: cn
roles: {sales: {zh: 业务部, en: Sales}, plant: {zh: 制造部, en: Plant}}
params: {tolerance: {value: "0.05", zh: 容差, en: Tolerance}}
numbering: {complaint: {pattern: "{yy}{mm}{seq:02}", reset: month}}
statuses: {talking: {zh: 交涉中, en: Talking}, waiting: {zh: 待审批, en: Waiting}}
limits:
  L1: {zh: 部门, en: Department, value: 2, unit: workday, stage: task, from: task, pausable: true, warn: {value: 1, unit: workday},
       variants: {plant: {value: 3, unit: workday}}}
  L2: {zh: 硬, en: Hard, value: 2, unit: day, stage: task, from: task}
  C1: {zh: 结案, en: Closing, value: 14, unit: day, stage: case, from: registered, to: closed, pausable: true}
  C2: {zh: 答复, en: Answer, value: 5, unit: day, stage: case, from: opened, to: answered}
"""

CALENDAR = b"""
name = "cn"
zone = "Asia/Shanghai"
[week]
mon = ["09:00-12:00", "13:00-18:00"]
tue = ["09:00-12:00", "13:00-18:00"]
wed = ["09:00-12:00", "13:00-18:00"]
thu = ["09:00-12:00", "13:00-18:00"]
fri = ["09:00-12:00", "13:00-18:00"]
"""


def drawn(main: str, *, pack: str = PACK, files: Mapping[str, bytes] | None = None, **called: str) -> Release:
    """A release whose main process is drawn so; keywords are called processes."""
    diagrams = {"diagrams/main.bpmn": diagram("main", main)}
    diagrams |= {f"diagrams/{name}.bpmn": diagram(name, text) for name, text in called.items()}
    return Release.of({"pack.yaml": pack.encode(), "calendars/cn.toml": CALENDAR, **diagrams, **(files or {})})


def diagram(process: str, text: str) -> bytes:
    """The BPMN of one process."""
    definitions: dict[tuple[str, str], str] = {}
    body = _body(text, definitions)
    return (
        f"<definitions {_NS}>{''.join(definitions.values())}"
        f'<process id="{process}" isExecutable="true">{body}</process></definitions>'
    ).encode()


def _body(text: str, definitions: dict[tuple[str, str], str]) -> str:
    out, open_ = [], []
    flows: set[str] = set()
    for line in filter(None, (raw.strip() for raw in text.strip().splitlines())):
        if line == "}":
            out.append(f"</{open_.pop()}>")
        elif re.match(r"^\w+( > \w+)+", line):
            out.append(_flows(line, flows))
        else:
            block = line.endswith("{")
            kind, id_, *rest = shlex.split(line.rstrip("{"))
            attributes, inside = _element(dict(_setting(word) for word in rest), definitions)
            out.append(f'<{kind} id="{id_}" name="{id_}" {attributes}>{inside}')
            if block:
                open_.append(kind)
            else:
                out.append(f"</{kind}>")
    return "".join(out)


def _flows(line: str, known: set[str]) -> str:
    path, _, condition = line.partition(" ? ")
    out = []
    ids = path.split(" > ")
    for source, target in pairwise(ids):
        id_ = f"{source}_{target}"
        while id_ in known:
            id_ += "_"
        known.add(id_)
        inner = f"<conditionExpression>{escape(condition.strip())}</conditionExpression>" if condition else ""
        out.append(f'<sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
    return "".join(out)


def _setting(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value


def _element(given: dict[str, str], definitions: dict[tuple[str, str], str]) -> tuple[str, str]:
    attributes = {
        "attachedToRef": given.get("on"),
        "cancelActivity": "false" if "loose" in given and "on" in given else None,
        "isInterrupting": "false" if "loose" in given and "on" not in given else None,
        "triggeredByEvent": "true" if "handler" in given else None,
        "default": given.get("default"),
        "cancelRemainingInstances": "false" if "patient" in given else None,
        "ordering": "Sequential" if "sequential" in given and "active" in given else None,
        "messageRef": f"message_{given['message']}" if "receive" in given else None,
    }
    return " ".join(f"{k}={quoteattr(v)}" for k, v in attributes.items() if v), _extensions(given) + _more(
        given, definitions
    )


def _extensions(given: dict[str, str]) -> str:
    z = []
    if who := {c: given[k] for k, c in _WHO.items() if k in given}:
        z.append(_tag("assignmentDefinition", who))
    if "form" in given:
        z.append(_tag("formDefinition", {"formId": given["form"]}))
    if "due" in given:
        z.append(_tag("taskSchedule", {"dueDate": given["due"]}))
    if "priority" in given:
        z.append(_tag("priorityDefinition", {"priority": given["priority"]}))
    if "job" in given:
        z.append(_tag("taskDefinition", {"type": given["job"]}))
    for kind, prefix in (("execution", "at:"), ("task", "task:")):
        rows = [{"eventType": k[len(prefix) :].partition("#")[0], "type": v} for k, v in _of(given, prefix)]
        z.append(_list(f"{kind}Listeners", f"{kind}Listener", rows))
    if "script" in given:
        z.append(_tag("script", {"expression": given["script"], "resultVariable": given.get("result", "")}))
    if "decision" in given:
        z.append(_tag("calledDecision", {"decisionId": given["decision"], "resultVariable": given["result"]}))
    if "active" in given:
        z.append(_tag("adHoc", {"activeElementsCollection": given["active"]}))
    if "call" in given:
        through = {"propagateAllParentVariables": str("alone" not in given).lower()}
        through |= {"propagateAllChildVariables": str("keep" not in given).lower()}
        z.append(_tag("calledElement", {"processId": given["call"], **through}))
    z.append(_list("taskHeaders", "header", [{"key": k[7:], "value": v} for k, v in _of(given, "header:")]))
    z.append(_list("properties", "property", [{"name": k, "value": given[k]} for k in _PROPERTIES if k in given]))
    lines = [("input", k[3:], v) for k, v in _of(given, "in:")] + [("output", k[4:], v) for k, v in _of(given, "out:")]
    if lines:
        inner = "".join(_tag(kind, {"source": source, "target": target}) for kind, target, source in lines)
        z.append(f"<zeebe:ioMapping>{inner}</zeebe:ioMapping>")
    return f"<extensionElements>{''.join(z)}</extensionElements>"


_WHO = {"groups": "candidateGroups", "users": "candidateUsers", "assignee": "assignee"}


def _of(given: dict[str, str], prefix: str) -> list[tuple[str, str]]:
    return [(k, v) for k, v in given.items() if k.startswith(prefix)]


def _tag(name: str, attributes: Mapping[str, str]) -> str:
    return f"<zeebe:{name} " + " ".join(f"{k}={quoteattr(v)}" for k, v in attributes.items()) + "/>"


def _list(outer: str, inner: str, rows: Iterable[Mapping[str, str]]) -> str:
    tags = "".join(_tag(inner, row) for row in rows)
    return f"<zeebe:{outer}>{tags}</zeebe:{outer}>" if tags else ""


def _more(given: dict[str, str], definitions: dict[tuple[str, str], str]) -> str:
    out = []
    for key, tag in _TIMERS.items():
        if key in given:
            out.append(f"<timerEventDefinition><{tag}>{escape(given[key])}</{tag}></timerEventDefinition>")
    for kind in _EVENTS:
        if kind in given:
            out.append(_reference(kind, given, definitions))
    if "condition" in given:
        out.append(
            f"<conditionalEventDefinition><condition>{escape(given['condition'])}</condition></conditionalEventDefinition>"
        )
    if "link" in given:
        out.append(f'<linkEventDefinition name="{given["link"]}"/>')
    if "enough" in given:
        out.append(f"<completionCondition>{escape(given['enough'])}</completionCondition>")
    if "terminate" in given:
        out.append("<terminateEventDefinition/>")
    if given.keys() & {"again", "most"}:
        asked = f"<loopCondition>{escape(given['again'])}</loopCondition>" if "again" in given else ""
        most = f' loopMaximum="{given["most"]}"' if "most" in given else ""
        out.append(f'<standardLoopCharacteristics testBefore="{str("first" in given).lower()}"{most}>{asked}</standardLoopCharacteristics>')
    if "times" in given:
        out.append(
            f'<multiInstanceLoopCharacteristics isSequential="{str("sequential" in given).lower()}">'
            f"<loopCardinality>{escape(given['times'])}</loopCardinality></multiInstanceLoopCharacteristics>"
        )
    if "each" in given:
        loop = {"inputCollection": given["each"], "inputElement": given.get("item", "item")}
        if "into" in given:
            loop |= {"outputCollection": given["into"], "outputElement": given["from"]}
        until = f"<completionCondition>{escape(given['until'])}</completionCondition>" if "until" in given else ""
        extension = f"<extensionElements>{_tag('loopCharacteristics', loop)}</extensionElements>"
        sequential = str("sequential" in given).lower()
        out.append(
            f'<multiInstanceLoopCharacteristics isSequential="{sequential}">{extension}{until}'
            "</multiInstanceLoopCharacteristics>"
        )
    return "".join(out)


def _reference(kind: str, given: dict[str, str], definitions: dict[tuple[str, str], str]) -> str:
    name = given[kind]
    id_ = f"{kind}_{name}"
    if name:
        extra = _tag("subscription", {"correlationKey": given["key"]}) if "key" in given else ""
        code = f' {kind}Code="{name}"' if kind in ("error", "escalation") else ""
        extra = f"<extensionElements>{extra}</extensionElements>" if extra else ""
        definitions[kind, name] = f'<{kind} id="{id_}" name="{name}"{code}>{extra}</{kind}>'
    reference = f' {kind}Ref="{id_}"' if name else ""
    if "receive" in given:
        return ""
    return f"<{kind}EventDefinition{reference}/>"


class Driven:
    """A case that is driven in sentences, and kept as a history while it is."""

    def __init__(self, release: Release, *, case: str = "C-1", at: datetime = MONDAY, **answers: Any) -> None:
        self.release, self.case, self.at = release, case, at
        #: Every release it was on, by digest.
        self.releases = {release.digest: release}
        event = CaseOpened(
            at=at, pack="drawn", release=release.digest, process="main", flow="service", channel="web", answers=answers
        )
        self.run, self.came = Run.open(release, event, case=case)
        self.events: list[Event] = [event, *self.came]

    def hear(self, event: Input) -> list[Outcome]:
        """Let the case hear an input; returns what came of it."""
        self.came = self.run.apply(event)
        self.events += [event, *self.came]
        return self.came

    def done(self, task: str, actor: str = "wang", **answers: Any) -> list[Outcome]:
        """Somebody does the open task of that element, or of that name."""
        name = task if task in self.run.tasks else self.task(task)
        return self.hear(TaskCompleted(at=self.at, actor=actor, task=name, answers=answers))

    def task(self, element: str) -> str:
        """The name of the only open task of an element."""
        (name,) = [t.name for t in self.run.tasks.values() if t.element == element]
        return name

    def fire(self, element: str) -> list[Outcome]:
        """The earliest timer of an element comes due."""
        timer = min((t for t in self.run.timers.values() if t.element == element), key=lambda t: t.due)
        self.at = max(self.at, timer.due)
        return self.hear(TimerFired(at=timer.due, timer=timer.name, fired_at=self.at))

    def message(self, name: str, key: Any = None, **payload: Any) -> list[Outcome]:
        """Something comes from outside."""
        return self.hear(MessageReceived(at=self.at, message=name, key=key, payload=payload))

    def signal(self, element: str, hops: int = 0, **payload: Any) -> list[Outcome]:
        """Another case threw the signal for which that element waits."""
        (wait,) = [name for name in self.run.signals if name.rpartition("-")[0] == element]
        event = SignalReceived(at=self.at, signal=self.run.signals[wait], subscription=wait, payload=payload, hops=hops)
        return self.hear(event)

    def errand(self, element: str, **result: Any) -> list[Outcome]:
        """A machine has done the errand of that element."""
        return self.hear(ErrandDone(at=self.at, errand=self._errand(element), result=result))

    def fail(self, element: str, error: str, reason: str = "") -> list[Outcome]:
        """A machine could not do the errand of that element."""
        return self.hear(ErrandFailed(at=self.at, errand=self._errand(element), error=error, reason=reason))

    def resolve(self, **values: Any) -> list[Outcome]:
        """An administrator lets the case go on after its only incident."""
        (incident,) = self.run.incidents
        return self.hear(IncidentResolved(at=self.at, actor="admin", incident=incident, reason="mended", values=values))

    def move(self, release: Release, **facts: str) -> list[Outcome]:
        """The case goes on under another release."""
        event = CaseMoved(at=self.at, actor="chief", before=self.release.digest, release=release.digest, **facts)
        self.run, self.came = self.run.moved(release, event)
        self.releases[release.digest] = self.release = release
        self.events += [event, *self.came]
        return self.came

    def wait(self, **span: float) -> None:
        """Time goes by."""
        self.at += timedelta(**span)

    def restart(self) -> None:
        """The process of the operating system ends, and another one takes the case over."""
        self.run = Run.restore(self.release, self.run.snapshot(), case=self.case)

    def open(self) -> list[str]:
        """Elements with open tasks."""
        return sorted(t.element for t in self.run.tasks.values())

    def came_of(self, kind: type[Event]) -> list[Any]:
        """The outcomes of a kind that came of the last input."""
        return [e for e in self.came if isinstance(e, kind)]

    def all_of(self, kind: type[Event]) -> list[Any]:
        """The events of a kind since the case was opened."""
        return [e for e in self.events if isinstance(e, kind)]

    def records(self, without: str = "") -> list[Record]:
        """The history as it would be stored and read again, perhaps after a person was forgotten."""
        records, keyring = seal(self.case, self.events, after=0, previous=GENESIS, keyring=Keyring())
        if without:
            keyring = keyring.without(without)
        return [_read_again(record, keyring) for record in records]

    def _errand(self, element: str) -> str:
        (name,) = [e.name for e in self.run.errands.values() if e.element == element]
        return name


def _read_again(record: Record, keyring: Keyring) -> Record:
    event = record.event
    who = (event.actor, event.on_behalf_of) if isinstance(event, Input) else (None, None)
    return read(
        case=record.case, seq=record.seq, kind=event.kind, at=micros(event.at), actor=who[0], on_behalf_of=who[1],
        sealed=canonical(record.sealed), previous=record.previous, hash=record.hash, keyring=keyring,
    )  # fmt: skip
