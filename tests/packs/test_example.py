"""The procedure that the documentation writes from nothing is a whole one, like those that are shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.scenarios import Street, Touched, play, scenarios_of, untouched, usual_of
from engine.publishing import check
from engine.release import gather
from tests.packs.company import ROOT

HOTLINE = ROOT / "bpmn" / "examples" / "city-hotline"


def files() -> dict[str, bytes]:
    return gather(HOTLINE, ROOT / "bpmn" / "shared", ROOT / "forms" / "library")


def test_the_gate_has_no_remark() -> None:
    assert [f.text("en") for f in check(files()).findings] == []


def test_its_scenarios_hold_and_touch_everything() -> None:
    release, touched = check(files()).release, Touched()
    assert release is not None
    with Street.laid() as street:
        for scenario in scenarios_of(HOTLINE):
            with street.house(release) as house:
                touched.note(house, play(scenario, house, usual_of(HOTLINE)))
    assert untouched(release, touched).count == 0


def test_the_guide_shows_what_the_files_say() -> None:
    guide = (ROOT / "docs" / "new-procedure.md").read_text(encoding="utf-8")
    shown = [block.partition("\n") for block in guide.split("```")[1::2]]
    quoted = [text for kind, _, text in shown if kind in ("yaml", "gherkin", "text")]
    said = "\n".join(p.read_text(encoding="utf-8") for p in _sources())
    assert quoted
    for text in quoted:
        missing = [line for line in text.splitlines() if line.strip() not in ("", "…") and line.strip() not in said]
        assert not missing


def _sources() -> list[Path]:
    return [*(p for p in HOTLINE.rglob("*") if p.is_file()), ROOT / "bpmn" / "sketches" / "city-hotline.txt"]


@pytest.mark.parametrize("series", ["complaint", "order"])
def test_a_procedure_whose_cases_would_have_no_number_is_told_so(series: str) -> None:
    named = files()
    named["pack.yaml"] = named["pack.yaml"].replace(b"  complaint: {pattern", f"  {series}: {{pattern".encode())
    codes = [f.code for f in check(named).findings]
    assert ("no-case-number" in codes) == (series != "complaint")
