"""Every page opens, in both languages."""

import pytest

from tests.pages.conftest import Visit


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize(
    "path", ["/", "/?scope=group", "/?scope=overdue", "/?scope=all", "/cases", "/new", "/new/zoo", "/profile", "/about"]
)
def test_every_page_of_staff_opens(visit: Visit, path: str, lang: str) -> None:
    page = visit("zoe", path, lang=lang)
    assert page.locator("h1").first.is_visible()
