"""A day's work by keyboard alone, in both languages: nobody touches a mouse, and one always sees where one is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.pages.company import PASSWORD, Company
from tests.pages.conftest import Visit

#: So many presses of Tab lead once around any page.
AROUND = 250
#: Where the keyboard is, and whether somebody who looks can tell.
HERE = """() => {
  const el = document.activeElement, box = el.getBoundingClientRect();
  const marked = (node) => {
    const s = getComputedStyle(node);
    return s.boxShadow !== 'none' || (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0);
  };
  const places = [el, el.closest('label'), el.closest('.pick')?.querySelector('.button'), el.closest('.segments')].filter(Boolean);
  return {
    what: `${el.tagName.toLowerCase()}#${el.id}.${el.className} ${el.getAttribute('name') ?? ''} ${(el.innerText ?? '').slice(0, 40)}`,
    seen: el === document.body || (box.width > 0 && box.bottom > 0 && box.top < innerHeight && places.some(marked)),
  };
}"""


class Keys:
    """Somebody at a keyboard. After each press they look where they are."""

    def __init__(self, page: Page) -> None:
        self.page, self.unseen = page, set[str]()

    def press(self, key: str) -> str:
        """Press a key; where one is then."""
        self.page.keyboard.press(key)
        here = self.page.evaluate(HERE)
        if not here["seen"]:
            self.unseen.add(here["what"])
        return str(here["what"])

    def to(self, selector: str, *, back: bool = False) -> None:
        """Go on to the element, as far as Tab leads."""
        for _ in range(AROUND):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab does not lead to {selector}")

    def type(self, selector: str, text: str) -> None:
        """Go to a field and write."""
        self.to(selector)
        self.page.keyboard.type(text)

    def around(self) -> int:
        """Once around the page; how many places there are. A trap has no way out."""
        self.page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
        first, count = self.press("Tab"), 0
        assert "skip" in first, first
        while count < AROUND:
            count += 1
            if self.press("Tab") == first:
                return count
        raise AssertionError("the keyboard is trapped")


@pytest.mark.parametrize(
    ("lang", "add", "subject"), [("zh-CN", "添加一行", "键盘办理的投诉"), ("en", "Add a row", "By keyboard")]
)
def test_a_case_is_handled_by_keyboard_alone(
    visit: Visit, company: Company, lang: str, add: str, subject: str
) -> None:
    case = company.receive("zoo", subject=subject)
    page = visit(None, "/signin", lang=lang)
    keys = Keys(page)
    # Signing in: the first field gets the keyboard by itself
    page.wait_for_function("document.activeElement.name === 'name'")
    page.keyboard.type("zoe")
    keys.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".sidenav")
    # The first press shows the way past the navigation, which ends at what the page is about
    assert "skip" in keys.press("Tab")
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    # A task is looked for among those of the group, opened and taken
    keys.to('a[href*="scope=group"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**scope=group**")
    keys.type('main input[name="q"]', subject)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    keys.to(f'a.subject[href*="/cases/{case}/tasks/"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case}/tasks/*")
    keys.to('form[action$="/claim"] button')
    page.keyboard.press("Enter")
    page.wait_for_url("**said=taken")
    # The form: a line, an amount, a yes, a file, two rows
    keys.type("#f-line", "ok")
    keys.type("#f-loss", "800")
    keys.to('[name="f.upheld"]')
    page.keyboard.press("Space")
    keys.to("#f-proof")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"seen"})
    expect(page.locator(".kept")).to_contain_text("a.txt")
    keys.type("#f-rows-1-item", "x")
    keys.type("#f-rows-1-price", "100")
    keys.to("[data-add]")
    assert add in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "f-rows-2-item"
    page.keyboard.type("y")
    keys.type("#f-rows-2-price", "200")
    keys.to('button[name="act"][value="complete"]')
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case}?said=done")
    # The case is looked at, what folds is opened, and nothing holds the keyboard
    keys.to("details.inwords > summary")
    was = page.evaluate("document.activeElement.parentElement.open")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is not was
    assert keys.around() > 15
    # It is found again by what was said, from any page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type(subject)
    page.keyboard.press("Enter")
    page.wait_for_url("**/find?**")
    keys.to(f'main a[href^="/cases/{case}"]')
    # Signing out
    keys.to("a.whoami", back=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/profile")
    keys.to('form[action*="signout"] button, form[action*="sign-out"] button')
    page.keyboard.press("Enter")
    page.wait_for_url("**/signin**")
    assert keys.unseen == set()


@pytest.mark.parametrize("path", ["/", "/cases", "/find?words=a", "/new/zoo", "/registers", "/profile", "/calendars"])
def test_no_page_of_staff_traps_the_keyboard_or_hides_where_one_is(visit: Visit, path: str) -> None:
    keys = Keys(visit("zoe", path, lang="en"))
    assert keys.around() > 10
    assert keys.unseen == set()
