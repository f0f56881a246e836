"""What templates may use: functions and filters, in one list."""

from __future__ import annotations

from flask import Flask, g
from markupsafe import Markup

from api.pages import colleagues, dossier, find, looks, marks, sheet, words
from api.problems import language
from api.signin import csrf_of
from engine.casebook.channels import channel
from engine.desk import FILE_KINDS, LARGEST_FILE


def register(app: Flask) -> None:
    """Let templates use these."""
    app.jinja_env.globals.update(
        t=lambda name: words.word(name, language()), lang=language, guard=guard,
        weekday=lambda d: words.weekday(d, language()), weekday_long=lambda d: words.weekday_long(d, language()),
        channel=lambda name: channel(name, language()), role_name=looks.role_name,
        flow=marks.flow, flow_name=marks.flow_name, left=marks.left, clock_of=marks.clock_of, unread=marks.unread,
        choices_of=sheet.choices_of, people_source=colleagues.source_of, people_looked_for=colleagues.looked_for,
        called=colleagues.called, decides=sheet.decides, grants=sheet.grants, key_of=sheet.key_of,
        file_most=lambda: LARGEST_FILE, file_kinds=lambda: ",".join(f".{kind}" for kind in FILE_KINDS),
        icon_of=dossier.icon_of, tone_of=dossier.tone_of, outcome_tone=dossier.outcome_tone, marked=find.marked, mark_of=dossier.mark_of,
    )  # fmt: skip
    app.jinja_env.filters.update(
        label=looks.label, day=looks.day, lastday=looks.lastday, moment=looks.moment, clock=looks.clock, size=looks.size,
        currency=looks.currency, shown=looks.shown, entered=looks.entered, path_label=looks.path_label,
        name_in=lambda role, roles: looks.label(roles.get(role)) or role, name_of=lambda person: looks.people().get(person, person),
    )  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def guard() -> Markup:
    """What a form of this session sends back to show that it is ours."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(csrf_of(g.secret))
