"""The registers: what the procedure entered is listed, taken along as a file, and seen by those who may."""

from __future__ import annotations

import csv
import io

import pytest

from tests.pages.company import Asking, Company
from tests.pages.conftest import LOOKS, Visit, unfit

TRACKING = "/registers/mfg-gm-office/tracking"


def rows_of(asking: Asking, path: str) -> list[list[str]]:
    """A register as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(asking.get(path).get_data().decode("utf-8-sig"))))


@pytest.mark.parametrize("path", ["/registers", TRACKING])
def test_a_register_is_fit_for_everybody(visit: Visit, company: Company, path: str) -> None:
    for lang, width in LOOKS:
        page = visit(company.holder("registry"), path, lang=lang, width=width)
        assert page.locator("h1").count() == 1
        assert unfit(page) == []


def test_the_file_says_what_the_page_says_in_a_way_spreadsheets_read(company: Company) -> None:
    asking = company.client(company.holder("registry"))
    answer = asking.get(f"{TRACKING}.csv")
    # Excel takes a file without this mark for the code page of the machine.
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    head, *rows = rows_of(asking, f"{TRACKING}.csv")
    assert head[:3] == ["No.", "Customer", "Subject"]
    assert rows
    page = asking.get(TRACKING).get_data(as_text=True)
    assert all(row[2] in page for row in rows[:20])


def test_a_text_that_looks_like_a_formula_stays_a_text(company: Company) -> None:
    case = company.receive(subject='=HYPERLINK("http://example.org")')
    company.walk(case, "trace", loss_caused=True, visit_needed=False)
    rows = rows_of(company.client(company.holder("registry")), f"{TRACKING}.csv")
    assert [row[2] for row in rows if "HYPERLINK" in row[2]] == ['\'=HYPERLINK("http://example.org")']


def test_a_register_leads_from_page_to_page(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pages.registers.PAGE", 2)
    asking, seen, path = company.client(company.holder("registry")), 0, TRACKING
    while path:
        page = asking.get(path).get_data(as_text=True)
        seen += page.count('<th scope="row">')
        path = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert seen == len(rows_of(asking, f"{TRACKING}.csv")) - 1
    assert asking.get(f"{TRACKING}?cursor=cut").status_code == 200


def test_sealed_cases_are_in_the_registers_of_those_who_take_part_alone(company: Company) -> None:
    with company.parts.store.look() as reading:
        sealed = [h for h in map(reading.head, reading.every_case()) if h.sealed]
        # Whoever takes complaints in may have handed in one of these: that is no outsider.
        clerks = [p.name for p in company.people.values() if any(m.endswith("/registry") for m in p.memberships)]
        out = next(n for n in clerks if not any(reading.may_see(h, company.actor(n)) for h in sealed))
    assert sealed
    outsider, auditor = (
        company.client(out),
        company.client(next(p.name for p in company.people.values() if "*/auditor" in p.memberships)),
    )
    with_entries = 0
    for pack in {h.pack for h in sealed}:
        for name in company.parts.casebook.procedure(pack, company.actor(out)).registers:
            path = f"/registers/{pack}/{name}"
            assert len(rows_of(outsider, f"{path}.csv")) == 1
            assert not any(f"/cases/{h.case}\"" in outsider.get(path).get_data(as_text=True) for h in sealed)
            with_entries += len(rows_of(auditor, f"{path}.csv")) - 1
    assert with_entries


def test_a_register_that_is_not_there_is_said(company: Company) -> None:
    asking = company.client(company.holder("registry"))
    for path in ("/registers/mfg-gm-office/none", "/registers/mfg-gm-office/none.csv", "/registers/none/none"):
        answer = asking.get(path)
        assert answer.status_code == 404
        assert "<h1" in answer.get_data(as_text=True)
