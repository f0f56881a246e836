"""Everything the pages say, in Chinese and English. Templates name a text; a name that is not here is an error."""

from __future__ import annotations

from api.pages.texts import CASE, DRAFTS, FRAME, MOVES, OFFICE, SELF, STAFF

#: Name -> (Chinese, English). Each name is in one of the lists only.
WORDS: dict[str, tuple[str, str]] = {**FRAME, **STAFF, **SELF, **CASE, **OFFICE, **DRAFTS, **MOVES}

_WEEK = (("一", "Mo"), ("二", "Tu"), ("三", "We"), ("四", "Th"), ("五", "Fr"), ("六", "Sa"), ("日", "Su"))
_WEEK_LONG = (
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
)
#: Roles that hold in every pack.
ROLES: dict[str, tuple[str, str]] = {
    "admin": ("管理员", "Administrator"), "auditor": ("审计员", "Auditor"), "owner": ("流程负责人", "Process owner"),
}  # fmt: skip


def word(name: str, lang: str) -> str:
    """A text in the reader's language.

    Raises:
        KeyError: nobody wrote it.
    """
    return of(WORDS[name], lang)


def of(pair: tuple[str, str], lang: str) -> str:
    """The Chinese or the English one of two texts."""
    return pair[0 if lang.startswith("zh") else 1]


def weekday(day: int, lang: str) -> str:
    """The short name of a weekday, 0 is Monday."""
    return of(_WEEK[day], lang)


def weekday_long(day: int, lang: str) -> str:
    """The name of a weekday as dates carry it, 0 is Monday."""
    return of(_WEEK_LONG[day], lang)
