"""When the demo's people come to things: in office hours, mostly soon, in a case that has gone sour mostly late.

A case is either in good hands or it drags: being late is not spread evenly over all cases, it
gathers in a few of them. Calibrated so that about one case in four has something late in it.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from engine.calendar import Calendar

#: Office hours of the demo's people, in minutes of the local day.
_OPENS, _CLOSES = 9 * 60, 17 * 60 + 30
#: One case in so many drags.
_DRAGS = 0.2
#: In a case that drags, how often a task is done only after it was due.
_AFTER_DUE = 0.3
#: Words in the name of a message that makes a case longer, and how often it comes at all.
_UNWELCOME = ("refus", "reject", "object", "appeal", "disput", "dissatis", "not-", "withdraw")
_SELDOM = 0.14
#: How often the outside world says the expected.
_MOSTLY = 0.8
#: Words in the name of a message that may come at any time and mostly does not.
_ASIDE = ("material", "regulator", "contacts")


class Pace:
    """When people come to things."""

    def __init__(self, calendar: Calendar, dice: random.Random) -> None:
        self._calendar, self._dice = calendar, dice

    def drags(self) -> bool:
        """Whether a new case will be one of those that drag."""
        return self._dice.random() < _DRAGS

    def comes(self, opened: datetime, due: datetime | None, *, drags: bool) -> datetime:
        """When somebody comes to a task."""
        if not drags:
            at = self.after(opened, hours=min(6.0, 0.15 + self._dice.expovariate(1 / 1.4)))
            # A limit of two hours is for somebody on duty, who does not go home before.
            return at if due is None or at <= due else opened + (due - opened) * self._dice.uniform(0.2, 0.85)
        if due is None or due <= opened:
            return self.after(opened, hours=self._dice.uniform(4, 30))
        if self._dice.random() < _AFTER_DUE:
            return self.working_moment(due + max(timedelta(hours=1), (due - opened) * self._dice.uniform(0.05, 0.6)))
        at = self.working_moment(opened + (due - opened) * self._dice.uniform(0.3, 0.9))
        return at if at <= due else opened + (due - opened) * self._dice.uniform(0.3, 0.9)

    def answers(self, since: datetime, message: str) -> datetime | None:
        """When the outside world says something; None when it never does."""
        likely = _SELDOM if any(word in message for word in (*_UNWELCOME, *_ASIDE)) else _MOSTLY
        if self._dice.random() >= likely:
            return None
        if any(word in message for word in _ASIDE):
            return self.working_moment(since + timedelta(days=self._dice.uniform(1, 40)))
        # Who is unhappy is quick about it.
        days = self._dice.uniform(0.1, 1) if likely == _SELDOM else self._dice.uniform(0.3, 4)
        return self.working_moment(since + timedelta(days=days))

    def after(self, at: datetime, *, hours: float) -> datetime:
        """So many office hours later."""
        left = hours * 60
        local = self._calendar.local(self.working_moment(at))
        while True:
            room = _CLOSES - (local.hour * 60 + local.minute)
            if left < room:
                return (local + timedelta(minutes=left)).astimezone(at.tzinfo)
            left -= room
            local = self._begin_of(self._calendar.next_working(local.date()), local)

    def working_moment(self, at: datetime) -> datetime:
        """The same moment if it lies within office hours, else early on the next working day."""
        local = self._calendar.local(at)
        minute = local.hour * 60 + local.minute
        if self._calendar.works(local.date()) and _OPENS <= minute < _CLOSES:
            return at
        day = local.date()
        if not self._calendar.works(day) or minute >= _CLOSES:
            day = self._calendar.next_working(day)
        return (self._begin_of(day, local) + timedelta(seconds=self._dice.randrange(5400))).astimezone(at.tzinfo)

    @staticmethod
    def _begin_of(day: date, local: datetime) -> datetime:
        return datetime.combine(day, time(_OPENS // 60, _OPENS % 60), local.tzinfo)
