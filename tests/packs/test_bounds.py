"""What forms of shipped packs refuse because the text says so: the entry is beyond a bound that depends on another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from engine.feel import Context
from engine.shelf import read_form
from forms import AnswersRefused
from tests.packs.company import shipped

#: What is entered beside the entry that is tried.
REJECTS = {
    "customer": "东盛电机", "complaint_date": "2026-01-04", "part_no": "P-1", "part_name": "端盖", "subject": "超差",
    "defect": "超差", "lot_size": "800",
}  # fmt: skip
#: What the cases say already.
KNOWN = {"remedy_rule": {"remedy": "维修", "free": True}}
WEEK = {"kind": "week", "subject": "周总结", "agents": ["a"]}


def _wrong(pack: str, form: str, answers: Mapping[str, object]) -> list[str]:
    context = Context(now=datetime(2026, 1, 5, 1, tzinfo=UTC))
    try:
        read_form(shipped(pack), form).accept(answers, document=KNOWN, context=context)
    except AnswersRefused as refused:
        return sorted(refused.errors)
    return []


@pytest.mark.parametrize(
    ("pack", "form", "beside", "field", "refused", "taken"),
    [
        ("qa-8d-tracking", "F01Q-intake", REJECTS, "rejects", "801", "800"),
        ("ecommerce-cs-discipline", "F06E-intake", WEEK, "week_ends", "2026-01-09", "2026-01-10"),
        ("ecommerce-cs-discipline", "F06E-intake", WEEK, "week_ends", "2026-01-11", "2026-01-17"),
        ("coating-aftersales", "F12C-offer", {"time_needed": "三天", "offer_agreed": True}, "promised_on", "2026-01-04", "2026-01-05"),
        ("construction-rectification", "F16-late", {"late_reason": "材料未到"}, "new_due", "2026-01-04", "2026-01-05"),
    ],
)  # fmt: skip
def test_an_entry_that_the_text_rules_out_is_refused_and_the_next_one_taken(
    pack: str, form: str, beside: Mapping[str, object], field: str, refused: str, taken: str
) -> None:
    assert _wrong(pack, form, {**beside, field: refused}) == [field]
    assert _wrong(pack, form, {**beside, field: taken}) == []
