"""Rules of forms and columns of registers are held to what diagrams are held to, and mean the same."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.findings import Finding
from engine.gate import check
from engine.release import Release
from engine.shelf import context_of, read_form
from tests.desk.office import FILES

NOON = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
PARAM = '\nparams:\n  rate: {value: "0.05", zh: 费率, en: Rate}\n'


def files(value: str, *, key: str = "value", column: str = "=loss") -> dict[str, bytes]:
    """The office, with one more field on its second form and a register."""
    field = f"""  - {{name: more, type: computed, label: {{zh: 另, en: More}}, value: "=1"}}
  - {{name: told, type: {"computed" if key == "value" else "text"}, label: {{zh: 说, en: Told}}, {key}: '{value}'}}
"""
    register = f"\nregisters:\n  all:\n    zh: 台账\n    en: Register\n    columns:\n      - {{zh: 列, en: Column, value: '{column}'}}\n"
    pack = FILES["pack.yaml"].decode() + PARAM + register
    return {**FILES, "pack.yaml": pack.encode(), "forms/F02.yaml": (FILES["forms/F02.yaml"].decode() + field).encode()}


def found(given: dict[str, bytes]) -> list[Finding]:
    """What the gate says of its rules; that no step enters a case in its register is another matter."""
    return [f for f in check(given).findings if f.code != "register-never-entered"]


def test_a_form_has_the_parameters_and_the_calendar_of_its_pack() -> None:
    # Given a form that reckons with a parameter of the pack, and with working days
    given = files('=[param("rate") * loss, next working day(today())]')
    assert found(given) == []
    release = Release.of(given)
    # When it is filled in on a Monday
    form = read_form(release, "F02")
    answers = form.accept({"finding": "x"}, document={"loss": Decimal(200)}, context=context_of(release, NOON))
    # I expect what the diagram would reckon
    rate, day = answers["told"]  # type: ignore[misc]
    assert rate == 10 and str(day) == "2026-01-06"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ('=due("look")', "function-not-here"), ('=milestone("opened") != null', "function-not-here"), ('=done by("look")', "function-not-here"),
        ('=parm("rate")', "function-unknown"), ('=param("rat")', "parameter-unknown"), ("=los * 2", "reads-unknown"),
        ("=sum([])", "only-null"), ("=loss + null", "only-null"), ('=loss + "x"', "only-null"), ("=upper case(loss)", "only-null"),
        ('=@"2026-02-30"', "only-null"), ('=matches(subject, "(")', "only-null"), ("=subject.length", "only-null"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["value", "when", "required"])
def test_a_rule_that_would_be_null_in_silence_is_told(rule: str, code: str, key: str) -> None:
    told = found(files(rule, key=key))
    assert {(f.code, f.file, f.element) for f in told} == {(code, "forms/F02.yaml", f"told.{key}")}
    assert all((f.zh, f.en, f.remedy_zh, f.remedy_en) for f in told)
    barred = code in ("function-not-here", "function-unknown", "parameter-unknown")
    assert [f.severity for f in told] == (["error"] if barred else ["warning"])


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        ("=loss", []), ('=milestone("opened")', []), ('=param("rate")', []), ("=case.number", []), ('=due("look")', ["function-not-here"]),
        ("=lost", ["reads-unknown"]), ("=loss +", ["rule-syntax"]), ("=case.opened + 1", ["only-null"]),
    ],
)  # fmt: skip
def test_a_column_of_a_register_is_held_to_the_same(column: str, codes: list[str]) -> None:
    assert [(f.code, f.element) for f in found(files("=1", column=column))] == [
        (code, "registers.all.columns[1]") for code in codes
    ]
