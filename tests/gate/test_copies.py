"""Who keeps the copies of a paper: named in both languages, of forms that are there."""

from __future__ import annotations

import pytest

from engine.gate import check
from engine.policy import Label
from engine.release import Release
from tests.desk.office import FILES


def _with(copies: str) -> dict[str, bytes]:
    return {**FILES, "pack.yaml": FILES["pack.yaml"] + f"\ncopies:\n{copies}\n".encode()}


FORM = sorted(path for path in FILES if path.startswith("forms/"))[0][len("forms/") : -len(".yaml")]


def test_a_keeper_has_a_name_in_both_languages() -> None:
    files = _with(f"  {FORM}: [{{zh: 品管部, en: Quality control}}, {{zh: 财务部, en: Finance}}]")
    assert check(files).passes
    kept = Release.of(files).policy.copies[FORM]
    assert kept == (Label(zh="品管部", en="Quality control"), Label(zh="财务部", en="Finance"))


@pytest.mark.parametrize(
    ("copies", "element", "said"),
    [
        (f"  {FORM}: [品管部]", f"copies.{FORM}[0]", "{zh: 品管部, en: …}"),
        (f"  {FORM}: [{{zh: 品管部}}]", f"copies.{FORM}[0].en", "Please give it."),
        (f"  {FORM}: 品管部", f"copies.{FORM}", "Begin each row"),
        ("  F99-no: [{zh: 品管部, en: Quality control}]", "copies.F99-no", "Correct the name"),
    ],
)
def test_a_keeper_that_cannot_be_printed_is_found_before_it_is_published(copies: str, element: str, said: str) -> None:
    checked = check(_with(copies))
    assert not checked.passes
    (found,) = [f for f in checked.findings if f.severity == "error"]
    assert (found.file, found.element) == ("pack.yaml", element) and said in found.remedy_en


def test_a_release_from_before_keepers_had_two_languages_is_still_read() -> None:
    kept = Release.of(_with(f"  {FORM}: [品管部]")).policy.copies[FORM]
    assert kept == (Label(zh="品管部", en="品管部"),)
