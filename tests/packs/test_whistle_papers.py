"""What is kept from a reader is kept from their papers: no byte of a PDF or a workbook holds it, and making one of a sealed case is a look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.packs.company import Company
from tests.packs.whistle import company
from tests.packs.whistle_house import House, open_house
from tests.papers import bare, everything

__all__ = ["company"]

NAME, PHONE, STORY = "何静", "13800020001", "同一台电脑打印"


@pytest.fixture
def house(company: Company) -> Iterator[House]:
    """The company served, with an auditor."""
    yield open_house(company, extra={"auditor": frozenset({"*/auditor"}), "stranger": frozenset()})


def test_no_byte_of_a_paper_holds_what_its_reader_is_not_told(company: Company, house: House) -> None:
    case = company.receive()
    company.carry(case, until="inquire")

    def found(who: str, path: str) -> tuple[bool, bool]:
        answer = house.ask(who, "GET", path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        said = everything(answer.get_data())
        return bare(NAME) in said, PHONE in said

    for path in (f"/cases/{case}/documents/1.pdf", f"/api/v1/cases/{case}/documents/1.xlsx", f"/cases/{case}/file.pdf"):
        assert found("monitor-1", path) == (True, True)
        assert found("investigator-1", path) == (False, False)
    # What is not secret is there for both.
    assert STORY in everything(house.ask("investigator-1", "GET", f"/cases/{case}/file.pdf").get_data())


def test_a_workbook_of_the_register_keeps_what_the_page_keeps(company: Company, house: House) -> None:
    case = company.receive()
    company.carry(case, until="inquire")
    path = "/registers/whistle-risk/reports"
    assert NAME in everything(house.ask("monitor-1", "GET", f"{path}.xlsx").get_data())
    for ending in ("xlsx", "pdf"):
        assert NAME not in everything(house.ask("auditor", "GET", f"{path}.{ending}").get_data())
    assert NAME not in house.ask("auditor", "GET", f"{path}.csv").text


def test_whoever_takes_a_sealed_case_along_leaves_a_trace(company: Company, house: House) -> None:
    case = company.receive()
    assert house.ask("monitor-1", "GET", f"/cases/{case}/file.pdf").status_code == 200
    assert house.ask("monitor-1", "GET", f"/cases/{case}/documents/1.pdf").status_code == 200
    looks = house.ask("auditor", "GET", f"/api/v1/cases/{case}/looks").json["looks"]  # type: ignore[index]
    assert [look["what"] for look in looks if look["person"] == "monitor-1"][-2:] == ["case file", "document 1"]


def test_to_a_stranger_the_papers_of_a_sealed_case_do_not_exist(company: Company, house: House) -> None:
    case = company.receive()
    for path in ("documents/1", "documents/1.pdf", "documents/1.xlsx", "documents/x", "file.pdf"):
        assert house.ask("stranger", "GET", f"/cases/{case}/{path}").status_code == 404


@pytest.mark.parametrize(("lang", "said"), [("zh-CN", "移送函"), ("en", "Letter of transfer")])
def test_what_is_issued_is_called_as_the_diagram_says(company: Company, house: House, lang: str, said: str) -> None:
    # Given an inquiry that is handed over to justice; the form it is written on is the proposal (移送意见)
    case = company.receive()
    company.carry(case, {"write_report": {"transfer_due": True}})
    papers = house.ask("monitor-1", "GET", f"/api/v1/cases/{case}/documents", lang=lang).json["documents"]
    named = [paper["title"]["zh" if lang == "zh-CN" else "en"] for paper in papers if paper["form"] == "F17-transfer"]
    assert said in named
