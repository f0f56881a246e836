"""A connection that is lost, a sign-in that ran out, in the middle of writing: nothing typed is lost, and the page says calmly what to do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.desk.office import FILES
from tests.pages.company import PASSWORD, Company
from tests.pages.conftest import Visit, serious
from tests.pages.test_designer import draft, said

__all__ = ["draft"]

#: What is written where, and in which file it is to be found once it is saved.
WRITTEN = {
    "form?path=forms/F02.yaml": ("#title-en", "Kept {}", "forms/F02.yaml"),
    "policy": ("[name='limits|look|en']", "Kept {}", "pack.yaml"),
    "file?path=pack.yaml&as=text": ("#text", FILES["pack.yaml"].decode() + "# Kept {}\n", "pack.yaml"),
}


def write(page: Page, place: str, word: str) -> None:
    """Type something at this place, folded or not."""
    field, text, _ = WRITTEN[place]
    # All that is folded is unfolded.
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true; })")
    page.fill(field, text.replace("{}", word))


@pytest.mark.parametrize("place", WRITTEN)
@pytest.mark.parametrize(("lang", "width"), [("en", 390), ("zh-CN", 1440)])
def test_what_an_owner_wrote_is_saved_once_there_is_a_connection_and_a_sign_in_again(
    company: Company, draft: str, visit: Visit, place: str, lang: str, width: int
) -> None:
    page, path = visit("olga", f"/packs/drafts/{draft}/{place}", lang=lang, width=width), WRITTEN[place][2]
    save = page.locator("main [data-submit]")
    # Without a connection the page stays, says so in the reader's language, and tries again when told to
    write(page, place, "offline")
    page.context.set_offline(True)
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("could not be reached" if lang == "en" else "没有连上服务器")
    assert serious(page) == []
    page.context.set_offline(False)
    page.locator("[data-toast] button").click()
    page.wait_for_url("**said=draft_saved*")
    assert "Kept offline" in said(company, draft, path)
    # Without a sign-in it is carried through the next one
    write(page, place, "signed out")
    page.context.clear_cookies(name="kesu")
    save.click()
    page.fill("#u", "olga")
    page.fill("#p", PASSWORD)
    page.press("#p", "Enter")
    page.locator("header:has(#h-again) + form button").click()
    page.wait_for_url("**said=draft_saved*")
    assert "Kept signed out" in said(company, draft, path)
    # And where another window signed in meanwhile, the page is older than that and nothing is lost either
    write(page, place, "elsewhere")
    page.context.add_cookies([company.cookie("olga")])  # type: ignore[list-item]
    save.click()
    page.locator("header:has(#h-again) + form button").click()
    page.wait_for_url("**said=draft_saved*")
    assert "Kept elsewhere" in said(company, draft, path)


def test_a_text_that_was_only_checked_is_still_kept_in_the_browser(draft: str, visit: Visit) -> None:
    page = visit("olga", f"/packs/drafts/{draft}/file?path=pack.yaml&as=text", lang="en")
    page.fill("#text", page.input_value("#text") + "# checked and not saved\n")
    page.get_by_role("button", name="Check").click()
    page.locator("#findings").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/packs/drafts/{draft}/file?path=pack.yaml&as=text")
    page.get_by_role("button", name="Take it up again").click()
    assert page.input_value("#text").endswith("# checked and not saved\n")


@pytest.mark.parametrize(("lang", "width"), [("en", 390), ("zh-CN", 1440)])
def test_a_form_that_could_not_be_sent_says_so_in_sight_whoever_it_is_that_says_so(
    draft: str, visit: Visit, lang: str, width: int
) -> None:
    for place in ("/new/zoo", f"/packs/drafts/{draft}/try"):
        page = visit("olga" if "try" in place else "zoe", place, lang=lang, width=width)
        page.fill("[name='f.subject']", "typed and not lost")
        # Nobody there; then somebody in front of the service who says that it is not there.
        for gone in (True, False):
            page.context.set_offline(gone)
            if not gone:
                page.route(f"**{place}", lambda route: route.fulfill(status=503, content_type="text/html", body="<h1>No upstream</h1>"))
            page.locator("#answers [data-submit]").click()
            note = page.locator("#answers [data-gone]")
            expect(note).to_be_in_viewport(ratio=0.99)
            box = note.locator("span").bounding_box()
            assert box is not None and box["width"] > 200, "read in lines, not letter by letter"
            assert page.input_value("[name='f.subject']") == "typed and not lost"
            note.evaluate("note => note.remove()")
        page.unroute_all()


def test_a_page_to_sign_in_carries_nothing_that_another_site_sent(company: Company, draft: str) -> None:
    asking, sent = company.client(None), {"path": "pack.yaml", "seen": "1", "text": "theirs", "act": "save"}
    for site, carried in (("same-origin", True), ("same-site", False), ("cross-site", False)):
        for path, entries in ((f"/packs/drafts/{draft}/file", sent), ("/signin", {"name": "x", "password": "y", "kept": "text=theirs"})):
            answer = asking.client.post(path, data=entries, headers={"Accept": "text/html", "Sec-Fetch-Site": site})
            assert ("theirs" in answer.get_data(as_text=True)) == carried, (site, path)
    # Nor is it asked to go on with what comes without the token of the page.
    olga = company.client("olga")
    answer = olga.client.post(f"/packs/drafts/{draft}/file", data=sent, headers={"Accept": "text/html", "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403 and "theirs" not in answer.get_data(as_text=True)
    assert said(company, draft, "pack.yaml") == FILES["pack.yaml"].decode()


