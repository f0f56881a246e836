"""The models of the DMN TCK by the product's own reading of them: every table of level 2, and nothing executed wrongly."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from engine.decision import read
from engine.errors import EngineError
from engine.findings import Refused
from tests.feel.asking import context
from tests.feel.tck.answers import expected, form, given, kid, kids, same, tag

_TCK = Path(__file__).parents[2].parent / "shared" / "data" / "dmn-tck"
#: Models whose types are enforced by the standard; we leave types to forms and gates.
_TYPED = {"0082-feel-coercion"}
#: Knowledge that sees the decisions it was required with: the same name means different things by place.
_SCOPED = {"0034-drg-scopes"}


@pytest.fixture(autouse=True)
def _there() -> None:
    if not _TCK.is_dir():
        if os.environ.get("CI") and _TCK.parent.is_dir():
            pytest.fail("the TCK is missing beside the project")
        pytest.skip("the TCK is not beside the project (../shared/data/dmn-tck)")


def answered(level: int) -> Iterator[tuple[str, str, Any, Any]]:
    """Folder, result, wanted, found; models that are refused give nothing."""
    for file in sorted(_TCK.glob(f"compliance-level-{level}/*/*.xml")):
        root = ElementTree.parse(file).getroot()
        if tag(root) != "testCases" or file.parent.name in _TYPED | _SCOPED:
            continue
        source = file.parent / (getattr(kid(root, "modelName"), "text", "") or "").strip()
        try:
            model = read(source.read_bytes(), source.name)
        except Refused:
            continue
        ids = {decision.name: name for name, decision in model.decisions.items()}
        for case in (c for c in kids(root, "testCase") if c.get("type", "decision") == "decision"):
            scope = {node.get("name") or "": given(node) for node in kids(case, "inputNode")}
            for node in (n for n in kids(case, "resultNode") if n.get("name") in ids):
                wanted = kid(node, "expected")
                try:
                    value = model.decide(ids[node.get("name") or ""], scope, context=context(zone="UTC")).value
                except EngineError:
                    value = None
                yield (
                    file.parent.name,
                    case.get("id") or "",
                    expected(wanted) if wanted is not None else None,
                    form(value),
                )


def test_level_two_is_decided_as_expected() -> None:
    answers = list(answered(2))
    assert len(answers) > 100
    assert [(f, c, w, v) for f, c, w, v in answers if not same(w, v)] == []


def test_level_three_is_decided_but_for_what_feel_does_not_have() -> None:
    accepted = (Path(__file__).parents[1] / "feel" / "tck" / "accepted.tsv").read_text(encoding="utf-8")
    known = {tuple(line.split("\t")[:2]) for line in accepted.splitlines()}
    wrong = [(f, c, w, v) for f, c, w, v in answered(3) if not same(w, v) and (f, c) not in known]
    assert wrong == []
