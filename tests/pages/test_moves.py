"""Moving running cases on pages: what would happen to each is shown, one owner asks, another has it done."""

from __future__ import annotations

import pytest

from engine.release import Release
from tests.pages.company import Company
from tests.pages.conftest import Visit, unfit

PACK = "mfg-gm-office"


@pytest.fixture(scope="module")
def pair(company: Company) -> tuple[str, str]:
    """The release in force, on which cases run, and an earlier one in which the limit for closing is longer."""
    parts = company.parts
    with parts.store.look() as reading:
        current = reading.current(PACK)
        files = dict(parts.shelf.release(current, reading).files)
    text = files["pack.yaml"].decode()
    assert "value: 14, unit: day" in text
    files["pack.yaml"] = text.replace("value: 14, unit: day", "value: 21, unit: day").encode()
    longer = Release.of(files)
    with parts.store.begin() as tx:
        now = company.clock.now()
        tx.save_release(longer.digest, pack=PACK, files=longer.files, by="olga", at=now, note="三周结案")
        for digest in (longer.digest, current):
            tx.publish_release(digest, by="omar", at=now)
    # Whatever other tests have published since: cases that run on it, and whose limit is at work.
    for _ in range(3):
        company.walk(company.receive(PACK), "trace", loss_caused=True, visit_needed=False)
    return current, longer.digest


def test_the_forecast_is_fit_for_everybody_and_says_what_changes(company: Company, visit: Visit, pair: tuple[str, str]) -> None:
    path = f"/packs/{PACK}/moves?before={pair[0]}&after={pair[1]}"
    for lang, width, said in (("zh-CN", 1440, "目标结案"), ("en", 390, "Target for closing")):
        page = visit("olga", path, lang=lang, width=width)
        assert unfit(page) == []
        page.get_by_role("button", name="预测" if lang == "zh-CN" else "Forecast").press("Enter")
        page.wait_for_url("**/packs/moves/M-*")
        assert said in page.locator("main").inner_text()
        assert unfit(page) == []
        page.get_by_role("button", name="放弃" if lang == "zh-CN" else "Give it up").press("Enter")
        page.wait_for_url("**said=withdrawn")


def test_a_forecast_over_many_cases_goes_on_by_itself_and_says_how_far_it_is(
    company: Company, visit: Visit, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given more cases than are foreseen at once
    monkeypatch.setattr("engine.moving.PART", 1)
    page = visit("olga", f"/packs/{PACK}/moves?before={pair[0]}&after={pair[1]}", lang="en")
    page.get_by_role("button", name="Forecast").click()
    page.wait_for_url("**/packs/moves/M-*")
    assert 0 < int(page.locator("progress").get_attribute("value") or 0) < 100
    assert page.locator("#reason").count() == 0
    # When the executor has gone on with it, the open page says so by itself
    company.parts.executor.poke()
    page.locator("#reason").wait_for()
    page.fill("#reason", "longer")
    page.get_by_role("button", name="Hand in for a second person").click()
    page.wait_for_url("**said=asked")
    page.get_by_role("button", name="Withdraw").click()


def test_one_owner_asks_another_has_it_done_and_each_case_says_so(company: Company, visit: Visit, pair: tuple[str, str]) -> None:
    olga, omar = company.client("olga"), company.client("omar")
    move = _foreseen(company, pair)
    assert olga.post(f"{move}/ask", {"reason": ""}).status_code == 422  # a reason is wanted
    assert omar.post(f"{move}/approve").status_code == 409  # nobody asked for it yet
    assert olga.post(f"{move}/ask", {"reason": "longer"}).status_code == 302
    assert "another process owner must approve it" in olga.get(move).get_data(as_text=True)
    assert olga.post(f"{move}/approve").status_code == 403
    page = visit("omar", move, lang="en", width=390)
    assert unfit(page) == []
    page.get_by_role("button", name="Approve and move").press("Enter")
    page.wait_for_url(f"**{move}?said=approved")
    company.parts.executor.poke()
    told = omar.get(move).get_data(as_text=True)
    assert "moved" in told and "waiting" not in told
    with company.parts.store.look() as reading:
        moved = next(c.case for c in reading.moved_cases(move.rpartition("/")[2]) if c.state == "moved")
        assert reading.head(moved).release == pair[1]
    # Back again, so that the company is as others expect it.
    again = _foreseen(company, (pair[1], pair[0]))
    olga.post(f"{again}/ask", {"reason": "back"})
    assert omar.post(f"{again}/approve").status_code == 302
    company.parts.executor.poke()
    assert "{'moved'" in str(dict(_tally(company, again)))
    history = visit("olga", f"/cases/{moved}", lang="en")
    assert "moved the case to another release" in history.locator("main").inner_text()


def _foreseen(company: Company, pair: tuple[str, str]) -> str:
    return company.client("olga").post(f"/packs/{PACK}/moves", {"before": pair[0], "after": pair[1]}).headers["Location"]


def _tally(company: Company, move: str) -> dict[str, int]:
    with company.parts.store.look() as reading:
        return reading.move_tally(move.rpartition("/")[2])


def test_who_owns_nothing_finds_nothing(company: Company, pair: tuple[str, str]) -> None:
    clerk = company.client(company.holder("sales"))
    assert clerk.get(f"/packs/{PACK}/moves").status_code == 403
    assert clerk.post(f"/packs/{PACK}/moves", {"before": pair[0], "after": pair[1], "reason": "x"}).status_code == 403
