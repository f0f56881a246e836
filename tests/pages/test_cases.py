"""The case page, the list, the past of a case and its proof, in a real browser."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from engine.authority import Actor
from engine.history import TimerFired
from engine.release import Release
from tests.desk.office import FILES
from tests.pages.company import Company
from tests.pages.conftest import LOOKS, Visit, turn, unfit
from tests.pages.zoo import FILLED

PACK = "mfg-gm-office"


@pytest.fixture(scope="module")
def long_case(company: Company) -> str:
    """The open case of the office with the longest history."""
    with company.parts.store.look() as reading:
        heads = [reading.head(case) for case in reading.every_case()]
    return max((h for h in heads if h.pack == PACK and h.closed_at is None), key=lambda h: h.seq).case


@pytest.fixture
def zoo_case(company: Company) -> str:
    """A fresh case of the zoo."""
    return company.receive("zoo", subject="猴子抢走了帽子", customer="王女士")


def auditor(company: Company) -> str:
    """Who audits."""
    return next(p.name for p in company.people.values() if "*/auditor" in p.memberships)


# --- every page, both languages, both widths ----------------------------------------------------------


@pytest.mark.parametrize(("lang", "width"), LOOKS)
@pytest.mark.parametrize("place", ["/cases", "/cases/{}", "/cases/{}/at/{}", "/cases/{}/proof"])
def test_the_pages_of_a_case_are_accessible_and_fit(
    visit: Visit, company: Company, long_case: str, place: str, lang: str, width: int
) -> None:
    with company.parts.store.look() as reading:
        seq = reading.head(long_case).seq
    page = visit(auditor(company), place.format(long_case, seq // 2), lang=lang, width=width)
    assert page.locator("h1").first.is_visible()
    assert unfit(page) == []


@pytest.mark.parametrize("place", ["/cases/{}", "/cases/{}/at/40", "/cases/{}/proof"])
def test_an_english_page_says_nothing_in_chinese_but_what_people_wrote(
    visit: Visit, company: Company, long_case: str, place: str
) -> None:
    page = visit(auditor(company), place.format(long_case), lang="en")
    # What people wrote stays as they wrote it: titles, answers, remarks, quotations.
    page.evaluate(
        "document.querySelectorAll('h1, .facts dd, .opinions p, .diff, .history, .eventlist, .numbered, .topbar, .brand, "
        "#h-then ~ *, [aria-labelledby=h-then], .docs, #since').forEach(node => node.remove())"
    )
    said = page.locator("main").inner_text()
    assert re.findall(r"[\u4e00-\u9fff]+", said) == []


# --- the dossier --------------------------------------------------------------------------------------


def test_the_dossier_shows_clocks_complaint_diagram_and_history(visit: Visit, company: Company, long_case: str) -> None:
    page = visit(company.holder("sales"), f"/cases/{long_case}")
    expect(page.locator(".clockrow .left").first).to_be_visible()
    expect(page.get_by_role("heading", name="投诉内容")).to_be_visible()
    assert page.locator("svg.bpmn .now").count() >= 1
    assert page.locator("svg.bpmn .lanehead").count() >= 3
    sentence = page.locator(".history .what").first.inner_text()
    assert re.search(r"[\u4e00-\u9fff]", sentence) and "_" not in sentence
    assert page.locator(".strip li").count() >= 7


def test_without_a_script_nothing_is_missing(visit: Visit, company: Company, long_case: str) -> None:
    page = visit(company.holder("sales"), f"/cases/{long_case}")
    context = page.context.browser.new_context(java_script_enabled=False, base_url=company.address)  # type: ignore[union-attr]
    context.add_cookies([company.cookie(auditor(company))])  # type: ignore[list-item]
    bare = context.new_page()
    bare.goto(f"/cases/{long_case}")
    expect(bare.locator("svg.bpmn").first).to_be_visible()
    bare.goto(f"/cases/{long_case}/at/1")
    bare.locator("#step").fill("3")
    bare.locator("[data-go]").click()
    expect(bare.locator(".eventlist header")).to_contain_text("3 /")
    context.close()


def test_where_it_stands_is_told_in_words_too(visit: Visit, company: Company, long_case: str) -> None:
    page = visit(company.holder("sales"), f"/cases/{long_case}", lang="en")
    words = page.locator("details.inwords").first
    words.locator("summary").click()
    assert len(words.locator("dd").first.inner_text()) > 3


def test_a_remark_a_pause_and_an_extension_are_made_on_the_page(visit: Visit, company: Company, zoo_case: str) -> None:
    page = visit("zoe", f"/cases/{zoo_case}", lang="en")
    page.get_by_label("Write a remark").fill("帽子已找到")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".opinions")).to_contain_text("帽子已找到")

    page.locator("summary", has_text="Stop the clocks").click()
    page.get_by_label("Why stop the clocks").fill("等游客回电")
    page.get_by_role("button", name="Stop the clocks").click()
    expect(page.locator(".casehead .meta")).to_contain_text("Clocks stand still")
    expect(page.locator(".history")).to_contain_text("等游客回电")

    page.locator("summary", has_text="Let the clocks go on").click()
    page.get_by_label("Why let them go on").fill("已回电")
    page.get_by_role("button", name="Let the clocks go on").click()
    page.locator("summary", has_text="Extend").first.click()
    page.get_by_label("Amount").first.fill("2")
    page.get_by_label("Reason").first.fill("等兽医")
    page.get_by_role("button", name="Extend").first.click()
    expect(page.locator(".because").first).to_contain_text("Extended by 2 working days")


def test_who_steps_off_a_case_no_longer_finds_it(visit: Visit, company: Company, zoo_case: str) -> None:
    page = visit("hal", f"/cases/{zoo_case}", lang="en")
    page.locator("summary", has_text="Step off the case").click()
    page.get_by_label("Why step off").fill("My brother's hat")
    turn(page, page.get_by_role("button", name="Step off the case"))
    answer = page.goto(f"/cases/{zoo_case}")
    assert answer is not None and answer.status == 404


# --- the list -----------------------------------------------------------------------------------------


def test_cases_are_found_by_chinese_words_and_filtered(visit: Visit, company: Company, zoo_case: str) -> None:
    page = visit("zoe", "/cases")
    page.locator("main [type=search]").fill("猴子抢走")
    page.locator("main").get_by_role("button", name="筛选").click()
    expect(page.locator("tr.item", has_text="猴子抢走了帽子").first).to_be_visible()
    page.goto("/cases?state=closed&q=猴子抢走")
    expect(page.locator(".empty")).to_be_visible()
    page.goto("/cases?flow=service&pack=zoo")
    assert page.locator("tr.item").count() >= 1


def test_a_sealed_case_is_in_no_list_of_those_who_take_no_part(visit: Visit, company: Company) -> None:
    case = company.receive("zoo", subject="密封的投诉")
    from sqlalchemy import text

    with company.parts.store.begin() as tx:
        tx._sql.execute(text("UPDATE case_head SET sealed = 1 WHERE case_id = :case"), {"case": case})
        tx._sql.execute(
            text("DELETE FROM participant WHERE case_id = :case AND who = :who"), {"case": case, "who": "@hal"}
        )
    outsider = company.holder("sales")
    page = visit(outsider, "/cases?q=密封的投诉")
    expect(page.locator(".empty")).to_be_visible()
    for place in ("", "/at/1", "/proof", "/history.json"):
        answer = page.goto(f"/cases/{case}{place}")
        assert answer is not None and answer.status == 404, place
    page = visit(auditor(company), f"/cases/{case}")
    expect(page.locator("h1")).to_be_visible()


# --- the past -----------------------------------------------------------------------------------------


def test_the_past_is_walked_by_keyboard_and_slider(visit: Visit, company: Company, long_case: str) -> None:
    page = visit(auditor(company), f"/cases/{long_case}/at/1", lang="en")
    expect(page.locator(".eventlist header")).to_contain_text("1 /")
    with page.expect_navigation():
        page.keyboard.press("ArrowRight")
    expect(page.locator(".eventlist header")).to_contain_text("2 /")
    with page.expect_navigation():
        page.keyboard.press("ArrowLeft")
    expect(page.locator(".eventlist header")).to_contain_text("1 /")
    turn(page, page.get_by_role("link", name="Last event"))
    expect(page.locator("a[rel=next]")).to_be_visible()
    page.locator("#step").focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile(r"/at/\d+$"))


@pytest.mark.parametrize(("lang", "width"), LOOKS)
def test_why_a_case_was_late_and_who_knew_is_two_clicks_from_its_page(visit: Visit, company: Company, lang: str, width: int) -> None:
    # Given a case of the office with a deadline that was not kept
    seen = (company.parts.casebook.case(case, company.actor(auditor(company))) for case in _cases_of(company, PACK))
    view = next(one for one in seen if any(d.late for d in one.deadlines))
    due = next(d.due for d in view.deadlines if d.late)
    page = visit(auditor(company), f"/cases/{view.head.case}", lang=lang, width=width)
    # When the auditor follows it to the moment it ran out
    summary = page.locator("details.whythen summary", has_text="逾期" if lang == "zh-CN" else "late").or_(
        page.locator("details.whythen summary", has_text="overdue")).first
    if not summary.evaluate("s => s.parentElement.open"):
        summary.click()
    turn(page, summary.locator("xpath=..").locator("a[href*='/at/']"))
    # I expect that moment: who had it and, above who could see it, who had been told
    with company.parts.store.look() as reading:
        records = reading.history(view.head.case)
    assert int(page.url.rpartition("/")[2]) == max(r.seq for r in records if r.event.at <= due)
    panels = page.locator("section.panel h2").evaluate_all("all => all.map(one => one.id)")
    assert [one for one in panels if one in ("h-open", "h-told", "h-sight")] == ["h-open", "h-told", "h-sight"]
    assert unfit(page) == []
    # And from the end of the history the way back to it
    page.goto(f"/cases/{view.head.case}/at/{view.head.seq}")
    if any(isinstance(r.event, TimerFired) for r in records):
        turn(page, page.get_by_role("link", name="上一个超时" if lang == "zh-CN" else "Previous breach"))
        assert int(page.url.rpartition("/")[2]) < view.head.seq


def _cases_of(company: Company, pack: str) -> list[str]:
    with company.parts.store.look() as reading:
        return [case for case in reading.every_case() if reading.head(case).pack == pack]


def test_then_is_shown_and_not_now(visit: Visit, company: Company, zoo_case: str) -> None:
    company.do(zoo_case, company.open_tasks(zoo_case)["every"], **FILLED)
    with company.parts.store.look() as reading:
        last = reading.head(zoo_case).seq
    page = visit(auditor(company), f"/cases/{zoo_case}/at/1", lang="en")
    expect(page.locator("[aria-labelledby=h-open]")).to_contain_text("Nothing was to be done")
    expect(page.locator("table.diff")).to_contain_text("What was said")
    page.goto(f"/cases/{zoo_case}/at/{last}")
    expect(page.locator("[aria-labelledby=h-open]")).to_contain_text("Approve")
    expect(page.locator("table.diff ins").first).to_be_visible()


def test_a_case_is_proved_by_a_button_and_taken_along(visit: Visit, company: Company, long_case: str) -> None:
    page = visit(auditor(company), f"/cases/{long_case}", lang="en")
    page.get_by_role("link", name="Verify").click()
    expect(page.locator(".proof h2")).to_contain_text("complete and unaltered")
    expect(page.locator(".proof")).to_contain_text("byte for byte")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download history").click()
    told = json.loads(waiting.value.path().read_text("utf-8"))
    with company.parts.store.look() as reading:
        head = reading.head(long_case)
    assert (told["seq"], told["hash"]) == (head.seq, head.hash)
    assert len(told["events"]) == head.seq and all(e["sentence"] for e in told["events"])


def test_who_is_no_auditor_has_nothing_proved(visit: Visit, company: Company, long_case: str) -> None:
    page = visit(company.holder("sales"), f"/cases/{long_case}", lang="en")
    assert page.get_by_role("link", name="Verify").count() == 0
    answer = page.goto(f"/cases/{long_case}/proof")
    assert answer is not None and answer.status == 403


# --- rubbish ------------------------------------------------------------------------------------------

NOWHERE = [
    "/cases/C-0", "/cases/C-99999999999999999999", "/cases/%00", "/cases/..%2f..", "/cases/客诉", "/cases/'--", "/cases/{}/at/0",
    "/cases/{}/at/-1", "/cases/{}/at/99999999999999999999", "/cases/{}/at/abc", "/cases/{}/at/1.5", "/cases/{}/at/%E2%91%A0",
    "/cases/{}/attachments/none", "/cases/{}/nothing",
]  # fmt: skip
ODD_SEARCHES = ["cursor=xyz", "cursor=%00", "q=%00%00", "q=" + "猴" * 3000, "pack=nothing", "flow=zzz", "state=maybe", "q=%25_'\""]


def test_rubbish_in_an_address_is_not_found_and_no_more(visit: Visit, company: Company, zoo_case: str) -> None:
    page = visit("zoe", "/profile")
    for place in NOWHERE:
        answer = page.goto(place.format(zoo_case))
        assert answer is not None and 400 <= answer.status < 500, place


def test_rubbish_in_a_search_finds_something_or_nothing(visit: Visit) -> None:
    page = visit("zoe", "/profile")
    for query in ODD_SEARCHES:
        answer = page.goto(f"/cases?{query}")
        assert answer is not None and answer.status == 200, query


def test_the_slider_s_own_address_takes_rubbish(visit: Visit, company: Company, zoo_case: str) -> None:
    page = visit("zoe", "/profile")
    for step in ("0", "-5", "99999", "abc", ""):
        answer = page.goto(f"/cases/{zoo_case}/at?step={step}")
        assert answer is not None and answer.status == 200, step


# --- trouble ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def broken_case(company: Company) -> str:
    """A case that stands still: its procedure extends a deadline that does not exist."""
    files = {path: data.replace(b"pack: office", b"pack: broken") for path, data in FILES.items()}
    files["diagrams/office.bpmn"] = files["diagrams/office.bpmn"].replace(
        b'type="take-number"/><zeebe:taskHeaders><zeebe:header key="series" value="complaint"/>',
        b'type="extend-deadline"/><zeebe:taskHeaders><zeebe:header key="deadline" value="none"/>'
        b'<zeebe:header key="amount" value="1"/><zeebe:header key="unit" value="day"/><zeebe:header key="reason" value="x"/>',
    )
    release = Release.of(files)
    with company.parts.store.begin() as tx:
        now = company.clock.now()
        tx.save_release(release.digest, pack="broken", files=release.files, by="system", at=now)
        tx.publish_release(release.digest, by="system", at=now)
    actor = Actor(name="hal", memberships=frozenset({"broken/desk", "broken/clerk"}))
    return company.parts.desk.open_case(
        "broken", {"subject": "停住的案件", "loss": "1.00"}, actor, channel="phone"
    ).case


def test_where_a_case_stands_still_is_said_and_an_administrator_mends_it(
    visit: Visit, company: Company, broken_case: str
) -> None:
    admin = next(p.name for p in company.people.values() if "*/admin" in p.memberships)
    page = visit(admin, f"/cases/{broken_case}", lang="en")
    expect(page.get_by_role("alert")).to_contain_text("The case stands still")
    page.get_by_label("What was done about it").fill("looked at it")
    turn(page, page.get_by_role("button", name="Mend and resume"))
    expect(page.locator(".history")).to_contain_text("looked at it")
    assert page.get_by_role("alert").count() == 1
    plain = visit("zoe", f"/cases/{broken_case}", lang="en")
    assert plain.get_by_role("button", name="Mend and resume").count() == 0


def test_a_message_from_outside_is_entered_and_ends_the_case(visit: Visit, company: Company, zoo_case: str) -> None:
    # The zoo names no role for it: then only an administrator enters it, and nobody else is offered it.
    plain = visit("zoe", f"/cases/{zoo_case}", lang="en")
    assert plain.locator("[aria-labelledby=h-out]").count() == 0
    admin = next(p.name for p in company.people.values() if "*/admin" in p.memberships)
    page = visit(admin, f"/cases/{zoo_case}", lang="en")
    page.locator("[aria-labelledby=h-out] summary").first.click()
    turn(page, page.get_by_role("button", name="Enter"))
    expect(page.locator(".casehead .meta")).to_contain_text("Closed")
    assert page.locator("[aria-labelledby=h-out]").count() == 0


def test_a_printed_case_has_everything_on_paper_and_nothing_to_press(
    visit: Visit, company: Company, long_case: str
) -> None:
    page = visit(company.holder("sales"), f"/cases/{long_case}")
    page.emulate_media(media="print")
    expect(page.locator("svg.bpmn").first).to_be_visible()
    expect(page.locator(".history .what").first).to_be_visible()
    for gone in (".topbar", ".sidenav", ".casehead .actions", "[aria-labelledby=h-more]", "form.upload"):
        assert page.locator(gone).count() == 0 or not page.locator(gone).first.is_visible(), gone
    assert len(page.pdf(format="A4")) > 20_000


@pytest.mark.parametrize("ending", ["xes", "ocel.json"])
def test_a_log_that_is_taken_along_holds_no_sealed_case(company: Company, ending: str) -> None:
    # An auditor sees sealed cases in the list, but a file is passed on, and who opened one may be the reporter.
    with company.parts.store.look() as reading:
        heads = [reading.head(case) for case in reading.every_case()]
    sealed, others = {h.case for h in heads if h.sealed}, {h.case for h in heads if not h.sealed}
    log = company.client(auditor(company)).get(f"/cases.{ending}").get_data(as_text=True)
    told = set(re.findall(r"C-\d+", log))
    assert sealed and not told & sealed
    assert others <= told
