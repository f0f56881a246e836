"""A case in motion: inputs go in, outcomes come out, and a snapshot stands for everything before.

The only door to SpiffWorkflow (`tokens`, `plan`); none of its types gets out. `run` is the door for
others, `motion` the loop, `acting` the table of elements, `hearing` the table of inputs, `documents`
what is known, `waits` what is waited for, `limits` when things are due. Nothing here reads a clock,
rolls dice, or touches a disk: what happens follows from the release and the inputs alone.
"""

from engine.run.foreseeing import foresee
from engine.run.known import Deadline, Incident, OpenErrand, OpenTask, OpenTimer, Subscription, Token
from engine.run.reckoning import functions_of
from engine.run.refusals import (
    CannotMove,
    CannotOpen,
    CaseIsClosed,
    ClockNotSo,
    DeadlineNotRunning,
    ErrandNotOpen,
    IncidentNotOpen,
    InputRefused,
    MessageNotAwaited,
    NotCaseData,
    NotOnRelease,
    SignalNotAwaited,
    SnapshotUnusable,
    TaskNotOpen,
    TimerNotSet,
)
from engine.run.run import Run

__all__ = [
    "CannotMove", "CannotOpen", "CaseIsClosed", "ClockNotSo", "Deadline", "DeadlineNotRunning", "ErrandNotOpen", "Incident",
    "IncidentNotOpen", "InputRefused", "MessageNotAwaited", "NotCaseData", "NotOnRelease", "OpenErrand", "OpenTask", "OpenTimer", "Run",
    "SignalNotAwaited", "SnapshotUnusable", "Subscription", "TaskNotOpen", "TimerNotSet", "Token", "foresee", "functions_of",
]  # fmt: skip
