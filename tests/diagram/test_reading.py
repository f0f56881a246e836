"""A file is read safely and completely, or refused with a reason; it never hangs or crashes."""

from __future__ import annotations

import time

import pytest

from engine.diagram import Diagram
from engine.findings import Refused
from tests.diagram.drawings import drawing, line
from tests.run.drawing import diagram

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x" id="d">'
LINE = (
    '<process id="p"><startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="e"/><endEvent id="e"/></process>'
)


def refused(data: bytes) -> list[str]:
    """The codes a file is refused with."""
    with pytest.raises(Refused) as caught:
        Diagram.read(data, "diagrams/x.bpmn")
    assert all(f.zh and f.en and f.remedy_zh and f.remedy_en for f in caught.value.findings)
    return [f.code for f in caught.value.findings]


LAUGHS = (
    '<!DOCTYPE d [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 9}">' for n in range(9))
    + f"]>{HEAD}&a8;</definitions>"
)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("not-xml", b""),
        ("not-xml", b"<definitions"),
        ("not-xml", b"PK\x03\x04 a zip"),
        ("encoding", "<definitions/>".encode("utf-16")),
        ("encoding", b'<?xml version="1.0" encoding="UTF-7"?><definitions/>'),
        ("encoding", HEAD.encode() + b"\xff\xfe</definitions>"),
        ("not-bpmn", b"<html><body/></html>"),
        ("not-bpmn", b"<definitions/>"),
        ("doctype", LAUGHS.encode()),
        ("doctype", f'<!DOCTYPE d SYSTEM "file:///etc/passwd">{HEAD}</definitions>'.encode()),
        ("doctype", f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{HEAD}&x;</definitions>'.encode()),
        ("too-large", HEAD.encode() + b" " * 2_000_001),
        ("too-deep", (HEAD + "<extensionElements>" * 100 + "</extensionElements>" * 100 + "</definitions>").encode()),
        ("not-xml", (HEAD + "<a>" * 5000 + "</a>" * 5000 + "</definitions>").encode()),
        ("no-process", f"{HEAD}</definitions>".encode()),
        ("id-twice", f'{HEAD}{LINE.replace("<process", "<message id=&quot;s&quot;/><process".replace("&quot;", chr(34)))}</definitions>'.encode()),
        ("id-not-allowed", f"{HEAD}{LINE.replace(chr(34) + 's' + chr(34), chr(34) + 'n_s' + chr(34))}</definitions>".encode()),
        ("id-not-allowed", f"{HEAD}{LINE.replace(chr(34) + 'e' + chr(34), chr(34) + 'End' + chr(34))}</definitions>".encode()),
        ("element-without-id", f'{HEAD}{LINE.replace(" id=" + chr(34) + "e" + chr(34), "")}</definitions>'.encode()),
        ("flow-hangs", f'{HEAD}{LINE.replace("targetRef=" + chr(34) + "e", "targetRef=" + chr(34) + "nowhere")}</definitions>'.encode()),
        ("flow-hangs", f'{HEAD}{LINE.replace("sourceRef=" + chr(34) + "s", "sourceRef=" + chr(34) + "nowhere")}</definitions>'.encode()),
    ],
)  # fmt: skip
def test_what_is_no_safe_diagram_is_refused(code: str, data: bytes) -> None:
    assert code in refused(data)


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("boundary-hangs", 'attachedToRef="a"', 'attachedToRef="nowhere"'),
        ("reference-nowhere", 'messageRef="message_m"', 'messageRef="nowhere"'),
        ("default-nowhere", '<userTask id="a"', '<userTask id="a" default="nowhere"'),
    ],
)
def test_what_points_nowhere_is_refused(code: str, old: str, new: str) -> None:
    text = "startEvent s\nuserTask a\nboundaryEvent b on=a message=m\nendEvent e\ns > a > e\nb > e"
    data = diagram("main", text).decode()
    assert old in data
    assert refused(data.replace(old, new).encode()) == [code]


def test_a_flow_does_not_cross_the_edge_of_a_sub_process() -> None:
    text = "startEvent s\nsubProcess a {\nstartEvent i\nendEvent o\ni > o\n}\nendEvent e\ns > a > e\ns > o"
    assert refused(diagram("main", text)) == ["flow-hangs"]


def test_more_than_people_can_read_is_refused_at_once() -> None:
    # Given two thousand tasks in a row, and sub-processes one in another
    names = [f"t{n}" for n in range(2000)]
    row = "\n".join(f"userTask {n}" for n in names) + f"\nstartEvent s\nendEvent e\ns > {' > '.join(names)} > e"
    nest = "startEvent s\nendEvent e\ns > e\n" + "".join(f"subProcess x{n} {{\n" for n in range(40)) + "}\n" * 40
    began = time.process_time()
    assert refused(diagram("main", row)) == ["too-many-elements"]
    assert set(refused(diagram("main", nest))) <= {"too-deep"}
    # I expect the answer long before anybody wonders (a bound far from what it takes)
    assert time.process_time() - began < 5


def test_everything_written_is_understood() -> None:
    text = """
        startEvent s
        userTask a groups=sales assignee==who form=F priority=80 due==soon limit=L four-eyes=b milestone=m in:x==1 out:y==x
        boundaryEvent late on=a duration=P1D loose
        boundaryEvent bad on=a error=E7
        subProcess p {
            startEvent i
            callActivity c call=other alone each==rows item=row into=all from==row.x until==stop sequential
            endEvent o
            i > c > o
        }
        exclusiveGateway g default=g_e
        intermediateCatchEvent told message=reply key==case.id
        endEvent e
        endEvent f
        s > a > p > g > e
        g > told ? =x > 1
        told > f
        late > f
        bad > f
    """
    process = drawing(text).processes["main"]
    a, late, bad, c, told = (process.elements[n] for n in ("a", "late", "bad", "c", "told"))
    assert (a.kind, a.zeebe.groups, a.zeebe.assignee, a.zeebe.form) == ("userTask", "sales", "=who", "F")
    assert (a.zeebe.priority, a.zeebe.due, dict(a.zeebe.properties)) == (
        "80", "=soon", {"limit": "L", "four-eyes": "b", "milestone": "m"})  # fmt: skip
    assert ([(m.target, m.source) for m in a.zeebe.inputs], a.incoming, a.outgoing) == (
        [("x", "=1")], ("s_a",), ("a_p",))  # fmt: skip
    assert (late.attached_to, late.interrupting, late.timer and late.timer.text) == ("a", False, "P1D")
    assert (bad.trigger, bad.error, bad.interrupting) == ("error", "E7", True)
    assert [b.id for b in process.boundaries["a"]] == ["late", "bad"]
    loop = c.zeebe.loop
    assert loop is not None
    assert (c.parent, c.called, c.zeebe.propagate_parent, loop.sequential) == ("p", "other", False, True)
    assert (loop.collection, loop.item, loop.output_collection, loop.output_item, loop.until) == (
        "=rows", "row", "all", "=row.x", "=stop")  # fmt: skip
    assert (told.message, told.zeebe.correlation) == ("reply", "=case.id")
    assert process.flows["g_told"].condition == "=x > 1"
    assert process.elements["g"].default_flow == "g_e"
    assert {(x.where, x.text) for x in a.expressions} >= {("assignee", "=who"), ("dueDate", "=soon"), ("input:x", "=1")}
    assert [e.id for e in process.scopes["p"]] == ["i", "c", "o"]


def test_a_flow_without_an_id_is_not_lost() -> None:
    process = line("task a", ('id="a_e" ', "")).processes["main"]
    (flow,) = process.elements["a"].outgoing
    assert process.flows[flow].target == "e"


def test_the_innermost_lane_is_where_an_element_is() -> None:
    lanes = (
        '<laneSet><lane id="l1" name="Outer"><flowNodeRef>a</flowNodeRef><flowNodeRef>s</flowNodeRef><childLaneSet>'
        '<lane id="l2" name="Inner"><flowNodeRef>a</flowNodeRef></lane></childLaneSet></lane></laneSet>'
    )
    process = line("task a", ("<startEvent", f"{lanes}<startEvent")).processes["main"]
    assert (process.elements["a"].lane, process.elements["s"].lane) == ("Inner", "Outer")


def test_what_is_drawn_inside_a_sub_process_is_in_its_lane() -> None:
    lane = '<laneSet><lane id="l1" name="Sales"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    process = line(
        "subProcess a {\nstartEvent b\nuserTask c\nb > c\n}", ("<startEvent", f"{lane}<startEvent")
    ).processes["main"]
    assert process.elements["c"].lane == "Sales"


def test_an_old_encoding_of_an_office_tool_is_read() -> None:
    text = diagram("main", "startEvent s\nendEvent e\ns > e").decode().replace('name="s"', 'name="开始"')
    data = f'<?xml version="1.0" encoding="gb18030"?>{text}'.encode("gb18030")
    assert Diagram.read(data, "x").processes["main"].elements["s"].name == "开始"
