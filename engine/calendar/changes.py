"""What one calendar says otherwise than another, as a short TOML text that can be laid over the first."""

from __future__ import annotations

from dataclasses import replace

from engine.calendar.model import Calendar
from engine.calendar.reading import WEEKDAYS, dump, load, special_lines, text_in_quotes


def changes(old: Calendar, new: Calendar) -> str:
    """A calendar file that, laid over `old`, gives `new`; the whole of `new` where it cannot be said shorter."""
    whole = dump(new).decode()
    if not old.published <= new.published:
        return whole
    lines = [f"name = {text_in_quotes(new.name)}", f"extends = {text_in_quotes(old.name)}"]
    if new.zone != old.zone:
        lines.append(f"zone = {text_in_quotes(new.zone)}")
    if more := sorted(new.published - old.published):
        lines.append(f"published = {more}")
    if new.week != old.week:
        bare = replace(new, specials={}, published=frozenset())
        lines += ["", "[week]", *(line for line in dump(bare).decode().splitlines() if line[:3] in WEEKDAYS)]
    gone = {day: special for day, special in old.specials.items() if day not in new.specials}
    other = {day: special for day, special in new.specials.items() if old.specials.get(day) != special}
    for day in sorted(gone):
        lines += ["", "[[regular]]", f"from = {day.isoformat()}"]
    lines += special_lines(other)
    short = "\n".join(lines) + "\n"
    return short if len(short) < len(whole) and changed(old, short) == new else whole


def changed(old: Calendar, text: str) -> Calendar:
    """`old` with what `changes` said laid over it.

    Raises:
        CalendarFault: the text is none of ours.
    """
    return load(text.encode(), base=lambda name: dump(old) if name == old.name else None)
