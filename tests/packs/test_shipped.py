"""What holds for every shipped pack, whatever procedure it carries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.casebook import Casebook, lexicon_of
from engine.clock import StoppedClock
from engine.diagram import Diagram, Element
from engine.release import Release
from engine.shelf import Shelf
from engine.store import Store
from tests.packs.company import ROOT, judged, open_company, shipped

PACKS = sorted(p.parent.name for p in (ROOT / "bpmn" / "packs").glob("*/pack.yaml"))


@pytest.fixture(params=PACKS)
def release(request: pytest.FixtureRequest) -> Release:
    """Each shipped pack in turn."""
    return shipped(str(request.param))


@pytest.mark.parametrize("pack", PACKS)
def test_a_shipped_pack_passes_the_gate_without_a_remark(pack: str) -> None:
    assert [f.text("en") for f in judged(pack).findings] == []


def test_every_person_s_task_says_who_does_it_with_which_form_and_why(release: Release) -> None:
    tasks = [e for _, p in release.processes.values() for e in p.elements.values() if e.kind == "userTask"]
    assert tasks
    for task in tasks:
        assert task.zeebe.groups or task.zeebe.users or task.zeebe.assignee, task.id
        assert task.zeebe.form in release.forms, task.id
        assert task.lane and any("\u4e00" <= c <= "\u9fff" for c in task.name), task.id


def test_everything_the_pack_settles_is_used_somewhere(release: Release) -> None:
    elements = [e for _, p in release.processes.values() for e in p.elements.values()]
    texts = " ".join(x.text for e in elements for x in e.expressions)
    texts += " ".join(e.timer.text for e in elements if e.timer)
    texts += " ".join(str(f.condition) for _, p in release.processes.values() for f in p.flows.values() if f.condition)
    limits = {e.zeebe.properties.get("limit") for e in elements}
    policy = release.policy
    cases = {name for name, row in policy.limits.items() if row.stage != "task"}
    assert {name for name in policy.limits if name not in limits | cases and f'"{name}"' not in texts} == set()
    assert set(policy.statuses) == {s for e in elements if (s := e.zeebe.properties.get("status"))}
    assert set(policy.messages) <= {e.message for e in elements}
    forms = " ".join(data.decode() for name, data in release.files.items() if name.startswith("forms/"))
    said = (texts + forms).replace('\\"', '"')  # as YAML writes it in a quoted text
    targets = {rate.target for rate in policy.rates.values()}
    assert {name for name in policy.params if f'param("{name}")' not in said} - targets == set()
    assert set(policy.copies) <= set(release.forms)


def test_every_case_gets_its_number_and_every_register_and_series_of_a_pack_is_used(release: Release) -> None:
    elements = [e for _, p in release.processes.values() for e in p.elements.values()]

    def said(job: str, fact: str) -> str:
        given = [{**e.zeebe.headers, **{line.target: line.source for line in e.zeebe.inputs}} for e in elements if e.zeebe.job == job]
        return " ".join(f'"{facts[fact]}"' for facts in given if facts.get(fact)).replace('\\"', '"')

    registers, series = said("enter-register", "register"), said("take-number", "series")
    assert {name for name in release.policy.registers if f'"{name}"' not in registers} == set()
    assert {name for name in release.policy.numbering if f'"{name}"' not in series} == set()


def test_somebody_sees_to_every_report(release: Release) -> None:
    for report in release.policy.reports:
        assert report.roles or release.policy.managers, report.id
        assert set(report.roles) <= set(release.policy.roles)


def test_a_word_of_a_table_is_read_as_people_say_it_where_it_is_shown(release: Release) -> None:
    lexicon = lexicon_of(release, Shelf())
    results = {(e.zeebe.decision, e.zeebe.result) for _, p in release.processes.values() for e in p.elements.values() if e.zeebe.decision}
    unsaid = []
    for model in release.decisions.values():
        for decision in model.decisions.values():
            outputs = decision.table.outputs if decision.table else ()
            for place, output in enumerate(outputs):
                names = {output.name} | ({result for asked, result in results if asked == decision.id} if len(outputs) == 1 else set())
                words = {word for rule in decision.table.rules for word in re.findall(r'"([a-z][a-z_ -]+)"', rule.values[place].text)}
                shown = [n for n in names if n in lexicon.fields and lexicon.fields[n].type == "show"]
                unsaid += [(n, word) for n in shown for word in words if lexicon.text(n, word, "zh") == word]
    assert unsaid == []


def _written(element: Element) -> list[tuple[str, str]]:
    """What an element keeps, and the expression that says what."""
    settings = element.zeebe
    lines = [(line.target, line.source) for line in (*settings.inputs, *settings.outputs)]
    return [*lines, (settings.result or "", settings.script or "")]


def _moments_of_limits(elements: list[Element]) -> set[str]:
    """Names that hold, by whatever way, when a limit ends."""
    held: set[str] = set()
    while True:
        ends = re.compile("|".join([r"\bdue\(", r"\bwarn\(", *(rf"\b{name}\b" for name in sorted(held))]))
        found = {name for e in elements for name, text in _written(e) if name and ends.search(text)}
        if found <= held:
            return held
        held |= found


def test_a_task_that_is_due_by_a_limit_names_the_limit() -> None:
    files = sorted((ROOT / "bpmn").rglob("*.bpmn"))
    drawn = [Diagram.read(path.read_bytes(), path.name) for path in files]
    elements = [e for diagram in drawn for p in diagram.processes.values() for e in p.elements.values()]
    ends = re.compile("|".join([r"\bdue\(", r"\bwarn\(", *(rf"\b{name}\b" for name in _moments_of_limits(elements))]))
    dated = [e for e in elements if e.kind == "userTask" and e.zeebe.due]
    assert dated
    assert [e.id for e in dated if ends.search(e.zeebe.due or "")] == []


def test_every_element_of_every_role_s_work_belongs_to_somebody_of_the_pack(release: Release) -> None:
    roles = set(release.policy.roles)
    for _, process in release.processes.values():
        for element in process.elements.values():
            groups = element.zeebe.groups or ""
            if not groups.startswith("="):
                assert {g.strip() for g in groups.split(",") if g.strip()} <= roles, element.id


def test_the_sketches_lie_beside_every_diagram_that_was_drawn_from_one() -> None:
    drawn = {p.stem for p in (ROOT / "bpmn").rglob("*.bpmn")}
    assert {p.stem for p in Path(ROOT / "bpmn" / "sketches").glob("*.txt")} <= drawn


def test_a_stranger_learns_who_does_what_on_which_form(
    release: Release, sqlite_url: str, clock: StoppedClock, tmp_path: Path
) -> None:
    store = Store(sqlite_url, clock=clock)
    company = open_company(release, store, clock, tmp_path, {}, {})
    told = Casebook(store, clock, company.desk.shelf).procedure(release.pack, company.owner())
    drawn = {(p.id, e.id) for _, p in release.processes.values() for e in p.elements.values() if e.kind == "userTask"}
    assert {(step.process, step.element) for step in told.steps} == drawn
    roles, limits = {row.role for row in told.roles}, {row.limit for row in told.limits}
    for step in told.steps:
        assert step.form in told.forms and step.title.zh and step.title.en and step.process_title.en, step
        assert set(step.roles) <= roles and bool(step.roles) != bool(step.roles_rule), step
        assert (step.limit in limits) if step.limit else True, step
    assert {paper.form for paper in told.documents} - {None} <= set(told.forms)
    assert all(re.search("[A-Za-z]", paper.title.en) for paper in told.documents)
    assert set(told.params) == set(release.policy.params) and set(told.columns) == set(told.registers)
    for name in told.forms:
        for one in company.desk.shelf.form(release, name).fields:
            assert one.label.zh and one.label.en and (one.options or one.type != "choice"), (name, one.name)
