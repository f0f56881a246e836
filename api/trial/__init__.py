"""Trying a draft: played step by step on a simulated clock, in a company of its own that is gone with the answer.

What was done is a list of steps that the page carries with it; each answer founds the company anew and does all of them
again. So nothing of a trial is kept anywhere, any node can answer, a step is taken back by leaving it out, and after a
change to the drawing the same steps show what is different. `promises` plays the pack's scenarios on it instead.
"""

from api.trial.playing import (
    MOST_STEPS,
    STAND_IN,
    Played,
    Step,
    StepsUnreadable,
    TrialTooLong,
    play,
    read_steps,
    written,
)
from api.trial.promises import Promise, ScenariosBusy, listed, promises

__all__ = [
    "MOST_STEPS", "STAND_IN", "Played", "Promise", "ScenariosBusy", "Step", "StepsUnreadable", "TrialTooLong", "listed", "play", "promises",
    "read_steps", "written",
]  # fmt: skip
