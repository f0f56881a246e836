"""How much a case may do before it stands still with an incident: steps at once, passes of a loop, tokens at a time.

What is counted is part of the case and what is allowed part of its release, so a replay stops where the case did.
Resolving the incident begins the count of the loop anew: mend what keeps it going, then let it go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.run import plan
from engine.run.faults import TooManyPasses, TooManySteps, TooManyTokens

if TYPE_CHECKING:
    from engine.run.motion import Motion
    from engine.run.tokens import Scope, Token

#: Steps a case may take because of one input.
MOST_STEPS = 5000
#: Tokens a case may have at a time.
MOST_TOKENS = 10_000
#: Tells the passes of a loop marker from the rounds through its activity.
_MARKED = "*"


def step(motion: Motion, token: Token) -> None:
    """Count a step that is about to be taken.

    Raises:
        TooManySteps, TooManyPasses, TooManyTokens.
    """
    motion.steps += 1
    if motion.steps > MOST_STEPS:
        raise TooManySteps(most=MOST_STEPS, element=token.element.label)
    if token.phase == "enter" and token.body is None and token.element.id in plan.loop_heads(token.process):
        count(motion, _key(token), token)
    if (len(token.flows) > 1 or token.element.zeebe.loop is not None) and motion.size > MOST_TOKENS:
        raise TooManyTokens(element=token.element.label, most=MOST_TOKENS)


def pass_of(motion: Motion, body: Token) -> None:
    """Count a pass of an activity with a loop marker.

    Raises:
        TooManyPasses.
    """
    count(motion, _key(body) + _MARKED, body)


def passed(motion: Motion, body: Token) -> None:
    """An activity with a loop marker is over: when it begins again, so does its count."""
    if (key := _key(body) + _MARKED) in motion.passes:
        del motion.passes[key]


def count(motion: Motion, key: str, token: Token) -> None:
    """Count a round of a loop.

    Raises:
        TooManyPasses.
    """
    most = motion.own_release.policy.most_passes
    if motion.passes.get(key, 0) >= most:
        raise TooManyPasses(element=token.element.label, most=most)
    motion.passes[key] = motion.passes.get(key, 0) + 1


def begin_anew(motion: Motion, token: Token) -> None:
    """A token that was stopped is let go on: its loop may go round as often again."""
    for key in (_key(token), _key(token) + _MARKED):
        if key in motion.passes:
            del motion.passes[key]


def forget(motion: Motion, scope: Scope) -> None:
    """The inside of an activity is over: when it begins again, so does the count of its loops."""
    begins = f"{scope.scope}/{scope.place or ''}/"
    for key in [k for k in motion.passes if k.startswith(begins)]:
        del motion.passes[key]


def _key(token: Token) -> str:
    scope: Scope = token.workflow
    return f"{scope.scope}/{scope.place or ''}/{token.element.id}"
