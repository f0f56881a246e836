"""Shares of answers: of the cases in which a question was answered, how many were answered so.

Counted in cases, not in answers: who was asked twice and was content only once was not content. It knows the fields by
what the pack says of them (`shares`); what no case was asked has no share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from engine.authority import Actor
from engine.policy import Label, Policy, Share
from engine.store import CaseQuery, Reading
from engine.store.passages import answer_mark
from forms import Field

_TENTH = Decimal("0.1")
#: Cases are looked at one by one up to so many.
MOST_CASES = 20_000


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One way to answer, and in how many cases it was given."""

    value: str
    label: Label
    good: bool
    cases: int


@dataclass(frozen=True, kw_only=True)
class Shared:
    """A share over a period."""

    share: str
    label: Label
    field: str
    #: Cases that were answered only in the ways that are counted, and cases that were answered at all.
    good: int
    whole: int
    answers: tuple[Answer, ...]
    source: str

    @property
    def percent(self) -> Decimal | None:
        """Of a hundred, one decimal, half up; None where nobody was asked."""
        return (Decimal(100 * self.good) / self.whole).quantize(_TENTH, ROUND_HALF_UP) if self.whole else None


def shares_of(
    reading: Reading, policy: Policy, fields: Sequence[Field], since: datetime, actor: Actor
) -> list[Shared]:
    """Every share of a pack, over the cases opened since then that the actor may see.

    Args:
        fields: those of the release's forms.
    """
    return [_shared(reading, policy.pack, name, share, fields, since, actor) for name, share in policy.shares.items()]


def _shared(
    reading: Reading, pack: str, name: str, share: Share, fields: Sequence[Field], since: datetime, actor: Actor
) -> Shared:
    labels = {value: label for f in fields if f.name == share.field for value, label in f.answers.items()}
    others = share.others or tuple(value for value in labels if value not in share.good)
    cases = {
        value: _cases(reading, CaseQuery(pack=pack, since=since, marks=(said,), limit=200), actor)
        for value in (*share.good, *others)
        if (said := answer_mark(share.field, value)) is not None
    }
    good = frozenset().union(*(cases.get(value, frozenset()) for value in share.good))
    bad = frozenset().union(*(cases.get(value, frozenset()) for value in others))
    return Shared(
        share=name, label=share.label, field=share.field, good=len(good - bad), whole=len(good | bad), source=share.source,
        answers=tuple(
            Answer(value=value, label=labels.get(value, Label(zh=value, en=value)), good=value in share.good, cases=len(found))
            for value, found in cases.items()
        ),
    )  # fmt: skip


def _cases(reading: Reading, query: CaseQuery, actor: Actor) -> frozenset[str]:
    """The cases of a query, by page."""
    found: set[str] = set()
    cursor: str | None = None
    while len(found) < MOST_CASES:
        page = reading.cases(replace(query, cursor=cursor), actor)
        found.update(head.case for head in page.rows)
        cursor = page.next
        if cursor is None:
            break
    return frozenset(found)
