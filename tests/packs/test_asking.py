"""What the page of a task says can be asked for on its form: co-handling, a panel, an inspection."""

from __future__ import annotations

import pytest

from engine.casebook.asking import leads_of
from engine.shelf import read_form
from tests.packs.company import shipped


@pytest.mark.parametrize(
    ("pack", "process", "form", "asked"),
    [
        ("life-insurance", "life-insurance-inquire", "F08-evidence",
         {"协办": {"cohandle_grounds", "legal_grounds"}, "合议": {"panel_requested"}}),
        ("logistics-cs", "ca-investigate", "F06-cause", {"协办": {"help_needed"}, "合议": {"panel_needed"}}),
        ("logistics-cs", "ca-investigate", "F06-evidence", {}),
        ("life-insurance", "no-such-process", "F08-evidence", {}),
    ],
)  # fmt: skip
def test_each_form_tells_what_its_answers_begin(pack: str, process: str, form: str, asked: dict[str, set[str]]) -> None:
    release = shipped(pack)
    leads = leads_of(release, process, read_form(release, form))
    assert {lead.title.zh: {field.name for field in lead.fields} for lead in leads} == asked
