"""What is drawn is said in English, too: the diagrams are labelled in Chinese, their English words are files of the pack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.findings import Refused
from engine.release import Release, tidy
from tests.desk.office import FILES
from tests.packs.company import ROOT, shipped

#: Packs that say what their diagrams say.
SPOKEN = sorted(p.parent.name for p in (ROOT / "bpmn" / "packs").glob("*/names"))


@pytest.mark.parametrize("pack", SPOKEN)
def test_a_pack_that_speaks_english_says_everything_it_draws(pack: str) -> None:
    release = shipped(pack)
    assert {text for text in drawn(release) if text not in release.english} == set()


def test_a_line_break_of_the_drawing_is_no_part_of_the_name() -> None:
    release = named({"names/english.yaml": '"收到投诉": "Complaint received"\n'})
    assert tidy("填写客户\n意见处理表") == tidy("填写客户 意见处理表") == "填写客户意见处理表"
    assert tidy("次月 10 日") == "次月 10 日"
    assert release.title("office", "start").en == "Complaint received"


def test_without_a_name_the_documentation_speaks_and_without_both_the_drawing() -> None:
    release = named({})
    assert release.title("office", "look").en == "Look into it"
    assert release.title("office", "closed").en == "结案"
    assert release.written("造成损失 Loss caused").en == "Loss caused"
    assert release.written("造成损失 Loss caused").zh == "造成损失"


def test_the_pack_s_own_words_win_over_the_shared_ones() -> None:
    release = named(
        {"names/shared.yaml": '"结案": "Shut"\n"编号": "Number"\n', "names/english.yaml": '"结案": "Closed"\n'}
    )
    assert release.english["结案"] == "Closed"
    assert release.english["编号"] == "Number"


@pytest.mark.parametrize("bad", [b"- a\n", b'"a": yes\n', b'"a": ""\n', b"a: [\n", b"\xff"])
def test_names_that_are_no_list_of_names_are_refused_with_their_file(bad: bytes) -> None:
    with pytest.raises(Refused) as refused:
        Release.of({**FILES, "names/english.yaml": bad})
    assert [f.file for f in refused.value.findings] == ["names/english.yaml"]


def named(files: dict[str, str]) -> Release:
    """The office's pack with these files besides."""
    return Release.of({**FILES, **{path: text.encode() for path, text in files.items()}})


def drawn(release: Release) -> Iterator[str]:
    """Everything that is written on the diagrams, and the names of the tables."""
    for _, process in release.processes.values():
        texts = [process.name, *(lane.name for lane in process.lanes), *(e.name for e in process.elements.values())]
        yield from (tidy(text) for text in [*texts, *(f.name for f in process.flows.values())] if text.strip())
    yield from (tidy(d.name) for model in release.decisions.values() for d in model.decisions.values())
