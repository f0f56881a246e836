"""Papers of SYS-08: 客户意见处理表 in its five copies, 处罚通知单, the register as a workbook, one PDF for a whole case."""

from __future__ import annotations

import io
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from werkzeug.test import TestResponse

from api.paper import press
from api.paper.tables import XLSX
from engine.casebook import Casebook, PrintedPaper
from engine.clock import StoppedClock
from engine.store import Store
from forms import Form
from tests.packs.company import ROOT, Company, open_company, shipped
from tests.packs.gm_office_answers import INTAKE, USUAL
from tests.packs.whistle_house import House, open_house
from tests.papers import A4, bare, fonts, sizes, text_of

KEEPERS_EN = ("Quality", "Plant", "Sales", "Finance", "General manager’s office")
KEEPERS = ("质量管理部", "制造部门", "业务部", "财务部", "总经理室")
SPY = '=HYPERLINK("http://example.org")'


@dataclass(frozen=True)
class Office:
    """The company after one complaint was carried to the archive, served."""

    company: Company
    house: House
    case: str

    @property
    def casebook(self) -> Casebook:
        """What can be seen."""
        return Casebook(self.company.store, self.company.clock, self.company.desk.shelf)

    def get(self, path: str, who: str = "registry-1") -> bytes:
        """A file, as somebody."""
        answer = self.house.ask(who, "GET", path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data()

    def number_of(self, form: str) -> int:
        """The paper of a form that went out in copies."""
        papers = self.casebook.case(self.case, self.company.person("registry")).printable
        return next(p.number for p in papers if p.form == form and p.copies)

    def paper(self, form: str) -> PrintedPaper:
        """The same with everything that stands on it."""
        return self.casebook.paper(self.case, self.number_of(form), self.company.person("registry"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One complaint, done; tests that change something open their own."""
    folder = tmp_path_factory.mktemp("papers")
    clock = StoppedClock(datetime(2026, 1, 5, 1, 0, tzinfo=UTC))
    store = Store(f"sqlite:///{folder / 'kesu.db'}", clock=clock)
    store.create()
    company = open_company(shipped("mfg-gm-office"), store, clock, folder / "out", INTAKE, USUAL)
    case = company.receive(subject=SPY)
    company.carry(case)
    yield Office(company, open_house(company, extra={"auditor": frozenset({"*/auditor"})}), case)
    store.close()


def test_five_copies_are_printed_each_for_whoever_keeps_it(office: Office) -> None:
    content = office.get(f"/cases/{office.case}/documents/{office.number_of('F02-form')}.pdf")
    said = text_of(content)
    for place, keeper in zip("一二三四五", KEEPERS, strict=True):
        assert f"第{place}联" in said and f"{keeper}存" in said
    assert said.count("第1页共") == 5
    assert sizes(content) == {A4}
    # Everything it is set in travels with it.
    inside = fonts(content)
    assert any("CJK" in name for name in inside) and all(inside.values())


def test_a_copy_names_its_keeper_in_the_readers_language(office: Office) -> None:
    path = f"/cases/{office.case}/documents/{office.number_of('F02-form')}"
    said = text_of(office.house.ask("registry-1", "GET", f"{path}.pdf", lang="en").get_data())
    for place, keeper in enumerate(KEEPERS_EN, 1):
        assert bare(f"Copy {place} {keeper}") in said
    assert [keeper for keeper in KEEPERS if f"{keeper}存" in said] == []
    lines = office.house.ask("registry-1", "GET", f"/api/v1/cases/{office.case}/documents").json["documents"]
    kept = next(line["copies"] for line in lines if line["number"] == office.number_of("F02-form"))
    assert kept == [{"zh": zh, "en": en} for zh, en in zip(KEEPERS, KEEPERS_EN, strict=True)]


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [
        ("/cases/{case}/documents/{number}.pdf", "客户意见处理表", "Complaintform"),
        ("/cases/{case}/file.pdf", "案件卷宗", "Casefile"),
        ("/registers/tracking.pdf?pack=mfg-gm-office", "客户投诉案件登记追踪表", "Trackinglistofcomplaintcases"),
    ],
)
def test_a_file_is_in_the_language_that_is_asked_for(office: Office, path: str, zh: str, en: str) -> None:
    # Given a clerk whose own language is Chinese
    path = "/api/v1" + path.format(case=office.case, number=office.number_of("F02-form"))
    lang = "&lang=zh" if "?" in path else "?lang=zh"
    # When they ask in English, I expect English; asked for by name, the other one; in no language of ours, their own
    for asked, header, said, other in ((path, "en-GB", en, zh), (path + lang, "en", zh, en), (path, "fr", zh, en)):
        text = text_of(office.house.ask("registry-1", "GET", asked, lang=header).get_data())
        assert said in text and other not in text


def test_a_file_is_asked_for_by_what_the_caller_accepts(office: Office) -> None:
    def asked(path: str, accept: str) -> TestResponse:
        return office.house.ask("registry-1", "GET", f"/api/v1{path}", headers={"Accept": accept})

    paper = f"/cases/{office.case}/documents/{office.number_of('F02-form')}"
    assert text_of(asked(f"{paper}?copy=2", "application/pdf").data).count("第1页共") == 1
    assert asked(paper, XLSX).data == asked(f"{paper}.xlsx", "*/*").data
    register = asked("/registers/tracking?pack=mfg-gm-office", "text/csv;q=0.9, application/xml")
    assert register.mimetype == "text/csv" and "投诉编号" in register.text and register.headers["Vary"] == "Accept"
    assert asked("/cases?pack=mfg-gm-office", "text/csv").data.startswith("\ufeff案件".encode())
    # Whoever takes anything is given the values
    for accept in ("*/*", "application/*", "application/json, application/pdf;q=0.5"):
        assert asked(paper, accept).mimetype == "application/json"
    # What is not given is said, with what is; and whether there is such a case is not told by it
    for path in (paper, "/cases/C-9999/documents/1"):
        refused = asked(path, "image/png")
        assert (refused.status_code, refused.json["code"]) == (406, "not-offered")
        assert "image/png" in refused.json["title"] and "application/pdf" in refused.json["title"]
    assert asked("/cases?limit=3", "text/csv").json["errors"].keys() == {"limit"}


def test_a_paper_says_in_print_what_it_says_on_the_screen(office: Office) -> None:
    path = f"/cases/{office.case}/documents/{office.number_of('F02-form')}"
    page = office.get(path).decode()
    article = page[page.index("<article") : page.index("</article>")]
    cells = [
        bare(unescape(re.sub("<[^>]+>", "", c))) for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", article, re.DOTALL)
    ]
    said = text_of(office.get(f"{path}.pdf?copy=1"))
    assert len(cells) > 60
    assert [cell for cell in cells if cell not in said] == []


def test_whoever_decided_stands_on_the_paper_with_the_day(office: Office) -> None:
    signed = {block.form: block.signed for block in office.paper("F02-form").blocks if block.signed}
    assert {"F02-form", "F02-trace", "F02-plantview", "F02-negotiate", "F02-opinion", "F02-approve"} <= set(signed)
    said = text_of(office.get(f"/cases/{office.case}/documents/{office.number_of('F02-form')}.pdf?copy=1"))
    for by in signed.values():
        local = by.at.astimezone(ZoneInfo("Asia/Shanghai"))
        assert f"{bare(by.name)}{local.year}年{local.month}月{local.day}日" in said


def test_what_a_sheet_asks_further_down_is_empty_until_it_is_said(office: Office) -> None:
    # Given a complaint whose form only Sales has filled in
    case = office.company.receive()
    office.company.carry(case, until="register")
    papers = office.casebook.case(case, office.company.person("registry")).printable
    number = next(p.number for p in papers if p.form == "F02-form")
    paper = office.casebook.paper(case, number, office.company.person("registry"))
    first, *rest = paper.blocks
    assert first.signed is not None and any(cell.text for cell in first.cells)
    assert [block.form for block in rest if block.signed] == []
    # When the others have written, what was printed then is the same still
    office.company.carry(case)
    assert office.casebook.paper(case, number, office.company.person("registry")).blocks == paper.blocks


def test_an_allowance_in_two_copies_tells_its_amount_as_a_number(office: Office) -> None:
    number = office.number_of("F11-allowance")
    cells = {cell.name: cell for block in office.paper("F11-allowance").blocks for cell in block.cells}
    assert isinstance(cells["certificate_amount"].value, Decimal)
    assert "第二联" in text_of(office.get(f"/cases/{office.case}/documents/{number}.pdf"))
    sheet = openpyxl.load_workbook(io.BytesIO(office.get(f"/cases/{office.case}/documents/{number}.xlsx"))).worksheets[
        0
    ]
    amounts = [row[2] for row in sheet.iter_rows() if row[1].value == cells["certificate_amount"].label.zh]
    assert [(cell.data_type, cell.value) for cell in amounts] == [("n", float(cells["certificate_amount"].value))]


def test_the_same_paper_at_the_same_moment_has_the_same_bytes(office: Office) -> None:
    path = f"/cases/{office.case}/documents/{office.number_of('F02-form')}"
    assert office.get(f"{path}.pdf?copy=2") == office.get(f"{path}.pdf?copy=2")
    assert office.get(f"{path}.xlsx") == office.get(f"{path}.xlsx")


def test_a_whole_case_is_one_file_with_its_proof(office: Office) -> None:
    said = text_of(office.get(f"/cases/{office.case}/file.pdf"))
    view = office.casebook.case(office.case, office.company.person("registry"))
    for heading in (
        "投诉内容",
        "时限与依据",
        "判定",
        "单据",
        "文书往来",
        "附件",
        "经办人",
        "经过",
        "证明",
        "流程走到哪里",
    ):
        assert heading in said
    assert view.head.hash in said
    # Why a deadline is when it is, and everything that was written, stand in it; a page may begin in the middle of a sentence.
    whys = [bare(deadline.why[0])[:12] for deadline in view.deadlines if deadline.why]
    assert whys and [why for why in whys if why not in said] == []
    lines = [bare(line.text)[:12] for paper in view.papers for line in paper.lines if not line.hidden]
    assert len(lines) > 60 and [line for line in lines if line not in said] == []
    # Whoever may have a case checked is told in the file what the check came to.
    assert "已重放核对" not in said
    assert "已重放核对" in text_of(office.get(f"/cases/{office.case}/file.pdf", "auditor"))


def test_who_signs_on_paper_only_has_a_line_on_it(office: Office) -> None:
    path = f"/cases/{office.case}/documents/{office.number_of('F11-allowance')}"
    assert "客户签章" in text_of(office.get(f"{path}.pdf?copy=2")) and "客户签章" in office.get(path).decode()
    assert [label.en for label in office.paper("F11-allowance").signs] == ["Seal of the customer"]


def test_a_report_is_a_paper_with_its_figures_the_cases_behind_them_and_lines_to_sign(office: Office) -> None:
    # Given the statistics of the weeks in which the case was closed
    closed = office.casebook.case(office.case, office.company.person("registry")).head
    assert closed.closed_at is not None
    since, until = closed.opened_at - timedelta(days=3), closed.closed_at + timedelta(days=1)
    with office.company.store.begin() as tx:
        figures = tx.figures("mfg-gm-office", since, until)
        called = {"zh": "登记及时率", "en": "Registered in time"}
        rate = {"label": called, "due": 8, "kept": 7, "percent": Decimal("87.50"), "target": 99, "met": False}
        said = {"title": {"zh": "客户投诉案件统计表", "en": "Monthly statistics"}, "every": "month", **figures, "rates": [rate]}
        tx.save_report("mfg-gm-office", "monthly", "2026-01", since=since, until=until, due=until, made=until, content=said)
    path = "/reports/mfg-gm-office/monthly/2026-01"
    # I expect the same on the screen, on paper and in the workbook
    paper, page = text_of(office.get(f"{path}.pdf")), office.get(path).decode()
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"{path}.xlsx")))
    cases = next(sheet for sheet in book.worksheets if sheet.title.startswith("本期结案"))
    assert closed.number in [row[0] for row in cases.iter_rows(values_only=True)]
    for text in ("登记及时率", "87.50%", "99%", "未达标", str(closed.number), "制造部", "质量管理部", "研发部", "有关主管"):
        assert text in paper and text in page, text
    assert "期间：" in paper and "制表" in paper
    english = text_of(office.house.ask("registry-1", "GET", f"{path}.pdf", lang="en").get_data())
    assert "Registeredintime" in english and "Compiledby" in english and "登记及时率" not in english


def test_a_case_that_one_may_not_know_of_is_counted_on_a_report_and_not_named(office: Office) -> None:
    # Given a report that names a late case, of which somebody in the house is the one complained of
    barred = "plant-1"
    company = office.company
    starter = company.person(company.starter)
    case = company.desk.open_case(company.pack, company.intake, starter, channel="phone", barred=(barred,)).case
    until = office.company.clock.now()
    with office.company.store.begin() as tx:
        named = [{"case": case, "number": None, "title": "迟了", "limit": "T08-1", "due": until}]
        said = {"title": {"zh": "表", "en": "Table"}, "received": 1, "closed": 0, "open_at_the_end": 1, "overdue": named, "closed_late": []}
        tx.save_report("mfg-gm-office", "monthly", "2025-12", since=until - timedelta(days=31), until=until, due=until, made=until, content=said)
    path = "/reports/mfg-gm-office/monthly/2025-12"
    assert case in office.get(path).decode() and case in office.get(f"/api/v1{path}").decode()
    for asked in (path, f"/api/v1{path}", f"{path}.csv"):
        found = office.get(asked, barred).decode()
        assert case not in found and "迟了" not in found


def test_a_register_is_a_workbook_with_its_columns_numbers_and_days(office: Office) -> None:
    view = office.casebook.register("mfg-gm-office", "tracking", office.company.person("registry"), limit=50)
    sheet = openpyxl.load_workbook(io.BytesIO(office.get("/registers/mfg-gm-office/tracking.xlsx"))).worksheets[0]
    head, *rows = sheet.iter_rows()
    assert [cell.value for cell in head] == [column.zh for column in view.columns]
    loss = [column.zh for column in view.columns].index("损失金额")
    row = next(row for row in rows if row[0].value == view.rows[-1].texts[0])
    assert (row[loss].data_type, row[loss].value) == ("n", float(str(view.rows[-1].cells[loss])))
    # A text is a text, whatever it begins with; and so it is in CSV.
    assert {cell.data_type for row in rows for cell in row if cell.value == SPY} == {"s"}
    assert "\"'=HYPERLINK" in office.get("/registers/mfg-gm-office/tracking.csv").decode("utf-8-sig")
    opened = openpyxl.load_workbook(io.BytesIO(office.get("/cases.xlsx"))).worksheets[0]
    assert all(isinstance(row[5], datetime) for row in opened.iter_rows(min_row=2, values_only=True))


def test_a_paper_that_is_not_there_is_said(office: Office) -> None:
    for number in ("2", "99999", "x", "99999999999999999999"):
        for path in (f"/cases/{office.case}/documents/{number}", f"/api/v1/cases/{office.case}/documents/{number}.pdf"):
            assert office.house.ask("registry-1", "GET", path).status_code == 404
    assert office.house.ask("registry-1", "GET", "/cases/C-999999/file.pdf").status_code == 404


def test_without_a_chinese_font_it_is_said_and_all_else_works(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "fonts.conf"
    config.write_text(
        f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>", encoding="utf-8"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", os.fspath(config))
    path = f"/cases/{office.case}/documents/1"
    answer = office.house.ask("registry-1", "GET", f"/api/v1{path}.pdf")
    assert answer.status_code == 503 and "fonts-noto-cjk" in answer.text
    assert office.get(path) and office.get(f"{path}.xlsx")


def test_the_printer_fetches_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/spy.png"
        page = f'<html><link rel=stylesheet href="{address}"><img src="{address}"><img src="file:///etc/hostname">客诉</html>'
        content = press.pdf([page], f'@import url("{address}"); body {{ background: url("{address}"); }}')
        with pytest.raises(TimeoutError):
            listening.accept()
    assert text_of(content) == "客诉"


def test_a_document_that_takes_too_much_is_given_up() -> None:
    with pytest.raises(press.PressStopped):
        press.pdf(["<table>" + "<tr><td>客诉" * 20_000], "", replace(press.LIMITS, cpu=1, wall=20))


def test_every_part_of_a_sheet_is_a_form() -> None:
    library = {path.stem for path in (ROOT / "forms" / "library").glob("*.yaml")}
    for path in [*(ROOT / "forms" / "library").glob("*.yaml"), *(ROOT / "bpmn" / "packs").glob("*/forms/*.yaml")]:
        own = {p.stem for p in path.parent.glob("*.yaml")} | library
        assert {part for place in Form.read(path.read_bytes(), path.name).printed.parts for part in place} <= own, path
