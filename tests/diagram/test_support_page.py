"""The page about the support matrix says what the table says, and which test shows it.

To write the page anew: `python -m tests.diagram.test_support_page`.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from engine.diagram.construct import Row
from engine.diagram.support import ROWS
from tests.diagram import test_executed_as_drawn as shown
from tests.diagram import test_public_models as public
from tests.diagram.matrix import ROWS as CONSTRUCTS
from tests.diagram.matrix import constructs

PAGE = Path(__file__).parents[2] / "docs" / "support-matrix.md"

HEAD = """# What is executed

Made from the table in `engine/diagram/support_*.py` by `python -m tests.diagram.test_support_page`; a test fails when
this page says something else. An element is published only if a row accepts it and none refuses it, so what is not
listed is refused as well. There is no fourth kind: {executed} constructs are executed as drawn, {rewritten} are turned
into the same thing in other words, {refused} are refused by element with the remedy.

The dialect is Camunda 8 (`zeebe:`) with FEEL. Decision tables have a page of their own.

The gate asks more than this table: names that point nowhere, names read before anything gives them, personal fields
that would decide, deadlocks and steps that are never reached, circles of calls, errors nobody catches.
"""

STUDY = """
## The 197 constructs of the study

Before this house was built, {number} constructs were tried with SpiffWorkflow alone: {wrong} ran otherwise than drawn in silence.
Here {executed} are executed as drawn, {rewritten} are turned into the same thing in other words, {refused} are refused.
Each is a row of `tests/diagram/matrix/`, which drives a case of it and compares how it moves, asks the table, or has the gate
refuse it (`tests/diagram/test_matrix.py`); that nothing of the list is left out is a test of its own.
"""

#: How the study put what became of a construct without us.
ALONE = {
    "supported": "ran", "wrong": "**ran otherwise**", "partial": "ran in part", "missing": "did not run", "refused": "refused",
}

PUBLIC = """
## Models that others drew

Of the betsy project's {models} executable models given to us, {accepted} are accepted and move exactly as their authors
expect; {refused} are refused for these reasons:

{reasons}

One more (`ParallelGateway_TrueParallelism`) asks whether scripts take time side by side; ours take none.
Of its {broken} models that each break one rule of BPMN all are refused.

Of the 21 reference models of the BPMN Model Interchange Working Group 18 are refused by element (no forms, no people, flows without
conditions, events that name nothing: they are drawings, not procedures); three hold nothing that bars them.
All of these counts are printed by `python -m tests.counts`.
"""


def page() -> str:
    """The page as it should be."""
    counts = {v: sum(r.verdict == v for r in ROWS) for v in ("executed", "rewritten", "refused")}
    order = list(dict.fromkeys(r.group for r in ROWS))
    parts = [HEAD.format(**counts)]
    for group, rows in groupby(sorted(ROWS, key=lambda r: order.index(r.group)), key=lambda r: r.group):
        parts.append(f"\n## {group.capitalize()}\n\n| | | |\n|---|---|---|\n" + "\n".join(map(_line, rows)) + "\n")
    return "".join(parts) + _study() + _public()


def _study() -> str:
    alone = constructs()
    answer = {(row.group, row.construct): row for row in CONSTRUCTS}
    verdicts = [answer[key].verdict for key in alone]
    counts = {verdict: verdicts.count(verdict) for verdict in ("executed", "rewritten", "refused")}
    parts = [STUDY.format(number=len(alone), wrong=sum(s == "wrong" for s in alone.values()), **counts)]
    group = ""
    for key, status in alone.items():
        if key[0] != group:
            group = key[0]
            parts.append(f"\n### {group}\n\n| construct | SpiffWorkflow alone | here |\n|---|---|---|\n")
        row = answer[key]
        here = f"**refused** `{row.code}`" if row.verdict == "refused" else row.verdict
        parts.append(f"| {_plain(key[1])} | {ALONE[status]} | {here} |\n")
    return "".join(parts)


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def _line(row: Row) -> str:
    if row.verdict == "refused":
        return f"| **refused** `{row.id}` | {row.zh}<br>{row.en} | {row.how_zh}{row.remedy_zh}<br>{row.how_en} {row.remedy_en} |"
    how = "<br>".join(filter(None, (row.how_zh, row.how_en, f"`{shown.SHOWN[row.id]}`")))
    return f"| {row.verdict} `{row.id}` | {row.zh}<br>{row.en} | {how} |"


def _public() -> str:
    by_reason: dict[str, list[str]] = {}
    for file, reason in public.NOT_EXECUTED.items():
        by_reason.setdefault(reason, []).append(file.rpartition("/")[2].removesuffix(".bpmn"))
    reasons = "\n".join(f"- `{reason}`: {', '.join(files)}" for reason, files in sorted(by_reason.items()))
    refused = len(public.NOT_EXECUTED)
    accepted = public.ACCEPTED
    return PUBLIC.format(
        models=refused + accepted + len(public.NOT_APPLICABLE),
        accepted=accepted,
        refused=refused,
        reasons=reasons,
        broken=public.BROKEN,
    )


def test_the_page_says_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == page()


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
