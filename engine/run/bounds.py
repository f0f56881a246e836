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


def step(motion: Motion, token: Token) -> None:
    """Count a step that is about to be taken.

    Raises:
        TooManySteps, TooManyPasses, TooManyTokens.
    """
    motion.steps += 1
    if motion.steps > MOST_STEPS:
        raise TooManySteps(most=MOST_STEPS, element=token.element.label)
    if token.phase == "enter" and token.body is None and token.element.id in plan.loop_heads(token.process):
        _pass(motion, token)
    if (len(token.flows) > 1 or token.element.zeebe.loop is not None) and motion.size > MOST_TOKENS:
        raise TooManyTokens(element=token.element.label, most=MOST_TOKENS)


def _pass(motion: Motion, token: Token) -> None:
    most = motion.own_release.policy.most_passes
    key = _key(token)
    if motion.passes.get(key, 0) >= most:
        raise TooManyPasses(element=token.element.label, most=most)
    motion.passes[key] = motion.passes.get(key, 0) + 1


def begin_anew(motion: Motion, token: Token) -> None:
    """A token that was stopped is let go on: its loop may go round as often again."""
    if _key(token) in motion.passes:
        del motion.passes[_key(token)]


def forget(motion: Motion, scope: Scope) -> None:
    """The inside of an activity is over: when it begins again, so does the count of its loops."""
    begins = f"{scope.scope}/{scope.place or ''}/"
    for key in [k for k in motion.passes if k.startswith(begins)]:
        del motion.passes[key]


def _key(token: Token) -> str:
    scope: Scope = token.workflow
    return f"{scope.scope}/{scope.place or ''}/{token.element.id}"
