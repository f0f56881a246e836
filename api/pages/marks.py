"""Marks: small pieces of a page that say in shape, word and colour what a value means."""

from __future__ import annotations

from datetime import datetime

from flask import g
from markupsafe import Markup

from api.pages import looks, words
from api.problems import language
from engine.casebook import DeadlineView
from engine.deadline import TimeLeft
from engine.history import Hidden

#: Flow -> style, sign in Chinese and English, name in Chinese and English.
FLOWS = {
    "product-quality": ("", "质", "Q", "产品质量", "Product quality"),
    "service": ("service", "服", "S", "服务", "Service"),
    "staff-conduct": ("conduct", "行", "C", "员工行为", "Staff conduct"),
}
#: With fewer days left than these a deadline is soon.
SOON = 2

_LEFT = Markup(
    '<span class="left {}"><svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg><b>{}</b><small>{}</small>'
    '<svg class="used" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true"><rect width="{}" height="3"/></svg></span>'
)
_PLAIN = Markup(
    '<span class="left {}"><svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg><b>{}</b><small>{}</small></span>'
)


def flow(name: str) -> Markup:
    """The sign of a flow, with its name for those who hear the page."""
    css, zh, en, *_ = FLOWS.get(name, ("", "·", "·", name, name))
    return Markup('<span class="flow {}" role="img" aria-label="{}" title="{}">{}</span>').format(
        css, flow_name(name), flow_name(name), zh if language().startswith("zh") else en
    )


def flow_name(name: str) -> str:
    """What a flow is called."""
    found = FLOWS.get(name)
    return found[3 if language().startswith("zh") else 4] if found else name


def left(
    time_left: TimeLeft | None, due: datetime | None, start: datetime | None, what: str = "", *, paused: bool = False
) -> Markup:
    """Time left: words, shape, used share, colour.

    Args:
        start: since when the time runs; the used share is that of the clock between it and `due`.
        what: whose deadline it is.
    """
    lang = language()
    if due is None or time_left is None:
        return Markup('<span class="left none"><b class="muted regular">{}</b></span>').format(
            words.word("no_limit", lang)
        )
    state = "paused" if paused else "late" if time_left.late else "soon" if time_left.days < SOON else "ok"
    if paused:
        # The moment it was due will not hold: what is left does.
        said = " · ".join(part for part in (what, time_left.text(lang)) if part)
        return _PLAIN.format(state, "pause", words.word("paused", lang), said)
    said = " · ".join(part for part in (what, looks.moment(due)) if part)
    return _LEFT.format(state, state, time_left.text(lang), said, _used(start, due))


def clock_of(deadline: DeadlineView) -> Markup:
    """A deadline of a case: running, kept, or over with the case."""
    name, lang = looks.label(deadline.label), language()
    if deadline.ended:
        late = deadline.late
        return _PLAIN.format("late" if late else "none", "late" if late else "pause", words.word("over_late" if late else "over", lang), name)
    if deadline.met is None:
        return left(deadline.left, deadline.due, deadline.start, name, paused=deadline.paused)
    text = words.word("kept_late" if deadline.late else "kept", lang)
    said = f"{name} · {looks.moment(deadline.met, deadline.zone)}"
    return _PLAIN.format("late" if deadline.late else "done", "late" if deadline.late else "done", text, said)


def unread(why: Hidden) -> Markup:
    """What stands where the reader is not shown what is known: kept for certain roles, or erased on request."""
    icon = {"withheld": "lock", "erased": "bin"}[why]
    return Markup(
        '<span class="unread {}"><svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>{}</span>'
    ).format(why, icon, words.word(why, language()))


def _used(start: datetime | None, due: datetime) -> int:
    now = g.parts.clock.now()
    if start is None or due <= start:
        return 100
    return max(0, min(100, int((now - start) / (due - start) * 100)))
