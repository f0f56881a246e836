"""Working calendars: versioned data about which days and minutes count."""

from engine.calendar.model import Calendar, Day, Span, Special
from engine.calendar.reading import CalendarFault, dump, extends, load, to_ical

__all__ = ["Calendar", "CalendarFault", "Day", "Span", "Special", "dump", "extends", "load", "to_ical"]
