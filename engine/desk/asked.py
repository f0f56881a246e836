"""Requests that may come twice: what was answered under an idempotency key is answered again.

The answer is kept in the transaction of the action, so that there is never one without the other.
"""

from __future__ import annotations

from engine.authority import Actor
from engine.desk.house_rules import sight
from engine.desk.sitting import Done
from engine.store import Asked, Transaction


def told_before(tx: Transaction, asked: Asked | None, actor: Actor) -> Done | None:
    """What was answered to this request before; None when it is new, or carries no key.

    Raises:
        IdempotencyKeyReused: the key was used by the same person for another request.
        CaseNotFound: meanwhile the person may no longer know of the case.
    """
    if asked is None:
        return None
    kept = tx.remembered(asked.key, asked.actor, asked.request)
    if kept is None:
        return None
    sight(tx, tx.head(kept.case), actor)
    records = tuple(tx.history(kept.case, after=kept.first - 1, until=kept.last))
    return Done(case=kept.case, seq=kept.last, records=records, head=tx.head(kept.case))


def remember(tx: Transaction, asked: Asked | None, done: Done) -> Done:
    """Keep the answer under the key, where there is one; returns the answer."""
    if asked is not None:
        first = done.records[0].seq if done.records else done.seq + 1
        tx.remember(asked.key, asked.actor, asked.request, case=done.case, first=first, last=done.seq)
    return done


__all__ = ["Asked", "remember", "told_before"]
