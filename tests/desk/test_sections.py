"""Settings of a pack in rows: what is changed is written into the pack's own file, and nothing else of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.drafting.sections import changed, sections_of, without
from engine.policy import Policy
from engine.release import settings_of

ROOT = Path(__file__).parents[2]
OWN = """\
pack: p   # ours
base: b
limits:
  # the owner's
  A: {zh: 甲, en: A, value: 2, unit: day, stage: case, from: opened, to: closed}   # two days
  V: {zh: 变, en: V, stage: task, from: task, variants: {sales: {value: 2, unit: workday}}}
roles:
  sales: {zh: 业务部, en: Sales}
"""
BASE = b"limits:\n  A: {warn: {value: 1, unit: day}}\n  L: {zh: {}, en: L, value: 9, unit: day}\nroles: {plant: {zh: P, en: Plant}}\n"


def said(text: str, section: str, row: str) -> dict[str, str]:
    found = sections_of(text.encode(), BASE)
    assert found is not None
    return dict(next(r.said for r in found[section] if r.id == row))


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line not in OWN.splitlines()]


def test_a_number_is_changed_where_it_is_written() -> None:
    text = changed(OWN, BASE, "limits", "A", {**said(OWN, "limits", "A"), "value": "3"})
    assert lines(text) == ["  A: {zh: 甲, en: A, value: 3, unit: day, stage: case, from: opened, to: closed}   # two days"]
    text = changed(OWN, BASE, "limits", "V", {**said(OWN, "limits", "V"), "variants.sales.value": "4"})
    assert "variants: {sales: {value: 4, unit: workday}}" in text and len(lines(text)) == 1


def test_what_the_base_says_is_shown_and_overruled_in_the_packs_own_file() -> None:
    assert said(OWN, "limits", "A")["warn.value"] == "1" and said(OWN, "limits", "L")["value"] == "9"
    text = changed(OWN, BASE, "limits", "A", {"warn.value": "2"})
    assert said(text, "limits", "A")["warn.value"] == "2" and said(text, "limits", "A")["warn.unit"] == "day"
    text = changed(OWN, BASE, "limits", "L", {**said(OWN, "limits", "L"), "value": "5"})
    assert lines(text) == ["  L: {value: 5}"] and said(text, "limits", "L")["unit"] == "day"


def test_what_is_left_empty_is_taken_out_and_overruled_where_the_base_says_it() -> None:
    text = changed(OWN, BASE, "limits", "A", {**said(OWN, "limits", "A"), "to": ""})
    assert lines(text) == ["  A: {zh: 甲, en: A, value: 2, unit: day, stage: case, from: opened}   # two days"]
    text = changed(OWN, BASE, "limits", "A", {**said(OWN, "limits", "A"), "warn.value": "", "warn.unit": ""})
    assert said(text, "limits", "A")["warn.value"] == "" and len(lines(text)) == 1


def test_rows_are_added_and_taken_out_those_of_the_base_too() -> None:
    text = changed(OWN, BASE, "roles", "quality", {"zh": "质管", "en": "Quality"})
    assert lines(text) == ["  quality: {zh: 质管, en: Quality}"]
    text = changed(OWN, BASE, "messages", "refuses", {"zh": "不接受", "en": "Refuses", "form": "", "roles": "sales, plant"})
    assert said(text, "messages", "refuses")["roles"] == "sales, plant"
    for row in ("sales", "plant"):
        gone = without(OWN, BASE, "roles", row)
        found = sections_of(gone.encode(), BASE)
        assert found is not None and row not in [r.id for r in found["roles"]] and "# two days" in gone


def test_what_reads_as_it_did_is_not_written_again() -> None:
    for section, rows in (sections_of(OWN.encode(), BASE) or {}).items():
        for row in rows:
            assert changed(OWN, BASE, section, row.id, row.said) == OWN


@pytest.mark.parametrize("pack", sorted((ROOT / "bpmn" / "packs").glob("*/pack.yaml"))[::5], ids=lambda p: p.parent.name)
def test_every_shipped_pack_can_be_changed_row_by_row(pack: Path) -> None:
    text = pack.read_text("utf-8")
    base = next(iter((ROOT / "bpmn" / "shared" / "bases").glob(f"{_base(text)}.yaml")), None)
    data = base.read_bytes() if base else None
    found = sections_of(text.encode(), data)
    assert found is not None and found["limits"] and found["roles"]
    row = found["limits"][-1]
    new = changed(text, data, "limits", row.id, {**row.said, "source": "here"})
    assert sum(line not in text.splitlines() for line in new.splitlines()) == 1
    assert Policy.of(settings_of(new.encode(), data)).limits[row.id].source == "here"


def _base(text: str) -> str:
    return next((line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("base:")), "none")
