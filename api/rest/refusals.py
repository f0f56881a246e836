"""What operations may refuse, gathered by what they are about: for the API description, and checked by its tests."""

from __future__ import annotations

from api.problems import BodyNotJson, BodyTooLarge, FieldsWrong, KeyUnusable, NotSentAsJson, VersionUnusable
from api.signin import CsrfMissing, NotSignedIn
from api.watching import TooFarBehind
from engine.authority import ComplainedOf, DeputyNotValid, FourEyesRequired, NotAuthorised, NotYours, Recused
from engine.casebook import FileErased
from engine.desk import (
    CapReached,
    ClocksGo,
    ClocksStandStill,
    ErasedBefore,
    ExtensionRefused,
    FileEmpty,
    FileTooLarge,
    LimitNotExtendable,
    MediaTypeRefused,
    NeverSeen,
    NobodyCalled,
    NothingToPause,
    RunsInACircle,
    TaskMovedOn,
    TextRefused,
    UnknownChannel,
    UnknownMessage,
)
from engine.errors import EngineError
from engine.run import CaseIsClosed, DeadlineNotRunning, IncidentNotOpen, MessageNotAwaited, NotCaseData, TaskNotOpen
from engine.store import (
    CaseMovedOn,
    CaseNotFound,
    CursorUnusable,
    FileNotStored,
    IdempotencyKeyReused,
    PackNotFound,
    PersonNotFound,
    RequestUnderWay,
    StoreBusy,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
)
from forms import AnswersRefused

Errors = tuple[type[EngineError], ...]

#: Every operation that is not open to anybody.
SIGNED_IN: Errors = (NotSignedIn, DeputyNotValid)
#: Every operation: the database is in trouble; nothing was changed.
TROUBLE: Errors = (StoreBusy, StoreUnreachable)
CHANGING: Errors = (CsrfMissing, StoreFull, StoreReadOnly)
WITH_BODY: Errors = (BodyNotJson, BodyTooLarge, NotSentAsJson, FieldsWrong)
WITH_QUERY: Errors = (FieldsWrong,)
VERSIONED: Errors = (VersionUnusable, NeverSeen, CaseMovedOn)
#: Every operation that reads an idempotency key.
KEYED: Errors = (KeyUnusable, IdempotencyKeyReused, RequestUnderWay)

CASE: Errors = (CaseNotFound,)
PAGED: Errors = (CursorUnusable,)
#: A case that goes on by itself after what was done.
MOVING: Errors = (*CASE, CaseIsClosed, NotCaseData, RunsInACircle, CaseMovedOn)
TASK: Errors = (*MOVING, TaskNotOpen, TaskMovedOn, NotYours, NotAuthorised, Recused, FourEyesRequired)
#: Files that come with answers.
ENCLOSED: Errors = (FileTooLarge, FileEmpty, MediaTypeRefused, TextRefused)
COMPLETE: Errors = (*TASK, AnswersRefused, *ENCLOSED)
DELEGATE: Errors = (*TASK, PersonNotFound, TextRefused)
OPEN: Errors = (TooFarBehind, PackNotFound, NotAuthorised, ComplainedOf, UnknownChannel, AnswersRefused, *ENCLOSED, *MOVING)
MESSAGE: Errors = (*MOVING, UnknownMessage, NotAuthorised, AnswersRefused, MessageNotAwaited, *ENCLOSED)
ATTACH: Errors = (*CASE, *ENCLOSED, TaskNotOpen, BodyTooLarge, CaseMovedOn)
DOWNLOAD: Errors = (*CASE, FileNotStored, FileErased)
ERASE: Errors = (*MOVING, NobodyCalled, ErasedBefore, NotAuthorised, TextRefused)
COMMENT: Errors = (*CASE, TextRefused, CaseMovedOn)
EXTEND: Errors = (
    *MOVING,
    LimitNotExtendable,
    ExtensionRefused,
    CapReached,
    NotAuthorised,
    TextRefused,
    DeadlineNotRunning,
)
PAUSE: Errors = (*MOVING, NothingToPause, ClocksStandStill, NotAuthorised, TextRefused)
RESUME: Errors = (*MOVING, ClocksGo, NotAuthorised, TextRefused)
RECUSE: Errors = (*MOVING, PersonNotFound, NotAuthorised, TextRefused)
RESOLVE: Errors = (*MOVING, IncidentNotOpen, NotAuthorised, TextRefused)
