"""Whatever is handed in, the gate answers: in a process of its own, which has only so much time and memory."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from api.cli import main
from engine.confined import Limits
from engine.gate import LIMITS, check, check_apart, check_files_apart
from engine.release import gather
from tests.run.drawing import CALENDAR, PACK, diagram

ROOT = Path(__file__).parents[2]
LOOP = "startEvent s\nuserTask a each='=for i in 1..10000000 return i'\nendEvent e\ns > a > e"
DEEP = "startEvent s\n" + "".join(f"subProcess p{n} {{\n" for n in range(120)) + "}\n" * 120
PLAIN = "startEvent s\nendEvent e\ns > e"
_DMN = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">%s</definitions>'


def pack(**files: bytes) -> dict[str, bytes]:
    """The files of a small pack, some of them replaced."""
    named = {"main": "diagrams/main.bpmn", "other": "diagrams/other.bpmn", "table": "decisions/t.dmn",
             "form": "forms/F01.yaml", "policy": "pack.yaml"}  # fmt: skip
    plain = {"pack.yaml": PACK.encode(), "calendars/cn.toml": CALENDAR, "diagrams/main.bpmn": diagram("main", PLAIN)}
    return plain | {named[name]: data for name, data in files.items()}


def _row(number: int) -> str:
    return "startEvent s\nendEvent e\n" + "\n".join(f"task t{i}" for i in range(number)) + "\n" + " > ".join(
        ["s", *(f"t{i}" for i in range(number)), "e"]
    )  # fmt: skip


def _with(inner: bytes) -> bytes:
    return diagram("main", PLAIN).replace(b"</process>", inner + b"</process>")


def _fan(deep: int) -> dict[str, bytes]:
    """Processes that each call the next one twice; the last one throws an error that the first one catches."""
    twice = "startEvent s\ncallActivity a call=p{n}\ncallActivity b call=p{n}\nendEvent e\ns > a > b > e"
    files = {f"diagrams/p{i}.bpmn": diagram(f"p{i}", twice.format(n=i + 1)) for i in range(deep)}
    files[f"diagrams/p{deep}.bpmn"] = diagram(f"p{deep}", "startEvent s\nendEvent e error=bad\ns > e")
    caught = "startEvent s\ncallActivity c call=p0\nboundaryEvent b on=c error=bad\nendEvent e\nendEvent z\ns > c > e\nb > z"
    return {**pack(main=diagram("main", caught)), **files}


def _dense(kind: str) -> bytes:
    dice = random.Random(1)
    default = " default=g{0}_e" if kind != "parallelGateway" else ""
    flows = dice.sample([(a, b) for a in range(100) for b in range(100) if a != b], 600)
    ask = " ? =x" if default else ""
    lines = [f"{kind} g{n}{default.format(n)}" for n in range(100)] + [f"g{n} > e" for n in range(100)]
    return diagram("main", "\n".join(["startEvent s", "endEvent e", *lines, "s > g0", *(f"g{a} > g{b}{ask}" for a, b in flows)]))


def _decisions(number: int) -> bytes:
    """Decisions that each require the two next ones."""
    one = (
        '<decision id="{n}{i}" name="{n}{i}"><informationRequirement id="{n}l{i}"><requiredDecision href="#a{j}"/></informationRequirement>'
        '<informationRequirement id="{n}r{i}"><requiredDecision href="#b{j}"/></informationRequirement>'
        "<literalExpression><text>a{j}</text></literalExpression></decision>"
    )
    last = "".join(f'<decision id="{n}{number}" name="{n}{number}"><literalExpression><text>1</text></literalExpression></decision>' for n in "ab")
    return (_DMN % ("".join(one.format(n=n, i=i, j=i + 1) for i in range(number) for n in "ab") + last)).encode()


def _table(cell: str, rows: int = 1) -> bytes:
    row = f"<inputEntry><text>{cell}</text></inputEntry><outputEntry><text>1</text></outputEntry>"
    return (_DMN % (
        '<decision id="t" name="t"><decisionTable id="tt"><input id="i"><inputExpression id="x" typeRef="number"><text>loss</text>'
        '</inputExpression></input><output id="o" name="o"/>' + "".join(f'<rule id="r{n}">{row}</rule>' for n in range(rows))
        + "</decisionTable></decision>"
    )).encode()  # fmt: skip


_YAML_BOMB = 'a: &a ["x","x"]\n' + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join('*' + chr(97 + i) for _ in range(9))}]\n" for i in range(9)
)
#: What is handed in -> a finding it must get; "" where nothing but an answer is wanted.
HANDED = {
    "2,000 tasks in a row": (pack(main=diagram("main", _row(2000))), "too-many-elements"),
    "20,000 flows between two elements":
        (pack(main=_with(b"".join(b'<sequenceFlow id="f%d" sourceRef="s" targetRef="e"/>' % n for n in range(20000)))), "too-many-elements"),
    "8,000 processes": (pack(main=diagram("main", PLAIN).replace(b"</definitions>", b"".join(
        b'<process id="p%d"><startEvent id="s%d"/></process>' % (n, n) for n in range(8000)) + b"</definitions>")), "too-many-elements"),
    "calls in a circle": (pack(main=diagram("main", "startEvent s\ncallActivity c call=other\nendEvent e\ns > c > e"),
                               other=diagram("other", "startEvent s\ncallActivity c call=main\nendEvent e\ns > c > e")), "call-itself"),
    "calls that fan out": (_fan(30), ""),
    "a loop of ten million": (pack(main=diagram("main", LOOP)), ""),
    "a step that leads to itself": (pack(main=diagram("main", "startEvent s\ntask a\nendEvent e\ns > a > e\na > a")), "flow-to-itself"),
    "sub-processes 120 deep": (pack(main=diagram("main", DEEP)), "too-deep"),
    "gateways all over": (pack(main=_dense("exclusiveGateway")), "loop-without-waiting"),
    "inclusive gateways all over": (pack(main=_dense("inclusiveGateway")), ""),
    "parallel gateways all over": (pack(main=_dense("parallelGateway")), ""),
    "50 MB": (pack(main=b"<a>" + b"x" * 50_000_000), "pack-too-large"),
    "3 MB": (pack(main=b"<a>" + b"x" * 3_000_000), "too-large"),
    "billion laughs": (pack(main=b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>'), "doctype"),
    "bytes that are no text": (pack(main=b'<?xml version="1.0" encoding="utf-8"?><a>\xff</a>'), "encoding"),
    "UTF-16": (pack(main='<?xml version="1.0" encoding="utf-16"?><a/>'.encode("utf-16")), "not-bpmn"),
    "nothing": (pack(main=b""), "not-xml"),
    "200,000 tags deep": (pack(main=b"<a>" * 200_000), "not-xml"),
    "another kind of file": (pack(main=b"<html/>"), "not-bpmn"),
    "decisions that fan out": (pack(table=_decisions(40)), ""),
    "a decision behind 90 others": (pack(table=_decisions(90)), ""),
    "400 decisions": (pack(table=_decisions(200)), "too-many-decisions"),
    "a table of 8,000 rows": (pack(table=_table("1", 8000)), "too-many-rows"),
    "cells that cost much": (pack(table=_table("count(for i in 1..60000 return i)", 200)), ""),
    "a table inside a DOCTYPE": (pack(table=b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'), "unsafe-xml"),
    "a form that unfolds": (pack(form=_YAML_BOMB.encode()), ""),
    "a policy that unfolds": (pack(policy=_YAML_BOMB.encode() + PACK.encode()), ""),
    "a file outside": ({**pack(), "../../etc/passwd": b"x"}, ""),
}  # fmt: skip


@pytest.mark.parametrize("what", HANDED)
def test_whatever_is_handed_in_gets_an_answer_with_a_remedy(what: str) -> None:
    files, wanted = HANDED[what]
    # In this process, which spares the time of starting another: it would be stopped there.
    checked = check(files) if what != "50 MB" else check_apart(files)
    codes = {f.code for f in checked.findings}
    assert not wanted or (wanted in codes and not checked.passes), codes
    assert all(f.zh and f.en and f.text("zh") and f.text("en") for f in checked.findings)


@pytest.mark.parametrize("limits", [replace(LIMITS, wall=0.01), replace(LIMITS, memory=40), replace(LIMITS, cpu=0)])
def test_a_check_that_runs_out_of_something_is_told_and_bars(limits: Limits) -> None:
    checked = check_apart(pack(), limits)
    assert ([f.code for f in checked.findings], checked.release) == (["gate-stopped"], None)


def test_apart_says_what_is_said_here() -> None:
    files = gather(ROOT / "bpmn" / "packs" / "mfg-gm-office", ROOT / "bpmn" / "shared", ROOT / "forms" / "library")
    here, apart = check(files), check_apart(files)
    assert apart.release is not None and here.release is not None
    assert apart.release.digest == here.release.digest
    broken = {**files, "diagrams/mfg-gm-office.bpmn": files["diagrams/mfg-gm-office.bpmn"].replace(b'candidateGroups="', b'candidateGroups="no')}
    found = check(broken).findings
    assert found and [(f.code, f.element, f.zh, f.en) for f in check_apart(broken).findings] == [
        (f.code, f.element, f.zh, f.en) for f in found
    ]


def test_files_without_their_pack_are_judged_by_themselves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = tmp_path / "good.bpmn"
    good.write_bytes(diagram("main", PLAIN))
    assert check_files_apart({"good.bpmn": good.read_bytes()}) == ()
    assert main(["check", str(good)]) == 0
    (tmp_path / "bad.bpmn").write_bytes(diagram("main", "startEvent s\nserviceTask a\nendEvent e\ns > a > e"))
    assert main(["check", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert "Service task without an errand" in told and "没有事务名的服务任务" in told
    assert main(["check", str(tmp_path / "nothing")]) == 1


def test_the_process_that_judges_loads_no_database() -> None:
    # An owner waits for it after each pause; a database would be most of what it loads.
    asked = "import sys, engine.gate.child, engine.gate.judging; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
