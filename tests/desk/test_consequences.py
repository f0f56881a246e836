"""What changes for whom: told to those who would notice, in sentences."""

from __future__ import annotations

from engine.drafting import EVERYBODY, consequences
from engine.release import Release
from engine.shelf import read_form
from tests.desk.office import DIAGRAM, F02, F03, FILES, PACK


def told(**changed: str) -> dict[str, list[str]]:
    """English sentences by role, when these files say something else."""
    files = {"pack": "pack.yaml", "diagram": "diagrams/office.bpmn", "look": "forms/F02.yaml", "approve": "forms/F03.yaml"}
    after = Release.of({**FILES, **{files[name]: text.encode() for name, text in changed.items()}})
    found = consequences(Release.of(FILES), after, read_form)
    assert all(said.zh and said.en and said.zh != said.en for one in found for said in one.said)
    return {one.role: [said.en for said in one.said] for one in found}


def test_who_does_a_task_hears_of_its_limit_its_form_and_four_eyes() -> None:
    assert told(pack=PACK.replace("value: 3, unit: workday", "value: 5, unit: workday")) == {
        "clerk": ["“Look into it”: limit 3 working days → 5 working days."]
    }
    cause = "  - {name: cause, type: text, label: {zh: 原因, en: Cause}}\n"
    asked = F02.replace("  - {name: photos, ", f"{cause}  - {{name: shots, ")
    assert told(look=asked) == {"clerk": ["“Look into it” asks also: Cause, Pictures.", "“Look into it” no longer asks: Pictures."]}
    assert told(approve=F03.replace('required: "=approved = false"', "required: false")) == {
        role: ["“Approve” no longer requires: Reason."] for role in ("clerk", "head")
    }
    assert told(diagram=DIAGRAM.replace('<zeebe:property name="four-eyes" value="look"/>', "")) == {
        role: ["“Approve” no longer needs a second pair of eyes."] for role in ("clerk", "head")
    }


def test_a_task_that_comes_goes_or_passes_to_others_is_told_to_both() -> None:
    assert told(diagram=DIAGRAM.replace('candidateGroups="head, clerk"', 'candidateGroups="head, desk"')) == {
        "clerk": ["Task “Approve” passes to Head, Front desk."], "desk": ["Task “Approve” is yours now."],
    }  # fmt: skip
    renamed = DIAGRAM.replace('"approve"', '"sign"')
    assert told(diagram=renamed)["head"] == ["New task “Approve”.", "There is no task “Approve” any more."]


def test_what_has_no_role_of_its_own_is_told_to_everybody() -> None:
    assert told(pack=PACK.replace("value: 15, unit: workday", "value: 10, unit: workday")) == {
        EVERYBODY: ["“Limit for closing” 15 working days → 10 working days."]
    }
    assert told(diagram=DIAGRAM.replace("=approved<", "=approved and loss &lt; 5<")) == {
        EVERYBODY: ["The way from “同意？” is chosen otherwise: 是: =approved → =approved and loss < 5."]
    }


def test_who_may_enter_what_comes_from_outside_is_told() -> None:
    assert told(pack=PACK.replace("roles: [desk, clerk]}", "roles: [desk, head]}")) == {
        "clerk": ["May no longer enter “Withdrawn”."], "head": ["May enter “Withdrawn” now."],
    }  # fmt: skip


def test_nobody_is_told_of_what_nobody_notices() -> None:
    assert told(pack=PACK + "\n# a remark\n") == {}
