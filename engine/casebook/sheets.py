"""A form as it stands with some entries: what is shown, required, computed, refused. Nothing is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from engine.authority import Actor
from engine.casebook.views import Sheet
from engine.desk.enclosed import unknown_files
from engine.desk.nominees import unfit
from engine.release import Release
from engine.shelf import context_of
from engine.store import Reading
from engine.values import Value
from forms import AnswersRefused, Form


def sheet_of(
    form: Form,
    answers: Mapping[str, Any],
    document: Mapping[str, Value],
    actor: Actor,
    *,
    release: Release,
    now: datetime,
    reading: Reading,
    barred: Collection[str] = (),
    files: Collection[str] = (),
) -> Sheet:
    """The form of a release with these entries, over what the case already says.

    Args:
        barred: who is off the case.
        files: hashes of the files the entries may refer to.
    """
    context = context_of(release, now)
    errors: dict[str, list[str]] = {}
    try:
        values = form.accept(answers, document=document, context=context, lang=actor.locale)
    except AnswersRefused as refused:
        errors = dict(refused.errors)
        fit = {name: value for name, value in answers.items() if name not in {p.partition(".")[0] for p in errors}}
        try:
            values = form.accept(fit, document=document, context=context, lang=actor.locale, draft=True)
        except AnswersRefused:
            values = {}
    # Whom and what the entries name is known by the store alone; it is refused now, and not only when they are sent.
    for path, wrong in (unfit(reading, form, values, release, barred) | unknown_files(form, values, files)).items():
        errors.setdefault(path, [one.text(actor.locale) for one in wrong])
    return Sheet(asked=form.asked(values, document, context), values=values, errors=errors)
