"""Forgetting a person: what is theirs reads as null from now on, wherever the case still holds it.

What a name was derived from is known by expression (`Expressions.feel`), so a replay of a history whose
key was destroyed marks the same names, and forgets the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.run.motion import Motion
    from engine.run.tokens import Token


def forget(motion: Motion, of: str) -> None:
    """Make everything about a person null: documents, open tasks and errands, keys, what is under way."""
    for token in motion.all_tokens():
        _forget_on_the_way(token, of)
        _forget_outside(motion, token, of)
    for wait in [w for w in motion.waits.values() if w.of == of]:
        motion.waits[wait.name] = replace(wait, key=None)
    motion.documents.erase(of)


def _forget_on_the_way(token: Token, of: str) -> None:
    if of in token.whose.values():
        token.put(payload={n: None if token.whose.get(n) == of else v for n, v in (token.payload or {}).items()})
    if token.loop is not None and token.loop["of"] == of:
        token.put(loop={**token.loop, **{k: [None] * len(token.loop[k]) for k in ("items", "out")}})


def _forget_outside(motion: Motion, token: Token, of: str) -> None:
    """The open task or errand of a token."""
    name = token.asked or token.name or ""
    if (errand := motion.errands.get(name)) is not None and errand.inputs:
        theirs = {n for n in errand.inputs if motion.documents.whose_name(token.own, n) == of}
        motion.errands[name] = replace(errand, inputs={n: None if n in theirs else v for n, v in errand.inputs.items()})
    loop = token.element.zeebe.loop
    item = loop.item if loop is not None else ""
    if name in motion.tasks and item and motion.documents.whose_name(token.own, item) == of:
        motion.tasks[name] = replace(motion.tasks[name], item=None)
