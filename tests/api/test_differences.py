"""What is not as it was is told cell by cell in tables, and entry by entry in forms, settings and names."""

from __future__ import annotations

import random
import re
from pathlib import Path

from engine.drafting import FileDifference, difference
from engine.release import yaml_of

BPMN = Path(__file__).parents[2] / "bpmn"
TABLE = (BPMN / "packs" / "mfg-gm-office" / "decisions" / "d08-approver.dmn").read_text("utf-8")
FORM = (BPMN.parent / "forms" / "library" / "F02-form.yaml").read_text("utf-8")
PACK = (BPMN / "packs" / "mfg-gm-office" / "pack.yaml").read_text("utf-8")
_RULE = re.compile(r"\s*<rule .*?</rule>", re.DOTALL)


def between(path: str, before: str, after: str) -> FileDifference:
    return difference(path, before.encode(), after.encode())


def rules(text: str) -> list[str]:
    return _RULE.findall(text)


def lines(told: FileDifference) -> list[tuple[str, int | None, int | None]]:
    (table,) = told.tables
    return [(line.kind, line.before, line.after) for line in table.rules if line.kind not in ("same", "gap")]


def test_one_changed_cell_is_one_changed_rule_with_both_texts() -> None:
    third = rules(TABLE)[2]
    old = re.findall(r"<text>(.*?)</text>", third)[-1]
    told = between("decisions/a.dmn", TABLE, TABLE.replace(third, third.replace(f"<text>{old}</text>", '<text>"nobody"</text>')))
    assert lines(told) == [("changed", 3, 3)]
    (line,) = [r for r in told.tables[0].rules if r.kind == "changed"]
    assert [(c.before, c.after) for c in line.cells if c.before != c.after] == [(old.replace("&#34;", '"'), '"nobody"')]


def test_a_rule_that_came_went_or_stands_elsewhere_leaves_the_others_alone_whatever_their_ids() -> None:
    first, second, third, *_ = rules(TABLE)
    assert lines(between("decisions/a.dmn", TABLE, TABLE.replace(second, ""))) == [("removed", 2, None)]
    assert lines(between("decisions/a.dmn", TABLE.replace(second, ""), TABLE)) == [("added", None, 2)]
    turned = TABLE.replace(first, "\0").replace(third, first).replace("\0", third)
    assert {kind for kind, _, _ in lines(between("decisions/a.dmn", TABLE, turned))} == {"moved"}
    # Written anew, with the rules counted anew, they are still the same rules.
    gone, number = TABLE.replace(second, ""), iter(range(1000))
    counted = re.sub(r'<rule id="[^"]*"', lambda _: f'<rule id="r{next(number)}"', gone)
    assert lines(between("decisions/a.dmn", TABLE, counted)) == [("removed", 2, None)]


def test_a_column_that_asks_something_else_is_said_above_the_table() -> None:
    asked = re.search(r"<inputExpression [^>]*>\s*<text>(.*?)</text>", TABLE)
    assert asked is not None
    told = between("decisions/a.dmn", TABLE, TABLE.replace(asked[0], asked[0].replace(asked[1], f"{asked[1]} + 0")))
    (head,) = [h for h in told.tables[0].heads if h.kind == "changed"]
    assert [(d.what, d.before, d.after) for d in head.details] == [("expression", asked[1], f"{asked[1]} + 0")]
    assert lines(told) == []


def test_a_table_is_told_whole_from_nothing_and_to_nothing() -> None:
    made, gone = difference("decisions/a.dmn", None, TABLE.encode()), difference("decisions/a.dmn", TABLE.encode(), None)
    assert {r.kind for r in made.tables[0].rules} == {"added"} and {r.kind for r in gone.tables[0].rules} == {"removed"}
    assert len(made.tables[0].rules) == len(gone.tables[0].rules) == len(rules(TABLE))


def test_what_is_told_of_rules_is_true_whatever_was_done_to_a_table() -> None:
    # Given a table to which anything is done, many times
    dice, before = random.Random(7), TABLE
    for _ in range(40):
        kept = [r for r in rules(before) if dice.random() > 0.2]
        dice.shuffle(kept) if dice.random() < 0.3 else None
        body = "".join(r.replace('<text>"', '<text>"x", "', 1) if dice.random() < 0.2 else r for r in kept)
        first, last = before.index(rules(before)[0]), before.index(rules(before)[-1]) + len(rules(before)[-1])
        after = before[:first] + body + before[last:]
        # I expect every rule of both sides once, in the order of now
        (table,) = between("decisions/a.dmn", before, after).tables or (None,)
        if table is None:
            assert rules(before) == rules(after)
            continue
        shown = [line for line in table.rules if line.kind != "gap"]
        skipped = sum(line.skipped for line in table.rules)
        assert len([1 for line in shown if line.before]) + skipped == len(rules(before))
        assert len([1 for line in shown if line.after]) + skipped == len(kept)
        numbers = [line.after for line in shown if line.after]
        assert numbers == sorted(numbers)


def test_a_field_that_came_went_or_changed_is_told_with_each_of_its_settings() -> None:
    after = FORM.replace("max: 1000", "max: 500").replace("{zh: 应收金额, en: Receivable concerned}", "{zh: 应收款, en: Receivable concerned}")
    gone = next(line for line in FORM.splitlines() if "name: part_no" in line)
    after = after.replace(f"{gone}\n", "") + "  - {name: urgent, type: yesno, label: {zh: 紧急, en: Urgent}}\n"
    told = {c.element: c for c in between("forms/F02-form.yaml", FORM, after).entries}
    assert {name: c.kind for name, c in told.items()} == {"sample": "changed", "receivable": "changed", "part_no": "removed", "urgent": "added"}
    assert [(d.what, d.before, d.after) for d in told["sample"].details] == [("max", "1000", "500")]
    assert [(d.what, d.before, d.after) for d in told["receivable"].details] == [("label.zh", "应收金额", "应收款")]
    assert ("type", "", "yesno") in [(d.what, d.before, d.after) for d in told["urgent"].details]


def test_columns_and_choices_of_a_field_are_told_one_by_one() -> None:
    before = "id: A\nfields:\n  - {name: rows, type: table, columns: [{name: a, type: text}, {name: b, type: money}]}\n"
    after = before.replace("type: money", "type: number").replace("{name: a", "{name: c, type: date}, {name: a")
    (told,) = between("forms/A.yaml", before, after).entries
    assert [(d.what, d.before, d.after) for d in told.details] == [
        ("columns", "a, b", "c, a, b"), ("columns.c.name", "", "c"), ("columns.c.type", "", "date"), ("columns.b.type", "money", "number"),
    ]  # fmt: skip


def test_a_limit_a_role_a_word_and_a_setting_are_told_by_what_they_are() -> None:
    after = PACK.replace("T08-1: {zh: 目标结案, en: Target for closing, value: 14", "T08-1: {zh: 目标结案, en: Target for closing, value: 10")
    after = after.replace("  hr: {zh: 人事部, en: Personnel}\n", "").replace("sealed: false", "sealed: true")
    told = between("pack.yaml", PACK, after).entries
    assert {(c.type, c.element, c.kind, c.name) for c in told} == {
        ("limits", "T08-1", "changed", "目标结案"), ("roles", "hr", "removed", "人事部"), ("general", "sealed", "changed", ""),
    }  # fmt: skip
    names = '"甲": A\n"乙": B\n'
    (word,) = between("names/english.yaml", names, names.replace("B", "C")).entries
    assert (word.type, word.element, [(d.before, d.after) for d in word.details]) == ("words", "乙", [("B", "C")])


def test_every_shipped_file_is_told_by_its_entries_and_what_cannot_be_read_as_text() -> None:
    for path in sorted([*BPMN.glob("packs/*/pack.yaml"), *BPMN.glob("packs/*/names/*.yaml"), *(BPMN.parent / "forms" / "library").glob("*.yaml")]):
        place = "pack.yaml" if path.name == "pack.yaml" else f"{path.parent.name if path.parent.name == 'names' else 'forms'}/{path.name}"
        text = path.read_text("utf-8")
        more = text + ("\nzz_new: 1\n" if isinstance(yaml_of(text.encode(), place), dict) else "")
        assert [c.kind for c in between(place, text, more).entries] == ["added"], path
    torn = between("forms/A.yaml", "id: A\n", "id: [")
    assert torn.entries == () and [line.kind for line in torn.lines] == ["changed"]


def test_very_long_texts_that_share_little_are_told_shortly_and_soon() -> None:
    # Given texts of many lines that begin and end alike, and are alike in between in countless ways
    lines = [f"{'ab'[n * n % 7 % 2]}" for n in range(60_000)]
    before, after = ["head", *lines, "foot"], ["head", *lines[1::2], "new", *lines[::2], "foot"]
    made = difference("forms/x.yaml", "\n".join(before).encode(), "\n".join(after).encode())
    # I expect where they begin to differ, and no more lines than somebody reads
    assert made.lines[0].kind == "gap" and made.lines[-1].kind == "gap" and len(made.lines) <= 202
    assert made.lines[1].left_number == made.lines[1].right_number != 1
