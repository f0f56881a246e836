"""SYS-11 涂料批次管理制度: from the batch number of a complaint to what the ledger says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.casebook import Casebook
from engine.clock import StoppedClock
from engine.store import Store
from tests.packs.company import ROOT, Company, open_company, shipped

USUAL: dict[str, Any] = yaml.safe_load((ROOT / "bpmn/packs/coating-batch/scenarios/usual.yaml").read_text(encoding="utf-8"))
MADE = {
    "kind": "ledger", "subject": "外墙漆投产", "product": "外墙乳胶漆", "material_from": "泰和化工", "material_code": "TH1",
    "material_batch": "TH-1201", "made_on": "2025-12-20", "operators": "赵工、钱工", "operator_code": "A07", "made_quantity": "500",
    "process_steps": [{"step": "分散", "by_whom": "赵工"}],
}  # fmt: skip


@pytest.fixture
def company(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Company:
    """The paint maker on SQLite."""
    return open_company(shipped("coating-batch"), Store(sqlite_url, clock=clock), clock, tmp_path, {}, USUAL)


def test_a_trace_begins_with_what_the_ledger_says_of_the_batch_and_its_sisters(company: Company) -> None:
    # Given three batches in the ledger, two of them of one raw material
    for material in ("TH-1201", "TH-1201", "TH-1202"):
        company.carry(company.receive(**{**MADE, "material_batch": material}))
    # When a complaint names the first
    case = company.receive(**USUAL["intake"] | {"batch_no": "TH1-20251220-A07-001"})
    company.carry(case, until="lookup")
    # I expect the keeper to find its entry, and its sister, on the form
    (task,) = company.tasks(case)
    view = Casebook(company.store, company.clock, company.desk.shelf).task(case, task.task, company.one_of(task))
    expected = {
        "in_ledger": True, "material_from": "泰和化工", "material_batch": "TH-1201", "operators": "赵工、钱工",
        "inspection_report": "各项合格",
        "sister_batches": [{"batch": "TH1-20251220-A07-002", "relation": "material"}],
    }  # fmt: skip
    assert {name: view.values[name] for name in expected} == expected


def test_a_batch_that_is_in_no_ledger_is_told_as_such(company: Company) -> None:
    case = company.receive(**USUAL["intake"])
    company.carry(case, until="lookup")
    (task,) = company.tasks(case)
    view = Casebook(company.store, company.clock, company.desk.shelf).task(case, task.task, company.one_of(task))
    assert view.values["in_ledger"] is False and not view.values.get("sister_batches") and not view.values.get("material_from")
