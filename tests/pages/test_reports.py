"""Reports that a procedure asks for: whoever is to see to one finds it, reads it, and says so once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.pages.company import Company
from tests.pages.conftest import LOOKS, Visit, unfit

HERE = "/reports/mfg-gm-office/monthly/2025-01"


@pytest.fixture
def reported(company: Company) -> Iterator[Company]:
    """The company, with a report of a month that nobody has seen to."""
    until = company.clock.now() - timedelta(days=3)
    with company.parts.store.begin() as tx:
        figures = tx.figures("mfg-gm-office", until - timedelta(days=60), until)
        said = {"title": {"zh": "客户投诉案件统计表", "en": "Monthly statistics"}, "every": "month", "source": "", **figures}
        tx.save_report(
            "mfg-gm-office", "monthly", "2025-01", since=until - timedelta(days=60), until=until,
            due=company.clock.now() + timedelta(days=9), made=until, content=said,
        )  # fmt: skip
    return company


def test_the_page_of_a_report_is_fit_for_everybody(visit: Visit, reported: Company) -> None:
    for lang, width in LOOKS:
        page = visit(reported.holder("registry"), HERE, lang=lang, width=width)
        assert page.locator("h1").count() == 1
        assert unfit(page) == []


def test_whoever_is_to_see_to_a_report_finds_it_above_their_tasks_until_somebody_has(reported: Company) -> None:
    boss, clerk = reported.client(reported.holder("registry")), reported.client(reported.holder("sales"))
    assert HERE in boss.get("/").text and HERE not in clerk.get("/").text
    # Who has a role in the procedure may read it; what is counted in it is there
    page = clerk.get(HERE).text
    assert "Monthly statistics" in page and "Open at the end" in page
    # When somebody says that it has been seen to
    assert boss.post(HERE, {"remark": "two departments asked"}).status_code == 302
    # I expect it to be said, and asked no more
    page = boss.get(HERE).text
    assert "two departments asked" in page and "It has been seen to" not in page
    assert HERE not in boss.get("/").text
    assert boss.post(HERE, {"remark": "again"}).status_code == 409
