"""Forms and settings of a draft changed row by row, and a draft tried with what comes from outside: what is saved is the owner's text."""

from __future__ import annotations

import re
from html import unescape

import pytest

from api.pages.draft_trial import urgent_first
from api.trial import Promise, Step, written
from engine.authority import Actor
from forms import Form
from tests.desk.office import FILES
from tests.pages.company import Asking, Company
from tests.pages.conftest import Visit, serious

OLGA, OMAR = (Actor(name=n, memberships=frozenset({"*/owner"})) for n in ("olga", "omar"))
FORM = "forms/F02.yaml"


@pytest.fixture
def draft(company: Company) -> str:
    """A small pack as a draft."""
    return company.parts.drafting.begin_with(FILES, OLGA).draft


def entries(page: str, action: str) -> dict[str, str]:
    """What a browser would send of the form that goes to this address: its fields as they are filled in."""
    form = page[page.index(f'action="{action}"') :].partition("</form>")[0]
    found = {m[1]: unescape(m[2]) for m in re.finditer(r'<input(?![^>]*type="checkbox")[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form)}
    found |= {m[1]: m[2] for m in re.finditer(r'<input type="checkbox" name="([^"]+)" value="([^"]*)" checked', form)}
    for name, body in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    found |= {name: unescape(text).strip("\n") for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S)}
    found.pop("csrf", None)
    return found


def said(company: Company, draft: str, path: str) -> str:
    return (company.parts.drafting.file(draft, path, OLGA).content or b"").decode()


def opened(asking: Asking, draft: str, place: str) -> tuple[str, dict[str, str]]:
    """The address of a page of rows, and what it would send."""
    action = f"/packs/drafts/{draft}/{place.partition('?')[0]}"
    return action, entries(asking.get(f"/packs/drafts/{draft}/{place}").get_data(as_text=True), action)


def test_columns_defaults_and_print_parts_are_set_on_the_page_and_the_paper_shows_them(company: Company, draft: str) -> None:
    olga = company.client("olga")
    action, sent = opened(olga, draft, f"form?path={FORM}")
    # When a field becomes a table, a column is added, and one has a currency and an amount to start with
    page = olga.post(action, {**sent, "f0-type": "table", "f0-required": "", "act": "show"}).get_data(as_text=True)
    page = olga.post(action, {**entries(page, action), "f0-c0-label-en": "Measure", "act": "after-0-0"}).get_data(as_text=True)
    more = entries(page, action)
    assert more["f0-columns"] == "2" and more["f0-c0-label-en"] == "Measure"
    more |= {"f0-c1-type": "money", "f0-c1-name": "cost", "f0-c1-label-zh": "费用", "f0-c1-label-en": "Cost"}
    more |= {"f0-c1-currency": "USD", "f0-c1-default": "5"}
    # I expect the paper to show what is not saved yet
    paper = olga.post(action, {**more, "parts": "F02, F01", "act": "paper"}).get_data(as_text=True)
    assert "Measure" in paper and "Cost" in paper and said(company, draft, FORM) == (FILES[FORM]).decode()
    answer = olga.post(action, {**more, "act": "pdf"})
    assert answer.mimetype == "application/pdf" and answer.data[:5] == b"%PDF-"
    # And the file to hold it once it is saved
    assert olga.post(action, {**more, "parts": "F02, F01", "act": "save"}).status_code == 302
    form = Form.read(said(company, draft, FORM).encode(), FORM)
    assert form.printed.parts == (("F02",), ("F01",))
    assert [(c.name, c.type, c.currency, c.default) for c in form.fields[0].columns][1] == ("cost", "money", "USD", 5)


def test_a_form_whose_draft_cannot_be_read_says_why_it_has_no_paper(company: Company, draft: str) -> None:
    olga = company.client("olga")
    action, sent = opened(olga, draft, f"form?path={FORM}")
    answer = olga.post(action, {**sent, "f0-when": "=1 +", "act": "paper"})
    assert answer.status_code == 422 and 'value="=1 +"' in answer.get_data(as_text=True)


def test_a_form_is_changed_field_by_field_and_its_text_stays_the_owners(company: Company, draft: str) -> None:
    olga, before = company.client("olga"), said(company, draft, FORM)
    action, sent = opened(olga, draft, f"form?path={FORM}")
    # Sent as it was, nothing is saved
    assert olga.post(action, {**sent, "act": "save"}).headers["Location"].endswith("said=draft_same")
    # When a field is renamed, made to depend on a rule, and another one added
    page = olga.post(action, {**sent, "act": "add"}).get_data(as_text=True)
    more = entries(page, action)
    assert "New field" in page and said(company, draft, FORM) == before
    changed = {
        **more, "f0-label-en": "What was found", "f0-required": "rule", "f0-rule": "=loss > 10", "f2-label-zh": "类别", "f2-label-en": "Kind",
        "f2-type": "choice", "f2-name": "sort", "f2-options": "a | 甲 | A\nb ｜ 乙 ｜ B",
    }  # fmt: skip
    shown = olga.post(action, {**changed, "act": "show"}).get_data(as_text=True)
    assert shown.count("What was found") >= 2 and ">甲<" not in shown and ">A<" in shown  # beside the rows, as people see it
    assert olga.post(action, {**changed, "act": "save"}).status_code == 302
    text = said(company, draft, FORM)
    assert 'label: {zh: 调查结果, en: What was found}, required: =loss > 10, max: 2000' in text.replace("'", "").replace('"', "")
    assert [line for line in before.splitlines() if line not in text.splitlines()] == [before.splitlines()[4]]
    assert "options: [{value: a, zh: 甲, en: A}, {value: b, zh: 乙, en: B}]" in text


def test_a_rule_that_is_no_feel_is_told_at_its_field(company: Company, draft: str) -> None:
    olga = company.client("olga")
    action, sent = opened(olga, draft, f"form?path={FORM}")
    page = olga.post(action, {**sent, "f0-when": "=loss >", "act": "show"}).get_data(as_text=True)
    assert 'class="error full"' in page and "Correct the expression" in page
    # What is no form is changed as text.
    assert "as=text" in olga.get(f"/packs/drafts/{draft}/form?path=calendars/cn.toml").headers["Location"]
    assert "as=text" in olga.post(action, {"path": "pack.yaml", "act": "save"}).headers["Location"]


BOTH = [(f"form?path={FORM}", FORM, {"f0-label-en": "Mine"}), ("policy", "pack.yaml", {"limits|look|value": "7"})]


@pytest.mark.parametrize(("place", "path", "mine"), BOTH)
def test_of_two_owners_who_change_the_same_rows_nobody_loses_anything(
    company: Company, draft: str, place: str, path: str, mine: dict[str, str]
) -> None:
    olga = company.client("olga")
    action, sent = opened(olga, draft, place)
    company.parts.drafting.save(draft, {path: said(company, draft, path).encode() + b"# theirs\n"}, OMAR)
    answer = olga.post(action, {**sent, **mine, "act": "save"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "# theirs" in page and ("Mine" in page or "value: 7" in page)
    assert said(company, draft, path).endswith("# theirs\n")
    assert company.client(company.holder("sales")).post(action, {**sent, "act": "save"}).status_code == 403


def test_limits_roles_and_messages_are_changed_in_rows(company: Company, draft: str) -> None:
    olga, before = company.client("olga"), said(company, draft, "pack.yaml")
    action, sent = opened(olga, draft, "policy")
    assert olga.post(action, {**sent, "act": "save"}).headers["Location"].endswith("said=draft_same")
    new = {"limits|look|value": "5", "limits|look|pausable": "", "new|roles": "chief", "new|roles|zh": "总监", "new|roles|en": "Chief",
           "messages|withdraw|roles": "desk, chief", "drop|statuses|looking": "yes"}  # fmt: skip
    kept = {k: v for k, v in {**sent, **new}.items() if v or k not in new}
    page = olga.post(action, {**kept, "limits|look|value": "five", "act": "show"}).get_data(as_text=True)
    assert 'class="badge late"' in page
    assert olga.post(action, {**kept, "act": "save"}).status_code == 302
    text = said(company, draft, "pack.yaml")
    assert "look: {zh: 调查时限, en: Limit for looking, value: 5, unit: workday, stage: task, from: task, extend_by: [head]," in text
    assert "  chief: {zh: 总监, en: Chief}\n" in text and "roles: [desk, chief]" in text and "调查中" not in text
    assert sum(line not in text.splitlines() for line in before.splitlines()) <= 4


def test_what_comes_from_outside_is_entered_in_a_trial(company: Company, draft: str, visit: Visit) -> None:
    page = visit("olga", "/profile", lang="en")
    page.goto(f"/packs/drafts/{draft}/try")
    page.fill("[name='f.subject']", "门坏了")
    page.fill("[name='f.loss']", "1")
    page.locator("#answers [data-submit]").click()
    page.locator("#h-outside").wait_for()
    page.locator("summary", has_text="Withdrawn").click()
    assert serious(page) == []
    page.get_by_role("button", name="It came; go on").click()
    page.get_by_text("entered: “Withdrawn”").wait_for()
    assert "closed" in page.locator("#h-turn").inner_text()


#: The same procedure, in which somebody telephones meanwhile, and nothing is drawn for the answer no.
FORKED = (
    FILES["diagrams/office.bpmn"].decode()
    .replace('<sequenceFlow id="f2" sourceRef="number" targetRef="look"/>', """<parallelGateway id="fork"/><endEvent id="rung"/>
  <userTask id="ring" name="回电"><documentation>Ring back</documentation><extensionElements>
   <zeebe:assignmentDefinition candidateGroups="desk"/><zeebe:formDefinition formId="F02"/></extensionElements></userTask>
  <sequenceFlow id="f2" sourceRef="number" targetRef="fork"/><sequenceFlow id="fa" sourceRef="fork" targetRef="look"/>
  <sequenceFlow id="fb" sourceRef="fork" targetRef="ring"/><sequenceFlow id="fc" sourceRef="ring" targetRef="rung"/>""")
    .replace(' default="f6"', "").replace('<sequenceFlow id="f6" name="否" sourceRef="agreed" targetRef="look"/>', "")
)


def test_of_two_tasks_that_are_open_at_once_either_is_tried_and_a_case_that_is_stuck_says_so(company: Company, draft: str) -> None:
    company.parts.drafting.save(draft, {"diagrams/office.bpmn": FORKED.encode()}, OLGA)
    olga, action = company.client("olga"), f"/packs/drafts/{draft}/try"
    steps = (Step(do="open", answers={"subject": "门坏了", "loss": "1"}, channel="phone"),)

    def shown(**sent: str) -> str:
        answer = olga.post(action, {"steps": written(steps), **sent})
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    # Given a case with two open tasks, the first is shown and the other one offered, and the other way round
    first, second = shown(), shown(task="ring-1")
    assert ('id="h-turn">Look into it<' in first, 'value="ring-1">Ring back<' in first) == (True, True)
    assert ('id="h-turn">Ring back<' in second, 'value="look-1">Look into it<' in second) == (True, True)
    # When it comes to where nothing is drawn for what was answered
    steps += (Step(do="task", task="look-1", answers={"finding": "断了"}),)
    page = shown(act="complete", task="approve-1", **{"f.approved": "false", "f.reason": "不同意"})
    # I expect the trial to say where and why, and the other task to go on
    assert "stopped with an incident" in page and "<b>同意？</b>: " in page and 'id="h-turn">Ring back<' in page


def test_of_the_scenarios_that_were_played_those_that_do_not_hold_stand_first() -> None:
    told = [Promise(file=file, name=name, holds=holds) for file, name, holds in (
        ("a", "one", True), ("a", "two", True), ("b", "three", True), ("b", "four", False), ("c", "five", False), ("c", "six", None))]
    assert [one.name for one in urgent_first(told, None)] == ["four", "three", "five", "six", "one", "two"]
    # What was asked for stands before what was not.
    assert [one.name for one in urgent_first(told, "a")][:3] == ["one", "two", "four"]
