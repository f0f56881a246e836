"""Finding, erasing, watching, comparing, and the figures of a procedure: on pages, in both languages, at both widths."""

from __future__ import annotations

import re

import pytest

from tests.pages.company import Company
from tests.pages.conftest import LOOKS, Visit, serious, turn, unfit


@pytest.fixture
def case(company: Company) -> str:
    """A complaint that nobody else looks for."""
    return company.receive("zoo", subject="鹦鹉学舌扰民")


def test_a_case_is_found_by_its_words_with_what_proves_it(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", "/", lang="en")
    page.keyboard.press("/")
    page.keyboard.type("学舌")
    page.keyboard.press("Enter")
    page.wait_for_url("**/find?*")
    found = page.locator(".finds li", has=page.locator(f'a[href="/cases/{case}"]'))
    assert found.locator("mark").all_text_contents() == ["学舌"]
    assert serious(page) == []
    turn(page, found.locator(".when"))
    assert page.url.startswith(f"{company.address}/cases/{case}/at/")


@pytest.mark.parametrize(
    "query", ["", "words=%E6%8A%95%E8%AF%89", "pack=zoo&words=x&state=open", "element=x&cursor=%00&row=%F0%9F%99%82"]
)
def test_the_page_is_fit_for_everybody(visit: Visit, query: str) -> None:
    page = visit("zoe", f"/find?{query}", width=390)
    assert page.locator("h1").count() == 1
    assert unfit(page) == []


def test_who_took_part_is_found_by_what_they_are_called(company: Company, case: str) -> None:
    with company.parts.store.look() as reading:
        opened = reading.person(reading.history(case)[0].event.actor)
    for typed in (opened.name, opened.zh, opened.en.upper()):
        page = company.client("zoe").client.get("/find", query_string={"person": typed, "pack": "zoo"}, headers={"Accept": "text/html"}).text
        assert f'/cases/{case}"' in page, typed


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_steps_and_fields_that_are_called_alike_are_told_apart(visit: Visit, lang: str) -> None:
    page = visit("zoe", "/find?pack=mfg-gm-office", lang=lang)
    for name in ("element", "field"):
        said = page.locator(f"select[name={name}] option").all_inner_texts()
        assert len(said) > 50 and len(set(said)) == len(said)


def test_nobody_finds_a_sealed_case_they_have_no_part_in(company: Company) -> None:
    with company.parts.store.look() as reading:
        sealed = [c for c in reading.every_case() if reading.head(c).sealed and reading.head(c).title]
        titles = {reading.head(c).title for c in sealed}
    for title in titles:
        page = (
            company.client("zoe")
            .client.get("/find", query_string={"words": title}, headers={"Accept": "text/html"})
            .text
        )
        assert not any(f'/cases/{c}"' in page for c in sealed)


def test_a_case_is_watched_and_a_filter_kept(company: Company, case: str) -> None:
    zoe = company.client("zoe")
    assert zoe.post(f"/cases/{case}/watch", {"on": "1"}).status_code == 302
    assert case in zoe.get("/?scope=watching").text
    assert (
        zoe.post("/filters", {"name": "我的动物园", "query": "scope=all&pack=zoo&csrf=x"}).location
        == "/?scope=all&pack=zoo"
    )
    page = zoe.get("/?scope=all&pack=zoo").text
    assert '<a class="chip" href="/?scope=all&amp;pack=zoo" aria-current="true">我的动物园</a>' in page
    zoe.post("/filters", {"name": "我的动物园", "query": "", "act": "drop"})
    assert "我的动物园" not in zoe.get("/").text
    zoe.post(f"/cases/{case}/watch", {"on": ""})
    assert case not in zoe.get("/?scope=watching").text


def test_what_came_in_meanwhile_is_said_and_nothing_jumps(visit: Visit, company: Company) -> None:
    # Given somebody who looks at the list of their groups, however long others have made it
    company.receive("zoo", subject="候鸟停在屋顶")
    page = visit("zoe", "/?scope=group&q=候鸟", lang="en")
    before = page.locator("tr.item").count()
    bar = page.locator("[data-news]")
    mark = bar.get_attribute("data-mark")
    same = company.client("zoe").client.get("/news?scope=group&q=候鸟", headers={"If-None-Match": f'"{mark}"'})
    assert (same.status_code, same.data) == (304, b"")
    # When a complaint comes in and they come back to the page
    company.receive("zoo", subject="候鸟又来一只")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    # I expect to be told, and the rows to stay
    bar.wait_for(state="visible")
    assert "1 new" in bar.inner_text()
    assert page.locator("tr.item").count() == before
    page.keyboard.press("r")
    page.locator("tr.item").nth(before).wait_for()


def test_two_moments_are_compared_on_the_page(company: Company, case: str) -> None:
    page = company.client("zoe").get(f"/cases/{case}").text
    last = re.findall(rf"/cases/{case}/at/(\d+)", page)[0]
    both = company.client("zoe").get(f"/cases/{case}/at/{last}?since=1")
    assert both.status_code == 200
    assert company.client("zoe").get(f"/cases/{case}/at/1?since=99").status_code == 200


#: Script: how high the letters in the charts that are shown are, in pixels.
LETTERS = """[...document.querySelectorAll('svg.drawn text')].filter(text => text.getClientRects().length).map(text =>
  parseFloat(getComputedStyle(text).fontSize) * text.ownerSVGElement.clientWidth / text.ownerSVGElement.viewBox.baseVal.width)"""


def test_the_figures_of_each_procedure_lead_to_lists(visit: Visit, company: Company) -> None:
    olga = company.client("olga")
    assert olga.get("/departures").status_code == 200
    assert company.client("zoe").get("/departures").status_code == 403
    packs = re.findall(r'href="(/figures/packs/[^"]+)"', olga.get("/figures").text)
    assert packs
    for path in packs:
        said = olga.get(f"{path}?days=365")
        assert said.status_code == 200, path
    for lang, width in LOOKS:
        page = visit("olga", "/figures/packs/mfg-gm-office?days=365", lang=lang, width=width)
        assert unfit(page) == []
        # What is written in the charts can be read, on a telephone, too.
        high = page.evaluate(LETTERS)
        assert len(high) > 12 and min(high) >= 10, (lang, width, min(high))


def test_a_person_is_erased_on_the_page_of_a_case(visit: Visit, company: Company) -> None:
    with company.parts.store.look() as reading:
        case = next(c for c in reading.every_case() if not reading.head(c).sealed and reading.head(c).keyring.keys)
    page = visit("zhou.min", f"/cases/{case}/erase", lang="en", width=390)
    assert serious(page) == []
    page.get_by_role("radio").first.check()
    page.get_by_label("Reason").fill("asked for by letter")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Erase personal data").click()
    page.get_by_role("status").get_by_text("Erased").wait_for()
    with company.parts.store.look() as reading:
        assert reading.head(case).keyring.erased


def test_the_page_of_a_task_tells_repeats_tables_and_who_else_looks(company: Company) -> None:
    # Given two complaints of one product, and two people who look at the second
    company.receive("zoo", subject="第一件")
    case = company.receive("zoo", subject="第二件")
    task = f"/cases/{case}/tasks/{company.open_tasks(case)['every']}"
    assert company.client("zoe").get(f"{task}/help").status_code == 200
    assert company.client("olga").get(f"{task}/here").json == {"said": ""}
    assert company.client("zoe").get(f"{task}/here").json["said"] != ""
