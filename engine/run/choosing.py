"""Ad-hoc sub-processes: the steps that were chosen begin, side by side or one after the other; it is over when they are, or it is enough.

As Camunda 8 has it: whenever one of the ways inside has come to its end the completion condition is asked, if
there is one. True ends the sub-process, taking away what is still open unless it is drawn to wait for it. False with nothing
left to do is an incident: what was drawn as the aim was not reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.run import activities, plan
from engine.run.faults import NotChosen, NotEnough, NotText
from engine.run.mapping import localise, take_in

if TYPE_CHECKING:
    from engine.diagram import AdHoc
    from engine.run.motion import Motion
    from engine.run.tokens import InnerScope, Token

#: The phase in which the token of the sub-process stands while its inside is in motion.
PHASE = "chosen"


def begin(motion: Motion, token: Token) -> bool:
    """Begin the steps that were chosen; none chosen is nothing to do."""
    take_in(motion, token)
    scope = localise(motion, token)
    drawn = _drawn(token)
    begins = {e.id: e for e in plan.choices(token.process, token.element.id)}
    chosen = motion.expressions.feel(drawn.active, scope)[0]
    if not isinstance(chosen, list) or not all(isinstance(c, str) for c in chosen):
        raise NotText(element=token.element.label, what="activeElementsCollection")
    for name in chosen:
        if name not in begins:
            raise NotChosen(element=token.element.label, chosen=name)
    if not chosen:
        if drawn.until and not motion.expressions.holds(drawn.until, scope):
            raise NotEnough(element=token.element.label)
        return activities.finish(motion, token, {}, {})
    inner = motion.main.open_inside(token, token.process, token.element.id, scope, token.workflow.called)
    order = list(dict.fromkeys(chosen))
    if drawn.sequential:
        token.put(rest=order[1:])
    for name in order[:1] if drawn.sequential else order:
        motion.place(inner, begins[name])
    return False


def look(motion: Motion, token: Token) -> bool:
    """An incident was resolved: is it enough now?"""
    inside = motion.main.inside(token)
    assert inside is not None
    return _is_over(motion, token, inside) and activities.leave(motion, token)


def way_over(motion: Motion, scope: InnerScope) -> None:
    """One of the ways inside has come to its end."""
    owner = scope.owner
    if any(i.token == owner.number for i in motion.incidents.values()):
        return  # it will be asked when that is resolved

    def ask() -> bool:
        if _is_over(motion, owner, scope):
            motion.wake(owner, "leave")
        return True

    motion.attempt(owner, ask)


def _is_over(motion: Motion, token: Token, inside: InnerScope) -> bool:
    drawn = _drawn(token)
    enough = not drawn.until or motion.expressions.holds(drawn.until, token.own)
    if enough and drawn.until and drawn.cancels_rest:
        motion.empty(inside)
    if not inside.empty:
        return False
    if token.rest and not (enough and drawn.until):
        begins = {e.id: e for e in plan.choices(token.process, token.element.id)}
        motion.place(inside, begins[token.rest[0]])
        token.put(rest=token.rest[1:])
        return False
    if not enough:
        raise NotEnough(element=token.element.label)
    motion.drop_waits(token.number, how="start")
    motion.close_inside(token)
    return True


def _drawn(token: Token) -> AdHoc:
    drawn = token.element.zeebe.ad_hoc
    assert drawn is not None
    return drawn
