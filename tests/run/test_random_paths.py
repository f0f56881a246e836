"""Whatever happens, in whatever order: a case that was put away and brought back goes on as if it had not been."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history import Personal, PersonErased
from engine.replay import verify
from engine.run import InputRefused, Run
from tests.run.anything import anything
from tests.run.drawing import Driven, drawn
from tests.run.stories import HANDLED, complaint

RELEASES = {"complaint": complaint(), "handled": drawn(HANDLED)}


@given(name=st.sampled_from(sorted(RELEASES)), seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_bringing_back_changes_nothing(name: str, seed: int) -> None:
    # Given two runs of one case
    dice = random.Random(seed)
    release = RELEASES[name]
    known = {
        "loss": dice.choice([1, 500, 2000]),
        "departments": ["sales", "plant"],
        "name": Personal("Li Si", "complainant"),
        "x": dice.randrange(3),
    }
    kept = Driven(release, **known)
    brought = Run.restore(release, kept.run.snapshot(), case="C-1")
    for _ in range(40):
        if kept.run.closed:
            break
        event = anything(kept, dice)
        if event is None:
            break
        # When the same happens to both, and one of them is put away and brought back each time
        before = kept.run.snapshot()
        try:
            outcomes = kept.hear(event)
        except InputRefused:
            assert kept.run.snapshot() == before
            continue
        assert brought.apply(event) == outcomes
        # I expect equal bytes, and the same again from the history alone
        assert brought.snapshot() == kept.run.snapshot()
        brought = Run.restore(release, brought.snapshot(), case="C-1")
    assert verify(kept.records(), lambda digest: release, brought.snapshot()).agrees
    # And all the same after the complainant was forgotten, of whom nothing is left but what was sealed.
    kept.hear(PersonErased(at=kept.at, of="complainant", reason="asked"))
    erased = kept.records(without="complainant")
    assert verify(erased, lambda digest: release, kept.run.snapshot()).agrees
    assert "Li Si" not in str(kept.run.documents) and not any("Li Si" in str(r.sealed) for r in erased)
