"""What a reader gets to see, as frozen values: pages and REST show these and nothing else.

Names of things come in both languages (`Label`); times are aware and UTC; `zone` says in which zone
they are to be shown. Nothing here decides anything.
"""

from engine.casebook.views.cases import (
    CaseView,
    DiagramView,
    Dossier,
    HistoryView,
    IncidentView,
    May,
    MessageView,
    Part,
    StateView,
    Waiting,
)
from engine.casebook.views.deadlines import DeadlineView, OverdueLine
from engine.casebook.views.papers import Document, Erasable, Line, Mention, Notice, Paper, Remark
from engine.casebook.views.procedures import (
    DocumentView,
    LimitView,
    PackView,
    ParamView,
    ProcedureView,
    RegisterRow,
    RegisterView,
    ReportView,
    RoleView,
    SeriesView,
    StepView,
)
from engine.casebook.views.tasks import Sheet, TaskLine, TaskMay, TaskView

__all__ = [
    "CaseView",
    "DeadlineView",
    "DiagramView",
    "Document",
    "DocumentView",
    "Dossier",
    "Erasable",
    "HistoryView",
    "IncidentView",
    "LimitView",
    "Line",
    "May",
    "Mention",
    "MessageView",
    "Notice",
    "OverdueLine",
    "PackView",
    "Paper",
    "ParamView",
    "Part",
    "ProcedureView",
    "RegisterRow",
    "RegisterView",
    "Remark",
    "ReportView",
    "RoleView",
    "SeriesView",
    "Sheet",
    "StateView",
    "StepView",
    "TaskLine",
    "TaskMay",
    "TaskView",
    "Waiting",
]
