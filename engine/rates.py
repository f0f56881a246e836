"""Rates a procedure promises over many cases: so many of a hundred within their limit, against a target.

Whether a target is met is decided on whole numbers; only what is shown is rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from engine.policy import Label, Policy
from engine.store import Reading
from engine.values import Value

_CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Rated:
    """A rate over a period."""

    rate: str
    label: Label
    #: What was due in the period by its limits, and what of it was done in time.
    due: int
    kept: int
    #: Of a hundred, as the pack's parameter says.
    target: Decimal
    source: str

    @property
    def percent(self) -> Decimal | None:
        """Of a hundred, two decimals, half up; None where nothing was due."""
        return (Decimal(100 * self.kept) / self.due).quantize(_CENT, ROUND_HALF_UP) if self.due else None

    @property
    def met(self) -> bool | None:
        """Whether the target was met; exactly the target is met. None where nothing was due."""
        return 100 * self.kept >= self.target * self.due if self.due else None

    def told(self) -> dict[str, Value]:
        """As a report keeps it."""
        return {
            "rate": self.rate, "label": {"zh": self.label.zh, "en": self.label.en}, "due": self.due, "kept": self.kept,
            "percent": self.percent, "target": self.target, "met": self.met, "source": self.source,
        }  # fmt: skip


def rates_of(reading: Reading, policy: Policy, since: datetime, until: datetime) -> list[Rated]:
    """Every rate of a pack, of what was due in a period, as of its end."""
    if not policy.rates:
        return []
    pack = policy.pack
    return rated(policy, [*reading.limits_due(pack, since, until), *reading.task_limits_due(pack, since, until)])


def rated(policy: Policy, limits: Iterable[Value]) -> list[Rated]:
    """Every rate of a pack.

    Args:
        limits: what became of the limits that were due in the period: kept, late, overrun.
    """
    counted = {str(row["limit"]): row for row in limits if isinstance(row, Mapping)}
    found = []
    for name, rate in policy.rates.items():
        rows = [counted[limit] for limit in rate.limits if limit in counted]
        found.append(
            Rated(
                rate=name, label=rate.label, target=Decimal(str(policy.params[rate.target].value)), source=rate.source,
                kept=sum(_number(row["kept"]) for row in rows),
                due=sum(_number(row[key]) for row in rows for key in ("kept", "late", "overrun")),
            )
        )  # fmt: skip
    return found


def _number(value: Value) -> int:
    assert isinstance(value, int)
    return value
