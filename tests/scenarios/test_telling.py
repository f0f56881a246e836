"""Scenarios are told in either language; what does not hold is told with its sentence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.scenarios import ScenarioFailed, ScenarioUnreadable, Street, Touched, play, scenarios_of, untouched, usual_of
from api.scenarios.sentences import SENTENCES
from tests.desk.office import release
from tests.packs.company import ROOT

USUAL = "intake: {subject: 门坏了, loss: '120.50'}\nlook: {finding: 铰链断了}\napprove: {approved: true}\n"
CHINESE = """
# language: zh-CN
功能: 办公室投诉
  场景: 从受理到结案
    假如 现在是 "2026-01-05 09:00"
    当 "前台" 收到投诉
      | 渠道 | web |
      | 损失 | 99.5 |
    那么 "调查" 于 "2026-01-08 18:00" 到期
    并且 "损失" 为 "99.50"
    当 照常办理到结案
    那么 编号是 "260101"
"""
ENGLISH = """
Feature: Office complaints
  Scenario: From receipt to closing
    When "Front desk" receives a complaint
    Then what is to be done is "Look into it"
    And "Look into it" is for "Clerk"
    When "Clerk" does "Look into it"
    Then "Clerk A" may not do "Approve"
    When all goes as usual to the end
    Then the case is closed
"""
WRONG = """
Feature: Office complaints
  Scenario: Something that is not so
    When "Front desk" receives a complaint
    Then the number is "999"
"""


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    """Where companies are founded."""
    with Street.laid() as laid:
        yield laid


def told(folder: Path, text: str) -> Path:
    """A pack's folder with one scenario file."""
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / "told.feature").write_text(text, encoding="utf-8")
    (folder / "scenarios" / "usual.yaml").write_text(USUAL, encoding="utf-8")
    return folder


@pytest.mark.parametrize("text", [CHINESE, ENGLISH])
def test_a_story_is_told_in_either_language(street: Street, tmp_path: Path, text: str) -> None:
    [scenario] = scenarios_of(told(tmp_path, text))
    touched = Touched()
    with street.house(release()) as house:
        touched.note(house, play(scenario, house, usual_of(tmp_path)))
    assert "F02.finding" in touched.fields
    assert "office/approve" not in untouched(release(), touched).elements


def test_what_is_not_so_is_told_with_its_sentence(street: Street, tmp_path: Path) -> None:
    [scenario] = scenarios_of(told(tmp_path, WRONG))
    with street.house(release()) as house, pytest.raises(ScenarioFailed) as failed:
        play(scenario, house, usual_of(tmp_path))
    assert failed.value.facts["step"] == 'the number is "999"'


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ('"前台" 跳舞', "docs/scenarios.md"),
        ('"厨房" 收到投诉', "厨房"),
        ('"前台" 办理 "洗碗"', "没有名为“洗碗”的任务"),
        ('"前台" 办理 "调查"', "还没有案件"),
    ],
)
def test_a_sentence_that_means_nothing_is_told(street: Street, tmp_path: Path, sentence: str, said: str) -> None:
    text = f"# language: zh-CN\n功能: 一\n  场景: 二\n    当 {sentence}\n"
    [scenario] = scenarios_of(told(tmp_path, text))
    with street.house(release()) as house, pytest.raises(ScenarioFailed) as failed:
        play(scenario, house, usual_of(tmp_path))
    assert said in failed.value.facts["why"]


@pytest.mark.parametrize("text", ["场景 without a keyword", "# language: xx\nFeature: a\n"])
def test_a_file_that_is_no_scenario_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(ScenarioUnreadable):
        scenarios_of(told(tmp_path, text))


def test_the_page_lists_every_sentence() -> None:
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    missing = [words for zh, en, _ in SENTENCES for words in (zh, en) if _plain(words) not in page]
    assert missing == []


def _plain(sentence: str) -> str:
    for name in ("{", "}"):
        sentence = sentence.replace(name, '"')
    return sentence
