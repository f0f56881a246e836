"""What is foreseen for a case that would be moved to another release: what bars it, or what it would lose and gain."""

from __future__ import annotations

from dataclasses import dataclass

from engine.findings import Finding


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that would not be as it was."""

    #: "task", "fields" (of its form), "deadline", "timer", "message", "signal", "errand", "status", "incident", "case".
    of: str
    #: "changed", "begins", "ends".
    how: str
    #: Its name in the case: "trace-1", "T08-1", "late-2".
    name: str
    #: Of a task, which of its facts: "form", "groups", "due" …
    what: str = ""
    #: Moments in ISO 8601, lists with commas; "" where there is, or was, nothing. Of fields: those lost, those gained.
    before: str = ""
    after: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What must be the same when the move is made: a clock that begins only then shows another time."""
        begins_then = self.of == "timer" and self.how == "begins"
        return (self.of, self.how, self.name, self.what, self.before, "" if begins_then else self.after)


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """What a move would do to a case."""

    #: What keeps it from being moved; then nothing changes.
    bars: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def movable(self) -> bool:
        """Whether it can be moved."""
        return not self.bars

    def holds(self, other: Foreseen) -> bool:
        """Whether the other says the same would happen."""
        same = [sorted(c.key for c in found.changes) for found in (self, other)]
        bars = [[(f.code, f.file, f.element) for f in found.bars] for found in (self, other)]
        return same[0] == same[1] and bars[0] == bars[1]
