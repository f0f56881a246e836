"""What was changed since the last step, so that a step that fails can be taken back whole.

Everything in a case that changes sits in a `Kept` mapping or notes its own undoing. It does not
know what the changes mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Journal:
    """How to take changes back, the latest first."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []

    def note(self, undo: Callable[[], object]) -> None:
        """Remember how a change is taken back."""
        self._undo.append(undo)

    def mark(self) -> int:
        """Where we are."""
        return len(self._undo)

    def back(self, mark: int = 0) -> None:
        """Take back everything that was changed since `mark`."""
        while len(self._undo) > mark:
            self._undo.pop()()

    def forget(self) -> None:
        """What was changed stays so."""
        self._undo.clear()


class Kept(dict[K, V]):
    """A mapping whose changes can be taken back. Values are replaced, never changed in place."""

    __slots__ = ("_journal",)

    def __init__(self, journal: Journal, items: Iterable[tuple[K, V]] = ()) -> None:
        super().__init__(items)
        self._journal = journal

    def __setitem__(self, key: K, value: V) -> None:
        if key in self:
            before = self[key]
            self._journal.note(lambda: dict.__setitem__(self, key, before))
        else:
            self._journal.note(lambda: dict.__delitem__(self, key))
        super().__setitem__(key, value)

    def __delitem__(self, key: K) -> None:
        before = self[key]
        self._journal.note(lambda: dict.__setitem__(self, key, before))
        super().__delitem__(key)

    def rename(self, key: K, other: K) -> None:
        """Keep under another name what is kept under this one, if anything is."""
        if key in self:
            self[other] = self[key]
            del self[key]
