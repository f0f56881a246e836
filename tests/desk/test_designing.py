"""A form in rows: what is changed there is written into the owner's text, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.drafting.designing import FieldRow, redrawn, rows_of
from forms import Form

LIBRARY = sorted((Path(__file__).parents[2] / "forms" / "library").glob("*.yaml"))
TEXT = """\
id: F
title: {zh: 表, en: Form}   # what it is called
fields:
  # how much was lost
  - {name: loss, type: money, label: {zh: 损失, en: Loss}, required: true, currency: USD}
  - name: cause   # why
    type: choice
    label: {zh: 原因, en: Cause}
    options: [{value: a, zh: 甲, en: A}]
  - {type: section, label: {zh: 结果, en: Result}}
"""


def rows(text: str = TEXT) -> list[FieldRow]:
    found = rows_of(text, "forms/F.yaml")
    assert found is not None
    return list(found)


def lines(text: str) -> list[str]:
    """Lines that were not there before."""
    return [line for line in text.splitlines() if line not in TEXT.splitlines()]


def drawn(*changed: FieldRow, title: dict[str, str] | None = None) -> str:
    text = redrawn(TEXT, "forms/F.yaml", changed, title)
    Form.read(text.encode(), "forms/F.yaml")
    return text


def test_a_changed_label_rule_or_choice_changes_its_line_alone() -> None:
    loss, cause, result = rows()
    renamed = replace(loss, facts={**loss.facts, "label": {"zh": "损失", "en": "Loss in all"}, "required": "=cause = \"a\"", "max": 5})
    told = lines(drawn(renamed, cause, result))
    assert len(told) == 1 and "currency: USD" in told[0] and "en: Loss in all" in told[0] and "max: 5" in told[0]
    more = replace(cause, facts={**cause.facts, "options": [*cause.facts["options"], {"value": "b", "zh": "乙", "en": "B"}], "when": "=loss > 1"})
    assert len(lines(drawn(loss, more, result))) == 2
    assert loss.others == ("currency",)


def test_a_setting_is_taken_back_and_a_field_goes_with_its_remark() -> None:
    loss, cause, result = rows()
    free = replace(loss, facts={k: v for k, v in loss.facts.items() if k != "required"})
    assert "required" not in drawn(free, cause, result)
    assert "# how much was lost" not in drawn(cause, result) and "# why" in drawn(cause, result)


def test_fields_are_moved_and_added() -> None:
    loss, cause, result = rows()
    new = FieldRow(origin=None, facts={"name": "who", "type": "text", "label": {"zh": "谁", "en": "Who"}})
    text = drawn(cause, new, result, loss, title={"zh": "表单", "en": "Form"})
    assert [r.facts.get("name") for r in rows(text)] == ["cause", "who", None, "loss"]
    assert "  # how much was lost\n  - {name: loss" in text and "title: {zh: 表单, en: Form}   # what it is called" in text


def test_what_is_no_form_is_not_shown_in_rows() -> None:
    assert rows_of("fields: 3", "x") is None and rows_of("- a", "x") is None and rows_of("a: [", "x") is None


@pytest.mark.parametrize("path", LIBRARY[::4], ids=lambda p: p.stem)
def test_every_form_of_the_library_comes_back_as_it_was(path: Path) -> None:
    text = path.read_text("utf-8")
    assert redrawn(text, path.name, rows(text)) == text
