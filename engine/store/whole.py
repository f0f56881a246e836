"""Several transactions as one: whatever a thread begins meanwhile is committed together, with what is said at the end.

So an answer that must be kept with its effect lies in the effect's own transaction, and no use case needs to
know of it. It begins with the first of them, so that long work before the first write holds nothing up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Whole(Generic[T]):
    """One transaction for all that are begun while it lasts."""

    def __init__(self, begun: Callable[[], AbstractContextManager[T]], first: Callable[[T], None]) -> None:
        """
        Args:
            begun: begins a transaction of its own.
            first: what is done in it before anything else.
        """
        self._begun, self._first = begun, first
        self._held = ExitStack()
        self._transaction: T | None = None
        self._failed = False

    @contextmanager
    def lasting(self) -> Iterator[Whole[T]]:
        """Commits at the end, rolls back when an exception passes."""
        with self._held:
            yield self
            if self._failed:
                # Half of something must not be committed because somebody kept quiet about the other half.
                raise RuntimeError("a transaction failed inside a whole, and nobody said so")

    @contextmanager
    def joined(self) -> Iterator[T]:
        """One of the transactions that are begun meanwhile: it is part of the whole."""
        try:
            yield self.transaction()
        except BaseException:
            self._failed = True
            raise

    def transaction(self) -> T:
        """The transaction, begun now if nothing has begun it yet."""
        if self._transaction is None:
            self._transaction = self._held.enter_context(self._begun())
            self._first(self._transaction)
        return self._transaction
