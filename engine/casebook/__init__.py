"""The casebook: what an actor may see of cases, tasks, deadlines and procedures. It changes nothing."""

from engine.casebook.auditing import may_verify
from engine.casebook.book import Casebook
from engine.casebook.lexicon import Lexicon, lexicon_of
from engine.casebook.looking import NoSuchEvent, turns_of
from engine.casebook.naming import told
from engine.casebook.procedures import RegisterNotFound
from engine.casebook.then import Known, MomentView, Notified, Proof, TaskThen
from engine.casebook.views import (
    CaseView,
    DeadlineView,
    DiagramView,
    Document,
    Dossier,
    HistoryView,
    IncidentView,
    LimitView,
    Line,
    May,
    MessageView,
    Notice,
    PackView,
    Paper,
    Part,
    ProcedureView,
    RegisterRow,
    RegisterView,
    Remark,
    RoleView,
    Sheet,
    StateView,
    TaskLine,
    TaskMay,
    TaskView,
    Waiting,
)

__all__ = [
    "CaseView", "Casebook", "DeadlineView", "DiagramView", "Document", "Dossier", "HistoryView", "IncidentView",
    "Known", "Lexicon", "LimitView", "Line", "May", "MessageView", "MomentView", "NoSuchEvent", "Notice", "Notified",
    "PackView", "Paper", "Part", "ProcedureView", "Proof", "RegisterNotFound", "RegisterRow", "RegisterView",
    "Remark", "RoleView", "Sheet", "StateView", "TaskLine", "TaskMay", "TaskThen", "TaskView", "Waiting", "lexicon_of",
    "may_verify", "told", "turns_of",
]  # fmt: skip
