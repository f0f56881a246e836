"""A task in the browser: filled in, refused, sent twice, sent too late, sent after the sign-in ran out. Nothing typed is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.pages.company import PASSWORD, Company
from tests.pages.conftest import LOOKS, Visit, serious, unfit
from tests.pages.zoo import FILLED

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


@pytest.fixture
def case(company: Company) -> str:
    """A complaint whose task asks every kind of field."""
    return company.receive("zoo", subject="送货延误，要求道歉")


def place(company: Company, case: str, element: str = "every") -> str:
    """Where the task is."""
    return f"/cases/{case}/tasks/{company.open_tasks(case)[element]}"


def fill(page: Page) -> None:
    """Everything that must be filled in, and a row."""
    page.get_by_label("A line").fill("Checked")
    page.locator("#f-loss").fill("1200.50")
    page.locator("#f-upheld").get_by_text("Yes").click()
    page.locator("#f-rows-1-item").fill("Refund")
    page.locator("#f-rows-1-pieces").fill("2")
    page.locator("#f-rows-1-price").fill("300.25")


def events(company: Company, case: str, kind: str) -> int:
    """How often something stands in the history."""
    with company.parts.store.look() as reading:
        return sum(r.event.kind == kind for r in reading.history(case))


def test_a_task_is_filled_in_and_the_case_goes_on(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    fill(page)
    # The sums come from the server while one types.
    expect(page.locator('[data-computed="rows.1.sum"]')).to_contain_text("600.50")
    expect(page.locator('[data-computed="total"]')).to_contain_text("600.50")
    # A second row has its own number and its own sum.
    page.get_by_role("button", name="Add a row").click()
    page.locator("#f-rows-2-item").fill("Voucher")
    page.locator("#f-rows-2-pieces").fill("1")
    page.locator("#f-rows-2-price").fill("50")
    expect(page.locator('[data-computed="total"]')).to_contain_text("650.50")
    page.get_by_role("button", name="Remove this row").first.click()
    expect(page.locator('[data-computed="total"]')).to_contain_text("50.00")
    page.locator("#f-proof").set_input_files({"name": "photo.png", "mimeType": "image/png", "buffer": PICTURE})
    expect(page.locator(".kept")).to_contain_text("photo.png")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_url(f"**/cases/{case}?said=done")
    assert "approve" in company.open_tasks(case)
    with company.parts.store.look() as reading:
        assert [a.name for a in reading.attachments(case)] == ["photo.png"]


def test_fields_appear_and_become_required_as_the_rules_say(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    expect(page.locator('[data-field="why"]')).to_be_hidden()
    page.locator("#f-upheld").get_by_text("No").click()
    expect(page.locator('[data-field="why"]')).to_be_visible()
    expect(page.locator('[data-must="why"]')).to_be_visible()
    page.locator("#f-upheld").get_by_text("Yes").click()
    expect(page.locator('[data-field="why"]')).to_be_hidden()


def test_a_wrong_entry_is_told_beside_it_before_anything_is_sent(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    page.locator("#f-loss").fill("12.345")
    page.locator("#f-loss").blur()
    expect(page.locator("#e-loss")).to_contain_text("at most 2 decimals")
    page.locator("#f-loss").fill("12.34")
    page.locator("#f-loss").blur()
    expect(page.locator("#e-loss")).to_be_hidden()


@pytest.mark.parametrize(("lang", "width"), LOOKS)
def test_what_is_wrong_stands_beside_the_field_and_is_linked_on_top(
    visit: Visit, company: Company, case: str, lang: str, width: int
) -> None:
    page = visit("zoe", place(company, case), lang=lang, width=width)
    page.locator("#f-line").fill("שלום 🙂 " + "字" * 40)
    page.locator("#f-loss").fill("-1")
    page.locator("#f-rows-1-item").fill("退款")
    page.locator("[data-submit]").click()
    errors = page.locator("[data-errors]")
    expect(errors).to_be_focused()
    links = errors.get_by_role("link")
    assert links.count() >= 4  # the line is too long, the loss too small, the price and "upheld" are missing
    # Each link goes to its field, also in a row; what was typed stands there.
    for target in links.evaluate_all("all => all.map(a => a.getAttribute('href'))"):
        assert page.locator(target).count() == 1, target
    assert page.locator("#f-line").input_value().endswith("字" * 40)
    assert page.locator("#f-rows-1-item").input_value() == "退款"
    assert page.locator("#f-loss").get_attribute("aria-invalid") == "true"
    assert unfit(page) == []


def test_a_draft_is_kept_while_typing_and_is_there_next_time(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    page.locator("#f-lines").fill("Half a thought")
    expect(page.locator("[data-draft-said]")).to_contain_text("Draft saved")
    again = visit("zoe", place(company, case), lang="en")
    assert again.locator("#f-lines").input_value() == "Half a thought"
    expect(again.get_by_text("This is the draft you saved.")).to_be_visible()
    # It is nobody else's.
    other = visit("hal", place(company, case), lang="en")
    assert other.locator("#f-lines").input_value() == ""


def test_a_draft_on_its_way_is_called_back_when_the_form_is_sent(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    # Given a slow line, and a draft that is on its way
    page.route("**/draft", lambda route: None)
    with page.expect_request("**/draft"):
        fill(page)
    # When the form is sent
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/draft")):
        page.locator("[data-submit]").click()
    # I expect it done, and no word of a draft that came too late
    page.wait_for_url(f"**/cases/{case}?said=done")
    assert said == []


def test_a_draft_that_comes_too_late_is_told_so_and_nothing_is_kept(visit: Visit, company: Company, case: str) -> None:
    # Given a form open in two windows
    page, other = (visit("zoe", place(company, case), lang="en") for _ in range(2))
    said: list[str] = []
    other.on("console", lambda message: said.append(message.text))
    fill(page)
    page.locator("[data-submit]").click()
    page.wait_for_url(f"**/cases/{case}?said=done")
    # When somebody goes on writing in the second
    other.locator("#f-lines").fill("Half a thought")
    # I expect them to be told, on the page and nowhere else
    expect(other.locator("[data-gone]")).to_contain_text("is not open")
    assert said == []


def test_two_clicks_complete_once(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    fill(page)
    page.locator("[data-submit]").dblclick()
    page.wait_for_url(f"**/cases/{case}?said=done")
    assert events(company, case, "task_completed") == 1


def test_the_same_request_sent_again_is_answered_again(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    body = page.evaluate("Object.fromEntries(new FormData(document.getElementById('answers')))")
    body = {k: v for k, v in body.items() if isinstance(v, str)}
    body |= {
        "f.line": "x",
        "f.loss": "1",
        "f.upheld": "true",
        "f.rows.1.item": "a",
        "f.rows.1.price": "1",
        "act": "complete",
    }
    for _ in range(2):
        said = page.request.post(place(company, case) if not _ else page.url, form=body)
        assert said.url.endswith(f"/cases/{case}?said=done")
    assert events(company, case, "task_completed") == 1


def test_who_was_too_late_is_told_who_was_faster_and_keeps_the_text(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    fill(page)
    page.locator("#f-lines").fill("My long report")
    company.parts.desk.complete_task(case, company.open_tasks(case)["every"], FILLED, company.actor("hal"))
    page.locator("[data-submit]").click()
    expect(page.get_by_role("heading", name="This task is no longer open")).to_be_visible()
    expect(page.get_by_text("Hal He did it at")).to_be_visible()
    expect(page.get_by_text("My long report")).to_be_visible()


def test_when_it_is_taken_meanwhile_the_form_says_by_whom(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    fill(page)
    company.parts.desk.claim_task(case, company.open_tasks(case)["every"], company.actor("hal"))
    page.locator("[data-submit]").click()
    expect(page.locator("[data-errors]")).to_contain_text("Hal He")
    assert page.locator("#f-line").input_value() == "Checked"


def test_an_expired_sign_in_loses_nothing(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    fill(page)
    page.locator("#f-lines").fill("My long report")
    page.context.clear_cookies(name="kesu")
    page.locator("[data-submit]").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.get_by_label("User name").fill("zoe")
    page.get_by_label("Password").fill("wrong at first")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Back to the form").click()
    assert page.locator("#f-lines").input_value() == "My long report"
    assert page.locator("#f-rows-1-price").input_value() == "300.25"
    page.locator("[data-submit]").click()
    page.wait_for_url(f"**/cases/{case}?said=done")


def test_a_lost_connection_leaves_the_form_as_it_is(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    fill(page)
    page.context.set_offline(True)
    page.locator("[data-submit]").click()
    expect(page.get_by_text("The server could not be reached.")).to_be_visible()
    page.context.set_offline(False)
    page.locator("[data-submit]").click()
    page.wait_for_url(f"**/cases/{case}?said=done")


def test_a_page_of_an_earlier_sign_in_is_shown_again_and_not_carried_out(
    visit: Visit, company: Company, case: str
) -> None:
    page = visit("zoe", place(company, case), lang="en")
    fill(page)
    page.evaluate("document.querySelector('#answers [name=csrf]').value = 'of yesterday'")
    page.locator("[data-submit]").click()
    expect(page.get_by_text("nothing was submitted")).to_be_visible()
    assert events(company, case, "task_completed") == 0
    assert page.locator("#f-line").input_value() == "Checked"
    page.locator("[data-submit]").click()
    page.wait_for_url(f"**/cases/{case}?said=done")


def test_taking_giving_back_and_handing_over(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("it is yours now")).to_be_visible()
    page.get_by_role("button", name="Give it back").click()
    expect(page.get_by_text("Given back to the group.")).to_be_visible()
    page.goto(place(company, case))
    page.get_by_text("Hand over…").click()
    page.get_by_label("Hand over to").select_option("hal")
    page.locator(".menu").get_by_label("Reason").fill("On leave tomorrow")
    page.get_by_role("button", name="Hand over", exact=True).click()
    expect(page.get_by_text("Handed over.")).to_be_visible()
    with company.parts.store.look() as reading:
        row = reading.task(case, company.open_tasks(case)["every"])
    assert (row.claimed_by or row.assignee) == "hal"


def test_the_gate_says_who_may_not_and_why(visit: Visit, company: Company, case: str) -> None:
    company.parts.desk.complete_task(case, company.open_tasks(case)["every"], FILLED, company.actor("zoe"))
    # Zoe prepared it: she is told why she may not, and who may.
    page = visit("zoe", place(company, case, "approve"), lang="en")
    note = page.get_by_text("You cannot do this task").locator("..")
    expect(note).to_contain_text("Zoe Left did")
    expect(note).to_contain_text("Hal He")
    assert page.locator("[data-submit]").count() == 0
    # Hal may: the gate says that four eyes hold, and a refusal needs a reason.
    page = visit("hal", place(company, case, "approve"), lang="en")
    expect(page.locator(".gate")).to_contain_text("Four eyes: Zoe Left did")
    page.get_by_text("Refuse").click()
    expect(page.locator('[data-must="reason"]')).to_be_visible()
    page.locator("[data-submit]").click()
    expect(page.locator("#e-reason")).to_contain_text("must be filled in")
    assert page.locator(".gate [value=false]").is_checked()
    page.locator("#f-reason").fill("Ask the customer first")
    page.locator("[data-submit]").click()
    page.wait_for_url(f"**/cases/{case}?said=done")
    assert "every" in company.open_tasks(case)


def test_a_file_of_the_wrong_kind_is_refused_at_its_field(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    page.locator("#f-proof").set_input_files({"name": "virus.exe", "mimeType": "application/x", "buffer": b"MZ"})
    expect(page.locator("#e-proof")).to_contain_text("not accepted")
    # The name alone does not deceive: the server looks at the first bytes.
    page.locator("#f-proof").set_input_files({"name": "photo.png", "mimeType": "image/png", "buffer": b"MZ"})
    expect(page.locator("#e-proof")).to_contain_text("not a kind of file we keep")
    assert page.locator(".kept").count() == 0


def test_by_keyboard_alone(visit: Visit, company: Company, case: str) -> None:
    page = visit("zoe", place(company, case), lang="en")
    page.locator("#f-line").focus()
    page.keyboard.type("Checked")
    for name, text in (("#f-loss", "10"), ("#f-rows-1-item", "Refund"), ("#f-rows-1-price", "1")):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == name[1:]:
                break
            if page.evaluate("document.activeElement.name") == "f.upheld":
                page.keyboard.press("Space")
        page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/cases/{case}?said=done")


def test_an_extension_is_made_from_the_task_and_what_was_half_filled_in_stays(
    visit: Visit, company: Company, case: str
) -> None:
    # Given a half-filled form
    page = visit("zoe", place(company, case), lang="en")
    page.locator("#f-lines").fill("Half a thought")
    # When the limit of the step is extended beside it
    page.get_by_role("link", name="Ask for").click()
    page.locator("#asks summary", has_text="Extend").click()
    page.get_by_label("Amount").fill("2")
    page.locator("#asks").get_by_label("Reason").fill("waits for the vet")
    page.locator("#asks").get_by_role("button", name="Extend").click()
    expect(page.locator("#asks").get_by_role("status")).to_contain_text("Extended")
    # I expect the new deadline, and what was typed
    assert events(company, case, "deadline_extended") == 1
    assert page.locator("#f-lines").input_value() == "Half a thought"
    expect(page.get_by_text("It is kept until")).to_contain_text("2027-01-")
    assert serious(page) == []
    # A wrong amount changes nothing and says why.
    page.locator("#asks summary", has_text="Extend").click()
    page.get_by_label("Amount").fill("400")
    page.locator("#asks").get_by_label("Reason").fill("too long")
    page.locator("#asks").get_by_role("button", name="Extend").click()
    expect(page.locator("main")).to_contain_text("5 working days")
    assert events(company, case, "deadline_extended") == 1


def test_what_is_awaited_is_entered_from_the_task_and_the_page_says_what_it_came_to(
    visit: Visit, company: Company, case: str
) -> None:
    # The zoo names no role for it: then only an administrator enters it.
    admin = next(p.name for p in company.people.values() if "*/admin" in p.memberships)
    page = visit(admin, place(company, case), lang="en", width=390)
    page.locator("#asks summary", has_text="Withdrawn").click()
    page.locator("#asks").get_by_role("button", name="Enter").click()
    # The task is gone with it, and the page says so.
    expect(page.locator("main")).to_contain_text("no longer open")
    assert events(company, case, "message_received") == 1


def test_choosing_a_file_takes_no_row_away(visit: Visit, company: Company, case: str) -> None:
    # The word for taking a file away stands on the box in which it is chosen; a click there means no row. Errors of
    # scripts are told at the end.
    page = visit("zoe", place(company, case), lang="en")
    page.locator("[data-files] .pick").dispatch_event("click")
    assert page.locator("[data-row]").count() == 1
