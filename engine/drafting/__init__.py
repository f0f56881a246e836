"""Drafts: an owner's working copy of a pack, drawn and written on until it is handed in. No case knows of it.

`drafting` keeps them, `choices` says what a diagram may name, `difference` what is not as it was, `consequences` what that
changes for whom.
"""

from engine.drafting.changes import Change, Detail
from engine.drafting.choices import Choice, Choices, LimitChoice, choices_of, names_in, titles_of
from engine.drafting.consequences import EVERYBODY, Consequence, consequences
from engine.drafting.difference import FileDifference, TextLine, difference, differences, side_by_side
from engine.drafting.drafting import Drafting, DraftMovedOn, DraftTooLarge, DraftView, FileNameWrong, NothingChanged
from engine.drafting.rules import TableDifference

__all__ = [
    "EVERYBODY",
    "Change",
    "Choice",
    "Choices",
    "Consequence",
    "Detail",
    "DraftMovedOn",
    "DraftTooLarge",
    "DraftView",
    "Drafting",
    "FileDifference",
    "FileNameWrong",
    "LimitChoice",
    "NothingChanged",
    "TableDifference",
    "TextLine",
    "choices_of",
    "consequences",
    "difference",
    "differences",
    "names_in",
    "side_by_side",
    "titles_of",
]
