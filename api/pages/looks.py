"""How values look on pages: time left, days, texts of fields. Registered with the templates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g
from markupsafe import Markup

from api.pages import words
from api.problems import language
from engine.casebook import TaskLine
from engine.deadline import TimeLeft
from engine.policy import Label
from forms import Field, text_of

#: The zone in which moments are shown where no case says another.
ZONE = "Asia/Shanghai"
#: Less than this and a deadline is soon.
SOON = timedelta(days=2)
FLOWS = {
    "product-quality": ("", "质", "产品质量", "Product quality"),
    "service": ("service", "服", "服务", "Service"),
    "staff-conduct": ("conduct", "行", "员工行为", "Staff conduct"),
}


def register(app: Flask) -> None:
    """Let templates use these."""
    app.jinja_env.globals.update(
        t=lambda name: words.word(name, language()), lang=language, flow=flow, left=left, weekday=lambda d: words.weekday(d, language()),
        channel=lambda name: words.channel(name, language()), option_text=option_text,
    )  # fmt: skip
    app.jinja_env.filters.update(label=label, day=day, moment=moment, shown=shown, size=size)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def label(value: Label | None) -> str:
    """A label in the reader's language."""
    return value.text(language()) if value else ""


def moment(at: datetime | None, zone: str = ZONE) -> str:
    """A moment: "10-15 18:00", with the year when it is another one; midnight as the end of the day before."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(zone))
    if local.hour == local.minute == 0:
        return f"{day(local.date() - timedelta(days=1))} 24:00"
    return f"{day(local.date())} {local:%H:%M}"


def day(value: date | datetime, zone: str = ZONE) -> str:
    """A day: "10-15", with the year when it is not this one."""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date()
    today = g.parts.clock.now().astimezone(ZoneInfo(ZONE)).date()
    return f"{value:%m-%d}" if value.year == today.year else value.isoformat()


def flow(name: str) -> Markup:
    """The sign of a flow."""
    css, sign, zh, en = FLOWS.get(name, ("", "·", name, name))
    title = zh if language().startswith("zh") else en
    return Markup('<span class="flow {}" title="{}">{}</span>').format(css, title, sign)


def left(
    time_left: TimeLeft | None, due: datetime | None, start: datetime | None, what: str = "", *, paused: bool = False
) -> Markup:
    """Time left: words, shape, used share, colour."""
    if due is None or time_left is None:
        return Markup('<span class="left"><b class="muted regular">{}</b></span>').format(
            words.word("no_limit", language())
        )
    now = g.parts.clock.now()
    state = "paused" if paused else "late" if time_left.late else "soon" if due - now < SOON else "ok"
    icon = {"paused": "pause"}.get(state, state)
    text = words.word("paused", language()) if paused else time_left.text(language())
    used = 100
    if start is not None and due > start:
        used = max(0, min(100, int((now - start) / (due - start) * 100)))
    return Markup(
        '<span class="left {}"><svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg><b>{}</b><small>{}{}</small>'
        '<svg class="used" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true"><rect width="{}" height="3"/></svg></span>'
    ).format(state, icon, text, f"{what} · " if what else "", moment(due), used)


def shown(value: Any, field: Field) -> str:
    """A value as its field shows it."""
    return text_of(field, value, language(), ZONE)


def option_text(field: Field, value: str) -> str:
    """The label of an option."""
    option = field.option(value)
    return option.label.text(language()) if option else value


def size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1024:.0f} kB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def sections(lines: list[TaskLine], lang: str) -> list[tuple[str, list[TaskLine]]]:
    """A worklist by urgency: overdue, today, this week, later, no limit."""
    now = g.parts.clock.now()
    today = now.astimezone(ZoneInfo(ZONE)).date()
    groups: dict[str, list[TaskLine]] = {"late_now": [], "today": [], "this_week": [], "later": [], "undated": []}
    for line in lines:
        groups[_group(line, now, today)].append(line)
    return [(words.word(name, lang), found) for name, found in groups.items() if found]


def _group(line: TaskLine, now: datetime, today: date) -> str:
    if line.due is None:
        return "undated"
    if line.due < now:
        return "late_now"
    # A limit that ends at 24:00 belongs to the day that ends.
    last = (line.due - timedelta(microseconds=1)).astimezone(ZoneInfo(ZONE)).date()
    if last == today:
        return "today"
    return "this_week" if (last - today).days < 7 else "later"
