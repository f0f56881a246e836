"""The scenarios of a pack played on a draft, in a process of its own: told one by one, and ended when the time is over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from api.trial.promises import LIMITS, listed, promises
from tests.desk.office import FILES

FEATURE = """\
# language: zh-CN
功能: 办公室

  场景: 受理后调查
    当 "前台" 收到投诉
    那么 待办是 "调查"

  场景: 受理后直接审批
    当 "前台" 收到投诉
    那么 待办是 "审批"
"""


def folder(path: Path, text: str = FEATURE) -> Path:
    (path / "scenarios").mkdir()
    (path / "scenarios" / "office.feature").write_text(text, "utf-8")
    (path / "scenarios" / "usual.yaml").write_text("intake: {subject: 门坏了, loss: 1}\n", "utf-8")
    return path


def test_each_scenario_is_told_with_the_sentence_that_does_not_hold(tmp_path: Path) -> None:
    holds, fails = promises(FILES, folder(tmp_path))
    assert (holds.name, holds.holds) == ("受理后调查", True)
    assert fails.holds is False and "审批" in fails.step and "调查" in fails.why


OUTLINE = """\
# language: zh-CN
功能: 门

  场景大纲: 谁来收
    当 "<谁>" 收到投诉
    那么 待办是 "<什么>"

    例子:
      | 谁   | 什么 |
      | 前台 | 调查 |
      | 前台 | 审批 |
"""


def test_examples_of_an_outline_are_told_apart_and_one_file_is_played_alone(tmp_path: Path) -> None:
    room = folder(tmp_path)
    (room / "scenarios" / "door.feature").write_text(OUTLINE, "utf-8")
    told = promises(FILES, room, only="door.feature")
    assert [(one.file, one.example, one.holds) for one in told] == [
        ("door.feature", "谁 = 前台 · 什么 = 调查", True), ("door.feature", "谁 = 前台 · 什么 = 审批", False),
        ("office.feature", "", None), ("office.feature", "", None),
    ]  # fmt: skip
    assert told[0].says == ('"前台" 收到投诉', '待办是 "调查"')
    assert [one.holds for one in listed(room)] == [None] * 4 == [one.holds for one in promises(FILES, room, only="none.feature")]


def test_what_the_time_does_not_suffice_for_is_told_as_not_played(tmp_path: Path) -> None:
    told = promises(FILES, folder(tmp_path), replace(LIMITS, wall=0.2))
    assert [one.holds for one in told] == [None, None]


def test_a_pack_without_scenarios_promises_nothing(tmp_path: Path) -> None:
    assert promises(FILES, tmp_path) == ()
