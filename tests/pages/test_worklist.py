"""The worklist in the browser: what is mine and late, by keys, beside each other, several at once; new complaints; oneself."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from engine.store import Deputy, WorklistQuery
from tests.pages.company import PASSWORD, Company
from tests.pages.conftest import Visit, serious, turn


@pytest.fixture
def two(company: Company) -> list[str]:
    """Two complaints with an open task each, in nobody's hands."""
    return [company.receive("zoo", subject=f"收费有误 {n}") for n in "一二"]


def held(company: Company, case: str) -> str | None:
    """In whose hands the task is."""
    with company.parts.store.look() as reading:
        row = reading.task(case, company.open_tasks(case)["every"])
    return row.claimed_by or row.assignee


def test_time_left_is_told_in_words_shape_and_colour(visit: Visit, company: Company) -> None:
    with company.parts.store.look() as reading:
        rows = [
            row
            for case in reading.every_case()
            for row in reading.tasks(case)
            if row.due and row.due < company.clock.now()
        ]
    row = rows[0]
    page = visit(
        row.claimed_by or row.assignee or company.able(row.case, row.task).actor.name, "/?scope=overdue", lang="en"
    )
    left = page.locator("tr.item .left").first
    expect(left).to_have_class(re.compile("late"))
    expect(left).to_contain_text("overdue")
    expect(left.locator("use").first).to_have_attribute("href", "#i-late")
    assert left.locator(".used rect").get_attribute("width") == "100"


def test_the_list_is_walked_by_keys_and_the_task_stands_beside_it(visit: Visit, two: list[str]) -> None:
    page = visit("zoe", "/?scope=group&sort=opened", lang="en")
    rows = page.locator("tr.item")
    assert rows.count() >= 2
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1).locator("a.subject")).to_be_focused()
    expect(rows.nth(1)).to_have_class(re.compile("here"))
    number = rows.nth(1).locator(".no").inner_text()
    expect(page.locator("[data-peek]")).to_contain_text(number)
    page.keyboard.press("k")
    expect(rows.nth(0).locator("a.subject")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#answers")).to_be_visible()


def test_search_filter_and_sorting_keep_each_other(visit: Visit, two: list[str]) -> None:
    page = visit("zoe", "/?scope=group", lang="en")
    page.get_by_label("Search the worklist").fill("收费有误 一")
    page.get_by_label("Procedure").select_option("zoo")
    turn(page, page.get_by_role("button", name="Filter"))
    assert {t.strip() for t in page.locator("a.subject").all_inner_texts()} == {"收费有误 一"}
    turn(page, page.get_by_role("link", name="All"))
    assert page.get_by_label("Search the worklist").input_value() == "收费有误 一"
    page.get_by_label("Search the worklist").fill("nothing like this")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("Nothing found.")).to_be_visible()


def test_pages_follow_one_another_without_gap_or_repetition(company: Company) -> None:
    for n in range(52):
        company.receive("zoo", subject=f"第 {n} 件")
    asking, seen, path = company.client("zoe"), [], "/?scope=group&pack=zoo"
    for _ in range(10):
        text = asking.get(path).get_data(as_text=True)
        seen += re.findall(r'class="subject" href="(/cases/[^"]+)"', text)
        further = re.search(r'rel="next" href="([^"]+)"', text)
        if further is None:
            break
        path = further[1].replace("&amp;", "&")
    with company.parts.store.look() as reading:
        count = reading.count_tasks(WorklistQuery(scope="group", pack="zoo"), company.actor("zoe"), most=1000)
    assert len(seen) == len(set(seen)) == count > 52


def test_several_are_tried_first_then_done_item_by_item(visit: Visit, company: Company, two: list[str]) -> None:
    first, second = two
    page = visit("zoe", f"/?scope=group&q={first}", lang="en")
    page.goto("/?scope=group&q=" + "收费有误")
    for case in two:
        page.locator(f'[name=pick][value^="{case}/"]').check()
    expect(page.locator("[data-bulk]")).to_contain_text("2")
    # Somebody else is faster with the first one.
    company.parts.desk.claim_task(first, company.open_tasks(first)["every"], company.actor("hal"))
    page.locator("[data-bulk]").get_by_role("button", name="Take it…").click()
    expect(page.get_by_role("heading", name="Trial: 1 will do, 1 will not")).to_be_visible()
    expect(page.locator(".results li", has_text="Hal He")).to_be_visible()
    assert held(company, second) is None  # the trial changed nothing
    assert serious(page) == []
    page.get_by_role("button", name="Do the 1 that will do").click()
    expect(page.get_by_role("heading", name="1 done, 0 not")).to_be_visible()
    assert (held(company, first), held(company, second)) == ("hal", "zoe")


def test_several_are_handed_over(visit: Visit, company: Company, two: list[str]) -> None:
    page = visit("zoe", "/?scope=group&q=收费有误", lang="en")
    for case in two:
        page.locator(f'[name=pick][value^="{case}/"]').check()
    page.locator("[data-bulk]").get_by_role("button", name="Hand over…").click()
    page.get_by_label("Hand over to").select_option("hal")
    page.get_by_label("Reason").fill("Holidays")
    page.get_by_role("button", name="Try").click()
    page.get_by_role("button", name="Do the 2 that will do").click()
    expect(page.get_by_role("heading", name="2 done, 0 not")).to_be_visible()
    assert [held(company, case) for case in two] == ["hal", "hal"]


def test_a_complaint_is_registered_and_the_like_of_it_is_offered(visit: Visit, company: Company) -> None:
    company.receive("zoo", subject="空调漏水三次未修好")
    page = visit("zoe", "/new/zoo", lang="en")
    page.get_by_label("Subject").press_sequentially("楼上空调漏水三次")
    expect(page.get_by_text("This may have been reported before:")).to_be_visible()
    page.get_by_label("Subject").fill("")
    page.locator("[data-submit]").click()
    expect(page.locator("[data-errors]")).to_contain_text("Subject")
    page.get_by_label("Subject").fill("电梯停运")
    page.get_by_label("What was said").fill("三天没有人来修。")
    page.locator("#f-proof").set_input_files({"name": "note.txt", "mimeType": "text/plain", "buffer": "记录".encode()})
    page.get_by_text("Letter").click()
    page.locator("[data-submit]").click()
    page.wait_for_url("**/cases/*?said=case_opened")
    case = page.url.split("/")[-1].split("?")[0]
    with company.parts.store.look() as reading:
        head = reading.head(case)
        assert (head.title, head.channel, [a.name for a in reading.attachments(case)]) == (
            "电梯停运",
            "letter",
            ["note.txt"],
        )
    # It has a number, and the page says so.
    expect(page.get_by_text(str(head.number)).first).to_be_visible()


def test_the_same_complaint_sent_twice_is_one_case_with_its_files_once(company: Company) -> None:
    import io

    asking = company.client("zoe")
    places = []
    for _ in range(2):
        proof = (io.BytesIO("记录".encode()), "note.txt")
        said = asking.post(
            "/new/zoo",
            {"f.subject": "两次", "f.told": "同一件", "channel": "web", "key": "once-and-again", "f.proof": proof},
        )
        places.append(said.location)
    assert places[0] == places[1]
    case = places[0].split("/")[-1].split("?")[0]
    with company.parts.store.look() as reading:
        assert len(reading.attachments(case)) == 1


def test_who_may_open_nothing_is_told_whom_to_ask(visit: Visit, company: Company) -> None:
    page = visit(company.holder("finance"), "/new", lang="en")
    assert page.locator('a[href="/new/mfg-gm-office"]').count() == 0


def test_a_deputy_acts_for_the_absent_under_both_names(visit: Visit, company: Company, two: list[str]) -> None:
    case = two[0]
    now = company.clock.now()
    company.parts.desk.claim_task(case, company.open_tasks(case)["every"], company.actor("hal"))
    with company.parts.store.begin() as tx:
        arranged = tx.put_deputy(Deputy(absent="hal", deputy="zoe", since=now - timedelta(days=1), until=now + timedelta(days=1)))
    page = visit("zoe", "/profile", lang="en")
    page.get_by_role("button", name="Act for them").click()
    expect(page.get_by_text("You are acting for Hal He")).to_be_visible()
    page.goto(f"/cases/{case}/tasks/{company.open_tasks(case)['every']}")
    page.get_by_label("A line").fill("Checked")
    page.locator("#f-loss").fill("1")
    page.locator("#f-upheld").get_by_text("Yes").click()
    page.locator("#f-rows-1-item").fill("Refund")
    page.locator("#f-rows-1-price").fill("1")
    page.locator("[data-submit]").click()
    page.wait_for_url(f"**/cases/{case}?said=done")
    with company.parts.store.look() as reading:
        done = next(r.event for r in reading.history(case) if r.event.kind == "task_completed")
    assert (done.actor, done.on_behalf_of) == ("zoe", "hal")
    page.goto("/")
    page.get_by_role("button", name="Be myself again").click()
    expect(page.get_by_text("You are acting for")).to_have_count(0)
    # The company is that of all tests: what was arranged for this one ends with it.
    with company.parts.store.begin() as tx:
        tx.end_deputy(arranged)


def test_language_deputy_and_password_are_set_by_oneself(visit: Visit, company: Company) -> None:
    who = company.holder("warehouse")
    page = visit(who, "/profile", lang="en")
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_text("更改口令").first).to_be_visible()
    turn(page, page.get_by_role("button", name="English"))
    page.get_by_label("Deputy").fill(company.holder("finance"))
    page.get_by_role("option").first.click()
    page.get_by_label("From").fill("2026-10-12")
    page.get_by_label("Until").fill("2026-10-16")
    page.get_by_role("button", name="Name a deputy").click()
    expect(page.get_by_text("10-12 – 10-16")).to_be_visible()
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("No deputy is named.")).to_be_visible()
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password").fill("battery staple")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("Password changed.")).to_be_visible()
    assert company.signin.open(who, "battery staple")
