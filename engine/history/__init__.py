"""Case histories: events, their kinds, and the chain that proves them.

`events` says what an event is, `inputs` and `outcomes` name everything that can happen, `chain` gives each
event its place and hash, `personal` seals what is about a person. Nothing here knows a database or a diagram.
"""

from engine.history.chain import (
    GENESIS,
    ChainBroken,
    Record,
    RecordDamaged,
    UnknownKind,
    canonical,
    check,
    instant,
    micros,
    read,
    seal,
)
from engine.history.events import KINDS, Event, Input, Outcome
from engine.history.inputs import (
    AttachmentAdded,
    CalendarReplaced,
    CaseLinked,
    CaseMoved,
    CaseOpened,
    ClockPaused,
    ClockResumed,
    CommentAdded,
    DeadlineExtended,
    ErrandDone,
    ErrandFailed,
    IncidentResolved,
    MessageReceived,
    PersonErased,
    PersonRecused,
    SignalReceived,
    TaskClaimed,
    TaskCompleted,
    TaskDelegated,
    TaskReleased,
    TimerFired,
)
from engine.history.outcomes import (
    CaseClosed,
    DataSet,
    DeadlineDropped,
    DeadlineMet,
    DeadlineMoved,
    DeadlineSet,
    DecisionMade,
    ErrandCancelled,
    ErrandStarted,
    IncidentRaised,
    MessageAwaited,
    MessageDropped,
    MessageSent,
    MilestoneReached,
    PathTaken,
    SignalAwaited,
    SignalDropped,
    SignalSent,
    StatusChanged,
    TaskOpened,
    TaskRevised,
    TaskWithdrawn,
    TimerCancelled,
    TimerMoved,
    TimerSet,
    ValueMissing,
)
from engine.history.personal import ERASED, Hidden, Keyring, Personal, SealBroken, bare, persons_in

__all__ = [
    "ERASED", "GENESIS", "KINDS", "AttachmentAdded", "CalendarReplaced", "CaseClosed", "CaseLinked", "CaseMoved",
    "CaseOpened", "ChainBroken", "ClockPaused", "ClockResumed", "CommentAdded", "DataSet", "DeadlineDropped",
    "DeadlineExtended", "DeadlineMet", "DeadlineMoved", "DeadlineSet", "DecisionMade", "ErrandCancelled",
    "ErrandDone", "ErrandFailed", "ErrandStarted", "Event", "Hidden", "IncidentRaised", "IncidentResolved", "Input",
    "Keyring", "MessageAwaited", "MessageDropped", "MessageReceived", "MessageSent", "MilestoneReached", "Outcome",
    "PathTaken", "PersonErased", "PersonRecused", "Personal", "Record", "RecordDamaged", "SealBroken",
    "SignalAwaited", "SignalDropped", "SignalReceived", "SignalSent", "StatusChanged", "TaskClaimed",
    "TaskCompleted", "TaskDelegated", "TaskOpened", "TaskReleased", "TaskRevised", "TaskWithdrawn",
    "TimerCancelled", "TimerFired", "TimerMoved", "TimerSet", "UnknownKind", "ValueMissing", "bare", "canonical",
    "check", "instant", "micros", "persons_in", "read", "seal",
]  # fmt: skip
