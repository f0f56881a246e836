"""Who sees figures: the roles a pack calls its managers; reports that nobody sees to, registers that nothing enters."""

from __future__ import annotations

import pytest

from engine.gate import check
from engine.release import Release
from tests.desk.office import FILES

MANAGER = FILES["pack.yaml"].replace(b"  head: {", "  manager: {zh: 经理, en: Manager}\n  head: {".encode())


def _with(pack: bytes) -> dict[str, bytes]:
    return {**FILES, "pack.yaml": pack}


@pytest.mark.parametrize(
    ("pack", "managers"),
    [
        (FILES["pack.yaml"], ()),
        (FILES["pack.yaml"] + b"\nmanagers: [head, clerk]\n", ("head", "clerk")),
        # Without the key it is the role of that name
        (MANAGER, ("manager",)),
        (MANAGER + b"\nmanagers: []\n", ()),
    ],
)
def test_a_pack_names_its_managers(pack: bytes, managers: tuple[str, ...]) -> None:
    assert Release.of(_with(pack)).policy.managers == managers


def test_a_manager_that_is_no_role_is_found() -> None:
    checked = check(_with(FILES["pack.yaml"] + b"\nmanagers: [haed]\n"))
    assert checked.release is None
    (found,) = [f for f in checked.findings if f.severity == "error"]
    assert (found.file, found.element) == ("pack.yaml", "managers") and "head" in found.remedy_en


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("", True),
        ("managers: [head]\n", False),
        ("reports: [{id: monthly, zh: 月报, en: Monthly, every: month, by_day: 5, roles: [clerk]}]\n", False),
    ],
)
def test_a_report_that_nobody_sees_to_is_told(more: str, told: bool) -> None:
    # Given a report of a procedure without managers, and the ways to give it somebody
    asks = "" if "reports" in more else "reports: [{id: monthly, zh: 月报, en: Monthly, every: month, by_day: 5}]\n"
    checked = check(_with(FILES["pack.yaml"] + f"\n{asks}{more}".encode()))
    # I expect a warning that does not bar the pack
    found = [f.element for f in checked.findings if f.code == "report-seen-to-by-nobody"]
    assert found == (["reports.monthly"] if told else []) and checked.passes


def test_a_register_that_no_step_enters_is_told() -> None:
    registers = "registers: {tracking: {zh: 登记簿, en: Register, columns: [{zh: 编号, en: No., value: '=case.number'}]}}\n"
    checked = check(_with(FILES["pack.yaml"] + f"\n{registers}".encode()))
    found = [(f.element, f.severity) for f in checked.findings if f.code == "register-never-entered"]
    assert found == [("registers.tracking", "warning")] and checked.passes
