"""Decisions are made: rows matched by their hit policy, and a record of what matched and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from engine.decision.model import Decision, Facts, Function, Output, Rule, Table
from engine.decision.reading import read_facts
from engine.errors import EngineError
from engine.feel import Budget, Context, Node, equal, fit, written
from engine.feel.data import compare, reckon
from engine.feel.parts import part
from engine.values import Value

#: What a call of knowledge counts for in the depth of an evaluation.
_STOREY = 20


class DecisionConflict(EngineError):
    """Decision {decision}: rows {rows} all match, which its hit policy {policy} forbids."""

    zh = "决策 {decision}：第 {rows} 行同时命中，而命中策略 {policy} 不允许。"


class InputNotAllowed(EngineError):
    """Decision {decision}: {value} is no allowed value of {input}."""

    zh = "决策 {decision}：{value} 不是 {input} 的允许值。"


class NotOfItsType(EngineError):
    """Decision {decision}: {value} is not of the type that is declared for {what}."""

    zh = "决策 {decision}：{value} 不符合 {what} 所声明的类型。"


class NoSuchDecision(EngineError):
    """{file} has no decision {decision}."""

    zh = "{file} 中没有决策 {decision}。"


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """What a decision gave, and the record of it."""

    #: A value, or name -> value where the table has several outputs.
    value: Value
    #: Plain facts: table, version, inputs, rules, outputs.
    record: dict[str, Value]


@dataclass(frozen=True, kw_only=True)
class DecisionModel:
    """One DMN file, ready to decide."""

    facts: Facts

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """Decisions by id."""
        return self.facts.decisions

    def inputs(self, decision: str) -> frozenset[str]:
        """Names the decision reads from outside, those of required decisions included."""
        names: set[str] = set()
        seen, todo = {decision}, [decision]
        while todo:
            found = self.decisions[todo.pop()]
            names |= self._read_by(found)
            todo += [r for r in found.requires if r not in seen]
            seen.update(found.requires)
        return frozenset(names)

    def _read_by(self, found: Decision) -> set[str]:
        """Names one decision reads that it is not given by another or by knowledge."""
        names: set[str] = set()
        if found.table is not None:
            for column in found.table.inputs:
                names |= column.expression.used
            for rule in found.table.rules:
                names |= {n for cell in (*rule.tests, *rule.values) for n in cell.used}
        if found.expression is not None:
            names |= found.expression.used
        given = {self.decisions[r].variable for r in found.requires}
        return {n for n in names if n.partition(".")[0] not in given and n not in self.facts.functions}

    def outputs(self, decision: str) -> tuple[str, ...]:
        """Names of what it gives; one empty name for a single unnamed value."""
        table = self.decisions[decision].table
        return tuple(o.name for o in table.outputs) if table else ("",)

    def parts(self, decision: str) -> frozenset[str] | None:
        """Names of the parts of what it gives, none when that is one value; None where it cannot be told.

        A table with several outputs gives name -> value, or a list of such; one with a single output gives the value itself.
        """
        table = self.decisions[decision].table
        if table is None:
            return None
        if len(table.outputs) > 1 and not table.aggregation:
            return frozenset(o.name for o in table.outputs)
        cells = [cell.ast for rule in table.rules for cell in rule.values]
        cells += [o.default.ast for o in table.outputs if o.default is not None]
        # A computed cell may give a context, or a date, which have parts.
        plain = all(cell.op == "value" and isinstance(cell.parts[0], str | bool | int | Decimal | None) for cell in cells)
        return frozenset() if table.aggregation == "COUNT" or plain else None

    def decide(self, decision: str, scope: Mapping[str, Value], *, context: Context) -> Evaluation:
        """Make a decision.

        Raises:
            NoSuchDecision, DecisionConflict, InputNotAllowed, NotOfItsType, BudgetSpent.
        """
        if decision not in self.decisions:
            raise NoSuchDecision(decision=decision, file=self.facts.file)
        # One budget for the whole decision, whatever the number of its cells.
        context = self._knowing(replace(context, budget=context.budget or Budget()))
        made: dict[str, Evaluation] = {}
        given = dict(scope)
        for name in self.facts.types.keys() & given.keys():
            given[name] = _fitted(given[name], self.facts.types[name], context, decision, name)
        found = self._decide(self.decisions[decision], given, context, made)
        if not made:
            return found
        # What was decided on the way, without its inputs and outputs: they are inputs of what is recorded.
        below = [{key: e.record[key] for key in ("table", "version", "rules")} for e in made.values()]
        return replace(found, record={**found.record, "required": below})

    def _decide(
        self, decision: Decision, given: dict[str, Value], context: Context, made: dict[str, Evaluation]
    ) -> Evaluation:
        """Reading has refused circles, so that this ends; what was decided once is not decided again."""
        names = dict(given)
        for required in decision.requires:
            if required not in made:
                made[required] = self._decide(self.decisions[required], given, context, made)
            names[self.decisions[required].variable] = made[required].value
        if decision.table is None:
            value = decision.expression.run(names, context=context).value if decision.expression else None
            value = _fitted(value, decision.of, context, decision.name, decision.variable)
            used = sorted(decision.expression.used) if decision.expression else []
            inputs = {path: _at(names, path) for path in used if path.partition(".")[0] in names}
            return Evaluation(value=value, record=self._record(decision, inputs, [], value))
        return self._by_table(decision, decision.table, names, context)

    def _by_table(self, decision: Decision, table: Table, names: Mapping[str, Value], context: Context) -> Evaluation:
        values = [
            _fitted(column.expression.run(names, context=context).value, column.of, context, decision.name, column.label)
            for column in table.inputs
        ]
        for column, value in zip(table.inputs, values, strict=True):
            if column.allowed is not None and not column.allowed.test(value, names, context=context):
                raise InputNotAllowed(decision=decision.name, value=value, input=column.label)
        hits = [
            rule
            for rule in table.rules
            if all(test.test(value, names, context=context) for test, value in zip(rule.tests, values, strict=True))
        ]
        rows = [(rule, _outputs(decision, table, rule, names, context)) for rule in hits]
        counted, outputs = _judged(decision, table, rows, names, context)
        outputs = _fitted(outputs, decision.of, context, decision.name, decision.variable)
        inputs = dict(zip(_labels(table), values, strict=True))
        return Evaluation(value=outputs, record=self._record(decision, inputs, counted, outputs))

    def _record(
        self, decision: Decision, inputs: dict[str, Value], rules: Sequence[Rule], outputs: Value
    ) -> dict[str, Value]:
        return {
            "table": decision.id,
            "version": self.facts.version,
            "inputs": inputs,
            "rules": [{"id": rule.id, "number": rule.number} for rule in rules],
            "outputs": outputs,
        }

    def _knowing(self, context: Context) -> Context:
        if not self.facts.functions:
            return context
        functions = dict(context.functions)
        knowing = replace(context, functions=functions)
        # Filled afterwards, so that knowledge may use knowledge.
        functions |= {name: _callable(f, knowing) for name, f in self.facts.functions.items()}
        return knowing


def read(data: bytes, file: str) -> DecisionModel:
    """A DMN file, ready to decide.

    Raises:
        Refused: with a finding for every cell that cannot be read.
    """
    return DecisionModel(facts=read_facts(data, file))


def _labels(table: Table) -> list[str]:
    """Labels of the columns; one that occurs twice is told apart by what it asks."""
    labels = [column.label for column in table.inputs]
    return [c.label if labels.count(c.label) == 1 else f"{c.label} ({c.expression.text})" for c in table.inputs]


def _at(names: Mapping[str, Value], path: str) -> Value:
    head, *steps = path.split(".")
    found = names[head]
    for step in steps:
        found = part(found, step)
    return found


def _callable(function: Function, context: Context) -> Any:
    def call(*given: Value) -> Value:
        assert context.budget is not None
        names: dict[str, Value] = {}
        for name, of, value in zip(function.params, function.types, given, strict=False):
            names[name] = _fitted(value, of, context, function.name, name)
        with context.budget.deeper(_STOREY):
            made = function.body.run(names, context=context).value
        return _fitted(made, function.of, context, function.name, function.name)

    return call


def _fitted(value: Value, of: Node | None, context: Context, decision: str, what: str) -> Value:
    """A value as its declared type wants it.

    Raises:
        NotOfItsType: the standard would go on with null, and nobody would know.
    """
    if of is None or value is None:
        return value
    assert context.budget is not None
    fits, found = fit(value, of, context.budget)
    if not fits:
        raise NotOfItsType(decision=decision, value=(written(value, True) or "")[:80], what=what)
    return found


def _outputs(
    decision: Decision, table: Table, rule: Rule, names: Mapping[str, Value], context: Context
) -> dict[str, Value]:
    return {
        column.name: _fitted(
            cell.run(names, context=context).value, column.of, context, decision.name, column.name or decision.name
        )
        for column, cell in zip(table.outputs, rule.values, strict=True)
    }


def _judged(
    decision: Decision,
    table: Table,
    rows: list[tuple[Rule, dict[str, Value]]],
    names: Mapping[str, Value],
    context: Context,
) -> tuple[list[Rule], Value]:
    rules = [rule for rule, _ in rows]
    if not rows:
        return [], _default(table, names, context, _nothing(table))
    match table.policy:
        case "UNIQUE" if len(rows) > 1:
            raise _conflict(decision, table, rules)
        case "ANY" if any(equal(_shaped(table, out), _shaped(table, rows[0][1])) is not True for _, out in rows[1:]):
            raise _conflict(decision, table, rules)
        case "UNIQUE" | "ANY":
            return rules, _shaped(table, rows[0][1])
        case "FIRST":
            return rules[:1], _shaped(table, rows[0][1])
        case "PRIORITY":
            best = min(rows, key=lambda row: _rank(table.outputs, row[1]))
            return [best[0]], _shaped(table, best[1])
        case "OUTPUT ORDER":
            ordered = sorted(rows, key=lambda row: _rank(table.outputs, row[1]))
            return [rule for rule, _ in ordered], [_shaped(table, out) for _, out in ordered]
    values = [_shaped(table, out) for _, out in rows]
    return rules, _collected(table.aggregation, values) if table.policy == "COLLECT" else values


def _nothing(table: Table) -> Value:
    """What a table gives when no row matches and no default is set."""
    if table.policy not in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
        return None
    return 0 if table.aggregation == "COUNT" else None if table.aggregation else []


def _shaped(table: Table, outputs: Mapping[str, Value]) -> Value:
    return next(iter(outputs.values())) if len(table.outputs) == 1 else dict(outputs)


def _default(table: Table, names: Mapping[str, Value], context: Context, otherwise: Value) -> Value:
    if not any(column.default for column in table.outputs):
        return otherwise
    values = {c.name: c.default.run(names, context=context).value if c.default else None for c in table.outputs}
    return _shaped(table, values)


def _rank(outputs: Sequence[Output], row: Mapping[str, Value]) -> tuple[int, ...]:
    return tuple(output.rank(row[output.name]) for output in outputs)


def _collected(aggregation: str, values: list[Value]) -> Value:
    match aggregation:
        case "COUNT":
            return len(values)
        case "SUM":
            total = values[0] if not isinstance(values[0], str) else None  # texts would be joined, which is no sum
            for value in values[1:]:
                total = reckon("+", total, value)
            return total
        case "MIN" | "MAX":
            best = values[0]
            for value in values[1:]:
                best = value if compare("<" if aggregation == "MIN" else ">", value, best) else best
            return best
    return values


def _conflict(decision: Decision, table: Table, rules: Sequence[Rule]) -> DecisionConflict:
    return DecisionConflict(decision=decision.name, rows=", ".join(str(r.number) for r in rules), policy=table.policy)
