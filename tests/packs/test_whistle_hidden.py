"""What a reader of SYS-24 is not shown says why: withheld from them, or erased for everybody."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.pages import words
from tests.packs.company import Company
from tests.packs.whistle import company, forget
from tests.packs.whistle_house import House, open_house

__all__ = ["company"]

READERS = ("lead-1", "investigator-1")


@pytest.fixture
def house(company: Company) -> Iterator[House]:
    """The company served, with an auditor."""
    yield open_house(company, extra={"auditor": frozenset({"*/auditor"})})


@pytest.fixture
def case(company: Company) -> str:
    """A letter, kept as a file, about which the team has begun to inquire."""
    case = company.receive()
    kept = company.desk.attach(case, "来信.pdf", "application/pdf", b"%PDF-1.4 x", company.person("monitor"))
    letter = {"received_as": "letter", "envelope_kept": True, "original_scan": [{"file": kept.sha256, "name": "来信.pdf"}]}
    company.carry(case, {"originals": letter}, until="plan")
    return case


def name_of_reporter(house: House, who: str, case: str) -> dict[str, Any]:
    """How the name of who reported is told, place by place."""
    task = next(t for t in house.ask(who, "GET", f"/api/v1/cases/{case}").json["tasks"])["task"]
    opened = house.ask(who, "GET", f"/api/v1/cases/{case}/history").json["events"][0]["facts"]["answers"]["reporter_name"]
    paper = house.ask(who, "GET", f"/api/v1/cases/{case}").json["papers"][0]["lines"]
    state = house.ask(who, "GET", f"/api/v1/cases/{case}/state?at=3").json
    shown = house.ask(who, "GET", f"/api/v1/tasks/{case}/{task}").json
    return {
        "history": opened,
        "paper": next((line["hidden"], line["text"]) for line in paper if line["name"] == "reporter_name"),
        "state": (state["hidden"][""].get("reporter_name"), state["documents"][""]["reporter_name"]),
        "task": (shown["hidden"].get("reporter_name"), shown["document"]["reporter_name"]),
    }


def test_withheld_and_erased_are_told_apart_by_programs(company: Company, house: House, case: str) -> None:
    read = {"history": "何静", "paper": (None, "何静"), "state": (None, "何静"), "task": (None, "何静")}
    kept = {"hidden": "withheld", "of": "reporter"}
    withheld = {"history": kept, "paper": ("withheld", "█"), "state": ("withheld", None), "task": ("withheld", None)}
    assert [name_of_reporter(house, who, case) for who in READERS] == [read, withheld]
    # When who reported asks to be forgotten
    forget(company, case, "reporter")
    # I expect everybody to be told so, whether they were allowed to read it or not
    gone = {"hidden": "erased", "of": "reporter"}
    erased = {"history": gone, "paper": ("erased", "█"), "state": ("erased", None), "task": ("erased", None)}
    assert [name_of_reporter(house, who, case) for who in READERS] == [erased, erased]


def test_the_description_of_the_api_tells_the_mark(house: House) -> None:
    shapes = house.ask("auditor", "GET", "/openapi.json").json["components"]["schemas"]
    mark = shapes["HiddenValue"]
    assert mark["properties"]["hidden"] == {"enum": ["withheld", "erased"]} and "erased on request" in mark["description"]
    facts = shapes["Record"]["properties"]["facts"]["additionalProperties"]["anyOf"]
    assert facts[0] == {"$ref": "#/components/schemas/HiddenValue"}
    for view, at in (("Line", "hidden"), ("Document", "hidden")):
        assert {"enum": ["withheld", "erased"]} in shapes[view]["properties"][at]["anyOf"]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_pages_have_words_for_each(company: Company, house: House, case: str, lang: str) -> None:
    def says(who: str) -> list[set[str]]:
        task = company.tasks(case)[0].task
        pages = (f"/cases/{case}", f"/cases/{case}/tasks/{task}", f"/cases/{case}/at/1")
        return [
            {why for why in ("withheld", "erased") if words.word(why, lang) in house.ask(who, "GET", page, lang=lang).text}
            for page in pages
        ]

    assert [says(who) for who in READERS] == [[set()] * 3, [{"withheld"}] * 3]
    forget(company, case, "reporter")
    # The letter is still there, and still nothing for whoever may not know whose it is
    both = {"withheld", "erased"}
    assert [says(who) for who in READERS] == [[{"erased"}] * 3, [both, both, {"erased"}]]
    # What else is kept from the auditor stays withheld
    assert says("auditor") == [both] * 3


def test_a_file_that_is_withheld_is_counted_and_nothing_of_it_is_told(company: Company, house: House, case: str) -> None:
    shown = {who: house.ask(who, "GET", f"/api/v1/cases/{case}").json["documents"] for who in READERS}
    assert [(d["name"], d["hidden"]) for d in shown["lead-1"]] == [("来信.pdf", None)]
    kept = shown["investigator-1"][0]
    assert {n: kept[n] for n in ("file", "name", "media_type", "size", "hidden")} == {
        "file": "", "name": "", "media_type": "", "size": 0, "hidden": "withheld",
    }  # fmt: skip
    page = house.ask("investigator-1", "GET", f"/cases/{case}").text
    assert "一份附件" in page and "来信" not in page and not re.search(r"attachments/[0-9a-f]", page)
    told = house.ask("investigator-1", "GET", f"/api/v1/cases/{case}/history").json["events"]
    said = next(e for e in told if e["kind"] == "attachment_added")
    assert said["sentence"] == "monitor-1 添加了附件（不予显示）。" and said["facts"]["name"] == {"hidden": "withheld", "of": "reporter"}


def test_the_letter_of_somebody_forgotten_does_not_come_to_light(company: Company, house: House, case: str) -> None:
    other = company.desk.attach(case, "招标档案.pdf", "application/pdf", b"%PDF-1.4 y", company.person("lead"))
    forget(company, case, "reporter")
    shown = {who: house.ask(who, "GET", f"/api/v1/cases/{case}").json["documents"] for who in READERS}
    assert [d["hidden"] for d in shown["lead-1"]] == [None, None]
    assert [d["hidden"] for d in shown["investigator-1"]] == ["withheld", "withheld"]
    assert house.ask("investigator-1", "GET", f"/cases/{case}/attachments/{other.sha256}").status_code == 404


def test_a_column_of_a_register_says_why_it_is_empty(company: Company, house: House, case: str) -> None:
    def cell(who: str) -> tuple[Any, ...]:
        view = house.ask(who, "GET", "/api/v1/registers/reports?pack=whistle-risk").json
        place = [column["zh"] for column in view["columns"]].index("举报人")
        row = view["rows"][0]
        file = house.ask(who, "GET", "/registers/whistle-risk/reports.csv").get_data(as_text=True)
        return row["hidden"][place], row["texts"][place], next(csv.DictReader(file.lstrip("\ufeff").splitlines()))["举报人"]

    assert cell("monitor-1") == (None, "何静", "何静")
    assert cell("investigator-1") == ("withheld", "", words.word("withheld", "zh"))
    forget(company, case, "reporter")
    erased = ("erased", "", words.word("erased", "zh"))
    assert [cell(who) for who in ("monitor-1", "investigator-1")] == [erased, erased]


def test_a_task_says_that_it_has_no_limit_and_which_will_count(company: Company, house: House) -> None:
    # Given a report that was just handed in: SYS-24 sets limits from acceptance on only (art. 12)
    case = company.receive()
    page = house.ask("monitor-1", "GET", f"/cases/{case}/tasks/originals-1").text
    assert "本步骤未定时限" in page and "办理期限：30 个工作日" in page and "自“已受理”起" in page
    # When it has been accepted
    company.carry(case, until="plan")
    page = house.ask("lead-1", "GET", f"/cases/{case}/tasks/{company.tasks(case)[0].task}").text
    assert "尚未起算" not in page and "02-14" in page


def test_a_form_shows_what_the_case_says_in_words(company: Company, house: House) -> None:
    case = company.receive()
    company.carry(case, until="hr_decides")
    page = house.ask("hr-1", "GET", f"/cases/{case}/tasks/{company.tasks(case)[0].task}").text
    assert "姓名 丁某，违反的规定 招标管理办法，建议 记过" in page and "属实" in page
    assert "{&#39;" not in page and "founded" not in page


def test_whoever_may_not_register_is_told_who_may(house: House) -> None:
    page = house.ask("auditor", "GET", "/new/whistle-risk").text
    assert "本制度由以下角色登记：风险管理部监察经理、风险管理部总经理、董事局主席" in page and "data-submit" not in page
    assert "data-submit" in house.ask("monitor-1", "GET", "/new/whistle-risk").text


@pytest.mark.parametrize(("lang", "said"), [("zh-CN", "信函"), ("en", "Letter")])
def test_a_register_calls_a_channel_by_its_name(company: Company, house: House, lang: str, said: str) -> None:
    company.carry(company.receive(channel="letter"), until="review")
    view = house.ask("monitor-1", "GET", "/api/v1/registers/reports?pack=whistle-risk", lang=lang).json
    place = [column["zh"] for column in view["columns"]].index("举报方式")
    assert view["rows"][0]["cells"][place] == "letter"
    assert view["rows"][0]["texts"][place] == said


def test_the_plan_of_an_inquiry_which_the_team_works_by_does_not_name_the_reporter(company: Company, house: House, case: str) -> None:
    company.carry(case, until="inquire")
    lines = house.ask("lead-1", "GET", f"/api/v1/cases/{case}").json["papers"]
    plan = next(paper for paper in lines if paper["form"] == "F17-plan")
    assert not [line for line in plan["lines"] if line["name"].startswith("reporter")]
