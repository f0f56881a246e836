"""Decision models as frozen values: tables, literal expressions, what they require."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from engine.feel import Compiled, Context, Node
from engine.values import Value

#: Lists of values do not ask for the time.
_ANY_MOMENT = Context(now=datetime(2000, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, kw_only=True)
class Input:
    """A column that is tested."""

    id: str
    label: str
    expression: Compiled
    #: Declared type of what is asked, as the modeler writes it; "" when none.
    type: str = ""
    #: Unary tests the value must pass; None: any.
    allowed: Compiled | None = None
    #: The declared type, for checking values; None: any.
    of: Node | None = None


@dataclass(frozen=True, kw_only=True)
class Output:
    """A column that is given."""

    id: str
    name: str
    label: str
    #: Tests of the values it may give, in the order of priority; () when any.
    priorities: tuple[Compiled, ...] = ()
    default: Compiled | None = None
    #: The declared type; None: any.
    of: Node | None = None

    def rank(self, value: Value) -> int:
        """Place of a value in the order of priority, for hit policies P and O; what is not listed comes last."""
        tests = enumerate(self.priorities)
        return next((place for place, test in tests if test.test(value, {}, context=_ANY_MOMENT)), len(self.priorities))


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A row."""

    id: str
    #: One-based, as it stands in the table.
    number: int
    tests: tuple[Compiled, ...]
    values: tuple[Compiled, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A decision table."""

    #: "UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT".
    policy: str
    #: "", "SUM", "COUNT", "MIN", "MAX".
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class Function:
    """A business knowledge model: a named function with its parameters."""

    name: str
    params: tuple[str, ...]
    body: Compiled
    #: The declared type of each parameter, and of what it gives; None: any.
    types: tuple[Node | None, ...] = ()
    of: Node | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision."""

    id: str
    name: str
    #: Name under which others read what it gives.
    variable: str
    table: Table | None = None
    expression: Compiled | None = None
    #: Ids of required decisions, and names of required inputs.
    requires: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    #: The declared type of what it gives; None: any.
    of: Node | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything one DMN file says."""

    file: str
    #: Digest of the file: the version that records name.
    version: str
    decisions: Mapping[str, Decision] = field(repr=False)
    functions: Mapping[str, Function] = field(repr=False)
    #: Input data with a declared type.
    types: Mapping[str, Node] = field(default_factory=dict, repr=False)
