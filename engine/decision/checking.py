"""What the gate says of a table: rows that contradict, inputs no row takes, rows nothing reaches.

Exact on finite and interval inputs. Cells that are opaque (see `columns`) are given the benefit of the doubt:
what is reported here would happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.decision.columns import columns, constant, named_in, shown
from engine.decision.model import Decision, Facts, Rule, Table
from engine.feel import Budget, equal, fit
from engine.feel.data import kind
from engine.findings import Finding
from engine.values import Value

#: Most examples told, most overlaps told, and most combinations looked at, for one table.
_EXAMPLES, _OVERLAPS, _STATES = 3, 20, 200_000

#: A label of a column -> a value of it, as the owner would write it.
Example = dict[str, str]


def findings_of(facts: Facts) -> list[Finding]:
    """Everything found in a file, in the order of its decisions."""
    return [f for d in facts.decisions.values() if d.table is not None for f in _Check(facts, d, d.table).findings()]


class _TooMany(Exception):
    """More combinations than are looked at."""


class _Check:
    def __init__(self, facts: Facts, decision: Decision, table: Table) -> None:
        self._file, self._decision, self._table = facts.file, decision, table
        self._columns = columns(table)
        self._left = _STATES

    def findings(self) -> Iterator[Finding]:
        dead = {rule.number for rule in self._table.rules if self._never(rule)}
        for rule in self._table.rules:
            if rule.number in dead:
                yield self._row(
                    rule, "row-never-matches", "任何允许的输入都不会命中它。", "no allowed input matches it."
                )
        yield from self._policy()
        yield from self._strange_cells()
        yield from self._unlisted()
        try:
            yield from self._overlaps(dead)
            yield from self._hidden(dead)
            yield from self._gaps()
        except _TooMany:
            yield self._finding(
                "table-too-large", "warning", self._decision.id, "表太大，未能全部检查。",
                "the table is too large to be checked as a whole.", "请拆成几张表。", "Split it into several.", {},
            )  # fmt: skip

    def _never(self, rule: Rule) -> bool:
        return any(not column.perhaps[rule.number - 1] for column in self._columns)

    # --- hit policies that lack what they go by ---

    def _policy(self) -> Iterator[Finding]:
        """What the standard leaves open, so that each engine does something else: it is not run in silence."""
        table, outputs = self._table, self._table.outputs
        if table.policy in ("PRIORITY", "OUTPUT ORDER") and not any(column.priorities for column in outputs):
            yield self._whole(
                "priorities-missing", f"命中策略 {table.policy} 按输出值的次序取舍，但没有一列列出输出值。",
                f"hit policy {table.policy} goes by the order of the output values, and no column lists any.",
                "请在输出列按优先次序填写输出值，或换命中策略。",
                "List the output values of a column, the first one first, or choose another hit policy.",
            )  # fmt: skip
        if table.aggregation and table.policy != "COLLECT":
            yield self._whole(
                "aggregation-ignored", f"命中策略 {table.policy} 不汇总，汇总方式 {table.aggregation} 不会生效。",
                f"hit policy {table.policy} collects nothing: the aggregation {table.aggregation} has no effect.",
                "请删去汇总方式，或改用 COLLECT。", "Remove the aggregation, or choose COLLECT.",
            )  # fmt: skip
        elif table.aggregation not in ("", "COUNT") and len(outputs) > 1:
            yield self._whole(
                "aggregation-of-several", f"{table.aggregation} 只能汇总一列输出，而这里有 {len(outputs)} 列，结果总是 null。",
                f"{table.aggregation} is of one output column, and there are {len(outputs)}: the result would be null.",
                "请只留一列输出，或拆成几张表。", "Keep one output column, or make a table of each.",
            )  # fmt: skip
        elif table.aggregation == "SUM":
            for rule in table.rules:
                known, value = constant(rule.values[0].ast)
                if known and isinstance(value, str):
                    yield self._finding(
                        "sum-of-texts", "error", rule.id, f"第 {rule.number} 行给出文本，不能求和。",
                        f"row {rule.number} gives a text, which cannot be summed.", "请给出数字，或改用其他汇总方式。",
                        "Give a number, or choose another aggregation.", {"rows": [rule.number]},
                    )  # fmt: skip

    def _unlisted(self) -> Iterator[Finding]:
        """Values that rows give and their column does not list: whoever reads the column would not expect them."""
        for rule in self._table.rules:
            for given, cell in zip(self._table.outputs, rule.values, strict=True):
                known, value = constant(cell.ast)
                if known and value is not None and given.priorities and given.rank(value) == len(given.priorities):
                    ranked = self._table.policy in ("PRIORITY", "OUTPUT ORDER")
                    column = given.label or given.name
                    yield self._finding(
                        "output-not-listed", "error" if ranked else "warning", rule.id,
                        f"第 {rule.number} 行“{column}”列给出 {shown(value)}，不在所列的输出值中。",
                        f"row {rule.number} gives {shown(value)} in column “{column}”, none of the output values it lists.",
                        "请改正单元格，或补上输出值。", "Correct the cell, or add the output value.", {"rows": [rule.number]},
                    )  # fmt: skip

    # --- cells of another type than their column ---

    def _strange_cells(self) -> Iterator[Finding]:
        """Cells that name a value of another kind than the column is declared to have: they would never match, or be refused."""
        for rule in self._table.rules:
            for asked, test in zip(self._table.inputs, rule.tests, strict=True):
                kinds = {kind(value) for value in named_in(test)} - {"null", asked.type}
                if asked.type and kinds:
                    yield self._strange(rule, asked.label, asked.type, kinds)
            for given, cell in zip(self._table.outputs, rule.values, strict=True):
                known, value = constant(cell.ast)
                if known and given.of is not None and not fit(value, given.of, Budget())[0]:
                    yield self._strange(rule, given.label or given.name, str(given.of.parts[0]), {kind(value)})

    def _strange(self, rule: Rule, column: str, wanted: str, kinds: set[str]) -> Finding:
        found = ", ".join(sorted(kinds))
        return self._finding(
            "cell-type", "error", rule.id, f"第 {rule.number} 行“{column}”列写的是 {found}，而该列的类型是 {wanted}。",
            f"row {rule.number} names a {found} in column “{column}”, which is declared as {wanted}.",
            "请改正单元格，或改列的类型。", "Correct the cell, or the type of the column.", {"rows": [rule.number]},
        )  # fmt: skip

    # --- rows that contradict -------------------------------------------------------------------------

    def _overlaps(self, dead: set[int]) -> Iterator[Finding]:
        policy = self._table.policy
        if policy not in ("UNIQUE", "ANY"):
            return
        rows = [rule for rule in self._table.rules if rule.number not in dead]
        told = 0
        for place, a in enumerate(rows):
            for b in rows[place + 1 :]:
                self._pay(len(self._columns))
                common = [c.surely[a.number - 1] & c.surely[b.number - 1] for c in self._columns]
                if all(common) and (policy == "UNIQUE" or not _agree(a, b)):
                    yield self._overlap(a, b, self._example(common))
                    if (told := told + 1) == _OVERLAPS:
                        return

    def _overlap(self, a: Rule, b: Rule, example: Example) -> Finding:
        said = _told(example)
        return self._finding(
            "rows-overlap", "error", b.id, f"第 {a.number} 行和第 {b.number} 行会同时命中，例如 {said}；命中策略不允许，案件会停下。",
            f"rows {a.number} and {b.number} both match, for instance {said}; the hit policy forbids it and the case stops.",
            "请改小其中一行的范围，或换命中策略。", "Narrow one of the rows, or choose another hit policy.",
            {"rows": [a.number, b.number], "example": example},
        )  # fmt: skip

    # --- rows that come too late ------------------------------------------------------------------------

    def _hidden(self, dead: set[int]) -> Iterator[Finding]:
        for rule in self._table.rules:
            before = self._before(rule)
            box = [column.perhaps[rule.number - 1] for column in self._columns]
            if before and rule.number not in dead and self._uncovered(box, before, surely=True) is None:
                yield self._row(
                    rule,
                    "row-unreachable",
                    "排在它前面的行已包含它的全部情形。",
                    "the rows that come first take all it asks.",
                )

    def _before(self, rule: Rule) -> list[int]:
        """Rows that win over this one whenever they match, too."""
        match self._table.policy:
            case "FIRST":
                return [r.number for r in self._table.rules if r.number < rule.number]
            case "PRIORITY":
                ranks = {r.number: self._rank(r) for r in self._table.rules}
                own = ranks[rule.number]
                if own is None:
                    return []
                return [n for n, rank in ranks.items() if rank is not None and (rank, n) < (own, rule.number)]
        return []

    def _rank(self, rule: Rule) -> tuple[int, ...] | None:
        found = [constant(cell.ast) for cell in rule.values]
        if not all(known for known, _ in found):
            return None
        return tuple(o.rank(value) for o, (_, value) in zip(self._table.outputs, found, strict=True))

    # --- inputs no row takes ------------------------------------------------------------------------------

    def _gaps(self) -> Iterator[Finding]:
        if self._table.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
            return  # An empty list is an answer.
        if any(output.default for output in self._table.outputs):
            return
        every = [column.all for column in self._columns]
        found = self._uncovered(every, [rule.number for rule in self._table.rules], surely=False)
        if found is None:
            return
        example = self._example(found)
        said = _told(example)
        yield self._finding(
            "table-gap", "warning", self._decision.id, f"有输入不命中任何一行，例如 {said}；结果会是 null。",
            f"some input matches no row, for instance {said}; the result would be null.",
            "请补上一行，或给出默认输出。", "Add a row or a default output.", {"example": example},
        )  # fmt: skip

    def _uncovered(self, box: Sequence[int], rows: Iterable[int], *, surely: bool) -> list[int] | None:
        """A part of the box that none of the rows takes, as one piece for each column; None when there is none."""
        seen: set[tuple[int, frozenset[int]]] = set()

        def search(place: int, left: frozenset[int]) -> list[int] | None:
            if not left:
                return [_lowest(pieces) for pieces in box[place:]]
            if place == len(box) or (place, left) in seen:
                return None
            seen.add((place, left))
            takes = self._columns[place].surely if surely else self._columns[place].perhaps
            for piece in _ones(box[place]):
                self._pay()
                rest = search(place + 1, frozenset(row for row in left if takes[row - 1] >> piece & 1))
                if rest is not None:
                    return [1 << piece, *rest]
            return None

        return search(0, frozenset(rows)) if all(box) else None

    # --- telling ------------------------------------------------------------------------------------------

    def _pay(self, steps: int = 1) -> None:
        self._left -= steps
        if self._left < 0:
            raise _TooMany

    def _example(self, parts: Sequence[int]) -> Example:
        return {c.label: shown(c.samples[_first(part)]) for c, part in zip(self._columns, parts, strict=True)}

    def _row(self, rule: Rule, code: str, zh: str, en: str) -> Finding:
        return self._finding(
            code, "warning", rule.id, f"第 {rule.number} 行不起作用：{zh}", f"row {rule.number} does nothing: {en}",
            "请删除或改正这一行。", "Remove or correct the row.", {"rows": [rule.number]},
        )  # fmt: skip

    def _whole(self, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Finding:
        return self._finding(code, "error", self._decision.id, zh, en, remedy_zh, remedy_en, {})

    def _finding(
        self, code: str, severity: str, element: str, zh: str, en: str, remedy_zh: str, remedy_en: str,
        detail: dict[str, Value],
    ) -> Finding:  # fmt: skip
        name = self._decision.name
        return Finding(
            code=code, severity="error" if severity == "error" else "warning", file=self._file, element=element,
            zh=f"决策表“{name}”：{zh}", en=f"Decision table “{name}”: {en}", remedy_zh=remedy_zh, remedy_en=remedy_en,
            detail={"decision": self._decision.id, **detail},
        )  # fmt: skip


def _agree(a: Rule, b: Rule) -> bool:
    """Whether two rows surely give the same, or may: cells that are not constant are compared when they are met."""
    for x, y in zip(a.values, b.values, strict=True):
        (known_x, value_x), (known_y, value_y) = constant(x.ast), constant(y.ast)
        if known_x and known_y and equal(value_x, value_y) is not True:
            return False
    return True


def _told(example: Example) -> str:
    return ", ".join(f"{label} = {value}" for label, value in example.items()) or "-"


def _ones(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _lowest(bits: int) -> int:
    return bits & -bits


def _first(bits: int) -> int:
    return _lowest(bits).bit_length() - 1
