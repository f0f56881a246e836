"""Papers and lists in the browser: on the screen the form it is, and everything taken along as it stands."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl

from tests.pages.company import Asking, Company
from tests.pages.conftest import LOOKS, Visit, scrolls_sideways, turn, unfit
from tests.papers import bare, reader, text_of


def chinese(company: Company, who: str) -> Asking:
    """Somebody who reads Chinese."""
    asking = company.client(who)
    asking.client.set_cookie("lang", "zh-CN")
    return asking


def test_papers_and_reports_are_fit_for_everybody(visit: Visit, company: Company) -> None:
    case = company.receive()
    for lang, width in LOOKS:
        for path in (f"/cases/{case}/documents/1", "/reports", "/reports/mfg-gm-office/monthly/2026-09"):
            page = visit(company.holder("registry"), path, lang=lang, width=width)
            assert page.locator("h1").count() == 1
            assert unfit(page) == []


def test_a_paper_is_found_from_its_case(visit: Visit, company: Company) -> None:
    case = company.receive()
    company.walk(case, "trace", loss_caused=True, visit_needed=False)
    page = visit(company.holder("registry"), f"/cases/{case}", lang="en")
    turn(page, page.get_by_role("link", name="Open as a paper form").first)
    assert page.locator("article.paper table").count() > 1
    assert page.get_by_role("link", name="Download PDF").get_attribute("href")


def test_every_paper_of_a_case_is_listed_where_people_work_on_it(visit: Visit, company: Company) -> None:
    case = company.receive()
    task = company.walk(case, "trace", loss_caused=True, visit_needed=False)
    papers = company.parts.casebook.case(case, company.actor(company.holder("registry"))).printable
    for lang, heading in (("zh-CN", "单据：查看、打印、导出"), ("en", "Papers: view, print, take along")):
        for path in (f"/cases/{case}", f"/cases/{case}/tasks/{task}"):
            page = visit(company.holder("quality"), path, lang=lang, width=390)
            assert page.get_by_text(heading).count() == 1
            for ending in ("", ".pdf", ".xlsx"):
                for paper in papers:
                    assert page.locator(f'.takeout a[href="/cases/{case}/documents/{paper.number}{ending}"]').count() == 1
            assert not scrolls_sideways(page)


def test_the_list_of_cases_and_the_worklist_are_taken_along_as_they_stand(company: Company) -> None:
    # Given something that is the registry's to do, whatever half a year of others has left it
    company.walk(company.receive(), "register", loss_caused=True, visit_needed=False)
    asking = chinese(company, company.holder("registry"))
    found = openpyxl.load_workbook(io.BytesIO(asking.get("/cases.xlsx?pack=mfg-gm-office").get_data())).worksheets[0]
    head, *rows = found.iter_rows(values_only=True)
    opened = head.index("立案")
    assert rows and all(isinstance(row[opened], datetime) for row in rows)
    page = asking.get("/cases?pack=mfg-gm-office").get_data(as_text=True)
    assert all(row[1] is None or str(row[1]) in page for row in rows[:20])
    company.receive()
    sales = chinese(company, company.holder("sales"))
    tasks = openpyxl.load_workbook(io.BytesIO(sales.get("/worklist.xlsx?scope=group").get_data())).worksheets[0]
    assert tasks.max_row > 1


def test_a_paper_is_printed_in_the_other_language_by_whoever_wants_to(company: Company) -> None:
    case, asking = company.receive(), chinese(company, company.holder("registry"))
    page = asking.get(f"/cases/{case}/documents/1").get_data(as_text=True)
    assert f"/cases/{case}/documents/1.pdf?lang=en" in page
    assert "Page1of" in text_of(asking.get(f"/cases/{case}/documents/1.pdf?lang=en").get_data())
    # What was asked for once is not kept
    assert "第1页共" in text_of(asking.get(f"/cases/{case}/documents/1.pdf").get_data())


def test_a_long_list_repeats_its_head_on_every_page(company: Company) -> None:
    content = chinese(company, company.holder("registry")).get("/cases.pdf").get_data()
    pages = reader(content).pages
    assert len(pages) > 1
    assert all("立案" in bare(page.extract_text()) for page in pages)


def test_a_monthly_report_is_a_workbook_and_a_print(company: Company) -> None:
    who, path = company.holder("registry"), "/reports/mfg-gm-office/monthly/2026-09"
    content = company.parts.duties.report("mfg-gm-office", "monthly", "2026-09", company.actor(who)).content
    asking = chinese(company, who)
    book = openpyxl.load_workbook(io.BytesIO(asking.get(f"{path}.xlsx").get_data()))
    sums = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [count for _, count in sums] == [content["received"], content["closed"], content["open_at_the_end"]]
    said = text_of(asking.get(f"{path}.pdf").get_data())
    assert "客户投诉案件统计表" in said and f"本期受理{content['received']}" in said


def test_figures_are_taken_along_by_those_who_see_them(company: Company) -> None:
    auditor = next(p.name for p in company.people.values() if "*/auditor" in p.memberships)
    book = openpyxl.load_workbook(io.BytesIO(company.client(auditor).get("/figures.xlsx").get_data()))
    assert book.sheetnames == ["By flow", "By person", "By step"]
    assert all(isinstance(row[1].value, int) for row in book["By flow"].iter_rows(min_row=2))
    assert company.client(company.holder("plant")).get("/figures.xlsx").status_code == 403
