"""What the pages of a case show beyond the plain view: pictures with their words, days of history, strips of deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import g
from markupsafe import Markup

from api.pages import looks, words
from api.pages.painting import paint
from api.problems import language
from engine import history as h
from engine.calendar import Day as CalendarDay
from engine.casebook import DeadlineView, DiagramView, Notice, lexicon_of
from engine.deadline import StripDay, strip, tally
from engine.errands import ERRANDS
from engine.release import Release
from engine.shelf import Shelf
from engine.story import Entry, Teller

#: So much of a history is shown before somebody asks for more.
RECENT = 30
#: Kind of event -> icon, and for whom it is a signal.
_ICONS: Mapping[type[h.Event], tuple[str, str]] = {
    h.CaseOpened: ("inbox", ""), h.TaskCompleted: ("pen", ""), h.TaskClaimed: ("hand", ""), h.TaskReleased: ("undo", ""),
    h.TaskDelegated: ("right", ""), h.TimerFired: ("soon", "late"), h.MessageReceived: ("mail", ""), h.CommentAdded: ("group", ""),
    h.SignalReceived: ("mail", ""),
    h.AttachmentAdded: ("clip", ""), h.DeadlineExtended: ("calendar", ""), h.ClockPaused: ("pause", ""), h.ClockResumed: ("play", ""),
    h.PersonRecused: ("person", ""), h.CaseLinked: ("case", ""), h.IncidentResolved: ("done", "ok"), h.PersonErased: ("lock", ""),
    h.ErrandFailed: ("warn", "late"),
}  # fmt: skip
_OUTCOMES: Mapping[type[h.Event], str] = {
    h.TaskOpened: "to-do", h.DeadlineMet: "late-text", h.IncidentRaised: "late-text", h.ErrandStarted: "sent", h.CaseClosed: "closed",
}  # fmt: skip


# --- pictures -----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A diagram with where the case stands on it, drawn and in words."""

    view: DiagramView
    name: str
    #: Empty where the owner's file has no drawing, or nobody asked for it yet.
    svg: Markup
    #: Whether it is shown; the parts a case has left behind are only named until somebody asks for them.
    shown: bool
    #: Where it stands: element, lane, whether it is late.
    now: tuple[tuple[str, str, bool], ...]
    #: What it passed, in order; limits that ran out apart.
    passed: tuple[str, ...]
    fired: tuple[str, ...]


def pictures_of(views: Sequence[DiagramView], release: Release, *, every: bool = False) -> list[Picture]:
    """The diagrams of a case: the main one, then those where somebody has something to do now, then the others."""
    main, *called = views
    persons = [v for v in called if any(_kind_of(v, e, release) == "userTask" for e in v.here)]
    ordered = [main, *persons, *(v for v in called if v not in persons)]
    return [_picture(view, release, every or view is main or bool(view.here)) for view in ordered]


def _kind_of(view: DiagramView, element: str, release: Release) -> str:
    drawn = release.processes[view.process][1].elements.get(element)
    return drawn.kind if drawn else ""


def _picture(view: DiagramView, release: Release, shown: bool) -> Picture:
    lang = language()
    _, process = release.processes[view.process]

    def said(element: str) -> str:
        return release.title(view.process, element).text(lang)

    def lane(element: str) -> str:
        return release.written(process.elements[element].lane).text(lang)

    named = [e for e in view.passed if e in process.elements and process.elements[e].name]
    fired = [e for e in named if process.elements[e].kind == "boundaryEvent" and process.elements[e].trigger == "timer"]
    now = tuple((said(e), lane(e), e in view.late) for e in view.here if e in process.elements)
    where = words.word("comma", lang).join(name for name, _, _ in now) or words.word("nowhere", lang)
    name = looks.label(view.name)
    title = f"{name}{words.word('colon', lang)}{words.word('way_now', lang)} {where}"
    return Picture(
        view=view,
        name=name,
        svg=Markup(paint(view, title, lang=lang) if shown else ""),
        shown=shown,
        now=now,
        passed=tuple(said(e) for e in named if e not in fired),
        fired=tuple(said(e) for e in fired),
    )


# --- history ------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of history, the newest entry first."""

    date: date
    #: Time of the day, entry.
    entries: tuple[tuple[str, Entry], ...]


def teller_of(release: Release, shelf: Shelf, names: Mapping[str, str]) -> Teller:
    """Somebody who tells the history of a case of this release to the reader."""
    return Teller(release, language(), names=names, lexicon=lexicon_of(release, shelf), known=shelf.known)


def days_of(entries: Sequence[Entry], zone: str) -> list[Day]:
    """The newest day first. What happens at midnight ends the day before, as limits do."""
    days: list[tuple[date, list[tuple[str, Entry]]]] = []
    for entry in reversed(entries):
        local = entry.record.event.at.astimezone(ZoneInfo(zone))
        clock = f"{local:%H:%M}"
        if clock == "00:00" and isinstance(entry.record.event, h.TimerFired):
            local, clock = local - timedelta(days=1), "24:00"
        if not days or days[-1][0] != local.date():
            days.append((local.date(), []))
        days[-1][1].append((clock, entry))
    return [Day(date=day, entries=tuple(found)) for day, found in days]


def icon_of(event: h.Event) -> str:
    """The icon of what happened."""
    return _ICONS.get(type(event), ("ring", ""))[0]


def tone_of(event: h.Event) -> str:
    """The tone of what happened: "late", "ok", "system" or nothing."""
    tone = _ICONS.get(type(event), ("", ""))[1]
    return tone or ("system" if getattr(event, "actor", "") == "system" else "")


def outcome_tone(event: h.Event) -> str:
    """The style of what came of it."""
    if isinstance(event, h.DeadlineMet) and not event.late:
        return ""
    return _OUTCOMES.get(type(event), "")


# --- deadlines ----------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Why:
    """A deadline, why it is when it is, and its days."""

    deadline: DeadlineView
    #: One sentence with the sum.
    lead: str
    #: Which days did not count, and why; pauses, extensions, caps.
    more: tuple[str, ...]
    #: Calendar and zone rules by version.
    basis: str
    weeks: list[list[StripDay]]
    #: What the signs on its days mean: off, made up for, half a day, clock standing still.
    marks: tuple[str, ...]
    #: Of one that ran out, the last event until then: the moment to look at.
    ran_out: int | None


def whys_of(deadlines: Sequence[DeadlineView], release: Release, now: datetime, records: Sequence[h.Record] = ()) -> list[Why]:
    """The deadlines with their strips, the most urgent first.

    Args:
        records: the history; without it nobody is led to the moment at which one ran out.
    """
    return [_why(deadline, release, now, records) for deadline in deadlines]


def _why(deadline: DeadlineView, release: Release, now: datetime, records: Sequence[h.Record]) -> Why:
    row = release.policy.limits.get(deadline.limit)
    calendar = release.calendar(row.calendar if row else None)
    first, *more = deadline.why
    weeks = strip(deadline.trace, calendar, now)
    total = tally(deadline.trace, calendar).text(language())
    return Why(
        deadline=deadline,
        lead=f"{first}{'' if language().startswith('zh') else ' '}{total}",
        more=(*more[:-1], *([words.word("paused_more", language())] if deadline.paused else ())),
        basis=more[-1] if more else "",
        weeks=weeks,
        marks=tuple(words.word(f"strip_{mark}_is", language()) for mark in _marks(weeks)),
        ran_out=next((r.seq for r in reversed(records) if r.event.at <= deadline.due), None) if deadline.late else None,
    )


def _marks(weeks: list[list[StripDay]]) -> list[str]:
    """The signs on the days of a strip, each once."""
    days = [day for week in weeks for day in week]
    found = {mark_of(day) for day in days} | {"paused" for day in days if day.state == "paused" or day.partly}
    return [mark for mark in ("rest", "work", "half", "paused") if mark in found]


def mark_of(day: StripDay | CalendarDay) -> str:
    """The sign on a day that is not as its weekday says: "rest", "work", "half" or none."""
    if day.kind in ("work", "weekend"):
        return ""
    return "work" if day.kind == "makeup" else "half" if day.works else "rest"


# --- small texts --------------------------------------------------------------------------------------


def notice_text(notice: Notice, release: Release) -> str:
    """What was sent, to whom, why: "催办单 → 制造部"."""
    lang = language()
    kind = str(notice.facts.get("kind") or "")
    said = words.word("reminder_of", lang).format(_kind(kind)) if notice.type == "send-reminder" and kind else ""
    said = said or (looks.label(ERRANDS[notice.type].label) if notice.type in ERRANDS else notice.type)
    role = release.policy.roles.get(str(notice.facts.get("to") or ""))
    form = str(notice.facts.get("form") or "")
    title = str(notice.facts.get("title") or "")
    more = [looks.label(role)] if role else []
    if title:
        more.append(release.written(title).text(lang))
    elif form in release.forms and notice.type != "send-letter":
        more.append(looks.label(g.parts.shelf.form(release, form).title))
    return words.word("colon", lang).join([said, words.word("comma", lang).join(more)]) if more else said


def _kind(kind: str) -> str:
    if language().startswith("zh"):
        return kind
    return {"催办": "urging", "查办": "inquiry", "督办": "supervision", "提醒": "early warning"}.get(kind, kind)


def relation_name(relation: str) -> str:
    """How another case belongs to this one."""
    return words.word(relation if relation in ("child", "parent", "repeat", "successor") else "related", language())
