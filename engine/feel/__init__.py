"""FEEL: the only expression language. Parsed by hand, compiled once, evaluated often, never unbounded.

`syntax` reads text into a `tree`, `building` and its themes make closures of it, `builtins` and its themes are the
functions, `data` and `temporal` the values, `budget` what it may cost. No Python object can be reached.
"""

from engine.feel.budget import LONGEST_TEXT, Budget, BudgetSpent
from engine.feel.compiled import (
    Compiled,
    Context,
    NotABoolean,
    Result,
    Why,
    compile,
    literal_or_expression,
    run_condition,
)
from engine.feel.conforming import fit
from engine.feel.data import Function, Range, equal
from engine.feel.house import HOUSE
from engine.feel.temporal import read_date, read_duration, read_moment, read_time, written
from engine.feel.tree import FeelSyntaxError, Node

__all__ = [
    "HOUSE", "LONGEST_TEXT", "Budget", "BudgetSpent", "Compiled", "Context", "FeelSyntaxError", "Function", "Node", "NotABoolean",
    "Range", "Result", "Why", "compile", "equal", "fit", "literal_or_expression", "read_date", "read_duration", "read_moment",
    "read_time", "run_condition", "written",
]  # fmt: skip
