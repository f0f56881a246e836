"""Guidance is shown beside the task it is meant for, in both languages; a name that points nowhere is told before anything is published."""

from __future__ import annotations

from engine.authority import Actor
from engine.casebook import Casebook
from engine.clock import StoppedClock
from engine.findings import Refused
from engine.policy import Label
from engine.publishing import Publishing, check
from engine.release import Release, guide_of
from engine.store import Store
from tests.desk.office import FILES, Office
from tests.packs.company import shipped

OMAR = Actor(name="omar", memberships=frozenset({"*/owner"}))
GUIDE = """
title: {zh: 技巧, en: Skills}
source: 001 L106
sections:
  - id: calm
    title: {zh: 保持平静, en: Stay calm}
    source: 001 L122
    lines:
      - {zh: 多感谢, en: Thank them}
  - id: avoid
    title: {zh: 避免, en: Avoid}
    lines:
      - {zh: 命令口吻, en: Orders}
""".encode()


def files(shown: str) -> dict[str, bytes]:
    """The office's pack with the guide, shown as said."""
    return {**FILES, "guidance/skills.yaml": GUIDE, "pack.yaml": FILES["pack.yaml"] + f"guidance: {shown}\n".encode()}


def test_a_task_tells_what_to_keep_in_mind_and_another_does_not(
    office: Office, store: Store, clock: StoppedClock
) -> None:
    # Given a pack that shows one section at the task, another at its form, and the first there a second time
    release = check(files("{look: [skills/calm], F02: [skills/avoid, skills/calm]}")).release
    assert release is not None
    with store.begin() as tx:
        tx.save_release(release.digest, pack="office", files=release.files, by="olga", at=clock.now())
    Publishing(store, clock, office.desk.shelf).publish(release.digest, OMAR)
    # When somebody opens the task
    case = office.receive("一")
    carl = office.actor("carl")
    shown = Casebook(store, clock, office.desk.shelf).task(case, "look-1", carl).guidance
    # I expect each section once, with its source, and nothing at the next task
    assert [s.id for s in shown] == ["calm", "avoid"]
    assert (shown[0].title, shown[0].source) == (Label(zh="保持平静", en="Stay calm"), "001 L122")
    assert shown[0].lines == (Label(zh="多感谢", en="Thank them"),)
    office.desk.complete_task(case, "look-1", {"finding": "x"}, carl)
    assert Casebook(store, clock, office.desk.shelf).task(case, "approve-1", office.actor("hana")).guidance == ()


def test_what_points_nowhere_is_refused_with_its_place() -> None:
    for shown, place in (
        ("{loook: [skills]}", "guidance.loook"),
        ("{look: [skils]}", "guidance.look"),
        ("{look: [skills/calmm]}", "guidance.look"),
    ):
        (finding,) = check(files(shown)).findings
        assert (finding.code, finding.file, finding.element) == ("pack-name-unknown", "pack.yaml", place)
        assert finding.remedy_zh and finding.remedy_en


def test_a_guide_that_says_nothing_or_in_one_language_is_refused() -> None:
    for bad in (b"title: {zh: a, en: b}\n", b"- a\n", GUIDE.replace(b", en: Orders", b""), GUIDE + b"more: 1\n"):
        try:
            guide_of(bad, "guidance/skills.yaml")
        except Refused as refused:
            assert {f.file for f in refused.findings} == {"guidance/skills.yaml"}
        else:
            raise AssertionError(bad)


def test_the_skills_of_sys_17_are_six_causes_eight_methods_four_mistakes() -> None:
    guide = shipped("telecom-branch").guides["cs-skill-guide"]
    assert guide.system == "SYS-17"
    assert {s.id: len(s.lines) for s in guide.sections.values()} == {"causes": 6, "methods": 8, "mistakes": 4}
    # and they come along with whoever names them, and with nobody else
    assert not Release.of(FILES).guides and not shipped("tobacco-county").guides
