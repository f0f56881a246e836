"""Decision tables in a real browser: changed, checked beside the rows, saved as the stock modeler writes them, nobody's work lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from api.pages import draft_files
from engine.authority import Actor
from engine.decision import read
from engine.drafting import difference
from tests.pages.company import Company
from tests.pages.conftest import Visit, serious, unfit

PACK = "mfg-gm-office"
OLGA, OMAR = (Actor(name=n, memberships=frozenset({"*/owner"})) for n in ("olga", "omar"))
PATH = "decisions/trial.dmn"
TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="defs" name="trial" namespace="http://kesu/dmn">
  <decision id="trial" name="分级">
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="in" label="损失"><inputExpression id="ie" typeRef="number"><text>loss</text></inputExpression></input>
      <output id="out" label="级别" name="level" typeRef="string" />
      <rule id="low"><inputEntry id="low_in"><text>&lt; 100</text></inputEntry><outputEntry id="low_out"><text>"low"</text></outputEntry></rule>
      <rule id="high"><inputEntry id="high_in"><text>&gt;= 100</text></inputEntry><outputEntry id="high_out"><text>"high"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


@pytest.fixture
def draft(company: Company) -> str:
    """A draft with a table of two rows that leave nothing out."""
    found = company.parts.drafting.begin(PACK, OLGA).draft
    company.parts.drafting.save(found, {PATH: TABLE.encode()}, OLGA)
    return found


@pytest.fixture
def tables(visit: Visit, draft: str, company: Company) -> Callable[..., Page]:
    """The editor on that table, ready."""
    if not draft_files.editor_built(company.parts):
        pytest.skip("the editor is not built here; ./run setup builds it")

    def open_editor(who: str = "olga", lang: str = "zh-CN", width: int = 1440) -> Page:
        page = visit(who, "/profile", lang=lang, width=width)
        page.goto(f"/packs/drafts/{draft}/file?path={PATH}")
        page.wait_for_selector("[data-ready]")
        page.wait_for_selector("[data-part=checked]:is(.ok-text, .late-text)")
        return page

    return open_editor


def write(page: Page, cell: str, text: str) -> None:
    """Somebody types into a cell, by keyboard."""
    page.click(f"td[data-element-id={cell}]")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def saved(company: Company, draft: str) -> str:
    return (company.parts.drafting.file(draft, PATH, OLGA).content or b"").decode()


def test_a_row_that_overlaps_is_told_beside_it_and_one_that_does_not_is_saved(tables: Callable[..., Page], company: Company, draft: str) -> None:
    page = tables()
    assert serious(page) == []
    assert page.locator(".bjs-powered-by").first.is_visible()
    # When a row takes what another one takes, too
    write(page, "low_in", "< 200")
    page.wait_for_selector("td.rule-index .flagmark")
    finds = page.locator("[data-part=findings]").inner_text()
    assert "第 1 行和第 2 行会同时命中" in finds and "#2" in finds
    # And then does not any more
    write(page, "high_in", ">= 200")
    page.wait_for_function("() => !document.querySelector('td.rule-index .flagmark')")
    page.keyboard.press("Control+s")
    page.wait_for_function("() => document.querySelector('[data-part=state]').textContent.includes('已存')")
    rules = read(saved(company, draft).encode(), PATH).facts.decisions["trial"].table.rules
    assert [[t.text for t in rule.tests] for rule in rules] == [["< 200"], [">= 200"]]
    # Everything the modeler said was said in Chinese.
    assert page.evaluate("[...document.querySelector('[data-draft]').kesu.missing]") == []


def test_who_comes_second_sees_what_differs_and_loses_nothing(tables: Callable[..., Page], company: Company, draft: str) -> None:
    page = tables(lang="en")
    theirs = TABLE.replace('"low"', '"small"')
    company.parts.drafting.save(draft, {PATH: theirs.encode()}, OMAR)
    write(page, "high_out", '"big"')
    page.click("[data-act=save]")
    dialog = page.locator("dialog")
    assert '"small"' in dialog.inner_text() and "big" in dialog.inner_text()
    dialog.get_by_role("button", name="Save mine").click()
    page.wait_for_function("() => document.querySelector('[data-part=state]').textContent.includes('Saved')")
    assert '"big"' in saved(company, draft)
    assert any(b'"small"' in (t.content or b"") for t in company.parts.drafting.texts(draft, PATH, OLGA))


def test_every_shipped_table_is_opened_and_saved_without_a_difference(tables: Callable[..., Page], company: Company) -> None:
    page, bpmn = tables(), company.parts.settings.bpmn
    paths = sorted([*bpmn.glob("packs/*/decisions/*.dmn"), *bpmn.glob("shared/decisions/*.dmn")])
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
        assert difference("decisions/x.dmn", path.read_bytes(), text.encode()).lines == (), path
    page.evaluate("localStorage.clear()")


def test_a_row_without_a_note_is_as_high_as_one_with(tables: Callable[..., Page]) -> None:
    page = tables()
    rows = page.locator(".dmn-decision-table-container tbody tr")
    rows.first.wait_for()
    # Whether somebody wrote a note beside a rule, or nobody did
    assert page.locator("td.annotation .empty").count() > 0
    assert max(row.bounding_box()["height"] for row in rows.all()) < 50  # type: ignore[index]


def test_on_a_phone_it_can_be_looked_at(tables: Callable[..., Page]) -> None:
    page = tables(lang="en", width=390)
    assert unfit(page) == []
