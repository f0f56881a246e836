"""Every page opens, in both languages."""

import pytest

from tests.pages.conftest import Visit

PATHS = ["/", "/?scope=group", "/?scope=overdue", "/?scope=all", "/cases", "/new", "/new/zoo", "/profile", "/about"]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_page_of_staff_opens(visit: Visit, lang: str) -> None:
    page = visit("zoe", "/", lang=lang)
    for path in PATHS:
        page.goto(path)
        assert page.locator("h1").first.is_visible(), path
