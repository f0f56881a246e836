"""Figures: what they count is what their lists hold, for those who look after the work of others."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from api.pages.figures import PERIODS
from tests.pages.company import Asking, Company
from tests.pages.conftest import LOOKS, Visit, unfit


def counted(asking: Asking, path: str) -> int:
    """How many lines the list behind a number has, over all its pages."""
    seen, at = 0, path
    while at:
        page = asking.get(at).get_data(as_text=True)
        seen += page.count('<th scope="row">') + page.count('class="item"')
        at = unescape(page.partition('rel="next" href="')[2].partition('"')[0])
    return seen


@pytest.mark.parametrize("path", ["/figures", "/figures/tasks?late=1", "/cases?state=late"])
def test_a_page_of_figures_is_fit_for_everybody(visit: Visit, company: Company, path: str) -> None:
    for lang, width in LOOKS:
        page = visit("olga", path, lang=lang, width=width)
        assert page.locator("h1").count() == 1
        assert unfit(page) == []


def test_every_number_leads_to_as_many_lines(company: Company) -> None:
    asking = company.client("olga")
    page = asking.get("/figures?days=90").get_data(as_text=True)
    links = {
        (unescape(path), int(number))
        for path, number in re.findall(r'href="(/(?:figures/tasks|cases)\?[^"]+)"[^>]*>(?:<span>[^<]*</span><b[^>]*>)?(\d+)<', page)
    }
    assert len(links) > 12
    assert {(path, number) for path, number in links if counted(asking, path) != number} == set()
    # Something of each kind was looked at.
    for kind in ("holder=", "element=", "state=open", "state=late", "closed_since="):
        assert any(kind in path and number for path, number in links), kind


def test_the_days_a_case_took_are_those_of_the_middle_one(company: Company) -> None:
    since = company.clock.now() - timedelta(days=PERIODS[-1])
    with company.parts.store.look() as reading:
        took = reading.took(since, company.actor("olga"))
        heads = [h for h in map(reading.head, reading.every_case()) if h.closed_at and reading.may_see(h, company.actor("olga"))]
    assert took
    for one in took:
        spans = sorted((h.closed_at - h.opened_at) / timedelta(days=1) for h in heads if h.flow == one.flow and h.closed_at)
        half = len(spans) // 2
        middle = spans[half] if len(spans) % 2 else (spans[half - 1] + spans[half]) / 2
        assert (one.closed, one.median_days) == (len(spans), pytest.approx(middle))


def test_figures_are_for_those_who_look_after_the_work_of_others(company: Company) -> None:
    sales = company.client(company.holder("sales"))
    assert sales.get("/figures").status_code == 403
    assert sales.get("/figures/tasks").status_code == 403
    assert 'href="/figures"' not in sales.get("/").get_data(as_text=True)
    # The pack names them; where it does not, it is the role called so
    general = company.client(company.holder("gm"))
    assert general.get("/figures").status_code == 200 and 'href="/figures"' in general.get("/").get_data(as_text=True)
    manager = company.client(company.holder("manager", "life-insurance"))
    assert 'href="/figures"' in manager.get("/").get_data(as_text=True)
    assert manager.get("/figures?days=x").status_code == 200
    assert manager.get("/figures/tasks?cursor=cut&element=%00&holder=nobody").status_code == 200
    assert manager.get("/cases?closed_since=2026-02-30").status_code == 200
