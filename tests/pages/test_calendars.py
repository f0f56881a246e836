"""Calendars on pages: the year, what is not published, and a change from the file to the deadlines that moved."""

from __future__ import annotations

import io
import re

import pytest

from engine.history import DeadlineMoved
from tests.pages.company import Company
from tests.pages.conftest import LOOKS, Visit, unfit

FOUNDING_DAY = '\n[[company]]\nfrom = 2026-11-{day:02}\nto = 2026-11-{day:02}\nzh = "厂庆"\nen = "Founding day"\n'


def changed(company: Company, day: int) -> bytes:
    """The calendar in force with one day off more."""
    return company.parts.almanac.version("cn")[0].source + FOUNDING_DAY.format(day=day).encode()


def hand_in(company: Company, who: str, data: bytes, file: str = "cn.toml", path: str = "/calendars/cn") -> str:
    """Where the page leads after a file was handed in, or the page that says what is wrong."""
    answer = company.client(who).post(path, {"file": (io.BytesIO(data), file), "note": "announced"})
    return answer.headers["Location"] if answer.status_code == 302 else answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["", "/cn", "/unpublished", "effect"])
def test_a_page_of_calendars_is_fit_for_everybody(visit: Visit, company: Company, name: str) -> None:
    path = hand_in(company, "olga", changed(company, 9)) if name == "effect" else f"/calendars{name}"
    for lang, width in LOOKS:
        page = visit("omar", path, lang=lang, width=width)
        assert page.locator("h1").count() == 1
        assert unfit(page) == []


def test_a_year_shows_its_days_off_its_make_up_days_and_that_the_next_is_not_published(
    visit: Visit, company: Company
) -> None:
    page = visit(company.holder("sales"), "/calendars/cn?year=2026", lang="en")
    october = page.get_by_role("region", name="2026 October")
    assert october.locator(".mark.rest").count() == 7
    assert october.locator(".mark.work").count() == 1
    assert "09:00-12:00" in page.get_by_role("region", name="Business hours").inner_text()
    assert page.get_by_text("Days off of 2027 not published yet").count() == 1
    # Whoever may not change it is offered nothing to change.
    assert page.locator("input[type=file]").count() == 0


def test_a_change_is_shown_before_it_moves_anything_and_then_is_one_act_of_a_second_person(company: Company) -> None:
    case = company.receive()
    with company.parts.store.look() as reading:
        running = {d.name: d.due for d in reading.deadlines(case)} | {t.name: t.due for t in reading.tasks(case)}
        # A day off on the first working day there is before the last deadline of the case.
    last = max(due for due in running.values() if due)
    day = next(d for d in range(2, 30) if company.parts.almanac.version("cn")[1].works(last.date().replace(month=11, day=d)))
    path = hand_in(company, "olga", changed(company, day))
    mine = company.client("olga").get(path).get_data(as_text=True)
    assert "somebody else must publish it" in mine and 'value="both"' not in mine
    seen = company.client("omar").get(path).get_data(as_text=True)
    (moving,) = re.findall(r"(\d+) deadlines would move", seen)
    # Without a reason, and by who handed it in, it is not done.
    publish = path.replace("/effect", "/publish")
    assert company.client("omar").post(publish, {"reason": " ", "act": "both"}).status_code == 422
    assert company.client("olga").post(publish, {"reason": "r", "act": "both"}).status_code == 403
    assert company.client(company.holder("sales")).post(publish, {"reason": "r", "act": "both"}).status_code == 403
    before = len(moves_of(company))
    done = company.client("omar").post(publish, {"reason": "announced", "act": "both"})
    assert done.status_code == 302 and done.headers["Location"].endswith("said=replanned")
    company.parts.executor.let_time_pass(company.clock, company.clock.now())
    assert len(moves_of(company)) - before == int(moving)
    with company.parts.store.look() as reading:
        assert [a.kind for a in reading.acts()].count("calendar-replanned") == 1


def moves_of(company: Company) -> list[str]:
    """Deadlines that were moved, over all histories."""
    with company.parts.store.look() as reading:
        return [
            f"{case}/{r.event.deadline}"
            for case in reading.every_case()
            for r in reading.history(case)
            if isinstance(r.event, DeadlineMoved)
        ]


def test_a_file_that_is_no_calendar_is_refused_on_the_page(company: Company) -> None:
    for data in (b"", b"name = ", b"\0\xff", b'name = "cn"\n[week]\nmon = ["25:00-26:00"]\n'):
        page = hand_in(company, "olga", data)
        assert 'role="alert"' in page and "<h1" in page
    assert 'role="alert"' in hand_in(company, "olga", changed(company, 9).replace(b'"cn"', b'"mars"', 1))
    assert company.client("olga").get("/calendars/mars").status_code == 404
    assert company.client(company.holder("sales")).get("/calendars/cn/x/effect").status_code == 403
