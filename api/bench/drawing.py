"""What reading and asking cost: expressions, unary tests, the gate, and the share of FEEL in a completion."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from api.bench.figures import Figures, profile
from api.bench.office import Office
from engine.feel import Context, compile
from engine.gate import check_apart
from engine.release import gather

_ROOT = Path(__file__).parents[2]
_NOON = Context(now=datetime(2026, 1, 5, 4, 0, tzinfo=UTC))
_DOCUMENT = {"amount": Decimal(6000), "severity": "major", "客户等级": "VIP"}
#: As in the notes on which FEEL was chosen, so that the figures can be set side by side.
_CONDITION, _CELL = 'amount > 5000 and severity = "major"', "[1000..5000), > 5500"


def feel() -> Figures:
    """Conditions and unary tests of decision cells, compiled before, in a second."""
    condition, cell = compile(_CONDITION), compile(_CELL, mode="unary")
    amount = _DOCUMENT["amount"]
    return {
        "feel_conditions_per_s": _per_second(lambda: condition.run(_DOCUMENT, context=_NOON)),
        "feel_unary_tests_per_s": _per_second(lambda: cell.test(amount, _DOCUMENT, context=_NOON)),
    }


def feel_share(office: Office, *, quick: bool) -> Figures:
    """Which part of a completed task goes into expressions."""
    shares = profile(office, 50 if quick else 300)
    return {"feel_share_of_completion": shares.get("engine/feel", 0.0) / 100}


def gate(bpmn: Path, library: Path) -> Figures:
    """Seconds of CPU the gate takes, its process included: the largest shipped pack, and 500 elements in one diagram."""
    packs = [gather(p.parent, bpmn / "shared", library) for p in sorted((bpmn / "packs").glob("*/pack.yaml"))]
    largest = max(packs, key=lambda files: sum(map(len, files.values())))
    drawn = {**largest, "diagrams/bench-500.bpmn": _diagram(500)}
    return {"gate_largest_pack_s": _seconds(largest), "gate_500_nodes_s": _seconds(drawn)}


def walks(number: int) -> Figures:
    """Random walks over every shipped diagram and over random ones, which must go the same whatever process walks them.

    They are told only where the tests are: `python -m tests.run.walking 10000` walks as many as the docs speak of.
    """
    if not (_ROOT / "tests" / "run" / "walking.py").is_file():
        return {}
    command = [sys.executable, "-m", "tests.run.walking", "--json", str(number)]
    said = subprocess.run(command, cwd=_ROOT, capture_output=True, check=True, text=True).stdout
    return {name: float(value) for name, value in json.loads(said).items()}


def _per_second(work: Callable[[], object], times: int = 20_000) -> float:
    best = float("inf")
    for _ in range(3):
        begin = time.process_time()
        for _ in range(times):
            work()
        best = min(best, time.process_time() - begin)
    return times / best


def _seconds(files: dict[str, bytes]) -> float:
    """CPU of this process and of the one that judges: others on the machine do not count."""
    begin = _spent()
    checked = check_apart(files)
    assert "gate-stopped" not in {f.code for f in checked.findings}
    return _spent() - begin


def _spent() -> float:
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


def _diagram(elements: int) -> bytes:
    """Choices and branches in turn, a user task in each, up to so many elements."""
    blocks = (elements - 2) // 4
    nodes, flows, last = ['<startEvent id="s"/>'], [], "s"
    for number in range(blocks):
        kind = "exclusiveGateway" if number % 2 else "parallelGateway"
        default = f' default="f{number}b"' if number % 2 else ""
        condition = f"<conditionExpression>=amount &gt; {number}</conditionExpression>" if number % 2 else ""
        nodes += [f'<{kind} id="g{number}" name="?"{default}/>', *(f'<userTask id="t{number}{side}" name="t"/>' for side in "ab"),
                  f'<{kind} id="j{number}"/>']  # fmt: skip
        flows.append(f'<sequenceFlow id="f{number}" sourceRef="{last}" targetRef="g{number}"/>')
        for side in "ab":
            flows.append(f'<sequenceFlow id="f{number}{side}" sourceRef="g{number}" targetRef="t{number}{side}">'
                         f"{condition if side == 'a' else ''}</sequenceFlow>")  # fmt: skip
            flows.append(f'<sequenceFlow id="r{number}{side}" sourceRef="t{number}{side}" targetRef="j{number}"/>')
        last = f"j{number}"
    nodes.append('<endEvent id="e"/>')
    flows.append(f'<sequenceFlow id="f" sourceRef="{last}" targetRef="e"/>')
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="kesu" id="d">'
        f'<process id="bench-500" isExecutable="true">{"".join(nodes + flows)}</process></definitions>'
    ).encode()
