"""What a diagram may refer to: the names the rest of a release gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class FieldFacts(Protocol):
    """What the gate must know of a form's field."""

    @property
    def type(self) -> str:
        """FEEL type."""

    @property
    def personal(self) -> bool:
        """Whether it is about a person, and so never enters a run."""

    @property
    def given(self) -> bool:
        """Whether filling in the form gives it (otherwise it is only shown)."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """Names of a release, by kind."""

    roles: frozenset[str] = frozenset()
    #: Form -> its fields.
    forms: Mapping[str, Mapping[str, FieldFacts]] = field(default_factory=dict)
    #: Decision -> names of its inputs, names of its outputs.
    decisions: Mapping[str, tuple[Iterable[str], Iterable[str]]] = field(default_factory=dict)
    #: Decision -> the names of the parts its result has, none when it is one value; left out where that is not certain.
    parts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Limit -> its variants; "" is its own span.
    limits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Milestones at which limits start or end.
    milestones: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    #: Message -> form it is entered with.
    messages: Mapping[str, str | None] = field(default_factory=dict)
    params: frozenset[str] = frozenset()
    #: Errand -> facts it cannot do without.
    errands: Mapping[str, Iterable[str]] = field(default_factory=dict)
    #: Form asked when a case is opened; "" when the diagrams are checked without a pack.
    intake: str = ""
    #: Process that runs when a case is opened.
    process: str = ""
    #: Whether only participants know of its cases.
    sealed: bool = False
