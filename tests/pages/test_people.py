"""Colleagues are picked by searching: with keys, with a finger, without script; and nobody is picked by accident."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from engine.store import Person
from tests.pages.company import Company
from tests.pages.conftest import LOOKS, Visit, unfit

INTAKE = "/new/whistle-risk"


@pytest.fixture(scope="module", autouse=True)
def namesakes(company: Company) -> None:
    """Thirty people whose family name is Ouyang, two of them namesakes; and an outside body."""
    with company.parts.store.begin() as tx:
        for n in range(30):
            zh = "欧阳一" if n < 2 else f"欧阳{n}"
            tx.put_person(Person(name=f"ouyang{n:02}", zh=zh, en=f"Ouyang {n:02}", memberships=frozenset()))
        tx.put_person(Person(name="bureau", zh="欧阳局", en="Ouyang Bureau", memberships=frozenset(), external=True))


def monitor(company: Company) -> str:
    """Who registers reports."""
    return company.holder("monitor", "whistle-risk")


def picker(page: Page, name: str = "f.accused") -> tuple[Locator, Locator]:
    """The control and its text box."""
    box = page.locator(f'[data-people][data-name="{name}"]')
    return box, box.get_by_role("combobox")


def test_colleagues_are_picked_and_dropped_by_keys_alone(visit: Visit, company: Company) -> None:
    page = visit(monitor(company), INTAKE)
    box, field = picker(page)
    expect(field).to_have_accessible_name("被举报人在本系统中的账户")
    field.focus()
    field.press_sequentially("欧阳")
    options = box.get_by_role("option")
    expect(options.first).to_contain_text("欧阳")
    expect(options).to_have_count(20)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(box.get_by_role("status")).to_have_text("列出前 20 人，继续输入以缩小范围")
    field.press("ArrowDown")
    first = options.first.get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", first or "")
    field.press("Enter")
    expect(box.locator(".chip")).to_have_count(1)
    # Who is picked already is not offered again; Escape closes the list
    field.press_sequentially("ouyang07")
    expect(options).to_have_count(1)
    field.press("Enter")
    chips = box.locator(".chip")
    expect(chips).to_have_count(2)
    field.press_sequentially("欧阳")
    expect(options).to_have_count(19)
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.fill("")
    field.press("Backspace")
    expect(chips).to_have_count(1)


def test_a_name_that_was_typed_and_not_picked_is_never_lost_silently(visit: Visit, company: Company) -> None:
    page = visit(monitor(company), INTAKE, lang="en")
    box, field = picker(page)
    # A name of two people is nobody's
    field.fill("欧阳一")
    field.press("Tab")
    expect(box.get_by_text("Nobody picked yet")).to_be_visible()
    page.get_by_role("button", name="Register").click()
    expect(page.locator("[data-errors]")).to_be_visible()
    expect(field).to_have_value("欧阳一")
    expect(box.get_by_text("Nobody picked yet")).to_be_visible()
    # A name of one is theirs
    field.fill("Ouyang 07")
    expect(box.get_by_role("option")).to_have_count(1)
    field.press("Tab")
    expect(box.locator(".chip")).to_contain_text("ouyang07")


def test_the_service_refuses_a_name_that_is_nobodys(company: Company) -> None:
    ask = company.client(monitor(company))
    sent = {
        "csrf": ask.csrf, "act": "complete", "channel": "phone", "f.anonymous": "true", "f.contact_given": "false", "f.accused_rank": "staff",
        "f.subject": "虚报加班", "f.matters": "fraud", "f.complaint_text": "每月多报二十小时", "f.subjects.1.name": "欧阳某",
    }  # fmt: skip
    said = ask.client.post(INTAKE, data={**sent, "f.accused.find": "欧阳一"})
    assert said.status_code == 422 and "There is no such person" in said.text
    done = ask.client.post(INTAKE, data={**sent, "f.accused.find": "欧阳7"})
    assert done.status_code == 302
    with company.parts.store.look() as reading:
        assert reading.head(done.location.split("/")[2].split("?")[0]).barred == ("ouyang07",)


@pytest.mark.parametrize(("lang", "width"), LOOKS)
def test_the_open_list_is_fit_for_everybody(visit: Visit, company: Company, lang: str, width: int) -> None:
    page = visit(monitor(company), INTAKE, lang=lang, width=width)
    box, field = picker(page)
    field.fill("ouyang")
    expect(box.get_by_role("option").first).to_contain_text("ouyang")
    box.get_by_role("option").nth(3).click()
    expect(box.locator(".chip")).to_have_count(1)
    field.fill("ouyang")
    expect(box.get_by_role("option")).to_have_count(19)
    assert unfit(page) == []
    box.get_by_role("button").last.click()
    expect(box.locator(".chip")).to_have_count(0)


def test_without_script_the_same_people_are_found(browser: Browser, company: Company) -> None:
    context = browser.new_context(base_url=company.address, java_script_enabled=False)
    context.add_cookies([{"name": "lang", "value": "en", "url": company.address}, company.cookie(monitor(company))])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(INTAKE)
    page.fill('[name="f.accused.find"]', "ouyang 1")
    page.get_by_role("button", name="Look up").click()
    box, _ = picker(page)
    expect(box.get_by_text("Looked for “ouyang 1”: 12 found")).to_be_visible()
    box.get_by_role("checkbox", name="Ouyang 12").check()
    page.get_by_role("button", name="Look up").click()
    expect(box.get_by_role("checkbox", name="Ouyang 12")).to_be_checked()
    context.close()


def test_a_search_tells_names_and_nothing_else(company: Company) -> None:
    ask = company.client(monitor(company))
    ask.client.set_cookie("lang", "zh-CN")
    said = ask.get("/people/find?q=%E6%AC%A7%E9%98%B3%E4%B8%80").json
    assert said == {
        "people": [{"name": "ouyang00", "called": "欧阳一"}, {"name": "ouyang01", "called": "欧阳一"}],
        "said": "2 人",
    }
    # Outside bodies are no colleagues, and a sign of the search is a sign
    assert ask.get("/people/find?q=bureau").json["people"] == []
    assert ask.get("/people/find?q=%25").json["people"] == [] == ask.get("/people/find?q=_").json["people"]
    leads = [p["name"] for p in ask.get("/people/find?role=lead&pack=whistle-risk").json["people"]]
    assert leads and all("whistle-risk/lead" in company.people[name].memberships for name in leads)
    assert company.client(None).get("/people/find?q=a").status_code in (302, 401)
