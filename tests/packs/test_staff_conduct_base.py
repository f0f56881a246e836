"""B3, the base flow for staff conduct: a thin procedure brings data only, and a case runs from report to archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.clock import StoppedClock
from engine.publishing import check
from engine.release import gather
from engine.store import Person, Store
from tests.packs.company import ROOT, Company, open_company
from tests.packs.whistle import ANONYMOUS, all_replay, doers
from tests.packs.whistle_answers import INTAKE, USUAL

#: SYS-35 企业内部投诉、举报管理办法 (行政部), as far as the text goes.
PACK = """
base: flow-staff-conduct
pack: admin-reports
title: {zh: 企业内部投诉、举报管理办法, en: Internal complaints and reports}
system: SYS-35
roles:
  intake: {zh: 行政部专人, en: Named person of Administration}
  reviewer: {zh: 行政部, en: Administration}
  deputy_head: {zh: 行政部副部长, en: Deputy head of Administration}
  head: {zh: 行政部部长, en: Head of Administration}
params:
  case_limit: {value: T35-2, source: art. 5.2, zh: 适用时限, en: Limit that applies}
numbering: {complaint: {pattern: "XZ{yyyy}{seq:04}", source: owner}}
limits:
  T35-2:
    zh: 一周内调查
    en: Inquired into within a week
    value: 7
    unit: day
    stage: case
    from: accepted
    to: concluded
    extend_by: [head]
    source: "art. 5.2; D-16"
"""
#: Who d14 names in this company.
RENAMED = {"risk_gm": "deputy_head", "ceo": "head", "chairman": "head"}
READERS = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions_d08" name="d08" namespace="http://kesu/dmn">
<decision id="d08" name="上报路径"><decisionTable id="d08_table" hitPolicy="FIRST">
<input id="in1" label="事项"><inputExpression id="in1e" typeRef="string"><text>matter</text></inputExpression></input>
<output id="out1" label="审阅人" name="readers" typeRef="Any"/>
<rule id="r1"><inputEntry id="r1i"><text>-</text></inputEntry><outputEntry id="r1o"><text>["head"]</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


@pytest.fixture
def company(sqlite_url: str, clock: StoppedClock, tmp_path: Path) -> Iterator[Company]:
    """A company that goes by the thin procedure."""
    folder = tmp_path / "pack"
    (folder / "decisions").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, encoding="utf-8")
    for table in (ROOT / "bpmn" / "packs" / "whistle-risk" / "decisions").glob("*.dmn"):
        text = READERS if table.stem.startswith("d08") else _renamed(table.read_text(encoding="utf-8"))
        (folder / "decisions" / table.name).write_text(text, encoding="utf-8")
    checked = check(gather(folder, ROOT / "bpmn" / "shared", ROOT / "forms" / "library"))
    assert [f.text("en") for f in checked.findings] == [] and checked.release is not None
    made = open_company(checked.release, Store(sqlite_url, clock=clock, durable=False), clock, tmp_path / "out", INTAKE, USUAL)
    with made.store.begin() as tx:
        tx.put_person(Person(name="accused-1", zh="丁某", en="accused", memberships=frozenset()))
    yield made
    all_replay(made)


def _renamed(table: str) -> str:
    """A table of SYS-24 with the roles of this company in its outputs."""

    def role(found: re.Match[str]) -> str:
        return f'<outputEntry{found[1]}"{RENAMED.get(found[2], found[2])}"</text>'

    return re.sub(r'<outputEntry([^"]*"[^"]*">\s*<text>)"(\w+)"</text>', role, table)


def test_a_thin_procedure_runs_from_the_report_to_the_archive(company: Company) -> None:
    case = company.receive()
    path = company.carry(case)
    assert path[:5] == ["originals", "review", "ask", "open_inquiry", "form_team"] and path[-2:] == ["tell", "check"]
    head = company.head(case)
    assert (head.number, head.status, head.sealed, head.barred) == ("XZ20260001", "archived", True, ("accused-1",))
    assert doers(company, "ask") == ["deputy_head-1"] and doers(company, "read_report") == ["head-1"]


def test_an_anonymous_report_without_leads_ends_with_a_signature(company: Company) -> None:
    path = company.carry(company.receive(**ANONYMOUS), {"review": {"investigable": False}})
    assert path == ["originals", "review", "note_reason", "sign_off", "check"]


def test_its_one_limit_urges_and_is_ruled_upon(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="form_team")
    company.pass_until(datetime(2026, 1, 13, 0, 0, tzinfo=UTC))
    assert [e["to"] for e in company.errands(case, "send-reminder")] == ["intake"]
    assert company.open_elements(case) == ["form_team", "rule_overrun"]
    company.do(case, "rule_overrun", lengthened=True, finish_by=None, overrun_days=3)
    assert company.carry(case)[-2:] == ["tell", "check"]


def test_the_reporter_asks_and_is_protected(company: Company) -> None:
    case = company.receive()
    company.carry(case, until="form_team")
    intake = company.person("intake")
    company.desk.receive_message(case, "reporter-asks", {"question_text": "有结果吗"}, intake)
    company.desk.receive_message(case, "reporter-threatened", {"threat_kind": "reprisal", "threat_text": "被调岗"}, intake)
    company.do(case, "reply_to_reporter")
    company.do(case, "protect", blamed=False, blame_proposal=None)
    assert company.carry(case)[-2:] == ["tell", "check"]
