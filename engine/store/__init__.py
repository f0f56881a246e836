"""Where histories and everything derived from them are kept: the only door to SQLAlchemy.

`store` opens transactions; `cases` and `writing` keep the histories, `projection` folds them into
rows; `worklist`, `search`, `jobs`, `people`, `releases`, `kept` are what a transaction can do besides;
`trouble` turns a database's errors into ours. Nothing here knows a diagram, a form or a rule.
"""

from engine.store.database import Count
from engine.store.jobs import Queue, back_off
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
    "Answered", "Attachment", "CaseMovedOn", "CaseNotFound", "CaseQuery", "Comment", "Count", "CursorUnusable",
    "DatabaseUnsuitable", "DeadlineRow", "Deputy", "FileNotStored", "Head", "HistoryIsForEver", "IdempotencyKeyReused",
    "IncidentRow", "Job", "JobLost", "JobNotFound", "Node", "PackNotFound", "Page", "Person", "PersonNotFound", "Queue",
    "Reading", "ReleaseNotFound", "ReleaseRow", "SchemaTooNew",
    "SchemaTooOld", "SealedLook", "SecondNode", "Store", "StoreBusy",
    "StoreDamaged", "StoreFull", "StoreNotCreated", "StoreReadOnly", "StoreRefused", "StoreTrouble", "StoreUnreachable",
    "StoredFile", "TaskNotFound", "TaskRow", "Ticket", "TimerRow", "Transaction", "WorklistQuery", "back_off",
]  # fmt: skip
