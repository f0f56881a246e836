"""A served company and a browser, once per session; a window per test that reports what went wrong in it.

    def test_something(visit: Visit) -> None:
        page = visit("zoe", "/new", lang="en", width=390)

After each test the windows it opened are asked: no answer was a 500, nothing was asked of another machine, the
content security policy was not violated, no script failed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from tests.pages.company import Company, build_company, served

HEIGHT = {1440: 900, 390: 844}
#: In which a page is looked at: each language and each width once.
LOOKS = (("zh-CN", 1440), ("en", 390))
#: Nothing here is about speed: a machine that does other things, too, may take its time, in milliseconds.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


class Visit(Protocol):
    """Opens a page as somebody; None: not signed in."""

    def __call__(self, who: str | None, path: str = "/", *, lang: str = "zh-CN", width: int = 1440) -> Page: ...


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Five weeks of work in a company, served. Tests that change a case open their own."""
    yield from served(build_company(tmp_path_factory.mktemp("company")))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(company: Company, browser: Browser) -> Iterator[Visit]:
    """Opens pages; at the end asks every window what went wrong in it."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def open_page(who: str | None, path: str = "/", *, lang: str = "zh-CN", width: int = 1440) -> Page:
        context = window(browser, company, who, lang, width)
        contexts.append(context)
        page = context.new_page()
        watch(page, company.address, wrong)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def chromium_path() -> str:
    """Where Debian puts it."""
    found = next(
        (p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") if Path(p).exists()),
        None,
    )
    if found is None:
        pytest.skip("no Chromium on this machine; `./run test` installs it")
    return found


def window(browser: Browser, company: Company, who: str | None, lang: str, width: int) -> BrowserContext:
    """A browser window of that width, signed in as `who`, reading `lang`."""
    context = browser.new_context(
        base_url=company.address, viewport={"width": width, "height": HEIGHT[width]}, locale=lang,
        timezone_id="Asia/Shanghai", has_touch=width < 600, reduced_motion="reduce",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    cookies = [{"name": "lang", "value": lang, "url": company.address}]
    if who is not None:
        cookies.append(company.cookie(who))
    context.add_cookies(cookies)  # type: ignore[arg-type]
    return context


def turn(page: Page, control: Locator) -> None:
    """Press what leads to another page, and wait until that one is complete: before, its scripts hear nothing."""
    with page.expect_navigation():
        control.click()


def watch(page: Page, address: str, wrong: list[str]) -> None:
    """Write down everything that must never happen in a window."""

    def said(message: ConsoleMessage) -> None:
        # A refused form (422, 409, …) is told by the browser as an error of loading; that one is meant.
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            wrong.append(f"asked elsewhere: {request.url}")

    def answered(response: Response) -> None:
        # 503: the gate has its turns full, and says so; a busy machine may.
        if response.status >= 500 and response.status != 503:
            wrong.append(f"{response.status}: {response.url}")
        if response.status == 404 and "/static/" in response.url:
            wrong.append(f"missing: {response.url}")

    page.on("console", said)
    page.on("request", asked)
    page.on("response", answered)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))


def unfit(page: Page) -> list[str]:
    """What makes a page unfit for somebody, in this window and made as wide as the other one: serious findings, and being wider than it.

    With LOOKS that is each language at each width for one visit of each. Colours are asked for once: they know no
    language, and each width is looked at in one of them.
    """
    found = serious(page) + ["wider than its window"] * scrolls_sideways(page)
    size = page.viewport_size
    assert size is not None
    other = next(width for width in HEIGHT if width != size["width"])
    page.set_viewport_size({"width": other, "height": HEIGHT[other]})
    found += [f"at {other}: {one}" for one in serious(page, colours=False) + ["wider than its window"] * scrolls_sideways(page)]
    page.set_viewport_size(size)
    return found


def serious(page: Page, *, colours: bool = True) -> list[str]:
    """What axe finds on a page that is serious or critical; with or without its look at colours, which takes the longest."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    rules = {} if colours else {"color-contrast": {"enabled": False}}
    found: list[str] = page.evaluate(_LOOK, {"resultTypes": ["violations"], "rules": rules})
    return found


#: Script: only what is serious is told, not all that was looked at.
_LOOK = """async (options) => (await axe.run(document, options)).violations
  .filter(found => ['serious', 'critical'].includes(found.impact))
  .flatMap(found => found.nodes.map(node => `${found.id}: ${node.html.slice(0, 120)} ${(node.failureSummary ?? '').slice(0, 200)}`))"""


@cache
def _axe() -> str:
    return str(Axe().axe_script)


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))
