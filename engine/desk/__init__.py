"""The desk: everything a person, a timer or an outside party can do to a case.

Each method is one use case and one transaction: load, may they, is it valid, drive, write. It
raises `EngineError`s only and has then changed nothing. It does not know HTTP, pages or threads.
"""

from engine.desk.clocks import Clocks
from engine.desk.enclosed import NewFile
from engine.desk.erasing import ErasedBefore, Erasing, NobodyCalled
from engine.desk.foreseeing import foreseen
from engine.desk.house_rules import (
    FILE_KINDS,
    LARGEST_FILE,
    CapReached,
    ClocksGo,
    ClocksStandStill,
    ExtensionRefused,
    FileEmpty,
    FileTooLarge,
    LimitNotExtendable,
    MediaTypeRefused,
    NeverSeen,
    NothingToPause,
    TaskMovedOn,
    TextRefused,
    UnknownChannel,
    UnknownMessage,
    bounded,
)
from engine.desk.machine import Machine, TimerNotDue
from engine.desk.opening import Opening
from engine.desk.outside import Outside
from engine.desk.sitting import Done, RunsInACircle, Sitting, load
from engine.desk.tasks import Tasks


class Desk(Opening, Tasks, Outside, Clocks, Erasing, Machine):
    """What can be done to cases."""


__all__ = [
    "FILE_KINDS", "LARGEST_FILE", "CapReached", "ClocksGo", "ClocksStandStill",
    "Desk", "Done", "ErasedBefore", "ExtensionRefused", "FileEmpty", "FileTooLarge", "LimitNotExtendable",
    "MediaTypeRefused", "NeverSeen", "NewFile", "NobodyCalled",
    "NothingToPause", "RunsInACircle", "Sitting", "TaskMovedOn", "TextRefused",
    "TimerNotDue", "UnknownChannel", "UnknownMessage", "bounded", "foreseen", "load",
]  # fmt: skip
