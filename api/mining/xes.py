"""XES, the event log of IEEE 1849: one trace for each case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from xml.etree.ElementTree import Element, SubElement, tostring
from xml.sax.saxutils import quoteattr

from api.mining.logged import Logged
from engine.story import Happening

_EXTENSIONS = {
    "Concept": ("concept", "http://www.xes-standard.org/concept.xesext"),
    "Time": ("time", "http://www.xes-standard.org/time.xesext"),
    "Organizational": ("org", "http://www.xes-standard.org/org.xesext"),
    "Lifecycle": ("lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
}
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849.2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">\n'
_GLOBAL = """<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00.000Z"/>\
<string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" scope="event" keys="concept:name"/>
<classifier name="ActivityAndTurn" scope="event" keys="concept:name lifecycle:transition"/>
<string key="lifecycle:model" value="standard"/>
"""


def xes(cases: Iterable[Logged]) -> Iterator[bytes]:
    """The file, case by case."""
    extensions = [
        f"<extension name={quoteattr(name)} prefix={quoteattr(prefix)} uri={quoteattr(uri)}/>\n"
        for name, (prefix, uri) in _EXTENSIONS.items()
    ]
    yield "".join([_HEAD, *extensions, _GLOBAL]).encode()
    for case in cases:
        yield tostring(_trace(case), encoding="unicode").encode() + b"\n"
    yield b"</log>\n"


def _trace(case: Logged) -> Element:
    head, trace = case.head, Element("trace")
    facts = {
        "concept:name": head.case, "kesu:number": head.number, "kesu:pack": head.pack, "kesu:flow": head.flow,
        "kesu:channel": head.channel, "kesu:status": head.status, "kesu:release": head.release,
        "kesu:opened": head.opened_at, "kesu:closed": head.closed_at,
    }  # fmt: skip
    _put(trace, facts)
    for happening in case.happenings:
        _put(SubElement(trace, "event"), _event(happening))
    return trace


def _event(one: Happening) -> Mapping[str, object]:
    return {
        "concept:name": one.activity, "concept:instance": one.instance, "time:timestamp": one.at,
        "lifecycle:transition": one.turn, "org:resource": one.who, "kesu:behalf": one.behalf, "kesu:element": one.element,
        "kesu:seq": one.seq, **{f"kesu:{name}": value for name, value in one.facts.items()},
    }  # fmt: skip


def _put(parent: Element, facts: Mapping[str, object]) -> None:
    for key, value in facts.items():
        if value is None:
            continue
        kind, said = _typed(value)
        SubElement(parent, kind, key=key, value=said)


def _typed(value: object) -> tuple[str, str]:
    match value:
        case bool():
            return "boolean", "true" if value else "false"
        case int():
            return "int", str(value)
        case Decimal():
            return "float", str(value)
        case datetime():
            return "date", value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case list():
            return "string", ",".join(map(str, value))
    return "string", str(value)
