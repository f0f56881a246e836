"""How a form stands on paper: what the owner says under `print`."""

from __future__ import annotations

import pytest

from engine.findings import Refused
from engine.policy import Label
from forms import Form

PLAIN = "id: F1\ntitle: {zh: 处理单 · 原因, en: Sheet · cause}\nfields:\n  - {name: cause, type: text, label: {zh: 原因, en: Cause}}\n"


def _read(said: str) -> Form:
    return Form.read(f"{PLAIN}print: {said}\n".encode(), "F1.yaml")


def test_a_sheet_has_a_title_a_code_parts_and_lines_to_sign() -> None:
    form = _read("{title: {zh: 处理单, en: Sheet}, code: R-03, parts: [F1, [F2, F3]], signs: [{zh: 客户签章, en: Seal}]}")
    assert form.on_paper == Label(zh="处理单", en="Sheet") and form.title.zh == "处理单 · 原因"
    assert (form.printed.code, form.printed.parts) == ("R-03", (("F1",), ("F2", "F3")))
    assert form.printed.signs == (Label(zh="客户签章", en="Seal"),)


def test_a_form_that_says_nothing_of_paper_stands_there_as_it_is_called() -> None:
    assert Form.read(PLAIN.encode(), "F1.yaml").on_paper == Label(zh="处理单 · 原因", en="Sheet · cause")


@pytest.mark.parametrize(
    ("said", "element"),
    [
        ("[F1]", "print"), ("{part: [F1]}", "print"), ("{parts: F1}", "print.parts"), ("{parts: [[]]}", "print.parts"),
        ("{signs: [{zh: 客户签章}]}", "print.signs[0]"), ("{title: 处理单}", "print.title"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_found_where_it_is_written(said: str, element: str) -> None:
    with pytest.raises(Refused) as refused:
        _read(said)
    assert [found.element for found in refused.value.findings] == [element]
