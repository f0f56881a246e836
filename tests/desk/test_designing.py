"""A form in rows: what is changed there is written into the owner's text, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.drafting.designing import FieldRow, printed_of, redrawn, rows_of
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
    assert loss.facts["currency"] == "USD" and loss.others == ()


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


TABLE = """\
id: T
title: {zh: 表, en: Form}
fields:
  - name: items
    type: table
    label: {zh: 项目, en: Items}
    columns:
      # what is to be done
      - {name: what, type: text, label: {zh: 措施, en: Measure}, required: true, source: "art. 7"}
      - {name: by, type: date, label: {zh: 期限, en: Due on}}
"""


def test_columns_of_a_table_are_changed_moved_added_and_taken_out_like_fields() -> None:
    (items,) = rows(TABLE)
    what, by = items.columns
    assert what.others == ("source",)
    cost = FieldRow(origin=None, facts={"name": "cost", "type": "money", "label": {"zh": "费用", "en": "Cost"}, "currency": "USD"})
    renamed = replace(what, facts={**what.facts, "label": {"zh": "措施", "en": "Step"}, "max": 300})
    text = redrawn(TABLE, "forms/T.yaml", [replace(items, columns=(by, renamed, cost))])
    form = Form.read(text.encode(), "forms/T.yaml")
    assert [(c.name, c.label.en) for c in form.fields[0].columns] == [("by", "Due on"), ("what", "Step"), ("cost", "Cost")]
    assert form.fields[0].columns[2].currency == "USD" and form.fields[0].columns[1].most == 300
    # What the designer does not know goes along, with the remark above it
    assert '      # what is to be done\n      - {name: what' in text and 'source: "art. 7"' in text
    assert redrawn(TABLE, "forms/T.yaml", [replace(items, columns=(by,))]).count("- {name") == 1
    assert redrawn(TABLE, "forms/T.yaml", [items]) == TABLE


def test_a_field_becomes_a_table_and_a_table_a_field() -> None:
    loss, cause, result = rows()
    column = FieldRow(origin=None, facts={"name": "a", "type": "text", "label": {"zh": "甲", "en": "A"}})
    text = drawn(replace(loss, facts={"name": "loss", "type": "table", "label": {"zh": "损失", "en": "Losses"}}, columns=(column,)), cause, result)
    again = rows(text)
    assert [c.facts["name"] for c in again[0].columns] == ["a"]
    back = redrawn(text, "forms/F.yaml", [replace(again[0], facts=loss.facts, columns=()), *again[1:]])
    assert "columns" not in back and rows(back)[0].facts == loss.facts


def test_how_a_form_stands_on_paper_is_set_and_taken_back() -> None:
    printed = {"title": {"zh": "单", "en": "Slip"}, "code": "R-1", "parts": ["F", ["G", "H"]], "signs": [{"zh": "客户", "en": "Customer"}]}
    text = redrawn(TEXT, "forms/F.yaml", rows(), printed=printed)
    assert printed_of(text, "x") == printed
    read = Form.read(text.encode(), "x").printed
    assert (read.code, read.parts, [one.en for one in read.signs]) == ("R-1", (("F",), ("G", "H")), ["Customer"])
    assert redrawn(text, "forms/F.yaml", rows(text), printed=printed) == redrawn(text, "forms/F.yaml", rows(text)) == text
    coded = redrawn(text, "forms/F.yaml", rows(text), printed={**dict.fromkeys(printed), "code": "R-2"})
    assert printed_of(coded, "x") == {"code": "R-2"}
    assert redrawn(text, "forms/F.yaml", rows(text), printed=dict.fromkeys(printed)) == TEXT


def test_what_is_no_form_is_not_shown_in_rows() -> None:
    assert rows_of("fields: 3", "x") is None and rows_of("- a", "x") is None and rows_of("a: [", "x") is None


@pytest.mark.parametrize("path", LIBRARY[::4], ids=lambda p: p.stem)
def test_every_form_of_the_library_comes_back_as_it_was(path: Path) -> None:
    text = path.read_text("utf-8")
    assert redrawn(text, path.name, rows(text)) == text
