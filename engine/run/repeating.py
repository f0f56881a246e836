"""Activities done once per item of a list, so many times, or while a condition holds: one token is the body, each instance has its own."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from engine.diagram import LOOP_COUNTER
from engine.run import bounds, waits
from engine.run.documents import Bounds
from engine.run.faults import NotACount, NotAList, TooManyItems
from engine.run.mapping import localise, pass_on
from engine.values import Value

if TYPE_CHECKING:
    from engine.diagram import Loop
    from engine.run.motion import Motion
    from engine.run.tokens import Token

_COUNT = re.compile(r"[0-9]{1,9}")
#: Most items an activity is repeated for: each may be an open task, and all of them are in the case at a time.
MOST_ITEMS = 1_000


def begin(motion: Motion, token: Token) -> bool:
    """Begin an instance for each item; one after the other if the diagram says so."""
    loop = _loop(token)
    items, of = ([], None) if loop.standard else _items(motion, token, loop)
    token.put(
        name=motion.name_for(f"{token.element.id}*"),
        loop={"items": items, "of": of, "begun": 0, "over": 0, "out": [None] * len(items)},
    )
    if not _more(motion, token, token.scope, first=True) if loop.standard else not items:
        _hand_out(motion, token)
        return pass_on(motion, token)
    token.put(phase="wait")
    for _ in range(1 if loop.sequential else len(items)):
        _begin_next(motion, token)
    waits.arm(motion, token)
    return False


def _items(motion: Motion, token: Token, loop: Loop) -> tuple[list[Value], str | None]:
    if not loop.collection:
        said = motion.expressions.value(loop.count, token.scope)
        times = int(said) if isinstance(said, str) and _COUNT.fullmatch(said) else said
        if not isinstance(times, int | Decimal) or isinstance(times, bool) or times < 0 or times != int(times):
            raise NotACount(element=token.element.label, text=str(said)[:100])
        if times > MOST_ITEMS:
            raise TooManyItems(element=token.element.label, found=times, most=MOST_ITEMS)
        return [None] * int(times), None
    items, of = motion.expressions.feel(loop.collection, token.scope, element=token.element.id)
    if not isinstance(items, list):
        raise NotAList(element=token.element.label, text=loop.collection)
    if len(items) > MOST_ITEMS:
        raise TooManyItems(element=token.element.label, found=len(items), most=MOST_ITEMS)
    return items, of


def _more(motion: Motion, body: Token, scope: str, *, first: bool = False) -> bool:
    """Whether a loop marker asks for another pass."""
    loop, done = _loop(body), _known(body)["over"]
    if loop.most is not None and done >= loop.most:
        return False
    if loop.again and (loop.asked_first or not first):
        return motion.expressions.holds(loop.again, scope, {LOOP_COUNTER: Decimal(done)})
    return True


def _begin_next(motion: Motion, body: Token) -> None:
    known, loop = _known(body), _loop(body)
    index = known["begun"]
    body.put(loop={**known, "begun": index + 1})
    token = motion.place(body.workflow, body.element, body=body.number, index=index, around=body.scope)
    scope = localise(motion, token, Bounds(parent=body.scope))
    motion.documents.put(scope, LOOP_COUNTER, index + 1)
    if loop.item:
        motion.documents.put(scope, loop.item, known["items"][index], known["of"])
    if loop.awaited:
        motion.documents.put(scope, loop.awaited, None)


def instance_over(motion: Motion, token: Token) -> bool:
    """An instance is done: collect its output, begin the next, or end the repetition."""
    assert token.body is not None
    body, loop = motion.token(token.body), _loop(token)
    known = _known(body)
    out = list(known["out"])
    if loop.standard:
        return _pass_over(motion, token, body)
    if loop.output_item:
        out[token.index], of = motion.expressions.feel(loop.output_item, token.own, element=token.element.id)
        known = {**known, "of": known["of"] or of}
    known = {**known, "out": out, "over": known["over"] + 1}
    body.put(loop=known)
    enough = bool(loop.until) and motion.expressions.holds(loop.until, token.own, _numbers(motion, body, known))
    motion.documents.close(motion.named(token))
    token.put(local=False, going=())
    motion.passed(token.workflow, token.element.id)
    if enough:
        for other in [t for t in body.workflow.tokens if t.body == body.number and t is not token]:
            motion.cancel(other)
    if enough or known["over"] == len(known["items"]):
        _hand_out(motion, body)
        motion.wake(body, "leave")
    elif known["begun"] < len(known["items"]) and loop.sequential:
        _begin_next(motion, body)
    return True


def _pass_over(motion: Motion, token: Token, body: Token) -> bool:
    """A pass of a loop marker is done: begin another, or go on."""
    bounds.pass_of(motion, body)
    body.put(loop={**_known(body), "over": _known(body)["over"] + 1})
    more = _more(motion, body, token.own)
    motion.documents.close(motion.named(token))
    token.put(local=False, going=())
    motion.passed(token.workflow, token.element.id)
    if more:
        _begin_next(motion, body)
    else:
        bounds.passed(motion, body)
        motion.wake(body, "leave")
    return True


def _numbers(motion: Motion, body: Token, known: dict[str, Any]) -> dict[str, Value]:
    # The instance that has just ended is still there when the condition is asked.
    active = sum(1 for t in body.workflow.tokens if t.body == body.number) - 1
    collected = {_loop(body).output_collection: list(known["out"])} if _loop(body).output_collection else {}
    return collected | {
        "numberOfInstances": Decimal(len(known["items"])),
        "numberOfCompletedInstances": Decimal(known["over"]),
        "numberOfActiveInstances": Decimal(active),
        "numberOfTerminatedInstances": Decimal(0),
    }


def _hand_out(motion: Motion, body: Token) -> None:
    loop = _loop(body)
    if loop.output_collection:
        known = _known(body)
        whose = {loop.output_collection: known["of"]} if known["of"] else {}
        motion.write(body.element.id, body.scope, {loop.output_collection: list(known["out"])}, whose)


def _loop(token: Token) -> Loop:
    loop = token.element.zeebe.loop
    assert loop is not None
    return loop


def _known(body: Token) -> dict[str, Any]:
    assert body.loop is not None
    return body.loop
