"""What holds on every page of staff: both languages, both widths, no serious finding, nothing wider than the window."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.pages import texts, words
from tests.pages.company import Company
from tests.pages.conftest import LOOKS, Visit, unfit
from tests.pages.zoo import FILLED

WEB = Path(__file__).parents[2] / "web"


def path_of(company: Company, name: str) -> tuple[str | None, str]:
    """Who looks at a page, and where it is."""
    sales = company.holder("sales")
    match name:
        case "signin":
            return None, "/signin"
        case "task":
            case = company.receive("zoo", subject="多收费用")
            return "zoe", f"/cases/{case}/tasks/{company.open_tasks(case)['every']}"
        case "gate":
            case = company.receive("zoo", subject="多收费用")
            company.parts.desk.complete_task(case, company.open_tasks(case)["every"], FILLED, company.actor("zoe"))
            return "hal", f"/cases/{case}/tasks/{company.open_tasks(case)['approve']}"
        case "gone":
            case = company.receive("zoo", subject="多收费用")
            task = company.open_tasks(case)["every"]
            company.parts.desk.complete_task(case, task, FILLED, company.actor("zoe"))
            return "zoe", f"/cases/{case}/tasks/{task}"
        case "error":
            return sales, "/cases/C-999999"
    return sales, {"worklist": "/", "group": "/?scope=group", "new": "/new", "intake": "/new/mfg-gm-office"}.get(
        name, f"/{name}"
    )


@pytest.mark.parametrize(
    "name", ["signin", "worklist", "group", "task", "gate", "gone", "new", "intake", "profile", "about", "error"]
)
def test_a_page_is_fit_for_everybody(visit: Visit, company: Company, name: str) -> None:
    who, path = path_of(company, name)
    for lang, width in LOOKS:
        page = visit(who, path, lang=lang, width=width)
        assert page.locator("h1").count() == 1, f"{name} {lang} {width}"
        assert page.evaluate("document.documentElement.lang") == lang
        assert unfit(page) == [], f"{name} {lang} {width}"


def test_the_first_thing_a_keyboard_reaches_leads_to_the_content(visit: Visit, company: Company) -> None:
    page = visit(company.holder("sales"), "/", lang="en")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_every_text_of_a_template_is_written_in_both_languages() -> None:
    used = {
        (file.name, name)
        for file in (WEB / "templates").glob("*.html")
        for name in re.findall(r"(?<![a-z_])t\('([a-z_0-9]+)'\)", file.read_text(encoding="utf-8"))
    }
    assert len(used) > 100
    assert {(file, name) for file, name in used if name not in words.WORDS} == set()
    assert {name for name, (zh, _) in words.WORDS.items() if not zh} == set()


def test_no_text_is_written_twice_or_names_other_facts_in_the_other_language() -> None:
    lists = [texts.FRAME, texts.STAFF, texts.SELF, texts.CASE, texts.OFFICE, texts.DRAFTS, texts.MOVES]
    assert len(words.WORDS) == sum(len(one) for one in lists)
    for name, (zh, en) in words.WORDS.items():
        facts = [re.findall(r"{\w*}", text) for text in (zh, en)]
        if name not in ("month_title", "month_short"):  # a Chinese month is a number, an English one a name
            assert sorted(facts[0]) == sorted(facts[1]), name


def test_no_chinese_is_left_on_an_english_page(company: Company) -> None:
    asking = company.client("zoe")
    for path in ("/?q=nothing", "/new", "/new/zoo", "/new/mfg-gm-office", "/profile", "/about"):
        text = re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", asking.get(path).get_data(as_text=True), flags=re.S)
        allowed = {"诉", "客诉", "中文", *(p.zh for p in company.people.values())}
        assert [w for w in re.findall(r"[\u4e00-\u9fff]+", text) if w not in allowed] == [], path
