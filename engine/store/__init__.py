"""Where histories and everything derived from them are kept: the only door to SQLAlchemy.

`store` opens transactions; `cases` and `writing` keep the histories, `projection` folds them into
rows; `worklist`, `search`, `statistics`, `jobs`, `people`, `releases`, `kept` and `ledger` are what a
transaction can do besides; `trouble` turns a database's errors into ours. Nothing here knows a
diagram, a form or a rule.
"""

from engine.store.copying import TargetNotEmpty, copy
from engine.store.database import Count
from engine.store.jobs import Queue, back_off
from engine.store.ledger import Checkpoint, Inclusion, LedgerVerdict, NoCheckpoint, NotInLedger
from engine.store.nodes import Node
from engine.store.rows import (
    Answered,
    Attachment,
    Comment,
    DeadlineRow,
    Deputy,
    Head,
    IncidentRow,
    Job,
    Page,
    Person,
    ReleaseRow,
    SealedLook,
    StoredFile,
    TaskRow,
    Ticket,
    TimerRow,
)
from engine.store.search import CaseQuery
from engine.store.statistics import CaseTally, DoneTally, LimitTally, Load
from engine.store.store import Reading, Store, Transaction
from engine.store.trouble import (
    CaseMovedOn,
    CaseNotFound,
    CursorUnusable,
    DatabaseUnsuitable,
    FileNotStored,
    HistoryIsForEver,
    IdempotencyKeyReused,
    JobLost,
    JobNotFound,
    PackNotFound,
    PersonNotFound,
    ReleaseNotFound,
    SchemaTooNew,
    SchemaTooOld,
    SecondNode,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreNotCreated,
    StoreReadOnly,
    StoreRefused,
    StoreTrouble,
    StoreUnreachable,
    TaskNotFound,
)
from engine.store.worklist import WorklistQuery

__all__ = [
    "Answered", "Attachment", "CaseMovedOn", "CaseNotFound", "CaseQuery", "CaseTally", "Checkpoint", "Comment",
    "Count", "CursorUnusable", "DatabaseUnsuitable", "DeadlineRow", "Deputy", "DoneTally", "FileNotStored", "Head",
    "HistoryIsForEver", "IdempotencyKeyReused", "IncidentRow", "Inclusion", "Job", "JobLost", "JobNotFound",
    "LedgerVerdict", "LimitTally", "Load", "NoCheckpoint", "Node", "NotInLedger", "PackNotFound", "Page", "Person",
    "PersonNotFound", "Queue", "Reading", "ReleaseNotFound", "ReleaseRow", "SchemaTooNew", "SchemaTooOld",
    "SealedLook", "SecondNode", "Store", "StoreBusy", "StoreDamaged", "StoreFull", "StoreNotCreated", "StoreReadOnly",
    "StoreRefused", "StoreTrouble", "StoreUnreachable", "StoredFile", "TargetNotEmpty", "TaskNotFound", "TaskRow",
    "Ticket", "TimerRow", "Transaction", "WorklistQuery", "back_off", "copy",
]  # fmt: skip
