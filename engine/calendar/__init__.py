"""Working calendars: versioned data about which days and minutes count."""

from engine.calendar.changes import changed, changes
from engine.calendar.exchange import from_ical, to_ical
from engine.calendar.model import Calendar, Day, Span, Special, utc
from engine.calendar.reading import CalendarFault, dump, extends, load, span_texts
from engine.calendar.zones import TZ_VERSION

__all__ = [
    "TZ_VERSION", "Calendar", "CalendarFault", "Day", "Span", "Special", "changed", "changes", "dump", "extends", "from_ical", "load",
    "span_texts", "to_ical", "utc",
]  # fmt: skip
