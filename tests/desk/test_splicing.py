"""One thing in a YAML text is changed and nothing else: comments, order and line breaks stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.drafting.splicing import NoSuchPlace, insert, order, put, take

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*ROOT.glob("forms/library/*.yaml"), *ROOT.glob("bpmn/packs/*/pack.yaml")])
TEXT = """\
# what this is
title: {zh: 标题, en: Title}   # both
limits:
  # the first
  A: {zh: 甲, value: 2, unit: day}   # two days
  B:
    zh: 乙
    value: 3   # three
    # of what
    unit: workday
roles: {}
empty:
fields:
  # about a
  - {name: a, type: text}
  - name: b   # the second
    type: choice
    options:
      - x
      - y
  - {name: c}
after: "=1, 2"
"""


def changed(before: str, after: str) -> list[str]:
    """Lines that were not there."""
    return [line for line in after.splitlines() if line not in before.splitlines()]


def test_a_value_is_set_and_its_line_alone_changes() -> None:
    for path, value in ((("limits", "A", "value"), 5), (("limits", "B", "value"), 5), (("after",), "=a, {b}: #c"), (("title", "en"), "A: b, {c}")):
        text = put(TEXT, path, value)
        assert at(text, path) == value and len(changed(TEXT, text)) == 1
        assert text.count("#") >= TEXT.count("#")
    assert "  A: {zh: 甲, value: 5, unit: day}   # two days\n" in put(TEXT, ("limits", "A", "value"), 5)


def test_a_key_is_added_behind_the_others_and_taken_out_again() -> None:
    for path in (("limits", "A", "pausable"), ("limits", "B", "pausable"), ("roles", "sales"), ("new",), ("limits", "C")):
        text = put(TEXT, path, True)
        assert at(text, path) is True
        assert yaml.safe_load(take(text, path)) == yaml.safe_load(TEXT)
    assert at(put(TEXT, ("limits", "A", "warn", "value"), 1), ("limits", "A", "warn")) == {"value": 1}
    assert at(put(TEXT, ("empty",), "x"), ("empty",)) == "x"


def test_what_is_taken_out_takes_no_remark_of_others_along() -> None:
    text = take(TEXT, ("limits", "B", "value"))
    assert "# of what" in text and "# three" not in text and "value" not in at(text, ("limits", "B"))
    assert "# the first" in take(TEXT, ("limits", "A")) and take(TEXT, ("limits", "Z")) == TEXT


def test_items_are_put_in_moved_and_taken_out_with_the_remarks_above_them() -> None:
    names = lambda text: [f["name"] for f in yaml.safe_load(text)["fields"]]  # noqa: E731
    for place in range(4):
        text = insert(TEXT, ("fields",), place, {"name": "new", "label": {"zh": "新", "en": "New"}})
        assert names(text).index("new") == place and len(changed(TEXT, text)) == 1
    moved = order(TEXT, ("fields",), [2, 1, 0])
    assert names(moved) == ["c", "b", "a"] and "  # about a\n  - {name: a" in moved and sorted(moved) == sorted(TEXT)
    gone = take(TEXT, ("fields", 1))
    assert names(gone) == ["a", "c"] and "# about a" in gone
    assert at(order(TEXT, ("fields", 1, "options"), [1, 0]), ("fields", 1, "options")) == ["y", "x"]
    assert yaml.safe_load(order(TEXT, ("fields",), []))["fields"] == []


def test_a_place_that_is_not_there_is_refused() -> None:
    with pytest.raises(NoSuchPlace):
        put(TEXT, ("title", "zh", "deeper"), 1)
    with pytest.raises(NoSuchPlace):
        insert(TEXT, ("title",), 0, 1)
    with pytest.raises(NoSuchPlace):
        put("- a list", ("x",), 1)


@pytest.mark.parametrize("path", SHIPPED[::3], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_shipped_file_can_be_changed_without_losing_a_line(path: Path) -> None:
    text = path.read_text("utf-8")
    said = load(text)
    if "fields" in said:
        count = len(said["fields"])
        back = order(order(text, ("fields",), list(reversed(range(count)))), ("fields",), list(reversed(range(count))))
        assert back == text
        added = insert(text, ("fields",), count, {"name": "zz"})
        assert load(added)["fields"] == [*said["fields"], {"name": "zz"}] and take(added, ("fields", count)) == text
    key = list(said)[len(said) // 2]
    assert load(put(text, (key,), said[key])) == said
    for limit in list(said.get("limits") or {})[:3]:
        new = put(text, ("limits", limit, "source"), "here")
        assert at(new, ("limits", limit, "source")) == "here" and len(changed(text, new)) == 1


def load(text: str) -> Any:
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def at(text: str, path: tuple[str | int, ...]) -> Any:
    """What stands at a place."""
    found = load(text)
    for step in path:
        found = found[step]
    return found
