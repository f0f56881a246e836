"""The casebook: what an actor may see of cases, tasks, deadlines and procedures. It changes nothing."""

from engine.casebook.book import Casebook, NoSuchEvent
from engine.casebook.views import (
    CaseView,
    DeadlineView,
    DiagramView,
    Document,
    HistoryView,
    IncidentView,
    Line,
    May,
    MessageView,
    Notice,
    PackView,
    Paper,
    Part,
    Remark,
    StateView,
    TaskLine,
    TaskView,
)

__all__ = [
    "CaseView", "Casebook", "DeadlineView", "DiagramView", "Document", "HistoryView", "IncidentView", "Line", "May", "MessageView",
    "NoSuchEvent", "Notice", "PackView", "Paper", "Part", "Remark", "StateView", "TaskLine", "TaskView",
]  # fmt: skip
