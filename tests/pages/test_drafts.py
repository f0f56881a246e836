"""The process owner's workplace in a real browser: drawing, checking, saving beside another, comparing, handing in."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from api.pages import draft_files
from api.pages.parcel import packed
from engine.authority import Actor
from engine.diagram import Diagram
from engine.drafting import difference
from tests.pages.company import Company
from tests.pages.conftest import LOOKS, Visit, scrolls_sideways, serious, turn, unfit

PACK, MAIN = "mfg-gm-office", "diagrams/mfg-gm-office.bpmn"
OLGA = Actor(name="olga", memberships=frozenset({"*/owner"}))
OMAR = Actor(name="omar", memberships=frozenset({"*/owner"}))

#: What is no task is drawn smaller.
SIZES = {"late": (36, 36), "told": (36, 36), "gate": (50, 50)}
#: One of each kind, with nothing set.
KINDS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="kesu">
 <bpmn:process id="kinds" isExecutable="true">
  <bpmn:userTask id="ask"/><bpmn:userTask id="sign"/><bpmn:businessRuleTask id="rule"/><bpmn:callActivity id="call"/>
  <bpmn:serviceTask id="number"/><bpmn:scriptTask id="sum"/>
  <bpmn:boundaryEvent id="late" attachedToRef="ask"><bpmn:timerEventDefinition id="t"/></bpmn:boundaryEvent>
  <bpmn:intermediateCatchEvent id="told"><bpmn:messageEventDefinition id="m"/></bpmn:intermediateCatchEvent>
  <bpmn:userTask id="each"><bpmn:multiInstanceLoopCharacteristics/></bpmn:userTask>
  <bpmn:exclusiveGateway id="gate"/>
  <bpmn:sequenceFlow id="yes" sourceRef="gate" targetRef="sign"/><bpmn:sequenceFlow id="no" sourceRef="gate" targetRef="each"/>
 </bpmn:process>
 <bpmndi:BPMNDiagram id="p"><bpmndi:BPMNPlane id="q" bpmnElement="kinds">""" + "".join(
    f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="{100 + 140 * n}" y="{200 if name == "late" else 100}" '
    f'width="{SIZES.get(name, (100, 80))[0]}" height="{SIZES.get(name, (100, 80))[1]}"/></bpmndi:BPMNShape>'
    for n, name in enumerate(("ask", "sign", "rule", "call", "number", "sum", "told", "each", "gate", "late"))
) + """<bpmndi:BPMNEdge id="yes_di" bpmnElement="yes"><di:waypoint x="1245" y="100"/><di:waypoint x="340" y="60"/></bpmndi:BPMNEdge>
  <bpmndi:BPMNEdge id="no_di" bpmnElement="no"><di:waypoint x="1220" y="125"/><di:waypoint x="1180" y="140"/></bpmndi:BPMNEdge>
 </bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"""
#: Element -> what is entered at its settings: a text, a choice, a tick, or (None) a button.
SETTINGS: dict[str, list[tuple[str, str | bool | None]]] = {
    "ask": [("groups", '=["sales"]'), ("four-eyes.add", "sign"), ("milestone", "asked"), ("zeebe:TaskSchedule.dueDate", "=now()")],
    "rule": [("zeebe:CalledDecision.decisionId", "d13"), ("zeebe:CalledDecision.resultVariable", "found")],
    "call": [
        ("zeebe:CalledElement.processId", "ca-onsite"), ("pass_all", False), ("zeebe:IoMapping.inputParameters.add", None),
        ("zeebe:IoMapping.inputParameters.0.l", "=loss"), ("zeebe:IoMapping.inputParameters.0.r", "amount"),
    ],
    "number": [
        ("errand", "take-number"), ("zeebe:TaskHeaders.values.add", None), ("zeebe:TaskHeaders.values.0.l", "series"),
        ("zeebe:TaskHeaders.values.0.r", "complaint"),
    ],
    "sum": [("script", "=1 + 1"), ("zeebe:Script.resultVariable", "two")],
    "late": [("timer.text", "P3D"), ("timer.kind", "timeDuration")],
    "told": [("message", "customer-refuses"), ("zeebe:Subscription.correlationKey", "=case.id")],
    "each": [
        ("zeebe:LoopCharacteristics.inputCollection", "=units"), ("zeebe:LoopCharacteristics.inputElement", "unit"), ("loop.until", "=done"),
    ],
    "yes": [("condition", "=loss > 10")],
    "no": [("default", True)],
}  # fmt: skip


@pytest.fixture
def draft(company: Company) -> str:
    """A draft of its own for each test."""
    return company.parts.drafting.begin(PACK, OLGA).draft


def drawn(element: str, tail: str) -> str:
    """Script: something of an element on the canvas."""
    return f"() => document.querySelector('[data-draft]').kesu.modeler.get('elementRegistry').get('{element}').businessObject{tail}"


@pytest.fixture
def editor(visit: Visit, draft: str, company: Company) -> Callable[..., Page]:
    """The editor on the main diagram, ready to draw."""
    if not draft_files.editor_built(company.parts):
        pytest.skip("the editor is not built here; ./run setup builds it")

    def open_editor(who: str = "olga", lang: str = "zh-CN", width: int = 1440) -> Page:
        page = visit(who, f"/packs/drafts/{draft}/file?path={MAIN}", lang=lang, width=width)
        page.wait_for_selector("[data-ready]")
        return page

    return open_editor


def pick(page: Page, element: str) -> None:
    script = "id => { const m = document.querySelector('[data-draft]').kesu.modeler; m.get('selection').select(m.get('elementRegistry').get(id)); }"
    page.evaluate(script, element)
    page.wait_for_selector(f".props h2:has-text('{element}')")


def saved(company: Company, draft: str, path: str = MAIN) -> str:
    return (company.parts.drafting.file(draft, path, OLGA).content or b"").decode()


def wait_saved(page: Page, word: str = "已存") -> None:
    page.wait_for_function("word => document.querySelector('[data-part=state]').textContent.includes(word)", arg=word)


def wait_checked(page: Page) -> str:
    page.wait_for_selector("[data-part=checked]:is(.ok-text, .late-text)")
    return page.locator("[data-part=checked]").inner_text()


def test_what_is_drawn_and_set_is_saved_as_the_stock_modeler_writes_it(editor: Callable[..., Page], company: Company, draft: str) -> None:
    page = editor()
    # When the owner renames a task, gives it another limit, form and role, and a documentation
    pick(page, "find_out")
    page.fill("[data-key=name]", "查明缘由")
    page.fill("[data-key=name_en]", "Find the cause")
    page.select_option("[data-key=limit]", "T08-4")
    page.select_option("[data-key='zeebe:FormDefinition.formId']", "F02-analyse")
    page.check("[data-key='groups.quality']")
    page.fill("[data-key=documentation]", "Find out the cause\nwithin a day.")
    page.locator("[data-key=documentation]").blur()
    page.keyboard.press("Control+s")
    wait_saved(page)
    # I expect the dialect of the stock modeler in the file, and everything else as it was
    text = saved(company, draft)
    task = text[text.index('<bpmn:userTask id="find_out"') : text.index("</bpmn:userTask>")]
    for part in (
        'name="查明缘由"', '<zeebe:formDefinition formId="F02-analyse"', 'candidateGroups="sales, quality"',
        '<zeebe:property name="limit" value="T08-4"', "<bpmn:documentation>Find out the cause\nwithin a day.</bpmn:documentation>",
    ):  # fmt: skip
        assert part in task, task
    release = company.parts.drafting.contents(draft, OLGA)
    assert '"查明缘由": "Find the cause"' in release["names/english.yaml"].decode()
    told = company.parts.drafting.sides(draft, OLGA)
    assert told[1]["pack.yaml"] == told[2]["pack.yaml"]
    changes = company.client("olga").client.get(f"/api/v1/drafts/{draft}/difference").json["files"][0]["changes"]
    assert [(c["kind"], c["element"]) for c in changes] == [("changed", "find_out")]


def test_under_which_condition_a_gateway_leads_where_is_set_on_the_gateway_itself(editor: Callable[..., Page], company: Company, draft: str) -> None:
    page = editor(lang="en")
    pick(page, "needs_visit")
    # The way that is taken otherwise has no condition until it is made to have one
    page.uncheck("[data-key='default.flow_needs_visit_ready']")
    for way, said in (("onsite", "=loss > 5"), ("ready", "=loss <= 5")):
        page.fill(f"[data-key='condition.flow_needs_visit_{way}']", said)
        page.locator(f"[data-key='condition.flow_needs_visit_{way}']").blur()
    page.check("[data-key='default.flow_needs_visit_ready']")
    page.keyboard.press("Control+s")
    wait_saved(page, "Saved")
    process = next(iter(Diagram.read(saved(company, draft).encode(), MAIN).processes.values()))
    assert process.flows["flow_needs_visit_onsite"].condition == "=loss > 5"
    assert (process.flows["flow_needs_visit_ready"].condition, process.elements["needs_visit"].default_flow) == (None, "flow_needs_visit_ready")


def test_an_untouched_diagram_is_saved_without_a_difference(editor: Callable[..., Page], company: Company, draft: str) -> None:
    page = editor(lang="en")
    page.click("[data-act=save]")
    wait_saved(page, "Saved")
    told = company.client("olga").client.get(f"/api/v1/drafts/{draft}/difference").json["files"]
    assert [(f["path"], f["changes"], f["lines"]) for f in told] in ([], [(MAIN, [], [])])


def test_every_shipped_diagram_is_opened_and_saved_without_a_difference(editor: Callable[..., Page], company: Company) -> None:
    page, bpmn = editor(), company.parts.settings.bpmn
    paths = sorted([*bpmn.glob("packs/*/diagrams/*.bpmn"), *bpmn.glob("shared/diagrams/*.bpmn")])
    assert len(paths) > 40
    script = """async (texts) => {
      const m = document.querySelector('[data-draft]').kesu.modeler, saved = [];
      for (const text of texts) {
        const { warnings } = await m.importXML(text);
        saved.push([(await m.saveXML({ format: true })).xml, warnings.map(String)]);
      }
      return saved;
    }"""
    for path, (text, warnings) in zip(paths, page.evaluate(script, [p.read_text("utf-8") for p in paths]), strict=True):
        assert warnings == [], path
        assert difference("diagrams/x.bpmn", path.read_bytes(), text.encode()).changes == (), path
        # Nor has a setting gone that no difference tells.
        assert text.count("<zeebe:") == path.read_text("utf-8").count("<zeebe:"), path
    page.evaluate("localStorage.clear()")


def test_settings_of_every_kind_of_element_are_written_where_the_gate_reads_them(visit: Visit, company: Company, draft: str) -> None:
    if not draft_files.editor_built(company.parts):
        pytest.skip("the editor is not built here")
    path = "diagrams/kinds.bpmn"
    company.parts.drafting.save(draft, {path: KINDS.encode()}, OLGA)
    page = visit("olga", f"/packs/drafts/{draft}/file?path={path}", lang="en")
    page.wait_for_selector("[data-ready]")
    for element, entries in SETTINGS.items():
        pick(page, element)
        for key, value in entries:
            control = page.locator(f"[data-key='{key}']")
            before = control.element_handle()
            if isinstance(value, bool):
                control.set_checked(value)
            elif value is None:
                control.click()
            elif control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)
                control.blur()
            # The panel is drawn anew after each change.
            page.wait_for_function("e => !e.isConnected", arg=before)
    page.keyboard.press("Control+s")
    wait_saved(page, "Saved")
    process = next(iter(Diagram.read(saved(company, draft, path).encode(), path).processes.values()))
    e, flows = process.elements, process.flows
    assert (e["ask"].zeebe.properties["four-eyes"], e["ask"].zeebe.properties["milestone"]) == ("sign", "asked")
    assert (e["ask"].zeebe.groups, e["ask"].zeebe.due) == ('=["sales"]', "=now()")
    assert (e["rule"].zeebe.decision, e["rule"].zeebe.result) == ("d13", "found")
    assert (e["call"].zeebe.called_process, e["call"].zeebe.propagate_parent) == ("ca-onsite", False)
    assert [(m.source, m.target) for m in e["call"].zeebe.inputs] == [("=loss", "amount")]
    assert (e["number"].zeebe.job, dict(e["number"].zeebe.headers)) == ("take-number", {"series": "complaint"})
    assert e["late"].timer is not None and (e["late"].timer.kind, e["late"].timer.text) == ("timeDuration", "P3D")
    assert (e["told"].message, e["told"].zeebe.correlation) == ("customer-refuses", "=case.id")
    assert e["each"].zeebe.loop is not None
    loop = e["each"].zeebe.loop
    assert (loop.collection, loop.item, loop.until) == ("=units", "unit", "=done")
    assert (flows["yes"].condition, e["gate"].default_flow) == ("=loss > 10", "no")
    assert e["sum"].zeebe.script == "=1 + 1"


def test_each_change_can_be_undone_copied_and_searched_by_keyboard(editor: Callable[..., Page]) -> None:
    page = editor(lang="en")
    pick(page, "find_out")
    page.fill("[data-key=name]", "另一名称")
    page.locator("[data-key=name]").blur()
    name = drawn("find_out", ".name")
    count = "() => document.querySelector('[data-draft]').kesu.modeler.get('elementRegistry').filter(e => e.type === 'bpmn:UserTask').length"
    assert page.evaluate(name) == "另一名称"
    page.click("[data-act=undo]")
    assert page.evaluate(name) != "另一名称"
    page.click("[data-act=redo]")
    assert page.evaluate(name) == "另一名称"
    # Copied and pasted, with the keyboard alone, and taken back.
    before = page.evaluate(count)
    pick(page, "find_out")
    page.evaluate("() => document.querySelector('[data-draft]').kesu.modeler.get('canvas').focus()")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    # In a lane, where there is room.
    page.mouse.move(850, 270)
    page.mouse.click(860, 274)
    assert page.evaluate(count) == before + 1
    page.evaluate("() => document.querySelector('[data-draft]').kesu.modeler.get('canvas').focus()")
    page.keyboard.press("Control+z")
    assert page.evaluate(count) == before
    page.click("[data-act=find]")
    page.keyboard.type("find_out")
    # All elements are listed until what was typed is heard.
    page.locator(".djs-search-result").first.filter(has_text="find_out").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_selector(".props h2:has-text('find_out')")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_findings_stand_on_the_element_with_text_and_remedy_and_lead_there(editor: Callable[..., Page], lang: str) -> None:
    page = editor(lang=lang)
    first = wait_checked(page)
    assert ("可以发布" if lang == "zh-CN" else "may be published") in first
    # When a task loses its form (and nobody presses anything)
    pick(page, "find_out")
    page.select_option("[data-key='zeebe:FormDefinition.formId']", "")
    # I expect the finding on it, in the reader's language, after the pause
    page.wait_for_selector(".flagmark")
    row = page.locator(".finding", has_text="find_out").first
    assert row.locator(".remedy").inner_text()
    assert any("\u4e00" <= c <= "\u9fff" for c in row.locator("div").first.inner_text().replace("查明异常", "")) == (lang == "zh-CN")
    page.evaluate("() => document.querySelector('[data-draft]').kesu.modeler.get('selection').select([])")
    row.get_by_role("button").click()
    page.wait_for_selector(".props h2:has-text('find_out')")
    assert serious(page) == []
    # The mark of bpmn.io stays, in full.
    assert page.locator(".bjs-powered-by").is_visible()


def test_every_word_of_the_modeler_is_translated(editor: Callable[..., Page]) -> None:
    page = editor()
    for element in ("find_out", "raised", "has_loss"):
        pick(page, element)
        page.locator(".djs-context-pad .entry[data-action=replace]").click()
        page.wait_for_selector(".djs-popup")
        page.keyboard.press("Escape")
    # All entries of all menus, as the modeler would ask for them.
    page.evaluate("""() => {
      const m = document.querySelector('[data-draft]').kesu.modeler, menu = m.get('popupMenu'), drawn = m.get('elementRegistry').getAll();
      for (const e of drawn.filter(e => !e.labelTarget && e.parent)) {
        m.get('contextPad').getEntries(e);
        for (const id of ['bpmn-replace', 'align-elements']) {
          for (const provider of menu._getProviders(id)) {
            const asked = id === 'align-elements' ? [e, e] : e;
            (provider.getPopupMenuEntries ?? provider.getEntries).call(provider, asked);
            provider.getHeaderEntries?.(asked);
          }
        }
      }
      m.get('contextPad').getEntries(drawn.slice(5, 8));
      m.get('palette').getEntries();
    }""")
    page.click("[data-act=find]")
    assert page.evaluate("[...document.querySelector('[data-draft]').kesu.missing]") == []


def test_two_owners_at_once_lose_nothing(editor: Callable[..., Page], company: Company, draft: str) -> None:
    olga, omar = editor("olga"), editor("omar", lang="en")
    pick(olga, "find_out")
    olga.fill("[data-key=name]", "欧佳的名称")
    olga.locator("[data-key=name]").blur()
    olga.click("[data-act=save]")
    wait_saved(olga)
    # When omar, who began before she saved, saves his own
    pick(omar, "find_out")
    omar.fill("[data-key=name]", "欧明的名称")
    omar.locator("[data-key=name]").blur()
    omar.click("[data-act=save]")
    # I expect that he is told whose, and how they differ, and that hers still stands
    said = omar.locator("dialog").inner_text()
    assert "Olga" in said and "欧佳的名称" in said and "欧明的名称" in said
    assert serious(omar) == []
    assert "欧佳的名称" in saved(company, draft)
    omar.get_by_role("button", name="Save mine").click()
    omar.locator("dialog").wait_for(state="detached")
    wait_saved(omar, "Saved")
    assert "欧明的名称" in saved(company, draft)
    texts = company.parts.drafting.texts(draft, MAIN, OLGA)
    assert any("欧佳的名称" in (t.content or b"").decode() for t in texts)


def test_who_goes_on_with_the_other_s_keeps_their_own_in_the_browser(editor: Callable[..., Page], company: Company, draft: str) -> None:
    omar = editor("omar", lang="en")
    theirs = saved(company, draft).replace('name="查明异常"', 'name="已改"')
    company.parts.drafting.save(draft, {MAIN: theirs.encode()}, OLGA)
    pick(omar, "find_out")
    omar.fill("[data-key=name]", "我的")
    omar.locator("[data-key=name]").blur()
    omar.click("[data-act=save]")
    omar.get_by_role("button", name="Go on with theirs").click()
    pick(omar, "find_out")
    assert omar.input_value("[data-key=name]") == "已改"
    omar.get_by_role("button", name="Take it up again").click()
    omar.wait_for_function(drawn("find_out", ".name === '我的'"))


def test_what_is_drawn_survives_a_lost_connection_an_expired_sign_in_and_a_closed_window(
    editor: Callable[..., Page], company: Company, draft: str
) -> None:
    page = editor(lang="en")
    context = page.context
    pick(page, "find_out")
    page.fill("[data-key=name]", "断线时所画")
    page.locator("[data-key=name]").blur()
    # Without a connection
    context.set_offline(True)
    page.click("[data-act=save]")
    page.get_by_text("No connection").wait_for()
    # I expect it saved by itself once there is one again
    context.set_offline(False)
    wait_saved(page, "Saved")
    assert "断线时所画" in saved(company, draft)
    # Without a sign-in
    page.fill("[data-key=name]", "登出时所画")
    page.locator("[data-key=name]").blur()
    cookies = context.cookies()
    context.clear_cookies()
    page.click("[data-act=save]")
    page.get_by_text("sign in in a new window").wait_for()
    # Signed in again in another window, as somebody with a new session: its token is another one
    context.add_cookies([c for c in cookies if c["name"] == "lang"])  # type: ignore[misc]
    context.add_cookies([company.cookie("olga")])  # type: ignore[list-item]
    page.click("[data-act=save]")
    wait_saved(page, "Saved")
    assert "登出时所画" in saved(company, draft)
    # And when the window is closed before anything is saved, it is offered again.
    page.fill("[data-key=name]", "未存即关")
    page.locator("[data-key=name]").blur()
    page.wait_for_function("() => Object.keys(localStorage).some(k => localStorage[k].includes('未存即关'))")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Take it up again").click()
    page.wait_for_function(drawn("find_out", ".name === '未存即关'"))


PLACES = [
    "", "/file?path=pack.yaml&as=text", "/policy", "/form?path=forms/F02-trace.yaml", "/try/scenarios", "/difference", "/texts?path=pack.yaml",
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_the_pages_of_a_draft_are_fit_for_everybody(visit: Visit, company: Company, draft: str, place: str) -> None:
    text = saved(company, draft)
    company.parts.drafting.save(draft, {MAIN: text.replace('name="查明异常"', 'name="已改"').encode(), "forms/F99.yaml": b"id: F99\n"}, OLGA)
    for lang, width in LOOKS:
        page = visit("olga", f"/packs/drafts/{draft}{place}", lang=lang, width=width)
        assert page.locator("h1").count() == 1
        assert unfit(page) == []


def test_on_a_phone_the_diagram_is_looked_at_and_drawing_is_left_to_a_computer(editor: Callable[..., Page]) -> None:
    page = editor(lang="en", width=390)
    assert page.get_by_text("please draw on a computer").is_visible()
    assert not page.locator(".djs-palette").is_visible()
    assert not page.locator("[data-act=save]").is_visible() and not page.locator(".props").is_visible()
    assert not scrolls_sideways(page)


def fill_in(page: Page) -> None:
    """Something in every field of the open form that is shown."""
    for control in page.locator("#answers [name^='f.']").all():
        kind, tag = control.get_attribute("type"), control.evaluate("e => e.tagName")
        if kind in ("file", "checkbox") or (not control.is_visible() and kind != "radio"):
            continue
        if kind == "radio":
            control.evaluate("e => { if (e.offsetParent && !e.form.querySelector(`[name='${e.name}']:checked`)) e.click(); }")
        elif tag == "SELECT":
            if not control.input_value():
                control.select_option(index=1)
        elif not control.input_value():
            number = control.get_attribute("inputmode") in ("decimal", "numeric")
            control.fill({"date": "2026-01-04", "email": "a@b.cn", "tel": "12345678"}.get(kind or "", "1" if number else "某事"))


@pytest.mark.parametrize(("lang", "width"), LOOKS)
def test_a_draft_is_tried_step_by_step_on_its_drawing_and_no_case_comes_of_it(
    visit: Visit, company: Company, draft: str, lang: str, width: int
) -> None:
    text = saved(company, draft).replace('name="查明异常"', 'name="查明缘由"')
    company.parts.drafting.save(draft, {MAIN: text.encode(), "names/english.yaml": '"查明缘由": "Find the cause"\n'.encode()}, OLGA)
    with company.parts.store.look() as reading:
        before = list(reading.every_case())
    page = visit("olga", f"/packs/drafts/{draft}/try", lang=lang, width=width)
    fill_in(page)
    page.locator("#answers [data-submit]").click()
    # The case stands at the task as the draft calls it.
    page.locator("svg.bpmn .now[data-element=find_out]").wait_for()
    if lang == "zh-CN":
        assert "查明缘由" in page.locator("#h-turn").inner_text()
    assert unfit(page) == []
    # What is missing is told, and what was typed stays.
    page.locator("#answers [data-submit]").click()
    page.locator("[data-errors]").wait_for()
    # Time passes to the limit: late, and the reminder went out.
    page.locator("[name=span][value=due]").click()
    page.locator("svg.bpmn .late[data-element=find_out]").wait_for()
    page.locator("button[value=back]").click()
    page.locator("svg.bpmn .now:not(.late)[data-element=find_out]").wait_for()
    with company.parts.store.look() as reading:
        assert list(reading.every_case()) == before


def test_a_trial_has_people_of_its_own(company: Company, draft: str) -> None:
    found = company.client("olga").get(f"/packs/drafts/{draft}/try/people?q=Sales").json
    assert found is not None and {"sales-1", "sales-2"} <= {p["name"] for p in found["people"]}
    assert company.holder("sales") not in {p["name"] for p in found["people"]}


def test_a_draft_that_cannot_be_read_is_not_tried(company: Company, draft: str) -> None:
    company.parts.drafting.save(draft, {MAIN: b"<no"}, OLGA)
    olga = company.client("olga")
    answer = olga.get(f"/packs/drafts/{draft}/try")
    assert answer.status_code == 422 and "cannot be read yet" in answer.get_data(as_text=True)
    for odd in ("[", "{}", "[1]", '[{"do":"x"}]', '[{"do":"until","at":"soon"}]', "[" * 9000):
        assert olga.post(f"/packs/drafts/{draft}/try", {"steps": odd, "act": "complete"}).status_code == 422
    assert company.client(company.holder("sales")).get(f"/packs/drafts/{draft}/try").status_code == 403


def test_a_text_is_changed_checked_and_saved_and_a_finding_leads_to_its_line(visit: Visit, company: Company, draft: str) -> None:
    page = visit("olga", f"/packs/drafts/{draft}/file?path=pack.yaml&as=text", lang="en")
    before = page.input_value("#text")
    page.fill("#text", before.replace("intake: ", "intake: F99-"))
    turn(page, page.get_by_role("button", name="Check"))
    line = before[: before.index("intake: ")].count("\n") + 1
    found = page.locator(".finding", has_text="F99-")
    assert found.locator(f"[data-line='{line}']").count() == 1
    found.locator("[data-line]").click()
    chosen = page.evaluate("() => { const t = document.querySelector('#text'); return t.value.slice(t.selectionStart, t.selectionEnd); }")
    assert chosen.startswith("intake: F99-")
    # Unsaved text is not lost by checking; saved, it is kept.
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.", exact=True).wait_for()
    assert "intake: F99-" in saved(company, draft, "pack.yaml")


def test_a_text_survives_a_closed_window_and_an_expired_sign_in(visit: Visit, company: Company, draft: str) -> None:
    page = visit("olga", f"/packs/drafts/{draft}/file?path=pack.yaml&as=text", lang="en")
    typed = page.input_value("#text") + "# mine\n"
    page.fill("#text", typed)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Take it up again").click()
    assert page.input_value("#text") == typed
    # Sent without a sign-in it is carried through it.
    nobody, olga = company.client(None), company.client("olga")
    form = {"path": "pack.yaml", "seen": "1", "text": typed, "act": "save"}
    refused = nobody.post(f"/packs/drafts/{draft}/file", form)
    assert refused.status_code == 401 and "%23+mine" in refused.get_data(as_text=True)
    assert olga.post(f"/packs/drafts/{draft}/file", form).status_code == 302
    page.goto(f"/packs/drafts/{draft}/file?path=pack.yaml&as=text&said=draft_saved")
    assert not page.locator("[data-kept]").is_visible()


def test_a_text_saved_second_shows_both(company: Company, draft: str) -> None:
    olga, text = company.client("olga"), saved(company, draft, "pack.yaml")
    company.parts.drafting.save(draft, {"pack.yaml": (text + "# omars\n").encode()}, OMAR)
    answer = olga.post(f"/packs/drafts/{draft}/file", {"path": "pack.yaml", "seen": "1", "text": text + "# olgas\n", "act": "save"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "# omars" in page and "# olgas" in page and "Yours is below" in page
    # Sent again from there, hers is written; his can be had again.
    assert olga.post(f"/packs/drafts/{draft}/file", {"path": "pack.yaml", "seen": "2", "text": text + "# olgas\n", "act": "save"}).status_code == 302
    assert saved(company, draft, "pack.yaml").endswith("# olgas\n")
    assert olga.post(f"/packs/drafts/{draft}/file", {"path": "pack.yaml", "version": "2", "act": "back"}).status_code == 302
    assert saved(company, draft, "pack.yaml").endswith("# omars\n")


def test_a_change_goes_from_the_list_to_the_second_person(visit: Visit, company: Company) -> None:
    page = visit("olga", "/packs", lang="en")
    turn(page, page.locator("section", has_text=PACK).get_by_role("button", name="Draft from what is in force"))
    draft = page.url.rpartition("/")[2]
    text = saved(company, draft, "pack.yaml")
    changed = text.replace("title: {zh: ", "title: {zh: 新", 1)
    assert changed != text
    renamed = saved(company, draft).replace('name="查明异常"', 'name="查明缘由"')
    company.parts.drafting.save(draft, {"pack.yaml": changed.encode(), MAIN: renamed.encode()}, OLGA)
    # Compared
    turn(page, page.get_by_role("link", name="3 Compare"))
    assert page.locator(".twodrawings svg.bpmn").count() >= 2
    assert page.locator("svg.bpmn .changed[data-element=find_out]").count() == 2
    assert "查明缘由" in page.locator(".changes").inner_text()
    assert page.locator(".sides ins").count() == 1
    assert page.locator(".entries tbody.changed").inner_text().count("新") == 1
    # Handed in
    turn(page, page.get_by_role("link", name="4 Hand in"))
    page.fill("#note", "clearer words")
    page.get_by_role("button", name="Hand in for somebody else").click()
    page.wait_for_url("**/packs/releases/**")
    release = page.url.partition("?")[0].rpartition("/")[2]
    with company.parts.store.look() as reading:
        before = reading.current(PACK)
    # The second person sees it against what is in force before anything is published.
    against = visit("omar", f"/packs/releases/{release}", lang="en")
    against.get_by_role("link", name="See first what changes").click()
    assert "查明缘由" in against.locator(".changes").inner_text() and against.locator("#against").input_value() == before
    omar = company.client("omar")
    line = f'{draft}</a> <span class="badge {{}}">{{}}</span>'.format
    assert line("info", "handed in, not published") in omar.get("/packs?lang=en").get_data(as_text=True)
    assert omar.post(f"/packs/releases/{release}/publish").status_code == 302
    assert line("ok", "Published") in omar.get("/packs?lang=en").get_data(as_text=True)
    # What is changed afterwards is a draft again
    company.clock.advance(minutes=1)
    company.parts.drafting.save(draft, {"pack.yaml": text.encode()}, OLGA)
    assert line("ok", "Published") not in omar.get("/packs?lang=en").get_data(as_text=True)
    # And taken back by publishing the earlier one again.
    assert omar.post(f"/packs/releases/{before}/publish").status_code == 302
    assert company.client("olga").post(f"/packs/drafts/{draft}/drop").status_code == 302
    assert company.client("olga").get(f"/packs/drafts/{draft}").status_code == 404


@pytest.mark.parametrize(("lang", "width"), LOOKS)
def test_tables_fields_and_limits_stand_side_by_side_cell_by_cell(visit: Visit, company: Company, draft: str, lang: str, width: int) -> None:
    table, form = "decisions/d08-approver.dmn", "forms/F02-trace.yaml"
    pack, asked = saved(company, draft, "pack.yaml"), saved(company, draft, form)
    changes = {
        table: saved(company, draft, table).replace('["vgm"]', '["vgm", "gm"]'),
        form: asked + "  - {name: urgent, type: yesno, label: {zh: 紧急, en: Urgent}}\n",
        "pack.yaml": pack.replace("value: 14, unit: day", "value: 10, unit: day"),
    }  # fmt: skip
    company.parts.drafting.save(draft, {path: text.encode() for path, text in changes.items()}, OLGA)
    page = visit("olga", f"/packs/drafts/{draft}/difference", lang=lang, width=width)
    cell = page.locator(".ruled tr.changed td.differs")
    assert cell.locator("del").inner_text().endswith('["vgm"]') and cell.locator("ins").inner_text().endswith('["vgm", "gm"]')
    limit = page.locator(".entries tbody.changed", has_text="T08-1")
    assert (limit.locator("del").inner_text(), limit.locator("ins").inner_text()) == ("14", "10")
    assert ("紧急" if lang == "zh-CN" else "Urgent") in page.locator(".entries tbody.added th").inner_text()
    assert unfit(page) == []


def test_files_of_one_s_own_become_a_draft_however_wrong_they_are(company: Company) -> None:
    olga = company.client("olga")
    parcel = packed({"pack.yaml": b"pack: mfg-gm-office\n", "diagrams/x.bpmn": b"<no"})
    answer = olga.post("/packs", {"file": (io.BytesIO(parcel), "pack.zip"), "act": "draft", "note": ""})
    assert answer.status_code == 302
    page = olga.get(f"{answer.headers['Location']}?check=1").get_data(as_text=True)
    assert "diagrams/x.bpmn" in page and 'class="finding' in page
    bad = olga.get(f"{answer.headers['Location']}/difference").get_data(as_text=True)
    assert "&lt;no" in bad


def test_drafts_are_for_owners(company: Company, draft: str) -> None:
    sales = company.client(company.holder("sales"))
    for path in ("", f"/file?path={MAIN}", "/difference", "/texts?path=pack.yaml", "/zip"):
        assert sales.get(f"/packs/drafts/{draft}{path}").status_code == 403
    for path, form in (("/file", {"path": "pack.yaml", "text": "x", "act": "save"}), ("/hand-in", {}), ("/drop", {})):
        assert sales.post(f"/packs/drafts/{draft}{path}", form).status_code == 403
    assert sales.post("/packs/drafts", {"pack": PACK}).status_code == 403
    assert company.client("olga").get(f"/packs/drafts/{draft}/file?path=forms/none.yaml").status_code == 404


def test_without_the_bundle_the_page_says_so_and_the_text_can_be_changed(
    company: Company, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_files, "editor_built", lambda parts: False)
    page = company.client("olga").get(f"/packs/drafts/{draft}/file?path={MAIN}").get_data(as_text=True)
    assert "was not built on this server" in page and "<textarea" in page and "editor.js" not in page


def test_the_licences_of_what_is_bundled_come_along(company: Company) -> None:
    if not draft_files.editor_built(company.parts):
        pytest.skip("the editor is not built here")
    said = company.client("olga").get("/static/dist/licenses.txt").get_data(as_text=True)
    lock: dict[str, Any] = json.loads((company.parts.settings.web / "package-lock.json").read_text())
    for path, facts in lock["packages"].items():
        if path and not facts.get("dev"):
            assert path.removeprefix("node_modules/") in said
    assert "bpmn.io" in said
